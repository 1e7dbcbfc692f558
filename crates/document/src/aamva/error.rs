/// Why bytes are no licence. Tells places and lengths, never contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Larger than any PDF417 symbol's message.
    #[error("{bytes} bytes are more than a PDF417 symbol holds (at most {limit})")]
    TooLong {
        /// How many there are.
        bytes: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The file type (`ANSI `, `AAMVA` in the edition of 2000) is missing: this is not an AAMVA symbol.
    #[error("no AAMVA file type in the header: the symbol is not that of an AAMVA licence")]
    NoHeader,
    /// The numbers of the header are no numbers.
    #[error(
        "the header's numbers end after {digits} digits; issuer, version and entries take at least 10"
    )]
    ShortHeader {
        /// How many digits follow the file type.
        digits: usize,
    },
    /// There is neither a `DL` nor an `ID` nor an `EN` subfile.
    #[error("no subfile of a licence or an identification card")]
    NoSubfile,
    /// The subfile has no element that could be read.
    #[error("the licence's subfile has no data elements")]
    NoElements,
}
