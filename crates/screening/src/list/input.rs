//! A list's file as it comes in: bounded, and with its lines counted.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use super::error::Error;
use super::limits;

/// A named file of a list.
pub struct Input<'a> {
    /// Its name, for errors and to tell formats apart.
    pub name: String,
    /// Its bytes.
    pub reader: Box<dyn BufRead + 'a>,
}

impl<'a> Input<'a> {
    /// Bytes at hand.
    pub fn bytes(name: impl Into<String>, bytes: &'a [u8]) -> Self {
        Self { name: name.into(), reader: Box::new(bytes) }
    }

    /// A file on disk.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        match std::fs::File::open(path) {
            Ok(file) => {
                Ok(Self { name, reader: Box::new(BufReader::with_capacity(1 << 16, file)) })
            }
            Err(source) => Err(Error::Read { file: path.display().to_string(), source }),
        }
    }

    /// The first bytes, without taking them.
    pub(crate) fn peek(&mut self) -> Result<Vec<u8>, Error> {
        let read = self.reader.fill_buf().map(|bytes| bytes[..bytes.len().min(4096)].to_vec());
        read.map_err(|source| Error::Read { file: self.name.clone(), source })
    }

    pub(crate) fn counted(self) -> (String, Counted<'a>) {
        (self.name, Counted { reader: self.reader, place: Place::default() })
    }
}

/// Where a reader stands; shared with who reports errors.
#[derive(Clone, Default)]
pub(crate) struct Place {
    lines: Rc<Cell<u64>>,
    bytes: Rc<Cell<u64>>,
    record: Rc<Cell<u64>>,
}

impl Place {
    pub(crate) fn line(&self) -> u64 {
        self.lines.get() + 1
    }

    /// A new record begins here.
    pub(crate) fn begin_record(&self) {
        self.record.set(self.bytes.get());
    }

    fn record_bytes(&self) -> u64 {
        self.bytes.get() - self.record.get()
    }
}

/// Counts lines and refuses to go on where a file or a record grows too large.
pub(crate) struct Counted<'a> {
    reader: Box<dyn BufRead + 'a>,
    pub(crate) place: Place,
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.place.bytes.get() > limits::FILE_BYTES {
            return Err(io::Error::other("the file is larger than any list"));
        }
        if self.place.record_bytes() > limits::RECORD_BYTES {
            return Err(io::Error::other("a record is larger than any list's"));
        }
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(bytes) = self.reader.fill_buf() {
            let taken = &bytes[..amount.min(bytes.len())];
            let lines: u64 = taken.iter().map(|byte| u64::from(*byte == b'\n')).sum();
            self.place.lines.set(self.place.lines.get() + lines);
        }
        self.place.bytes.set(self.place.bytes.get() + amount as u64);
        self.reader.consume(amount);
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let taken = bytes.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&bytes[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}
