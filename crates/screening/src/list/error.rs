//! What can be wrong with a list, with the place.

/// Why a list was not read. Nothing of a list is used whose reading failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("{file}: cannot be read: {source}")]
    Read {
        /// The file's name.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A field holds something else than it must.
    #[error("{file}, line {line}, {field}: {problem}")]
    Field {
        /// The file's name.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// The field or element.
        field: String,
        /// What is wrong.
        problem: String,
    },
    /// The file is larger than any list.
    #[error("{file}, line {line}: {what} is larger than {limit}; no list is that large")]
    TooLarge {
        /// The file's name.
        file: String,
        /// The line.
        line: u64,
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The files are not what the source consists of.
    #[error("{source_name}: {problem}")]
    Files {
        /// The source.
        source_name: &'static str,
        /// What is missing or of no use.
        problem: String,
    },
}

impl Error {
    pub(crate) fn field(
        file: &str,
        line: u64,
        field: impl Into<String>,
        problem: impl Into<String>,
    ) -> Self {
        Self::Field { file: file.to_owned(), line, field: field.into(), problem: problem.into() }
    }
}
