//! The pictures of an ID, opened and read once for all capabilities that look at them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bonafide_document::{Reader, Side, TextLine, aamva, barcode, mrz};
use bonafide_domain::credential::Classifier;
use bonafide_domain::evidence::ModelIdentity;
use bonafide_imaging::{self as imaging, Limits, Picture};
use bonafide_models::Library;
use sha2::{Digest, Sha256};

use super::nets::Nets;
use super::{CredentialInput, decoding_limits};

/// Opens and reads pictures. The four capabilities of an execution follow each other on the same
/// pictures, so the last few readings are kept in memory for a moment.
pub struct DocumentReader {
    models: Nets<Models>,
    limits: Limits,
    recent: Mutex<VecDeque<(PictureHash, Arc<ReadSide>)>>,
}

struct Models {
    reader: Reader,
    recogniser: ModelIdentity,
}

type PictureHash = [u8; 32];

/// Readings kept: two sides for each of a few runs under way.
const KEPT: usize = 6;
/// The largest picture that is kept; larger ones are read again rather than held.
const KEPT_PIXELS: u64 = 16_000_000;

/// One side of an ID and what was read on it.
pub(super) struct ReadSide {
    pub(super) classifier: Classifier,
    pub(super) picture: Result<Picture, imaging::Error>,
    pub(super) mrz: Option<mrz::Reading>,
    pub(super) barcode: Option<barcode::Barcode>,
    print: Vec<TextLine>,
}

/// An ID as it was read: its sides, front first.
pub(super) struct ReadDocument {
    pub(super) sides: Vec<Arc<ReadSide>>,
    /// The net that read the text and the machine-readable zone.
    pub(super) recogniser: ModelIdentity,
}

impl DocumentReader {
    /// A reader with the models of the library, loaded when the first document comes. Where they
    /// are missing it reads nothing, and what depends on it is not executed.
    pub fn open(library: &Arc<Library>, limits: &Limits) -> Self {
        let models = Nets::of(library, &Reader::ROLES);
        if !models.are_installed() {
            tracing::warn!("documents cannot be judged: run `bonafide models install`");
        }
        Self { models, limits: decoding_limits(limits), recent: Mutex::default() }
    }

    /// Whether the models are there.
    pub fn is_ready(&self) -> bool {
        self.models.are_installed()
    }

    /// Reads an ID. `None` when the models are missing, a net failed, or the pictures were deleted
    /// meanwhile.
    pub(super) fn read(&self, input: &CredentialInput) -> Option<ReadDocument> {
        let models = self.models.load(open_models)?;
        let sides: Option<Vec<_>> = [Classifier::Front, Classifier::Back]
            .into_iter()
            .filter_map(|classifier| Some((classifier, input.parts.get(&classifier)?)))
            .map(|(classifier, bytes)| self.side(&models.reader, classifier, bytes))
            .collect();
        let sides = sides.filter(|sides| !sides.is_empty())?;
        Some(ReadDocument { sides, recogniser: models.recogniser.clone() })
    }

    /// Reads a selfie as if it were a document's front: somebody may have shown their ID.
    pub(super) fn read_selfie(&self, bytes: &[u8]) -> Option<Arc<ReadSide>> {
        self.side(&self.models.load(open_models)?.reader, Classifier::Face, bytes)
    }

    fn side(&self, reader: &Reader, classifier: Classifier, bytes: &[u8]) -> Option<Arc<ReadSide>> {
        let hash: PictureHash =
            Sha256::new().chain_update(classifier.as_str()).chain_update(bytes).finalize().into();
        if let Some((_, side)) = self.recent().iter().find(|(known, _)| *known == hash) {
            return Some(Arc::clone(side));
        }
        let picture = imaging::decode(bytes, &self.limits);
        let side = read_side(reader, classifier, picture)
            .inspect_err(|error| tracing::error!(%error, "a net failed"))
            .ok()?;
        let side = Arc::new(side);
        if side.pixels() <= KEPT_PIXELS {
            let mut recent = self.recent();
            recent.push_front((hash, Arc::clone(&side)));
            recent.truncate(KEPT);
        }
        Some(side)
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<(PictureHash, Arc<ReadSide>)>> {
        // Nothing that can panic happens under the lock.
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_models(library: &Library) -> Result<Models, bonafide_document::Error> {
    let reader = Reader::open(library)?;
    let model = library.model("text-recognition")?;
    Ok(Models { reader, recogniser: ModelIdentity { id: model.id, sha256: model.sha256 } })
}

fn read_side(
    reader: &Reader,
    classifier: Classifier,
    picture: Result<Picture, imaging::Error>,
) -> Result<ReadSide, bonafide_document::Error> {
    let mut side = ReadSide { classifier, picture, mrz: None, barcode: None, print: Vec::new() };
    if let Ok(opened) = &side.picture {
        side.mrz = reader.read_mrz(&opened.rgb)?.filter(mrz::Reading::is_credible);
        // The search for a symbol that is not there is not free, and only cards have one.
        let is_booklet =
            side.mrz.as_ref().is_some_and(|mrz| mrz.is_valid() && mrz.lines.len() == 2);
        if !is_booklet {
            side.barcode = barcode::read_pdf417(&imaging::gray(&opened.rgb));
        }
        side.print = reader.read_text(&opened.rgb)?;
    }
    Ok(side)
}

impl ReadSide {
    fn pixels(&self) -> u64 {
        self.picture
            .as_ref()
            .map_or(0, |picture| u64::from(picture.rgb.width()) * u64::from(picture.rgb.height()))
    }

    pub(super) fn as_side(&self) -> Side<'_> {
        Side {
            part: self.classifier.as_str(),
            picture: self.picture.as_ref().map(|picture| &picture.rgb),
            mrz: self.mrz.as_ref(),
            barcode: self.barcode.as_ref().map(|barcode| barcode.quad),
            print: &self.print,
        }
    }
}

impl ReadDocument {
    /// Shows the sides to a judge of `document`.
    pub(super) fn show<T>(&self, judge: impl FnOnce(&[&Side]) -> T) -> T {
        let sides: Vec<Side> = self.sides.iter().map(|side| side.as_side()).collect();
        judge(&sides.iter().collect::<Vec<_>>())
    }

    /// The machine-readable zone and the side that it stands on.
    pub(super) fn mrz(&self) -> Option<(&ReadSide, &mrz::Reading)> {
        self.sides.iter().find_map(|side| Some((side.as_ref(), side.mrz.as_ref()?)))
    }

    /// The PDF417 symbol and the side that it stands on.
    pub(super) fn barcode(&self) -> Option<(&ReadSide, &barcode::Barcode)> {
        self.sides.iter().find_map(|side| Some((side.as_ref(), side.barcode.as_ref()?)))
    }

    /// What the symbol says, if it is a licence's.
    pub(super) fn licence(&self) -> Option<Result<aamva::Licence, aamva::Error>> {
        self.barcode().map(|(_, barcode)| aamva::parse(&barcode.bytes))
    }
}
