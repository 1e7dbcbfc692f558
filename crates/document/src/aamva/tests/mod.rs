//! Payloads written after the standard's text, one for each generation of it, and what goes wrong in the field.

mod editions;
mod field;
mod properties;

use super::{Irregularity, Licence, parse};

/// A payload as the standard frames it: offsets and lengths are computed here, after annex D, and owe nothing to
/// the reader.
pub(super) fn payload(issuer: &str, version: u8, subfiles: &[(&str, &[&str])]) -> Vec<u8> {
    let (record_separator, file_type) =
        if version == 1 { ('\x1c', "AAMVA") } else { ('\x1e', "ANSI ") };
    let jurisdiction_version = if version >= 2 { "00" } else { "" };
    let header = format!(
        "@\n{record_separator}\r{file_type}{issuer}{version:02}{jurisdiction_version}{:02}",
        subfiles.len()
    );
    let bodies: Vec<String> =
        subfiles.iter().map(|(kind, lines)| format!("{kind}{}\r", lines.join("\n"))).collect();
    let mut offset = header.len() + 10 * subfiles.len();
    let designator = |((kind, _), body): (&(&str, &[&str]), &String)| {
        let start = offset;
        offset += body.len();
        format!("{kind}{start:04}{:04}", body.len())
    };
    let designators: String = subfiles.iter().zip(&bodies).map(designator).collect();
    (header + &designators + &bodies.concat()).into_bytes()
}

/// The elements of the newest editions, all mandatory ones among them.
pub(super) const NEWEST: &[&str] = &[
    "DAQT64235789",
    "DCSSAMPLE",
    "DDEN",
    "DACMICHAEL",
    "DDFN",
    "DADJOHN",
    "DDGN",
    "DCUJR",
    "DCAD",
    "DCBK",
    "DCDPH",
    "DBD06062021",
    "DBB06061986",
    "DBA12102029",
    "DBC1",
    "DAU068 in",
    "DAYBRO",
    "DAG12 ELM STREET",
    "DAIRICHMOND",
    "DAJVA",
    "DAK232690000  ",
    "DCF2424244747474786102204",
    "DCGUSA",
    "DDAF",
    "DDB06062018",
];

pub(super) fn newest(version: u8) -> Vec<u8> {
    payload("636000", version, &[("DL", NEWEST), ("ZV", &["ZVA01"])])
}

/// The newest edition's elements with some replaced (by id) or added.
pub(super) fn changed(changes: &[&str]) -> Vec<u8> {
    let kept = NEWEST.iter().filter(|line| changes.iter().all(|change| change[..3] != line[..3]));
    let lines: Vec<&str> = kept.chain(changes).copied().collect();
    payload("636000", 10, &[("DL", &lines)])
}

pub(super) fn read(payload: &[u8]) -> Licence {
    parse(payload).expect("a licence")
}

pub(super) fn irregularities(payload: &[u8]) -> Vec<Irregularity> {
    read(payload).irregularities
}
