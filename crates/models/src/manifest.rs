//! The manifest of a pack: which models, from where, under which licence, fed how.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::{Digest, Error, Probe, Recipe};

/// A set of models that are installed together.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Lower-case letters, digits and hyphens; also the folder the models are kept in.
    pub name: String,
    /// What the pack is for, in a few words.
    pub title: String,
    /// Archives that models are taken out of; not kept.
    #[serde(default)]
    pub archives: Vec<Ingredient>,
    /// Files that models are made of; not kept.
    #[serde(default)]
    pub ingredients: Vec<Ingredient>,
    /// The models.
    pub models: Vec<ModelEntry>,
}

/// A file with its identity: what is fetched must be exactly this.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedFile {
    /// A plain file name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
}

/// A file that is needed to make a model, and not afterwards.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingredient {
    /// The file; an archive is a `.whl` or `.zip`, `.tgz` or `.tar.gz`.
    pub file: PinnedFile,
    /// Where it comes from, tried in order.
    pub sources: Vec<Source>,
}

/// One model of a pack.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ModelEntry {
    /// What the model does for Bonafide, such as `text-detection`; one model a role.
    pub role: String,
    /// The model's own name, as evidence cites it.
    pub id: String,
    /// SPDX expression of the licence of the weights.
    pub licence: String,
    /// Whether the licence, of the weights and of what they were trained on, allows commercial use.
    #[serde(default)]
    pub commercial_use: CommercialUse,
    /// Whose work it is, as the licence wants it said.
    pub attribution: String,
    /// The ONNX file.
    pub file: PinnedFile,
    /// Where it comes from, tried in order.
    pub sources: Vec<Source>,
    /// How pictures become its input.
    pub input: Input,
    /// What kind of net it is, where Bonafide knows several for its role.
    pub family: Option<Family>,
    /// A computation whose result is known.
    pub probe: Probe,
}

/// Whether a model may be used commercially.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommercialUse {
    /// It may.
    Yes,
    /// It may not: whoever installs it says that they know.
    No,
    /// Nobody has said: likewise.
    #[default]
    Unknown,
}

/// A kind of net: what its output means, and what it is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Family {
    /// Finds faces: `BlazeFace`, one output for all anchors. The usual one.
    Blazeface,
    /// Finds faces: `YuNet`, with the outputs `cls_8`, `obj_8`, `bbox_8`, `kps_8`, and so for strides of 16
    /// and 32.
    Yunet,
    /// Describes faces: dlib's net; pictures of 150 by 150 pixels, compared by Euclidean distance.
    /// The usual one.
    Dlib,
    /// Describes faces: pictures of 112 by 112 pixels aligned by five points as for `ArcFace`, which
    /// `SFace` takes too; compared by the cosine.
    Arcface {
        /// The cosine from which on two selfies match, 0 to 1. Distances are scaled to it.
        match_from: f32,
    },
}

/// How a picture becomes a net's input: `(value / 255 - mean) / deviation` for each channel,
/// one channel plane after the other.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The order of the planes.
    pub channels: Channels,
    /// Subtracted, one value a plane.
    pub mean: Vec<f32>,
    /// Divided by, one value a plane.
    pub deviation: Vec<f32>,
    /// The heights that the net takes.
    pub height: Side,
    /// The widths that the net takes.
    pub width: Side,
}

/// The order of colour planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
    /// One plane of luma.
    Gray,
}

impl Channels {
    /// How many planes there are.
    pub fn count(self) -> usize {
        match self {
            Self::Rgb | Self::Bgr => 3,
            Self::Gray => 1,
        }
    }
}

/// The lengths in pixels that a net takes for one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// This length only.
    Exactly(u32),
    /// Multiples of this length.
    MultipleOf(u32),
}

/// A place that a file can come from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// Nowhere that may be named here: the operator brings the file, with `--from-dir`.
    Operator,
    /// A folder of this machine that holds the file under its own name.
    Folder {
        /// The folder.
        path: std::path::PathBuf,
    },
    /// An address, http or https.
    Url {
        /// The address.
        url: String,
    },
    /// The distribution file of a Python package, fetched with `pip download`.
    PythonPackage {
        /// The package's name.
        name: String,
        /// Its exact version.
        version: String,
    },
    /// The tarball of an npm package, fetched with `npm pack`.
    NpmPackage {
        /// The package's name.
        name: String,
        /// Its exact version.
        version: String,
    },
    /// A member of one of the pack's archives.
    ArchiveMember {
        /// The archive's file name.
        archive: String,
        /// The member's path inside the archive.
        path: String,
    },
    /// Converted from the pack's ingredients.
    Conversion {
        /// How.
        recipe: Recipe,
        /// Their file names in the recipe's order: the graph, or the manifest of the weights, then
        /// the weights.
        ingredients: Vec<String>,
    },
}

/// Longest manifest that is read, in bytes.
const MANIFEST_BYTES: usize = 1 << 20;
/// Largest file that a manifest may name, in bytes.
const FILE_BYTES: u64 = 4 << 30;
/// Largest file that a model may be made of, in bytes: it is held in memory.
const INGREDIENT_BYTES: u64 = 256 << 20;

impl Pack {
    /// Reads a manifest; `place` is what errors call it.
    pub fn parse(place: &str, text: &str) -> Result<Self, Error> {
        let unusable = |problem: String| Error::Manifest { place: place.to_owned(), problem };
        if text.len() > MANIFEST_BYTES {
            return Err(unusable(format!("it is longer than {MANIFEST_BYTES} bytes")));
        }
        let pack: Self = toml::from_str(text).map_err(|error| unusable(error.to_string()))?;
        pack.check().map_err(unusable)?;
        Ok(pack)
    }

