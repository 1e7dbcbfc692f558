//! Whether what a document says holds together: check digits, dates, issuers, and the zone against the symbol
//! (contract §7.3, `dataChecks`).
//!
//! What a genuine document cannot say is a [`Fault`] and decides. What genuine documents are seen to do against the
//! standards, or what a reader may have misread, is a signal only: it is kept as evidence and decides nothing.

mod agreement;
mod dates;
mod findings;
mod symbol;
mod zone;

#[cfg(test)]
mod tests;

use bonafide_domain::decision::Decision;
use bonafide_imaging::Quad;
use jiff::civil::Date;

pub use self::findings::Fault;
use self::findings::Findings;
use crate::side::Judgement;
use crate::{aamva, mrz};

/// What the checks look at.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The machine readable zone, if one was read.
    pub zone: Option<Zone<'a>>,
    /// The PDF417 symbol, if one was read.
    pub symbol: Option<Symbol<'a>>,
    /// The day of judging.
    pub today: Date,
    /// A document that expires within so many days is warned about; 0 warns only of expired ones.
    pub expiry_limit_days: u16,
}

/// A zone and where it was read.
#[derive(Debug, Clone, Copy)]
pub struct Zone<'a> {
    /// The part, as its classifier: `FRONT`, `BACK`.
    pub part: &'a str,
    /// As read.
    pub reading: &'a mrz::Reading,
}

/// A symbol and where it was read.
#[derive(Debug, Clone, Copy)]
pub struct Symbol<'a> {
    /// The part, as its classifier: `FRONT`, `BACK`.
    pub part: &'a str,
    /// Its place in the part's picture.
    pub quad: Quad,
    /// What it says, or why it is no licence's.
    pub licence: &'a Result<aamva::Licence, aamva::Error>,
}

/// Judges the data. Without a zone and without a licence's symbol there is nothing to judge:
/// `NOT_EXECUTED` / `PRECONDITION_NOT_FULFILLED`.
pub fn judge(inputs: &Inputs<'_>) -> Judgement {
    let mut findings = Findings::default();
    let document = inputs.zone.and_then(|zone| zone::check(&zone, inputs, &mut findings));
    let licence = inputs.symbol.and_then(|symbol| symbol::check(&symbol, inputs, &mut findings));
    if let (Some((zone, document)), Some((symbol, licence))) =
        (inputs.zone.zip(document.as_ref()), inputs.symbol.zip(licence))
    {
        agreement::check((&zone, document), (&symbol, licence), &mut findings);
    }
    let nothing_was_read = document.is_none() && licence.is_none();
    if nothing_was_read && findings.faults().is_empty() {
        let decision = Decision::PRECONDITION_NOT_FULFILLED;
        return Judgement { decision, signals: findings.into_signals() };
    }
    Judgement { decision: findings.decision(), signals: findings.into_signals() }
}
