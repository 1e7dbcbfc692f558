//! A tenant's own list: CSV with a header. `name` is needed; `id`, `kind` (`person`,
//! `organisation`, `vessel`, `aircraft`), `aliases`, `weak_aliases`, `birth_date`, `countries`,
//! `gender`, `identifiers`, `topics` and `programs` are not. Several values are parted by `;`.

use super::csv::{Row, Table};
use super::draft::Draft;
use super::error::Error;
use super::input::Input;
use super::{Header, Sink, date};
use crate::country::Country;
use crate::entity::{EntityKind, Gender, Name, Topic};

pub(crate) fn read(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut table = Table::open(input, b',');
    table.read_header()?;
    table.expect(&["name"])?;
    let mut number = 0_usize;
    while let Some(row) = table.next()? {
        number += 1;
        if let Some(entity) = entity(&row, number)?.finish() {
            sink(entity)?;
        }
    }
    Ok(Header::default())
}

fn entity(row: &Row<'_>, number: usize) -> Result<Draft, Error> {
    let name = row.get("name");
    if name.is_empty() {
        return Err(row.wrong("name", "is empty"));
    }
    let kind = match row.get("kind").to_ascii_lowercase().as_str() {
        "person" => EntityKind::Person,
        "organisation" | "organization" | "company" => EntityKind::Organisation,
        "vessel" => EntityKind::Vessel,
        "aircraft" => EntityKind::Aircraft,
        "" => EntityKind::Unknown,
        _ => {
            return Err(row.wrong("kind", "is none of person, organisation, vessel, aircraft"));
        }
    };
    let id = Some(row.get("id")).filter(|id| !id.is_empty()).unwrap_or_else(|| number.to_string());
    let mut draft = Draft::new(id, kind);
    draft.name(Name::primary(name));
    let values = |column: &str| -> Vec<String> {
        let values = row.get(column);
        values.split(';').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
    };
    for alias in values("aliases") {
        draft.name(Name::alias(alias, false));
    }
    for alias in values("weak_aliases") {
        draft.name(Name::alias(alias, true));
    }
    for born in values("birth_date") {
        let birth = date::birth(&born);
        draft.birth(Some(
            birth.ok_or_else(|| row.wrong("birth_date", "is no date; write YYYY-MM-DD or YYYY"))?,
        ));
    }
    for country in values("countries") {
        if Country::find(&country).is_none() {
            return Err(row.wrong("countries", "is no country; write ISO 3166-1 codes"));
        }
        draft.country(&country);
    }
    draft.gender(Gender::find(&row.get("gender")));
    for number in values("identifiers") {
        draft.identifier("identifier", &number, None);
    }
    for program in values("programs") {
        draft.program(&program);
    }
    for topic in values("topics") {
        draft.topic(match topic.as_str() {
            "sanction" => Topic::Sanction,
            "warning" => Topic::Warning,
            "pep" => Topic::Pep,
            "adverse-media" => Topic::AdverseMedia,
            _ => {
                return Err(row.wrong("topics", "is none of sanction, warning, pep, adverse-media"));
            }
        });
    }
    Ok(draft)
}