    /// The archive with this file name.
    pub fn archive(&self, file_name: &str) -> Option<&Ingredient> {
        self.archives.iter().find(|archive| archive.file.name == file_name)
    }

    /// The ingredient with this file name.
    pub fn ingredient(&self, file_name: &str) -> Option<&Ingredient> {
        self.ingredients.iter().find(|ingredient| ingredient.file.name == file_name)
    }

    /// What a template says about the nets that made it: two templates compare only if their
    /// packs' digests are equal. Covers each role with the identity, the bytes and the family of its
    /// model.
    pub fn digest(&self) -> Digest {
        let mut models: Vec<String> = self
            .models
            .iter()
            .map(|model| {
                let family = model.family.map(|family| format!(" {family:?}")).unwrap_or_default();
                format!("{} {} {}{family}\n", model.role, model.id, model.file.sha256)
            })
            .collect();
        models.sort();
        Digest::of(models.concat().as_bytes())
    }

    fn check(&self) -> Result<(), String> {
        require(is_slug(&self.name), || {
            format!("the pack's name `{}` is not lower-case letters, digits and hyphens", self.name)
        })?;
        let mut file_names = BTreeSet::new();
        for archive in &self.archives {
            archive.file.check(&mut file_names)?;
            self.check_sources(&archive.file, &archive.sources)?;
            require(!archive.sources.iter().any(Source::is_derived), || {
                format!("the archive {} is to come out of an archive", archive.file.name)
            })?;
        }
        for ingredient in &self.ingredients {
            ingredient.file.check(&mut file_names)?;
            self.check_sources(&ingredient.file, &ingredient.sources)?;
            require(!ingredient.sources.iter().any(Source::is_conversion), || {
                format!("the ingredient {} is to be made of ingredients", ingredient.file.name)
            })?;
            require(ingredient.file.bytes <= INGREDIENT_BYTES, || {
                format!(
                    "the ingredient {} has more than {INGREDIENT_BYTES} bytes",
                    ingredient.file.name
                )
            })?;
        }
        let mut roles = BTreeSet::new();
        for model in &self.models {
            require(is_slug(&model.role) && roles.insert(&model.role), || {
                format!("the role `{}` is empty, not kebab-case or used twice", model.role)
            })?;
            model.file.check(&mut file_names)?;
            self.check_sources(&model.file, &model.sources)?;
            if let Some(Family::Arcface { match_from }) = model.family {
                require((0.0..1.0).contains(&match_from), || {
                    format!("`{}`: a cosine of {match_from} is not between 0 and 1", model.role)
                })?;
            }
            model.input.check().map_err(|problem| format!("`{}`: {problem}", model.role))?;
            model.probe.check().map_err(|problem| format!("`{}`: {problem}", model.role))?;
        }
        Ok(())
    }

    fn check_sources(&self, file: &PinnedFile, sources: &[Source]) -> Result<(), String> {
        require(!sources.is_empty(), || format!("{} has no source", file.name))?;
        sources.iter().try_for_each(|source| {
            source.check(self).map_err(|problem| format!("{}: {problem}", file.name))
        })
    }
}

impl PinnedFile {
    fn check<'a>(&'a self, names: &mut BTreeSet<&'a str>) -> Result<(), String> {
        let name = &self.name;
        require(is_plain_file_name(name), || format!("`{name}` is no plain file name"))?;
        require(names.insert(name), || format!("the file {name} is named twice"))?;
        require((1..=FILE_BYTES).contains(&self.bytes), || {
            format!("{name} has {} bytes; 1 to {FILE_BYTES} are possible", self.bytes)
        })
    }
}

impl Input {
    fn check(&self) -> Result<(), String> {
        let planes = self.channels.count();
        require(self.mean.len() == planes && self.deviation.len() == planes, || {
            format!("mean and deviation need {planes} values each")
        })?;
        require(self.deviation.iter().all(|deviation| *deviation > 0.0), || {
            "a deviation is not positive".to_owned()
        })?;
        let lengths = [self.height, self.width]
            .map(|(Side::Exactly(length) | Side::MultipleOf(length))| length);
        require(!lengths.contains(&0), || "a side has length zero".to_owned())
    }
}

impl Source {
    fn is_derived(&self) -> bool {
        matches!(self, Self::ArchiveMember { .. }) || self.is_conversion()
    }

    fn is_conversion(&self) -> bool {
        matches!(self, Self::Conversion { .. })
    }

    fn check(&self, pack: &Pack) -> Result<(), String> {
        match self {
            Self::Operator | Self::Folder { .. } => Ok(()),
            Self::Url { url } => {
                let known = url.starts_with("https://") || url.starts_with("http://");
                require(known, || format!("`{url}` is neither http nor https"))
            }
            // Both become arguments of another program: nothing that it could take for an option.
            Self::PythonPackage { name, version } | Self::NpmPackage { name, version } => {
                require(is_package_word(name) && is_package_word(version), || {
                    format!("`{name}` in version `{version}` is no package")
                })
            }
            Self::ArchiveMember { archive, .. } => require(pack.archive(archive).is_some(), || {
                format!("the pack has no archive {archive}")
            }),
            Self::Conversion { recipe, ingredients } => {
                require(ingredients.len() == recipe.ingredients(), || {
                    format!("the conversion takes {} ingredients", recipe.ingredients())
                })?;
                ingredients.iter().try_for_each(|name| {
                    require(pack.ingredient(name).is_some(), || {
                        format!("the pack has no ingredient {name}")
                    })
                })
            }
        }
    }
}

fn require(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

fn is_slug(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(allowed)
}

fn is_plain_file_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphanumeric()) && text.bytes().all(allowed)
}

fn is_package_word(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+@/".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '@')
        && text.bytes().all(allowed)
}
