//! OFAC's SDN and consolidated lists as CSV: `sdn`/`cons_prim` (12 columns), `alt` (5), `add` (6) and
//! the overflow of remarks, `comments` (2). No header; `-0-` stands for nothing. What the format
//! has no column for (births, genders, identifiers, weak aliases) stands in the remarks.

use std::collections::HashMap;

use super::csv::{Row, Table};
use super::draft::{Draft, reading_order};
use super::error::Error;
use super::input::Input;
use super::{Header, Sink, date};
use crate::country::Country;
use crate::entity::{EntityKind, Gender, Name};

const NAME: &str = "OFAC CSV";

#[derive(Default)]
struct Besides {
    aliases: HashMap<String, Vec<Name>>,
    countries: HashMap<String, Vec<String>>,
    comments: HashMap<String, String>,
    marks: Marks,
}

/// Which files close with the mark of their end.
#[derive(Default)]
struct Marks(Vec<(String, bool)>);

impl Marks {
    fn note(&mut self, table: &Table<'_>) {
        self.0.push((table.file().to_owned(), table.marked()));
    }

    /// All files of a list close with the mark, or none does: otherwise one was cut off between rows.
    fn check(&self) -> Result<(), Error> {
        let unmarked = self.0.iter().find(|(_, marked)| !marked);
        match unmarked.filter(|_| self.0.iter().any(|(_, marked)| *marked)) {
            None => Ok(()),
            Some((file, _)) => Err(files(format!(
                "{file} does not close with 0x1A as the other files do: it was cut off"
            ))),
        }
    }
}

/// Reads the files of the list in any order.
pub(crate) fn read(inputs: Vec<Input<'_>>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut besides = Besides::default();
    let mut primary = None;
    for mut input in inputs {
        match columns(&mut input)? {
            12 if primary.is_none() => primary = Some(input),
            12 => return Err(files("there are two files of primary names".to_owned())),
            5 => besides.read(input, 5, Besides::alias)?,
            6 => besides.read(input, 6, |besides, id, row| {
                besides.address(id, row);
                Ok(())
            })?,
            2 => besides.read(input, 2, |besides, id, row| {
                besides.comment(id, row);
                Ok(())
            })?,
            other => {
                let problem =
                    format!("{}: {other} columns; 12, 6, 5 or 2 were expected", input.name);
                return Err(files(problem));
            }
        }
    }
    let primary = primary
        .ok_or_else(|| files("the file of primary names (12 columns) is missing".to_owned()))?;
    let mut table = Table::open(primary, b',');
    while let Some(row) = table.next()? {
        if row.columns() != 12 {
            return Err(row.wrong("row", &format!("{} columns; 12 were expected", row.columns())));
        }
        if let Some(entity) = entity(&row, &mut besides)?.finish() {
            sink(entity)?;
        }
    }
    besides.marks.note(&table);
    besides.marks.check()?;
    Ok(Header::default())
}

fn files(problem: String) -> Error {
    Error::Files { source_name: NAME, problem }
}

/// How many columns the first row has.
fn columns(input: &mut Input<'_>) -> Result<usize, Error> {
    let start = input.peek()?;
    let mut row = csv::ByteRecord::new();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&start[..]);
    let read = reader.read_byte_record(&mut row);
    read.map_err(|error| Error::field(&input.name, 1, "row", error.to_string()))?;
    Ok(row.len())
}

