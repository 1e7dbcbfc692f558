//! Passive presentation attack detection (ISO/IEC 30107-3): what two nets make of a single picture.
//!
//! They are an optional pack, and nobody has published their error rates. So they may only refuse,
//! unless the operator has measured them on pictures of its own and has put the [`Evaluation`]
//! beside them.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use bonafide_domain::evidence::{ModelIdentity, Signal};
use bonafide_imaging::{Quad, resize_part};
use bonafide_models::{Digest, Library};
use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::evaluation::{Presentation, PresentationRates, Presentations};
use crate::nets::PictureNet;
use crate::{Error, Face};

/// Below this both nets together are so sure of an attack that they may refuse without anybody
/// having measured how often they err. Bona fide presentations lie mostly near 1.
pub const LEAST_LIVE: f32 = 0.2;

/// Above this a presentation counts as bona fide, where the operator sets nothing else.
pub const BONA_FIDE: f32 = 0.5;

/// Two nets that look at a face with less and with more of what is around it.
pub struct AttackDetector {
    nets: [(PictureNet, f32); 2],
    identity: ModelIdentity,
    evaluation: Option<Evaluation>,
}

/// The roles of the nets, and how much larger than the face the cut of each is.
const ROLES: [(&str, f32); 2] =
    [("presentation-attack-near", 2.7), ("presentation-attack-wide", 4.0)];
/// Of the nets' three classes, the one of live faces.
const LIVE: usize = 1;
const CLASSES: usize = 3;

impl AttackDetector {
    /// The nets of a library; none where their pack is not installed.
    pub(crate) fn open(library: &Library) -> Result<Option<Self>, Error> {
        let mut nets = Vec::new();
        for (role, scale) in ROLES {
            match PictureNet::open(library, role) {
                Ok(net) => nets.push((net, scale)),
                Err(Error::Models(bonafide_models::Error::Missing { .. })) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        let identity = identity(&nets);
        let nets = nets.try_into().map_err(|_| ()).expect("one for each of two roles");
        let evaluation = Evaluation::find(&folder(library)?, &identity)?;
        Ok(Some(Self { nets, identity, evaluation }))
    }

    /// Both nets as one: the digest covers both.
    pub fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    /// How they did on the operator's own pictures, if that was measured with these very nets and
    /// they were good enough.
    pub fn evaluation(&self) -> Option<&Evaluation> {
        self.evaluation.as_ref()
    }

    /// How likely a live face stood before the camera, 0 to 1: the mean of both nets.
    pub fn likelihood(&self, picture: &RgbImage, face: &Face) -> Result<f32, Error> {
        let mut sum = 0.0;
        for (net, scale) in &self.nets {
            // A detector's box, as the nets were made with.
            let part = surroundings(picture.dimensions(), &face.found, *scale);
            let cut = resize_part(picture, part, net.side, net.side);
            sum += net.run(&[&cut], CLASSES)?[LIVE];
        }
        Ok(sum / self.nets.len() as f32)
    }
}

/// Where an evaluation of a library's nets is kept: beside them.
pub fn folder(library: &Library) -> Result<PathBuf, Error> {
    Ok(library.folder(ROLES[0].0)?)
}

fn identity(nets: &[(PictureNet, f32)]) -> ModelIdentity {
    let joined = |of: fn(&ModelIdentity) -> &str| -> String {
        nets.iter().map(|(net, _)| of(&net.identity)).collect::<Vec<_>>().join("+")
    };
    ModelIdentity {
        id: joined(|net| &net.id),
        sha256: Digest::of(joined(|net| &net.sha256).as_bytes()).to_string(),
    }
}

/// The part of the picture around a face that is `scale` times as large: left, top, right, bottom.
/// As the nets were made: shrunk to what the picture has, and moved into it.
fn surroundings((width, height): (u32, u32), face: &Quad, scale: f32) -> [u32; 4] {
    let (width, height) = (width as f32, height as f32);
    let (across, down) = (face.width().max(1.0), face.height().max(1.0));
    let scale = scale.min(width / across).min(height / down);
    let (across, down) = (across * scale, down * scale);
    let centre = face.centre();
    // `max` last: a centre that is no number becomes 0.
    let left = (centre.x - across / 2.0).min(width - across).max(0.0);
    let top = (centre.y - down / 2.0).min(height - down).max(0.0);
    let end = |from: f32, length: f32, most: f32| (from + length).round().clamp(1.0, most) as u32;
    let (right, bottom) = (end(left, across, width), end(top, down, height));
    [(left as u32).min(right - 1), (top as u32).min(bottom - 1), right, bottom]
}

/// What was measured of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Passive {
    /// How likely a live face stood before the camera, 0 to 1.
    pub likelihood: f32,
    /// The nets that say so.
    pub by: ModelIdentity,
}

impl Passive {
    /// As evidence.
    pub fn signal(&self, threshold: f32) -> Signal {
        Signal::new("liveness.passive", self.likelihood)
            .against(f64::from(threshold))
            .by(self.by.clone())
    }
}

/// What an operator has measured of the nets on pictures of its own: presentations that nobody was
/// asked anything in. With this the nets may call a picture live, and without it never.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// The digest of both nets: other nets have other errors.
    pub detector: String,
    /// What the operator calls the set of pictures.
    pub set: String,
    /// When it was measured, RFC 3339.
    pub evaluated_at: String,
    /// Likelihoods from here on count as bona fide.
    pub threshold: f32,
    /// What the operator puts up with: every species' APCER is at most this, at the upper end of
    /// its 95 % interval.
    pub most_apcer: f64,
    /// How many persons the bona fide presentations are of.
    pub subjects: usize,
    /// What was measured.
    pub rates: PresentationRates,
}

