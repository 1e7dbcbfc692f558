//! Reading lists: each published format into the same entities, as a stream.

mod csv;
pub(crate) mod date;
mod draft;
mod error;
mod eu;
mod groups;
mod input;
mod limits;
mod ofac_advanced;
mod ofac_csv;
mod opensanctions;
mod own;
#[cfg(test)]
mod tests;
mod uk;
mod un;
mod xml;

use crate::entity::Entity;
pub use error::Error;
pub use input::Input;
pub use opensanctions::{Change, read_delta};
use serde::{Deserialize, Serialize};

/// Who publishes a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// OFAC's Specially Designated Nationals: the CSV files together, or `SDN_ADVANCED.XML`.
    OfacSdn,
    /// OFAC's consolidated list of everything else, likewise.
    OfacConsolidated,
    /// The UN Security Council's consolidated list, XML.
    Un,
    /// The EU's financial sanctions files, XML 1.1 or CSV 1.1.
    Eu,
    /// The UK Sanctions List, CSV or XML.
    Uk,
    /// `OpenSanctions`: `targets.simple.csv`, `entities.ftm.json` or a delta. CC BY-NC 4.0.
    OpenSanctions,
    /// A tenant's own list, CSV.
    Own,
}

/// What a list says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// When it was published, in its own words.
    pub published: Option<String>,
}

impl Header {
    fn of(published: &str) -> Self {
        Self { published: Some(published.trim().to_owned()).filter(|text| !text.is_empty()) }
    }
}

/// Takes what is read; an error of its own ends the reading.
pub type Sink<'s> = dyn FnMut(Entity) -> Result<(), Error> + 's;

impl Source {
    /// Every source.
    pub const ALL: &'static [Self] = &[
        Self::OfacSdn,
        Self::OfacConsolidated,
        Self::Un,
        Self::Eu,
        Self::Uk,
        Self::OpenSanctions,
        Self::Own,
    ];

    /// Its name: `ofac-sdn`, `un`, …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OfacSdn => "ofac-sdn",
            Self::OfacConsolidated => "ofac-consolidated",
            Self::Un => "un",
            Self::Eu => "eu",
            Self::Uk => "uk",
            Self::OpenSanctions => "opensanctions",
            Self::Own => "own",
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|source| source.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|source| source.as_str()).collect();
            format!("there is no source \u{201c}{text}\u{201d}; there are {}", known.join(", "))
        })
    }
}

/// Reads a list's files and hands every entity to `sink`.
pub fn read(
    source: Source,
    mut inputs: Vec<Input<'_>>,
    sink: &mut Sink<'_>,
) -> Result<Header, Error> {
    let mut count = 0;
    let mut bounded = |entity: Entity| {
        count += 1;
        if count > limits::ENTITIES {
            return Err(files(source, "has more entities than any list"));
        }
        sink(entity)
    };
    let start = match inputs.first_mut() {
        Some(input) => input.peek()?,
        None => return Err(files(source, "no file was given")),
    };
    let sort = Sort::of(&start);
    let sink: &mut Sink<'_> = &mut bounded;
    match (source, sort) {
        (Source::OfacSdn | Source::OfacConsolidated, Sort::Xml) => {
            ofac_advanced::read(only(source, inputs)?, sink)
        }
        (Source::OfacSdn | Source::OfacConsolidated, _) => ofac_csv::read(inputs, sink),
        (Source::Un, _) => un::read(only(source, inputs)?, sink),
        (Source::Eu, Sort::Xml) => eu::read_xml(only(source, inputs)?, sink),
        (Source::Eu, _) => eu::read_csv(only(source, inputs)?, sink),
        (Source::Uk, Sort::Xml) => uk::read_xml(only(source, inputs)?, sink),
        (Source::Uk, _) => uk::read_csv(only(source, inputs)?, sink),
        (Source::OpenSanctions, Sort::Json) => {
            opensanctions::read_entities(only(source, inputs)?, sink)
        }
        (Source::OpenSanctions, _) => opensanctions::read_simple(only(source, inputs)?, sink),
        (Source::Own, _) => own::read(only(source, inputs)?, sink),
    }
}

/// What a file looks like from its first letter on.
enum Sort {
    Xml,
    Json,
    Table,
}

impl Sort {
    fn of(start: &[u8]) -> Self {
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'<') => Self::Xml,
            Some(b'{') => Self::Json,
            _ => Self::Table,
        }
    }
}

fn only(source: Source, mut inputs: Vec<Input<'_>>) -> Result<Input<'_>, Error> {
    match (inputs.pop(), inputs.is_empty()) {
        (Some(input), true) => Ok(input),
        _ => Err(files(source, "is one file")),
    }
}

fn files(source: Source, problem: &str) -> Error {
    Error::Files { source_name: source.as_str(), problem: problem.to_owned() }
}
