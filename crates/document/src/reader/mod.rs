//! The reader of documents: a machine readable zone from a picture, and all text of a picture.

mod alignment;
mod bands;
mod locate;
mod regularity;
mod rows;
mod segments;
mod strokes;
mod zone;

use bonafide_imaging::{Quad, turn};
use bonafide_models::Library;
use image::RgbImage;

use crate::Error;
use crate::mrz::Reading;
use crate::text::Recogniser;
use locate::Candidate;
use zone::{Found, ZoneReader};

/// At most so many frames of print are recognised in search of a zone; a passport's zone has some
/// 350.
const BUDGET: usize = 3000;

/// Reads what is printed on documents.
pub struct Reader {
    recogniser: Recogniser,
}

impl Reader {
    /// A reader with the models of the pack `documents`.
    pub fn open(library: &Library) -> Result<Self, Error> {
        Ok(Self { recogniser: Recogniser::new(library.net("text-recognition")?)? })
    }

    /// The machine readable zone of a picture, in whatever direction it runs.
    pub fn read_mrz(&self, picture: &RgbImage) -> Result<Option<Reading>, Error> {
        let pictures = [picture.clone(), turn(picture, 1)];
        let mut candidates: Vec<(usize, Candidate)> = (pictures.iter().enumerate())
            .flat_map(|(turns, picture)| {
                locate::candidates(picture).into_iter().map(move |candidate| (turns, candidate))
            })
            .collect();
        candidates.sort_by(|a, b| b.1.regularity.total_cmp(&a.1.regularity));
        let mut zones = ZoneReader { recogniser: &self.recogniser, budget: BUDGET };
        let mut best: Option<Found> = None;
        for (turns, upright) in candidates {
            for (half_turns, candidate) in [(0, upright.clone()), (2, reversed(&upright))] {
                let Some(mut found) = zones.read(&pictures[turns], &candidate)? else { continue };
                found.reading.rotation = (turns as u8 + half_turns) % 4;
                if found.is_sure() {
                    return Ok(Some(found.reading));
                }
                if best.as_ref().is_none_or(|best| found.score > best.score) {
                    best = Some(found);
                }
            }
        }
        Ok(best.map(|found| found.reading))
    }
}

/// The same lines for a picture that stands on its head.
fn reversed(candidate: &Candidate) -> Candidate {
    let turned = |&Quad([a, b, c, d]): &Quad| Quad([c, d, a, b]);
    Candidate {
        lines: candidate.lines.iter().rev().map(turned).collect(),
        centre: candidate.lines.len() - 1 - candidate.centre,
        regularity: candidate.regularity,
    }
}
