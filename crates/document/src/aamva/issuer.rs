//! Who issues: issuer identification numbers as AAMVA assigns them.

use serde::{Deserialize, Serialize};

/// A country whose jurisdictions issue AAMVA cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Country {
    /// United States of America, its territories included.
    #[serde(rename = "USA")]
    UnitedStates,
    /// Canada.
    #[serde(rename = "CAN")]
    Canada,
    /// Mexico.
    #[serde(rename = "MEX")]
    Mexico,
}

impl Country {
    /// ISO 3166-1 alpha-3, which is also what element `DCG` holds.
    pub const fn alpha3(self) -> &'static str {
        match self {
            Self::UnitedStates => "USA",
            Self::Canada => "CAN",
            Self::Mexico => "MEX",
        }
    }

    pub(super) fn of_alpha3(code: &str) -> Option<Self> {
        [Self::UnitedStates, Self::Canada, Self::Mexico]
            .into_iter()
            .find(|country| country.alpha3().eq_ignore_ascii_case(code))
    }
}

/// A jurisdiction that issues cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issuer {
    /// Issuer identification number, six digits.
    pub number: u32,
    /// The jurisdiction's letters as in element `DAJ`; empty for the Department of State.
    pub code: &'static str,
    /// Its country.
    pub country: Country,
}

impl Issuer {
    /// The issuer with this number.
    pub fn find(number: u32) -> Option<&'static Self> {
        ISSUERS.iter().find(|issuer| issuer.number == number)
    }
}

const fn us(number: u32, code: &'static str) -> Issuer {
    Issuer { number, code, country: Country::UnitedStates }
}

const fn ca(number: u32, code: &'static str) -> Issuer {
    Issuer { number, code, country: Country::Canada }
}

const fn mx(number: u32, code: &'static str) -> Issuer {
    Issuer { number, code, country: Country::Mexico }
}

/// In the order of the numbers.
#[rustfmt::skip]
const ISSUERS: &[Issuer] = &[
    ca(604_426, "PE"), us(604_427, "AS"), ca(604_428, "QC"), ca(604_429, "YT"), us(604_430, "MP"),
    us(604_431, "PR"), ca(604_432, "AB"), ca(604_433, "NU"), ca(604_434, "NT"),
    us(636_000, "VA"), us(636_001, "NY"), us(636_002, "MA"), us(636_003, "MD"), us(636_004, "NC"),
    us(636_005, "SC"), us(636_006, "CT"), us(636_007, "LA"), us(636_008, "MT"), us(636_009, "NM"),
    us(636_010, "FL"), us(636_011, "DE"), ca(636_012, "ON"), ca(636_013, "NS"), us(636_014, "CA"),
    us(636_015, "TX"), ca(636_016, "NL"), ca(636_017, "NB"), us(636_018, "IA"), us(636_019, "GU"),
    us(636_020, "CO"), us(636_021, "AR"), us(636_022, "KS"), us(636_023, "OH"), us(636_024, "VT"),
    us(636_025, "PA"), us(636_026, "AZ"), us(636_027, ""),   ca(636_028, "BC"), us(636_029, "OR"),
    us(636_030, "MO"), us(636_031, "WI"), us(636_032, "MI"), us(636_033, "AL"), us(636_034, "ND"),
    us(636_035, "IL"), us(636_036, "NJ"), us(636_037, "IN"), us(636_038, "MN"), us(636_039, "NH"),
    us(636_040, "UT"), us(636_041, "ME"), us(636_042, "SD"), us(636_043, "DC"), ca(636_044, "SK"),
    us(636_045, "WA"), us(636_046, "KY"), us(636_047, "HI"), ca(636_048, "MB"), us(636_049, "NV"),
    us(636_050, "ID"), us(636_051, "MS"), us(636_052, "RI"), us(636_053, "TN"), us(636_054, "NE"),
    us(636_055, "GA"), mx(636_056, "CU"), mx(636_057, "HG"), us(636_058, "OK"), us(636_059, "AK"),
    us(636_060, "WY"), us(636_061, "WV"), us(636_062, "VI"),
];

#[cfg(test)]
mod tests {
    use super::ISSUERS;

    #[test]
    fn each_number_and_each_code_stands_once() {
        assert!(ISSUERS.windows(2).all(|pair| pair[0].number < pair[1].number));
        let mut codes: Vec<_> = ISSUERS.iter().map(|i| (i.country.alpha3(), i.code)).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ISSUERS.len());
        // 50 states, the district, five territories, the Department of State; thirteen provinces and territories.
        assert_eq!(codes.iter().filter(|(country, _)| *country == "USA").count(), 57);
        assert_eq!(codes.iter().filter(|(country, _)| *country == "CAN").count(), 13);
    }
}
