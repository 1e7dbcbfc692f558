//! The UK Sanctions List of the FCDO, the only UK list since the consolidated list of OFSI was
//! closed on 28 January 2026: CSV with a row for each name, and XML.

use super::csv::{Row, Table};
use super::draft::Draft;
use super::error::Error;
use super::groups::Groups;
use super::input::Input;
use super::xml::{Element, Records};
use super::{Header, Sink, date};
use crate::entity::{EntityKind, Gender, Name, NameKind};

/// Name 6 is the family name, or the whole name of an entity.
const NAMES: [&str; 6] = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"];

pub(crate) fn read_csv(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut table = Table::open(input, b',');
    let mut header = Header::default();
    table.read_header()?;
    // `Report Date: 01-Feb-2026` stands above the columns' names.
    if !table.has("Unique ID") {
        header = Header::of(table.first().trim_start_matches("Report Date:"));
        table.read_header()?;
    }
    table.expect(&["Unique ID", "Name 6", "Name type", "Designation Type"])?;
    let mut groups = Groups::default();
    while let Some(row) = table.next()? {
        let id = row.get("Unique ID");
        if id.is_empty() {
            return Err(row.wrong("Unique ID", "is empty"));
        }
        let draft =
            groups.draft(&id, || Draft::sanctioned(&*id, kind(&row.get("Designation Type"))));
        attributes(&row, draft.ok_or_else(|| row.wrong("Unique ID", "there are too many"))?);
    }
    groups.finish(sink)?;
    Ok(header)
}

fn kind(sort: &str) -> EntityKind {
    match sort.to_ascii_lowercase().as_str() {
        "individual" => EntityKind::Person,
        "entity" => EntityKind::Organisation,
        "ship" => EntityKind::Vessel,
        _ => EntityKind::Unknown,
    }
}

fn name(text: String, kind: &str, strength: &str) -> Name {
    let primary = kind.to_ascii_lowercase().starts_with("primary");
    let weak = strength.to_ascii_lowercase().starts_with("low");
    Name { text, kind: if primary { NameKind::Primary } else { NameKind::Alias }, weak }
}

fn attributes(row: &Row<'_>, draft: &mut Draft) {
    let parts = NAMES.map(|part| row.get(part));
    draft.name(name(parts.join(" "), &row.get("Name type"), &row.get("Alias strength")));
    draft.name(Name::alias(row.get("Name non-latin script"), false));
    draft.program(&row.get("Regime Name"));
    draft.gender(Gender::find(&row.get("Gender")));
    draft.birth(date::birth(&row.get("D.O.B")));
    for column in ["Nationality(/ies)", "Address Country", "Current believed flag of ship"] {
        for country in row.get(column).split(['/', ';']) {
            draft.country(country);
        }
    }
    for column in [
        "Passport number",
        "National Identifier number",
        "Business registration number (s)",
        "IMO number",
    ] {
        draft.identifier(column, &row.get(column), None);
    }
}

pub(crate) fn read_xml(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut records = Records::open(input);
    let mut header = Header::default();
    while let Some(record) = records.next(&["Designation", "DateGenerated"])? {
        if record.name == "DateGenerated" {
            header = Header::of(record.text());
        } else if let Some(entity) = entity(&records, &record)?.finish() {
            sink(entity)?;
        }
    }
    match records.root() {
        Some(root) if root.name == "Designations" => Ok(header),
        _ => Err(records.wrong_root("Designations")),
    }
}

fn entity(records: &Records<'_>, record: &Element) -> Result<Draft, Error> {
    let id = record.get("UniqueID");
    if id.is_empty() {
        return Err(records.wrong(record, "UniqueID", "is empty"));
    }
    let mut draft = Draft::sanctioned(id, kind(record.get("IndividualEntityShip")));
    for listed in record.below("Name") {
        let parts = ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6"];
        let text = parts.map(|part| listed.get(part)).join(" ");
        draft.name(name(text, listed.get("NameType"), listed.get("AliasStrength")));
    }
    for text in record.below("NameNonLatinScript") {
        draft.name(Name::alias(text.text(), false));
    }
    draft.program(record.get("RegimeName"));
    for born in record.below("DOB") {
        draft.birth(date::birth(born.text()));
    }
    for tag in ["Nationality", "AddressCountry"] {
        for country in record.below(tag) {
            draft.country(country.text());
        }
    }
    for gender in record.below("Gender") {
        draft.gender(Gender::find(gender.text()));
    }
    for (tag, sort) in [
        ("PassportNumber", "Passport number"),
        ("NationalIdentifierNumber", "National Identifier number"),
        ("BusinessRegistrationNumber", "Business registration number"),
        ("IMONumber", "IMO number"),
    ] {
        for number in record.below(tag) {
            draft.identifier(sort, number.text(), None);
        }
    }
    Ok(draft)
}
