//! The pictures of an ID, opened and read once for all capabilities that look at them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bonafide_document::{Reader, barcode, mrz};
use bonafide_domain::credential::Classifier;
use bonafide_imaging::{self as imaging, Limits, Picture};
use sha2::{Digest, Sha256};

use super::{CredentialInput, decoding_limits};

/// Opens and reads pictures. The four capabilities of an execution follow each other on the same
/// pictures, so the last few readings are kept in memory for a moment.
pub struct DocumentReader {
    reader: Option<Reader>,
    limits: Limits,
    recent: Mutex<VecDeque<(PictureHash, Arc<Side>)>>,
}

type PictureHash = [u8; 32];

/// Readings kept: two sides for each of a few runs under way.
const KEPT: usize = 6;

/// One side of an ID.
pub(super) struct Side {
    /// Which one.
    pub(super) classifier: Classifier,
    /// The picture, or why it cannot be opened.
    pub(super) picture: Result<Picture, imaging::Error>,
    /// The machine-readable zone, if there is one.
    pub(super) mrz: Option<mrz::Reading>,
    /// The PDF417 symbol, if there is one.
    pub(super) barcode: Option<barcode::Barcode>,
}

impl DocumentReader {
    /// A reader; without a model it reads nothing, and what depends on it is not executed.
    pub fn new(reader: Option<Reader>, limits: Limits) -> Self {
        Self { reader, limits: decoding_limits(&limits), recent: Mutex::default() }
    }

    /// The sides of an ID, front first. `None` when the models are missing or a net failed.
    pub(super) fn read(&self, input: &CredentialInput) -> Option<Vec<Arc<Side>>> {
        let reader = self.reader.as_ref()?;
        [Classifier::Front, Classifier::Back]
            .into_iter()
            .filter_map(|classifier| Some((classifier, input.parts.get(&classifier)?)))
            .map(|(classifier, bytes)| self.side(reader, classifier, bytes))
            .collect()
    }

    fn side(&self, reader: &Reader, classifier: Classifier, bytes: &[u8]) -> Option<Arc<Side>> {
        let hash: PictureHash =
            Sha256::new().chain_update(classifier.as_str()).chain_update(bytes).finalize().into();
        if let Some(side) = self.recent().iter().find(|(known, _)| *known == hash) {
            return Some(Arc::clone(&side.1));
        }
        let side = Arc::new(read_side(reader, &self.limits, classifier, bytes)?);
        let mut recent = self.recent();
        recent.push_front((hash, Arc::clone(&side)));
        recent.truncate(KEPT);
        Some(side)
    }

    fn recent(&self) -> std::sync::MutexGuard<'_, VecDeque<(PictureHash, Arc<Side>)>> {
        // Nothing that can panic happens under the lock.
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_side(
    reader: &Reader,
    limits: &Limits,
    classifier: Classifier,
    bytes: &[u8],
) -> Option<Side> {
    let picture = imaging::decode(bytes, limits);
    let Ok(opened) = &picture else {
        return Some(Side { classifier, picture, mrz: None, barcode: None });
    };
    let mrz = match reader.read_mrz(&opened.rgb) {
        Ok(mrz) => mrz,
        Err(error) => {
            tracing::error!(%error, "a net failed");
            return None;
        }
    };
    // A side has one or the other; the search for a symbol that is not there is not free.
    let barcode =
        if mrz.is_none() { barcode::read_pdf417(&imaging::gray(&opened.rgb)) } else { None };
    Some(Side { classifier, picture, mrz, barcode })
}
