//! Tables: CSV with any separator, a row at a time, errors with line and column.

use super::error::Error;
use super::input::{Input, Place};

/// A table that is read row by row.
pub(crate) struct Table<'a> {
    file: String,
    reader: csv::Reader<super::input::Counted<'a>>,
    place: Place,
    columns: Vec<String>,
    row: csv::ByteRecord,
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
            .from_reader(counted);
        Self { file, reader, place, columns: Vec::new(), row: csv::ByteRecord::new() }
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

    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Error> {
        self.place.begin_record();
        match self.reader.read_byte_record(&mut self.row) {
            // DOS marked the end of a text with 0x1A, and OFAC still does.
            Ok(true) if self.row.len() == 1 && self.row[0] == [0x1a] => Ok(None),
            Ok(true) => Ok(Some(Row { file: &self.file, columns: &self.columns, row: &self.row })),
            Ok(false) => Ok(None),
            Err(error) => {
                let line = self.place.line();
                let problem = error.to_string();
                match error.into_kind() {
                    csv::ErrorKind::Io(source) => {
                        Err(Error::Read { file: format!("{}, line {line}", self.file), source })
                    }
                    _ => Err(Error::field(&self.file, line, "row", problem)),
                }
            }
        }
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
