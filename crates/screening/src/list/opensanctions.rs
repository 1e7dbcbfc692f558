//! `OpenSanctions`: `targets.simple.csv`, `entities.ftm.json` (one entity a line), and deltas of the
//! latter. The data is CC BY-NC 4.0: commercial users need a licence of theirs.

use std::io::BufRead;

use serde::Deserialize;

use super::csv::Table;
use super::draft::Draft;
use super::error::Error;
use super::input::Input;
use super::{Header, Sink, date, limits};
use crate::entity::{Entity, EntityKind, Gender, Name, Topic};

/// What a delta says of one entity.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It is new, or other than it was.
    Put(Box<Entity>),
    /// It is gone.
    Remove(String),
}

pub(crate) fn read_simple(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut table = Table::open(input, b',');
    table.read_header()?;
    table.expect(&["id", "schema", "name", "aliases", "birth_date", "countries"])?;
    while let Some(row) = table.next()? {
        let id = row.get("id");
        if id.is_empty() {
            return Err(row.wrong("id", "is empty"));
        }
        let mut draft = Draft::new(id, kind(&row.get("schema")));
        let name = row.get("name");
        if name.is_empty() {
            return Err(row.wrong("name", "is empty"));
        }
        draft.name(Name::primary(name));
        let lists = |column: &str| -> Vec<String> {
            row.get(column).split(';').map(|part| part.trim().to_owned()).collect()
        };
        for alias in lists("aliases") {
            draft.name(Name::alias(alias, false));
        }
        for born in lists("birth_date") {
            draft.birth(date::birth(&born));
        }
        for country in lists("countries") {
            draft.country(&country);
        }
        for number in lists("identifiers") {
            draft.identifier("identifier", &number, None);
        }
        for program in lists("program_ids") {
            draft.program(&program);
        }
        if !row.get("sanctions").is_empty() {
            draft.topic(Topic::Sanction);
        }
        if let Some(entity) = draft.finish() {
            sink(entity)?;
        }
    }
    Ok(Header::default())
}

