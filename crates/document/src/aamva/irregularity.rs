use super::elements::ElementId;

/// Where a symbol departs from the standard. Most occur on genuine cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Irregularity {
    /// The symbol does not begin with `@`, line feed, record separator, carriage return.
    Preamble,
    /// The file type is not in upper case or not followed by its space.
    FileType,
    /// The header's jurisdiction version is there where the edition has none, or missing where it has one.
    JurisdictionVersion,
    /// There are more or fewer subfile designators than the header says.
    EntryCount,
    /// A subfile does not stand where its designator says, or does not end there.
    SubfilePlace,
    /// The subfile does not begin with its own type.
    SubfileType,
    /// An element stands twice, with two values; the first counts.
    Repeated(ElementId),
    /// An element that the edition demands is missing.
    Missing(ElementId),
    /// A date that is no day of the calendar.
    NoDate(ElementId),
    /// A date in the order of another country or edition.
    DateOrder(ElementId),
    /// A value outside of the element's vocabulary.
    Vocabulary(ElementId),
}

impl Irregularity {
    /// Its name in evidence, snake case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Preamble => "preamble",
            Self::FileType => "file_type",
            Self::JurisdictionVersion => "jurisdiction_version",
            Self::EntryCount => "entry_count",
            Self::SubfilePlace => "subfile_place",
            Self::SubfileType => "subfile_type",
            Self::Repeated(_) => "repeated_element",
            Self::Missing(_) => "missing_element",
            Self::NoDate(_) => "no_date",
            Self::DateOrder(_) => "date_order",
            Self::Vocabulary(_) => "vocabulary",
        }
    }

    /// The element that it is about, if it is about one.
    pub const fn element(self) -> Option<ElementId> {
        match self {
            Self::Repeated(id)
            | Self::Missing(id)
            | Self::NoDate(id)
            | Self::DateOrder(id)
            | Self::Vocabulary(id) => Some(id),
            _ => None,
        }
    }
}
