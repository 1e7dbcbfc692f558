//! The consolidated list of the United Nations Security Council (XML).

use super::draft::Draft;
use super::error::Error;
use super::input::Input;
use super::xml::{Element, Records};
use super::{Header, Sink, date};
use crate::country::Country;
use crate::entity::{Birth, EntityKind, Gender, Name};

pub(crate) fn read(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut records = Records::open(input);
    while let Some(record) = records.next(&["INDIVIDUAL", "ENTITY"])? {
        if let Some(entity) = entity(&records, &record)?.finish() {
            sink(entity)?;
        }
    }
    let root = records.root().filter(|root| root.name == "CONSOLIDATED_LIST");
    let Some(root) = root else {
        return Err(records.wrong_root("CONSOLIDATED_LIST"));
    };
    Ok(Header::of(root.attribute("dateGenerated")))
}

fn entity(records: &Records<'_>, record: &Element) -> Result<Draft, Error> {
    let person = record.name == "INDIVIDUAL";
    let (kind, prefix) = if person {
        (EntityKind::Person, "INDIVIDUAL")
    } else {
        (EntityKind::Organisation, "ENTITY")
    };
    let id = [record.get("REFERENCE_NUMBER"), record.get("DATAID")];
    let Some(id) = id.iter().find(|id| !id.is_empty()) else {
        return Err(records.wrong(record, "REFERENCE_NUMBER", "is empty, and so is DATAID"));
    };
    let mut draft = Draft::sanctioned(*id, kind);
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];
    let name: Vec<&str> = parts.iter().map(|part| record.get(part)).collect();
    if name.iter().all(|part| part.is_empty()) {
        return Err(records.wrong(record, "FIRST_NAME", "is empty, and so are the other names"));
    }
    draft.name(Name::primary(name.join(" ")));
    for original in record.all("NAME_ORIGINAL_SCRIPT") {
        draft.name(Name::primary(original.text()));
    }
    for alias in record.all(&format!("{prefix}_ALIAS")) {
        let weak = alias.get("QUALITY").eq_ignore_ascii_case("low");
        for text in alias.get("ALIAS_NAME").split(';') {
            draft.name(Name::alias(text, weak));
        }
    }
    draft.program(record.get("UN_LIST_TYPE"));
    draft.gender(Gender::find(record.get("GENDER")));
    for nationality in record.all("NATIONALITY").flat_map(|values| values.all("VALUE")) {
        draft.country(nationality.text());
    }
    for address in record.all(&format!("{prefix}_ADDRESS")) {
        draft.country(address.get("COUNTRY"));
    }
    for born in record.all("INDIVIDUAL_DATE_OF_BIRTH") {
        draft.birth(birth(born));
    }
    for document in record.all("INDIVIDUAL_DOCUMENT") {
        let country = [document.get("ISSUING_COUNTRY"), document.get("COUNTRY_OF_ISSUE")];
        let country = country.iter().find_map(|country| Country::find(country));
        draft.identifier(document.get("TYPE_OF_DOCUMENT"), document.get("NUMBER"), country);
    }
    Ok(draft)
}

fn birth(born: &Element) -> Option<Birth> {
    let kind = born.get("TYPE_OF_DATE").to_ascii_uppercase();
    let year = |name: &str| born.get(name).parse::<i16>().ok();
    let mut birth = match (year("FROM_YEAR"), year("TO_YEAR")) {
        (Some(from), Some(to)) => Birth::years(from, to),
        _ => date::birth(born.get("DATE")).or_else(|| date::birth(born.get("YEAR")))?,
    };
    birth.approximate |= kind == "APPROXIMATELY";
    Some(birth)
}
