//! The order of a document's dates: birth, issue, expiry.

use jiff::civil::Date;

use super::findings::{Fault, Findings};

/// Older than anyone whose age is proven.
const OLDEST_AGE_YEARS: i16 = 123;

/// The dates that one place of the document gives.
#[derive(Default)]
pub(super) struct Dates {
    pub(super) birth: Option<Date>,
    pub(super) issue: Option<Date>,
    pub(super) expiry: Option<Date>,
}

impl Dates {
    /// Birth, issue and expiry must follow each other, birth and issue must have come. `source` begins the signals'
    /// names: `mrz`, `aamva`.
    pub(super) fn check(&self, source: &str, today: Date, findings: &mut Findings) {
        // A document issued on this day where the sun rises earlier is not from the future.
        let tomorrow = today.tomorrow().unwrap_or(today);
        let earliest = today.year() - OLDEST_AGE_YEARS;
        let is_of_an_age = |birth: Date| birth <= tomorrow && birth.year() >= earliest;
        let precedes = |first: Option<Date>, second| first.zip(second).map(|(a, b)| a < b);
        let rules = [
            ("birth_plausible", self.birth.map(is_of_an_age)),
            ("issue_not_in_future", self.issue.map(|issue| issue <= tomorrow)),
            ("birth_before_issue", precedes(self.birth, self.issue)),
            ("issue_before_expiry", precedes(self.issue, self.expiry)),
            ("birth_before_expiry", precedes(self.birth, self.expiry)),
        ];
        for (name, holds) in rules {
            if let Some(holds) = holds {
                findings.expect(format!("{source}.dates.{name}"), holds, Fault::Datapoints);
            }
        }
    }

    /// Warns of a document that has expired or does so within the limit. The day of expiry is the last valid one.
    pub(super) fn check_expiry(
        &self,
        source: &str,
        today: Date,
        limit: u16,
        findings: &mut Findings,
    ) {
        let Some(expiry) = self.expiry else { return };
        let days_left = (expiry - today).get_days();
        // Within 30 days takes in the thirtieth; within 0 days, only what is over.
        let fewest = if limit == 0 { 0 } else { i32::from(limit) + 1 };
        findings.expect_above(
            &format!("{source}.expiry.days_left"),
            days_left,
            fewest,
            Fault::Expiry,
        );
    }
}