impl Besides {
    fn read(
        &mut self,
        input: Input<'_>,
        columns: usize,
        take: fn(&mut Self, String, &Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut table = Table::open(input, b',');
        while let Some(row) = table.next()? {
            if row.columns() != columns {
                let problem = format!("{} columns; {columns} were expected", row.columns());
                return Err(row.wrong("row", &problem));
            }
            let id = row.require(0, "ent_num")?;
            take(self, id, &row)?;
        }
        self.marks.note(&table);
        Ok(())
    }

    fn alias(&mut self, id: String, row: &Row<'_>) -> Result<(), Error> {
        let name = row.require(3, "alt_name")?;
        self.aliases.entry(id).or_default().push(Name::alias(name, false));
        Ok(())
    }

    fn address(&mut self, id: String, row: &Row<'_>) {
        let country = value(row, 4);
        if !country.is_empty() {
            self.countries.entry(id).or_default().push(country);
        }
    }

    fn comment(&mut self, id: String, row: &Row<'_>) {
        self.comments.entry(id).or_default().push_str(&row.at(1));
    }
}

fn value(row: &Row<'_>, column: usize) -> String {
    Some(row.at(column)).filter(|text| text != "-0-").unwrap_or_default()
}

fn entity(row: &Row<'_>, besides: &mut Besides) -> Result<Draft, Error> {
    let id = row.require(0, "ent_num")?;
    let kind = match value(row, 2).to_ascii_lowercase().as_str() {
        "individual" => EntityKind::Person,
        "vessel" => EntityKind::Vessel,
        "aircraft" => EntityKind::Aircraft,
        "" | "entity" => EntityKind::Organisation,
        _ => return Err(row.wrong("SDN_Type", "is none of individual, entity, vessel, aircraft")),
    };
    let ordered =
        |text: &str| if kind == EntityKind::Person { reading_order(text) } else { text.to_owned() };
    let name = row.require(1, "SDN_Name")?;
    if name == "-0-" {
        return Err(row.wrong("SDN_Name", "is empty"));
    }
    let mut draft = Draft::sanctioned(id.clone(), kind);
    draft.name(Name::primary(ordered(&name)));
    for alias in besides.aliases.remove(&id).unwrap_or_default() {
        draft.name(Name { text: ordered(&alias.text), ..alias });
    }
    for program in value(row, 3).split(';') {
        draft.program(program.trim().trim_matches(['[', ']']));
    }
    for country in besides.countries.remove(&id).unwrap_or_default() {
        draft.country(&country);
    }
    draft.country(&value(row, 9));
    let mut remarks = value(row, 11);
    remarks.push_str(&besides.comments.remove(&id).unwrap_or_default());
    self::remarks(&remarks, &mut draft);
    Ok(draft)
}

/// `DOB 12 Aug 1962; POB …; nationality Iran; Passport A123 (Iraq); a.k.a. 'BNC'.`
fn remarks(text: &str, draft: &mut Draft) {
    for remark in text.split(';') {
        let remark = remark.trim().trim_end_matches('.');
        let remark = remark.strip_prefix("alt. ").unwrap_or(remark);
        if let Some(date) = remark.strip_prefix("DOB ") {
            draft.birth(date::birth(date));
        } else if let Some(country) = ["nationality ", "citizen ", "Nationality of Registration "]
            .iter()
            .find_map(|start| remark.strip_prefix(start))
        {
            draft.country(country);
        } else if let Some(gender) = remark.strip_prefix("Gender ") {
            draft.gender(Gender::find(gender));
        } else if let Some(alias) =
            ["a.k.a. '", "f.k.a. '", "n.k.a. '"].iter().find_map(|start| remark.strip_prefix(start))
        {
            draft.name(Name::alias(alias.trim_end_matches('\''), true));
        } else {
            identifier(remark, draft);
        }
    }
}

/// `Passport A123 (Iraq) expires …`, `National ID No. 123 (Iran)`: words, a number, a country.
fn identifier(remark: &str, draft: &mut Draft) {
    const KINDS: [&str; 22] = [
        "Passport",
        "Diplomatic Passport",
        "National ID No.",
        "Identification Number",
        "Tax ID No.",
        "Registration ID",
        "Registration Number",
        "Company Number",
        "Cedula No.",
        "C.U.R.P.",
        "R.F.C.",
        "NIT #",
        "RUC #",
        "SSN",
        "Driver's License No.",
        "Birth Certificate Number",
        "Residency Number",
        "Legal Entity Number",
        "Commercial Registry Number",
        "Vessel Registration Identification IMO",
        "MMSI",
        "Aircraft Manufacturer's Serial Number (MSN)",
    ];
    let Some(kind) = KINDS.iter().find(|kind| remark.starts_with(**kind)) else { return };
    let rest = remark[kind.len()..].trim();
    let number = rest.split_whitespace().next().unwrap_or_default();
    let country = rest.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    draft.identifier(kind, number, country.and_then(|(country, _)| Country::find(country)));
}
