//! Tables: CSV with any separator, a row at a time, errors with line and column.

use std::io::{Chain, Read as _};

use super::error::Error;
use super::input::{Counted, Input, Place};

/// DOS marked the end of a text with 0x1A, and OFAC still does. Behind every file comes a mark of
/// ours: who does not meet it as a row was cut off inside quotes.
const MARK: &[u8] = b"\x1a";
const END: &[u8] = b"\n\x1a";

/// A table that is read row by row.
pub(crate) struct Table<'a> {
    file: String,
    reader: csv::Reader<Chain<Counted<'a>, &'static [u8]>>,
    place: Place,
    columns: Vec<String>,
    row: csv::ByteRecord,
    marked: bool,
}

/// One row.
pub(crate) struct Row<'a> {
    file: &'a str,
    columns: &'a [String],
    row: &'a csv::ByteRecord,
}

impl<'a> Table<'a> {
    /// A table without a header.
    pub(crate) fn open(input: Input<'a>, separator: u8) -> Self {
        let (file, counted) = input.counted();
        let place = counted.place.clone();
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(counted.chain(END));
        let row = csv::ByteRecord::new();
        Self { file, reader, place, columns: Vec::new(), row, marked: false }
    }

    /// Takes the next row as the columns' names.
    pub(crate) fn read_header(&mut self) -> Result<(), Error> {
        let file = self.file.clone();
        let Some(row) = self.next()? else {
            return Err(Error::field(&file, 1, "header", "the file is empty"));
        };
        let columns = (0..row.row.len()).map(|at| row.at(at).trim().to_owned()).collect();
        self.columns = columns;
        Ok(())
    }

    /// The first column's name.
    pub(crate) fn first(&self) -> &str {
        self.columns.first().map_or("", String::as_str)
    }

    /// Whether there is a column of this name.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name.eq_ignore_ascii_case(column))
    }

    /// Fails where one of these columns is not there.
    pub(crate) fn expect(&self, columns: &[&str]) -> Result<(), Error> {
        match columns.iter().find(|column| !self.has(column)) {
            None => Ok(()),
            Some(missing) => Err(Error::field(
                &self.file,
                1,
                "header",
                format!("there is no column \u{201c}{missing}\u{201d}"),
            )),
        }
    }

    /// The file's name.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Whether the file had a mark of its end; known once the table was read.
    pub(crate) fn marked(&self) -> bool {
        self.marked
    }

    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Error> {
        // Of the row before: it is the one that took our mark into its quotes.
        let line = self.line();
        if !self.advance()? {
            let problem = "quotes that open here are not closed: the file was cut off";
            return Err(Error::field(&self.file, line, "row", problem));
        }
        if self.at_mark() {
            self.expect_end()?;
            return Ok(None);
        }
        let (found, expected) = (self.row.len(), self.columns.len());
        if found < expected {
            return Err(self.wrong(&format!("{found} columns; the header has {expected}")));
        }
        Ok(Some(Row { file: &self.file, columns: &self.columns, row: &self.row }))
    }

    /// After the file's own mark comes ours, and nothing else.
    fn expect_end(&mut self) -> Result<(), Error> {
        while self.advance()? {
            if !self.at_mark() {
                return Err(self.wrong("stands after the mark of the file's end"));
            }
            self.marked = true;
        }
        Ok(())
    }

    fn at_mark(&self) -> bool {
        self.row.len() == 1 && &self.row[0] == MARK
    }

    /// Reads the next row; `false` where there is none.
    fn advance(&mut self) -> Result<bool, Error> {
        self.place.begin_record();
        self.reader.read_byte_record(&mut self.row).map_err(|error| {
            let line = self.place.line();
            let problem = error.to_string();
            match error.into_kind() {
                csv::ErrorKind::Io(source) => {
                    Error::Read { file: format!("{}, line {line}", self.file), source }
                }
                _ => Error::field(&self.file, line, "row", problem),
            }
        })
    }

    fn line(&self) -> u64 {
        self.row.position().map_or(1, csv::Position::line)
    }

    fn wrong(&self, problem: &str) -> Error {
        Error::field(&self.file, self.line(), "row", problem)
    }
}

impl Row<'_> {
    pub(crate) fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line)
    }

    pub(crate) fn columns(&self) -> usize {
        self.row.len()
    }

    /// The text of a field, trimmed; empty where the row ends before it.
    pub(crate) fn at(&self, column: usize) -> String {
        text(self.row.get(column).unwrap_or_default())
    }

    /// The text of a named field.
    pub(crate) fn get(&self, column: &str) -> String {
        let at = self.columns.iter().position(|name| name.eq_ignore_ascii_case(column));
        at.map(|at| self.at(at)).unwrap_or_default()
    }

    /// The text of a field that must not be empty.
    pub(crate) fn require(&self, column: usize, field: &str) -> Result<String, Error> {
        let text = self.at(column);
        if text.is_empty() { Err(self.wrong(field, "is empty")) } else { Ok(text) }
    }

    pub(crate) fn wrong(&self, field: &str, problem: &str) -> Error {
        Error::field(self.file, self.line(), field, problem)
    }
}

/// UTF-8, or Latin-1 where it is not: some offices still publish in it.
fn text(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned);
    text.trim_start_matches('\u{feff}').trim().to_owned()
}