#[derive(Deserialize)]
struct Line {
    id: String,
    schema: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    properties: Properties,
    /// Whether the source is about it, or it only has to do with such.
    #[serde(default)]
    target: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Properties {
    name: Vec<String>,
    alias: Vec<String>,
    previous_name: Vec<String>,
    weak_alias: Vec<String>,
    birth_date: Vec<String>,
    country: Vec<String>,
    nationality: Vec<String>,
    citizenship: Vec<String>,
    jurisdiction: Vec<String>,
    flag: Vec<String>,
    gender: Vec<String>,
    passport_number: Vec<String>,
    id_number: Vec<String>,
    registration_number: Vec<String>,
    imo_number: Vec<String>,
    topics: Vec<String>,
    program_id: Vec<String>,
}

#[derive(Deserialize)]
struct DeltaLine {
    op: String,
    entity: DeltaEntity,
}

#[derive(Deserialize)]
struct DeltaEntity {
    id: String,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

pub(crate) fn read_entities(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    lines(
        input,
        |line| match serde_json::from_str::<Line>(line) {
            Ok(line) if line.target == Some(false) => Ok(None),
            Ok(line) => Ok(entity(line)),
            Err(error) => Err(error.to_string()),
        },
        &mut |entity: Option<Entity>| entity.map_or(Ok(()), &mut *sink),
    )?;
    Ok(Header::default())
}

/// Reads a delta (`entities.delta.json`): what was added, changed or removed.
pub fn read_delta(
    input: Input<'_>,
    sink: &mut dyn FnMut(Change) -> Result<(), Error>,
) -> Result<(), Error> {
    let parse = |line: &str| -> Result<Option<Change>, String> {
        let DeltaLine { op, entity: DeltaEntity { id, mut rest } } =
            serde_json::from_str(line).map_err(|error| error.to_string())?;
        match op.as_str() {
            "DEL" => Ok(Some(Change::Remove(id))),
            "ADD" | "MOD" => {
                rest.insert("id".to_owned(), serde_json::Value::String(id.clone()));
                let line: Line = serde_json::from_value(serde_json::Value::Object(rest))
                    .map_err(|error| error.to_string())?;
                let target = line.target != Some(false);
                let entity = entity(line).filter(|_| target);
                // What is no longer a target is no longer listed.
                Ok(Some(entity.map_or(Change::Remove(id), |e| Change::Put(Box::new(e)))))
            }
            other => Err(format!("op is \u{201c}{other}\u{201d}; ADD, MOD or DEL were expected")),
        }
    };
    lines(input, parse, &mut |change: Option<Change>| change.map_or(Ok(()), &mut *sink))
}

fn lines<T>(
    input: Input<'_>,
    parse: impl Fn(&str) -> Result<T, String>,
    take: &mut dyn FnMut(T) -> Result<(), Error>,
) -> Result<(), Error> {
    let (file, mut reader) = input.counted();
    let mut buffer = Vec::new();
    loop {
        reader.place.begin_record();
        let line = reader.place.line();
        buffer.clear();
        let read = reader.read_until(b'\n', &mut buffer);
        if read.map_err(|source| Error::Read { file: format!("{file}, line {line}"), source })? == 0
        {
            return Ok(());
        }
        let text = std::str::from_utf8(&buffer)
            .map_err(|_| Error::field(&file, line, "line", "is not UTF-8"))?;
        if !text.trim().is_empty() {
            take(parse(text).map_err(|problem| Error::field(&file, line, "JSON", problem))?)?;
        }
    }
}

fn kind(schema: &str) -> EntityKind {
    match schema {
        "Person" => EntityKind::Person,
        "Company" | "Organization" | "PublicBody" => EntityKind::Organisation,
        "Vessel" => EntityKind::Vessel,
        "Airplane" => EntityKind::Aircraft,
        // LegalEntity, and what may come.
        _ => EntityKind::Unknown,
    }
}

/// `None` of what is no party: an address, a sanction, a relationship.
fn entity(line: Line) -> Option<Entity> {
    const PARTIES: [&str; 8] = [
        "Person",
        "Company",
        "Organization",
        "PublicBody",
        "LegalEntity",
        "Vessel",
        "Airplane",
        "CryptoWallet",
    ];
    if !PARTIES.contains(&line.schema.as_str()) || line.id.len() > limits::NAME_CHARACTERS {
        return None;
    }
    let properties = line.properties;
    let mut draft = Draft::new(line.id, kind(&line.schema));
    draft.name(Name::primary(line.caption));
    for name in properties.name {
        draft.name(Name::primary(name));
    }
    for name in properties.alias.into_iter().chain(properties.previous_name) {
        draft.name(Name::alias(name, false));
    }
    for name in properties.weak_alias {
        draft.name(Name::alias(name, true));
    }
    for born in &properties.birth_date {
        draft.birth(date::birth(born));
    }
    for country in [
        properties.country,
        properties.nationality,
        properties.citizenship,
        properties.jurisdiction,
        properties.flag,
    ]
    .iter()
    .flatten()
    {
        draft.country(country);
    }
    draft.gender(properties.gender.first().and_then(|gender| Gender::find(gender)));
    for (kind, numbers) in [
        ("passport", properties.passport_number),
        ("identity number", properties.id_number),
        ("registration number", properties.registration_number),
        ("IMO number", properties.imo_number),
    ] {
        for number in numbers {
            draft.identifier(kind, &number, None);
        }
    }
    for topic in properties.topics.iter().filter_map(|topic| self::topic(topic)) {
        draft.topic(topic);
    }
    for program in properties.program_id {
        draft.program(&program);
    }
    draft.finish()
}

fn topic(topic: &str) -> Option<Topic> {
    match topic.split('.').next()? {
        "sanction" | "export" => Some(Topic::Sanction),
        "role" => Some(Topic::Pep),
        "debarment" | "wanted" | "reg" => Some(Topic::Warning),
        "crime" | "poi" => Some(Topic::AdverseMedia),
        _ => None,
    }
}
