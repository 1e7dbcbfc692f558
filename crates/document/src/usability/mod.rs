//! Whether a document's pictures can be worked with, and if not, the one thing to tell its holder.
//!
//! Two votes decide about quality. The measures of a picture reject it only where what it says could not be read
//! either: a picture that was read is good enough, whatever a number says, and a number without a reading is all
//! there is to go by.

mod measures;
mod rules;
pub mod thresholds;
mod verdict;
mod words;

#[cfg(test)]
mod tests;

use bonafide_domain::evidence::Signal;

pub use verdict::Verdict;

use crate::side::{Judgement, Side};
use measures::Measures;

/// Judges the sides of one document. The first defect in the order of the sides and of the rules is the verdict.
pub fn judge(front: &Side, back: Option<&Side>) -> (Verdict, Judgement) {
    let sides: Vec<&Side> = std::iter::once(front).chain(back).collect();
    let document_is_readable = sides.iter().any(|side| side.is_machine_readable());
    let mut signals: Vec<Signal> = Vec::new();
    let mut defect = None;
    for side in &sides {
        let found = if let Ok(picture) = side.picture {
            let measures = Measures::of(side, picture);
            signals.extend(measures.signals(side));
            rules::defect(side, &measures, document_is_readable)
        } else {
            signals.push(Signal::new("usability.decodes", false));
            Some(Verdict::BadQualityImage)
        };
        defect = defect.or(found);
    }
    let verdict = defect.unwrap_or_else(|| rules::completeness(front, back, document_is_readable));
    (verdict, Judgement { decision: verdict.decision(), signals })
}
