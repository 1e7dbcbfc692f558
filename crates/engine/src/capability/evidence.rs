//! What a reading says about itself, as signals.

use bonafide_document::{corners, mrz};
use bonafide_domain::evidence::{ModelIdentity, Signal};

use super::document::ReadDocument;
use crate::record::{MrzEvidence, RepairEvidence};

/// The zone with its repairs told; lines and columns count from 1, as people do.
pub(super) fn mrz_evidence(reading: &mrz::Reading) -> MrzEvidence {
    MrzEvidence {
        format: reading.format.to_string(),
        lines: reading.lines.clone(),
        repairs: reading
            .repairs
            .iter()
            .map(|repair| RepairEvidence {
                line: repair.line + 1,
                column: repair.column + 1,
                read: repair.read,
                repaired: repair.repaired,
                reason: match repair.cause {
                    mrz::Cause::Grammar => "grammar",
                    mrz::Cause::CheckDigit => "check digit",
                }
                .to_owned(),
            })
            .collect(),
    }
}

/// Where the machine-readable data was found, and how sure the reading is.
pub(super) fn reading_signals(document: &ReadDocument) -> Vec<Signal> {
    let mut signals = Vec::new();
    if let Some((side, reading)) = document.mrz() {
        let part = side.classifier.as_str();
        let model = || ModelIdentity::clone(&document.recogniser);
        let mut found = Signal::new("mrz.format", reading.format.to_string()).by(model());
        if let Some(quad) = &reading.quad {
            found = found.within(part, corners(quad));
        }
        signals.push(found);
        signals.push(Signal::new("mrz.quarter_turns", usize::from(reading.rotation)));
        signals.push(Signal::new("mrz.confidence.mean", reading.mean_confidence()).by(model()));
        signals.push(Signal::new("mrz.confidence.least", reading.confidence()).by(model()));
        signals.push(Signal::new("mrz.repairs", reading.repairs.len()));
    }
    if let Some((side, barcode)) = document.barcode() {
        let part = side.classifier.as_str();
        signals.push(Signal::new("barcode.read", true).within(part, corners(&barcode.quad)));
        signals.push(Signal::new("barcode.mended_codewords", barcode.mended_codewords));
    }
    signals
}
