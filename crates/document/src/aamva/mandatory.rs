//! Which elements each edition demands (annex D, "minimum mandatory data elements").

use super::elements::ElementId;
use super::licence::Kind;
use super::version::Version;

/// An element, the editions that demand it, and whether only of driving licences.
struct Demand {
    id: ElementId,
    from: u8,
    to: u8,
    only_driving: bool,
}

const fn demand(id: [u8; 3], from: u8, to: u8) -> Demand {
    Demand { id: ElementId::new(id), from, to, only_driving: false }
}

const fn driving(id: [u8; 3], from: u8, to: u8) -> Demand {
    Demand { id: ElementId::new(id), from, to, only_driving: true }
}

const NEWEST: u8 = Version::NEWEST.0;

#[rustfmt::skip]
const DEMANDS: &[Demand] = &[
    // Before 2003: the whole name, and what the holder may drive.
    demand(*b"DAA", 1, 1), driving(*b"DAR", 1, 1), driving(*b"DAS", 1, 1), driving(*b"DAT", 1, 1),
    // In all editions: number, address, dates, sex.
    demand(*b"DAQ", 1, NEWEST), demand(*b"DAG", 1, NEWEST), demand(*b"DAI", 1, NEWEST), demand(*b"DAJ", 1, NEWEST),
    demand(*b"DAK", 1, NEWEST), demand(*b"DBA", 1, NEWEST), demand(*b"DBB", 1, NEWEST), demand(*b"DBC", 1, NEWEST),
    demand(*b"DBD", 1, NEWEST),
    // Since 2003.
    driving(*b"DCA", 2, NEWEST), driving(*b"DCB", 2, NEWEST), driving(*b"DCD", 2, NEWEST), demand(*b"DCS", 2, NEWEST),
    demand(*b"DAY", 2, NEWEST), demand(*b"DAU", 2, NEWEST), demand(*b"DCF", 2, NEWEST), demand(*b"DCG", 2, NEWEST),
    // 2003 and 2005: given names together, federal vehicle codes.
    demand(*b"DCT", 2, 3), driving(*b"DCH", 2, 3),
    // Since 2009: given names apart, truncation.
    demand(*b"DAC", 4, NEWEST), demand(*b"DAD", 4, NEWEST), demand(*b"DDE", 4, NEWEST), demand(*b"DDF", 4, NEWEST),
    demand(*b"DDG", 4, NEWEST),
];

/// The elements demanded of such a card. None before the standard; a number not given out yet is held for the
/// newest edition.
pub(super) fn elements(version: Version, kind: Kind) -> impl Iterator<Item = ElementId> {
    let version = version.0.min(NEWEST);
    DEMANDS
        .iter()
        .filter(move |demand| (demand.from..=demand.to).contains(&version))
        .filter(move |demand| kind.is_driving() || !demand.only_driving)
        .map(|demand| demand.id)
}