/// Its file name, in the folder of the nets.
const FILE: &str = "evaluation.json";
/// Longer files are no evaluations, in bytes.
const MOST_BYTES: u64 = 1 << 20;
/// Fewer persons say nothing about how many are turned away.
const FEWEST_SUBJECTS: usize = 5;

/// One picture of an operator's set.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Whom it shows.
    pub subject: String,
    /// The species of the attack instrument; none for a bona fide presentation.
    pub species: Option<String>,
    /// What the nets say; nothing where there was no face.
    pub likelihood: Option<f32>,
}

impl Evaluation {
    /// From pictures that the detector has judged.
    pub fn new(
        detector: &AttackDetector,
        judged: &[Judged],
        (set, evaluated_at): (String, String),
        threshold: f32,
        most_apcer: f64,
    ) -> Self {
        let presentations = judged
            .iter()
            .map(|one| Presentation {
                species: one.species.clone(),
                is_bona_fide: one.likelihood.map(|likelihood| likelihood >= threshold),
            })
            .collect();
        let bona_fide = judged.iter().filter(|one| one.species.is_none());
        Self {
            detector: detector.identity.sha256.clone(),
            set,
            evaluated_at,
            threshold,
            most_apcer,
            subjects: bona_fide.map(|one| &one.subject).collect::<BTreeSet<_>>().len(),
            rates: Presentations(presentations).rates(),
        }
    }

    /// Why it does not let the nets call a picture live, if it does not.
    pub fn shortcoming(&self) -> Option<String> {
        if !(0.0..1.0).contains(&self.most_apcer) || !(LEAST_LIVE..=1.0).contains(&self.threshold) {
            return Some(format!(
                "the threshold is not between {LEAST_LIVE} and 1, or the greatest APCER not below 1"
            ));
        }
        if self.rates.apcer.is_empty() || self.subjects < FEWEST_SUBJECTS {
            return Some(format!(
                "it has {} species of attacks and {} persons; one and {FEWEST_SUBJECTS} are needed",
                self.rates.apcer.len(),
                self.subjects
            ));
        }
        // By the counts: an interval that was written down says nothing.
        let worst = |(name, rate): (&String, &crate::evaluation::Rate)| {
            let [_, high] = crate::evaluation::clopper_pearson(rate.count, rate.of);
            (high > self.most_apcer).then(|| {
                format!(
                    "the APCER of `{name}` may be {:.2} %, more than {:.2} %",
                    high * 100.0,
                    self.most_apcer * 100.0
                )
            })
        };
        self.rates.apcer.iter().find_map(worst)
    }

