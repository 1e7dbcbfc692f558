//! Bonafide's own reader as one of the engines.

use std::fs;
use std::path::Path;

use anyhow::Result;
use bonafide_document::Reader;
use bonafide_imaging::{Limits, decode};
use bonafide_models::{InstallOptions, Library, install};

use crate::engine::{Answer, Engine};
use crate::processor;

pub(crate) struct Bonafide(Reader);

/// Opens the reader; installs its models first where they are missing.
pub(crate) fn open(models: &Path) -> Result<Bonafide> {
    let options = InstallOptions { directory: models.to_owned(), ..InstallOptions::default() };
    install("documents", &options, &mut ())?;
    Ok(Bonafide(Reader::open(&Library::open(models)?)?))
}

impl Engine for Bonafide {
    fn name(&self) -> &'static str {
        "bonafide"
    }

    fn read(&mut self, picture: &Path) -> Result<Answer> {
        let before = processor::milliseconds();
        // An upload refuses pictures as small as some of these; the reader itself does not.
        let limits = Limits { shortest_longest_side: 0, ..Limits::default() };
        let bytes = fs::read(picture)?;
        let picture = decode(&bytes, &limits)?;
        let reading = self.0.read_mrz(&picture.rgb)?;
        let after = processor::milliseconds();
        Ok(Answer {
            lines: reading.map_or_else(Vec::new, |reading| reading.lines),
            processor_milliseconds: after.zip(before).map(|(after, before)| after - before),
        })
    }
}
