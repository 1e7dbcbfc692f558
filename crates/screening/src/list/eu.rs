//! The EU's financial sanctions files, version 1.1: XML, and CSV with a row for each attribute.

use super::csv::{Row, Table};
use super::draft::Draft;
use super::error::Error;
use super::groups::Groups;
use super::input::Input;
use super::xml::{Element, Records};
use super::{Header, Sink, date};
use crate::country::Country;
use crate::entity::{Birth, EntityKind, Gender, Name};

pub(crate) fn read_xml(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut records = Records::open(input);
    while let Some(record) = records.next(&["sanctionEntity"])? {
        if let Some(entity) = entity(&records, &record)?.finish() {
            sink(entity)?;
        }
    }
    match records.root().filter(|root| root.name == "export") {
        Some(root) => Ok(Header::of(root.attribute("generationDate"))),
        None => Err(records.wrong_root("export")),
    }
}

fn entity(records: &Records<'_>, record: &Element) -> Result<Draft, Error> {
    let id = record.attribute("logicalId");
    if id.is_empty() {
        return Err(records.wrong(record, "sanctionEntity@logicalId", "is empty"));
    }
    let sort = record.child("subjectType").map_or("", |sort| sort.attribute("code"));
    let mut draft = Draft::sanctioned(id, kind(sort));
    for alias in record.all("nameAlias") {
        let parts = ["firstName", "middleName", "lastName"].map(|part| alias.attribute(part));
        let whole = match alias.attribute("wholeName") {
            "" => parts.join(" "),
            whole => whole.to_owned(),
        };
        let weak = alias.attribute("strong") == "false";
        draft.name(Name { weak, ..Name::primary(whole) });
        draft.gender(Gender::find(alias.attribute("gender")));
    }
    for name in ["citizenship", "address"] {
        for country in record.all(name) {
            draft.country(country.attribute("countryIso2Code"));
        }
    }
    for born in record.all("birthdate") {
        draft.birth(birth(born));
    }
    for document in record.all("identification") {
        draft.identifier(
            document.attribute("identificationTypeCode"),
            document.attribute("number"),
            Country::find(document.attribute("countryIso2Code")),
        );
    }
    for regulation in record.all("regulation") {
        draft.program(regulation.attribute("programme"));
    }
    Ok(draft)
}

fn kind(sort: &str) -> EntityKind {
    match sort.to_ascii_lowercase().as_str() {
        "person" | "p" => EntityKind::Person,
        "enterprise" | "e" => EntityKind::Organisation,
        _ => EntityKind::Unknown,
    }
}

fn birth(born: &Element) -> Option<Birth> {
    let year = |name: &str| born.attribute(name).parse::<i16>().ok();
    let mut birth = match (year("yearRangeFrom"), year("yearRangeTo")) {
        (Some(from), Some(to)) => Birth::years(from, to),
        _ => date::birth(born.attribute("birthdate"))
            .or_else(|| date::birth(born.attribute("year")))?,
    };
    birth.approximate |= born.attribute("circa") == "true";
    Some(birth)
}

pub(crate) fn read_csv(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut table = Table::open(input, b';');
    table.read_header()?;
    table.expect(&["Entity_LogicalId", "Entity_SubjectType", "NameAlias_WholeName"])?;
    let mut groups = Groups::default();
    let mut header = Header::default();
    while let Some(row) = table.next()? {
        let id = row.get("Entity_LogicalId");
        if id.is_empty() {
            return Err(row.wrong("Entity_LogicalId", "is empty"));
        }
        if header.published.is_none() {
            header = Header::of(&row.get("fileGenerationDate"));
        }
        let draft =
            groups.draft(&id, || Draft::sanctioned(&*id, kind(&row.get("Entity_SubjectType"))));
        attributes(&row, draft.ok_or_else(|| row.wrong("Entity_LogicalId", "there are too many"))?);
    }
    groups.finish(sink)?;
    Ok(header)
}

fn attributes(row: &Row<'_>, draft: &mut Draft) {
    let weak = row.get("NameAlias_Strong") == "false";
    draft.name(Name { weak, ..Name::primary(row.get("NameAlias_WholeName")) });
    draft.gender(Gender::find(&row.get("NameAlias_Gender")));
    draft.birth(
        date::birth(&row.get("BirthDate_BirthDate"))
            .or_else(|| date::birth(&row.get("BirthDate_Year"))),
    );
    for column in ["Citizenship_CountryIso2Code", "Address_CountryIso2Code"] {
        draft.country(&row.get(column));
    }
    draft.identifier(
        &row.get("Identification_TypeCode"),
        &row.get("Identification_Number"),
        Country::find(&row.get("Identification_CountryIso2Code")),
    );
    draft.program(&row.get("Entity_Regulation_Programme"));
}
