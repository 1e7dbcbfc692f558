use jiff::{ToSpan, civil::Date};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::seed::random;

/// What an authority adds to a person: the document's number and dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Document number: letters and digits, nine at most in an MRZ.
    pub number: String,
    /// Personal number or other optional data; empty where the document has none.
    pub optional_data: String,
    /// Day of issue.
    pub issued_on: Date,
    /// Last day of validity.
    pub expires_on: Date,
}

impl Issue {
    /// A document of ten years that is valid on the day `today`, with a year left at least.
    pub fn generate(today: Date, seed: u64) -> Self {
        let random = &mut random(seed, "issue");
        let issued_on = today - random.random_range(30..9 * 365).days();
        let letter = (b'A' + random.random_range(0..26)) as char;
        let digits = random.random_range(0..100_000_000);
        let optional = random.random_ratio(1, 2);
        Self {
            number: format!("{letter}{digits:08}"),
            optional_data: if optional {
                format!("{:010}", random.random_range(0..9_999_999_999_u64))
            } else {
                String::new()
            },
            issued_on,
            expires_on: issued_on + 10.years() - 1.day(),
        }
    }

    /// The same document, run out on the day before `today`.
    #[must_use]
    pub fn expired(self, today: Date) -> Self {
        let expires_on = today - 1.day();
        Self { expires_on, issued_on: expires_on - 10.years() + 1.day(), ..self }
    }
}