    /// Puts it beside the nets, where they are opened with it from then on.
    pub fn keep(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE);
        let text =
            serde_json::to_string_pretty(self).map_err(|error| Error::evaluation(&path, &error))?;
        // Complete or not at all: half a file would be an error at every start.
        let unfinished = folder.join(format!("{FILE}.part"));
        fs::write(&unfinished, text)
            .and_then(|()| fs::rename(&unfinished, &path))
            .map_err(|error| Error::evaluation(&path, &error))
    }

    /// The evaluation of these nets that lies in this folder and is good enough.
    fn find(folder: &Path, nets: &ModelIdentity) -> Result<Option<Self>, Error> {
        let path = folder.join(FILE);
        let unusable = |error: std::io::Error| Error::evaluation(&path, &error);
        let length = match fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            metadata => metadata.map_err(unusable)?.len(),
        };
        if length > MOST_BYTES {
            return Err(Error::evaluation(&path, "it is too long"));
        }
        let text = fs::read_to_string(&path).map_err(unusable)?;
        let own: Self =
            serde_json::from_str(&text).map_err(|error| Error::evaluation(&path, &error))?;
        Ok((own.detector == nets.sha256 && own.shortcoming().is_none()).then_some(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_stays_within_the_picture() {
        let face = Quad::rectangle(40.0, 40.0, 20.0, 30.0);
        assert_eq!(surroundings((200, 200), &face, 2.0), [30, 25, 70, 85]);
        // Moved: it begins at the edge and is as large as asked for.
        assert_eq!(surroundings((200, 200), &face, 4.0), [10, 0, 90, 120]);
        // Shrunk: the picture has no more.
        let large = Quad::rectangle(10.0, 10.0, 80.0, 80.0);
        assert_eq!(surroundings((100, 120), &large, 2.7), [0, 0, 100, 100]);
        for face in [
            Quad::rectangle(f32::NAN, 0.0, 5.0, 5.0),
            Quad::rectangle(-900.0, -900.0, 5.0, 5.0),
            Quad::rectangle(0.0, 0.0, 1e9, 1e9),
            Quad::rectangle(500.0, 500.0, 0.0, 0.0),
        ] {
            let [left, top, right, bottom] = surroundings((9, 7), &face, 2.7);
            assert!(left < right && right <= 9 && top < bottom && bottom <= 7, "{face:?}");
        }
    }

    /// So many presentations of one species, of which some pass.
    fn evaluation(passing: usize, attacks: usize, subjects: usize) -> Evaluation {
        let judged = |species: Option<&str>, live: bool| Presentation {
            species: species.map(str::to_owned),
            is_bona_fide: Some(live),
        };
        let mut all: Vec<Presentation> =
            (0..attacks).map(|number| judged(Some("print"), number < passing)).collect();
        all.extend((0..subjects).map(|_| judged(None, true)));
        Evaluation {
            detector: "00".to_owned(),
            set: "ours".to_owned(),
            evaluated_at: "2026-11-28T00:00:00Z".to_owned(),
            threshold: BONA_FIDE,
            most_apcer: 0.05,
            subjects,
            rates: Presentations(all).rates(),
        }
    }

    /// 0 of 72 is at most 4.99 % by Clopper and Pearson, 0 of 71 at most 5.06 %.
    #[test]
    fn only_enough_attacks_that_all_failed_let_the_nets_decide() {
        assert_eq!(evaluation(0, 72, 5).shortcoming(), None);
        assert!(evaluation(0, 71, 5).shortcoming().unwrap().contains("print"));
        assert!(evaluation(1, 72, 5).shortcoming().is_some());
        assert!(evaluation(0, 0, 5).shortcoming().unwrap().contains("0 species"));
        assert!(evaluation(0, 72, 4).shortcoming().unwrap().contains("4 persons"));
        let lax = Evaluation { threshold: 0.1, ..evaluation(0, 72, 5) };
        assert!(lax.shortcoming().is_some(), "never below what refuses");
        let lax = Evaluation { most_apcer: 1.0, ..evaluation(9, 9, 5) };
        assert!(lax.shortcoming().is_some(), "never everything");
    }

    #[test]
    fn an_evaluation_counts_for_its_own_nets_alone_and_by_its_counts() {
        let folder = tempfile::tempdir().unwrap();
        let nets = |sha256: &str| ModelIdentity { id: "a+b".to_owned(), sha256: sha256.to_owned() };
        let found = |sha256: &str| Evaluation::find(folder.path(), &nets(sha256));
        assert_eq!(found("00").unwrap(), None);
        let good = evaluation(0, 72, 5);
        good.keep(folder.path()).unwrap();
        assert_eq!(found("00").unwrap(), Some(good));
        assert_eq!(found("01").unwrap(), None);

        let mut forged = evaluation(50, 72, 5);
        forged.rates.apcer.get_mut("print").unwrap().interval = [0.0, 0.0];
        forged.keep(folder.path()).unwrap();
        assert_eq!(found("00").unwrap(), None);

        fs::write(folder.path().join(FILE), "{}").unwrap();
        assert!(found("00").unwrap_err().to_string().contains(FILE));
    }
}
