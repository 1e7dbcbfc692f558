//! The shapes of machine readable zones.

use serde::{Deserialize, Serialize};

/// A format of ICAO 9303, or the French identity card issued until 2021, which has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// Three lines of 30: cards (9303-5).
    #[serde(rename = "TD1")]
    Td1,
    /// Two lines of 36: larger cards (9303-6).
    #[serde(rename = "TD2")]
    Td2,
    /// Two lines of 44: passports (9303-4).
    #[serde(rename = "TD3")]
    Td3,
    /// Two lines of 44: full-page visas (9303-7).
    #[serde(rename = "MRV-A")]
    MrvA,
    /// Two lines of 36: smaller visas (9303-7).
    #[serde(rename = "MRV-B")]
    MrvB,
    /// Two lines of 36: the French identity card of 1995 to 2021, outside of ICAO 9303.
    #[serde(rename = "FRA-ID")]
    FrenchIdentityCard,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Td1, Self::Td2, Self::Td3, Self::MrvA, Self::MrvB, Self::FrenchIdentityCard];

    /// How many lines the zone has.
    pub const fn lines(self) -> usize {
        match self {
            Self::Td1 => 3,
            _ => 2,
        }
    }

    /// How many characters a line has.
    pub const fn columns(self) -> usize {
        match self {
            Self::Td1 => 30,
            Self::Td2 | Self::MrvB | Self::FrenchIdentityCard => 36,
            Self::Td3 | Self::MrvA => 44,
        }
    }

    /// The name as the standard writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Td1 => "TD1",
            Self::Td2 => "TD2",
            Self::Td3 => "TD3",
            Self::MrvA => "MRV-A",
            Self::MrvB => "MRV-B",
            Self::FrenchIdentityCard => "FRA-ID",
        }
    }

    /// The format of a zone with this many lines of this length that begins with `first_line`.
    pub(super) fn of_shape(lines: usize, columns: usize, first_line: &[u8]) -> Option<Self> {
        let is_visa = first_line.first() == Some(&b'V');
        match (lines, columns) {
            (3, 30) => Some(Self::Td1),
            (2, 44) if is_visa => Some(Self::MrvA),
            (2, 44) => Some(Self::Td3),
            (2, 36) if is_visa => Some(Self::MrvB),
            (2, 36) if first_line.starts_with(b"IDFRA") => Some(Self::FrenchIdentityCard),
            (2, 36) => Some(Self::Td2),
            _ => None,
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
