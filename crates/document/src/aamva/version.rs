use serde::{Deserialize, Serialize};

/// The edition that a symbol follows, as the header's version number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u8);

impl Version {
    /// Before the standard: issuers' own elements in AAMVA's frame.
    pub const PRE_STANDARD: Self = Self(0);
    /// DL/ID-2000: full name in one element, dates `CCYYMMDD` everywhere.
    pub const V2000: Self = Self(1);
    /// The edition of 2003: the elements of today, but given names together in `DCT`.
    pub const V2003: Self = Self(2);
    /// The edition of 2005.
    pub const V2005: Self = Self(3);
    /// The edition of 2009: first and middle names apart, truncation told.
    pub const V2009: Self = Self(4);
    /// The newest edition published.
    pub const NEWEST: Self = Self(11);

    /// When the edition was published; `None` before the standard and for numbers not given out yet.
    pub const fn year(self) -> Option<i16> {
        match self.0 {
            1 => Some(2000),
            2 => Some(2003),
            3 => Some(2005),
            4 => Some(2009),
            5 => Some(2010),
            6 => Some(2011),
            7 => Some(2012),
            8 => Some(2013),
            9 => Some(2016),
            10 => Some(2020),
            11 => Some(2025),
            _ => None,
        }
    }

    /// Whether such an edition has been published.
    pub const fn is_published(self) -> bool {
        self.0 <= Self::NEWEST.0
    }

    /// Whether the header has a jurisdiction's version too (since 2003).
    pub(super) const fn has_jurisdiction_version(self) -> bool {
        self.0 >= Self::V2003.0
    }
}
