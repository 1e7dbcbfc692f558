//! Dates of two-digit years, of which parts may be unknown (ICAO 9303-3 §4.8).

use jiff::civil::Date;

/// A date as printed; a part that the document leaves out is `None`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct PartialDate {
    /// Four digits, the century chosen by the kind of date.
    pub year: Option<i16>,
    /// 1 to 12.
    pub month: Option<i8>,
    /// 1 to 31.
    pub day: Option<i8>,
}

/// A date of birth is personal: only what is known of it is told.
impl std::fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = self.date().is_some();
        write!(f, "PartialDate({})", if known { "complete" } else { "incomplete" })
    }
}

impl PartialDate {
    /// A day in the calendar, where all parts are there and such a day exists.
    pub fn date(self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// The date of birth printed as `YYMMDD`: the latest century that is not after `today`, so
    /// that a holder over a hundred years old comes out a century too young.
    pub(super) fn of_birth(text: &[u8], today: Date) -> Self {
        Self::from_printed(text, |year_of_century, month, day| {
            let this_century = today.year() / 100 * 100 + year_of_century;
            let first_day = Date::new(this_century, month.unwrap_or(1), day.unwrap_or(1));
            let is_future = first_day.map_or(this_century > today.year(), |day| day > today);
            if is_future { this_century - 100 } else { this_century }
        })
    }

    /// The date of expiry printed as `YYMMDD`: the century that lies nearest to `today`.
    pub(super) fn of_expiry(text: &[u8], today: Date) -> Self {
        Self::from_printed(text, |year_of_century, _, _| {
            let this_century = today.year() / 100 * 100 + year_of_century;
            match this_century - today.year() {
                51.. => this_century - 100,
                ..=-50 => this_century + 100,
                _ => this_century,
            }
        })
    }

    fn from_printed(text: &[u8], century: impl Fn(i16, Option<i8>, Option<i8>) -> i16) -> Self {
        let part = |start: usize| -> Option<i8> {
            let digits = text.get(start..start + 2)?;
            std::str::from_utf8(digits).ok()?.parse().ok()
        };
        let month = part(2).filter(|month| (1..=12).contains(month));
        let day = part(4).filter(|day| (1..=31).contains(day));
        let year = part(0).filter(|year| *year >= 0).map(|year| century(year.into(), month, day));
        Self { year, month, day }
    }

    /// `YYMMDD`, with fillers for what is unknown.
    pub(super) fn printed(self) -> String {
        let part = |value: Option<i16>| {
            value.map_or_else(|| "<<".to_owned(), |v| format!("{:02}", v.rem_euclid(100)))
        };
        [part(self.year), part(self.month.map(i16::from)), part(self.day.map(i16::from))].concat()
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::PartialDate;

    const TODAY: jiff::civil::Date = date(2026, 11, 23);

    #[test]
    fn a_birth_is_never_in_the_future() {
        assert_eq!(PartialDate::of_birth(b"261123", TODAY).date(), Some(TODAY));
        assert_eq!(PartialDate::of_birth(b"261124", TODAY).date(), Some(date(1926, 11, 24)));
        assert_eq!(PartialDate::of_birth(b"740812", TODAY).date(), Some(date(1974, 8, 12)));
    }

    #[test]
    fn an_expiry_is_near() {
        assert_eq!(PartialDate::of_expiry(b"940110", TODAY).date(), Some(date(1994, 1, 10)));
        assert_eq!(PartialDate::of_expiry(b"760110", TODAY).date(), Some(date(2076, 1, 10)));
        assert_eq!(PartialDate::of_expiry(b"770110", TODAY).date(), Some(date(1977, 1, 10)));
        let late = date(2090, 1, 1);
        assert_eq!(PartialDate::of_expiry(b"050110", late).date(), Some(date(2105, 1, 10)));
    }

    #[test]
    fn unknown_parts_stay_unknown() {
        let birth = PartialDate::of_birth(b"85<<<<", TODAY);
        assert_eq!((birth.year, birth.month, birth.day), (Some(1985), None, None));
        assert_eq!(PartialDate::of_birth(b"850000", TODAY), birth);
        assert_eq!(PartialDate::of_birth(b"<<<<<<", TODAY), PartialDate::default());
        assert_eq!(PartialDate::of_birth(b"+1-1+1", TODAY).date(), None);
    }

    #[test]
    fn days_that_do_not_exist_are_no_dates() {
        assert_eq!(PartialDate::of_birth(b"230229", TODAY).date(), None);
    }
}
