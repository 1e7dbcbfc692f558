//! Dates: eight digits, `MMDDCCYY` in the United States and `CCYYMMDD` elsewhere and in the first edition.

use jiff::civil::Date;

use super::issuer::Country;
use super::version::Version;

/// The order of a date's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// `MMDDCCYY`.
    MonthFirst,
    /// `CCYYMMDD`.
    YearFirst,
}

impl Order {
    /// What the edition asks of this country (annex D, `DBA`, `DBB`, `DBD`).
    pub(super) fn expected(version: Version, country: Option<Country>) -> Self {
        let is_first_edition = version <= Version::V2000;
        match country {
            Some(Country::UnitedStates) | None if !is_first_edition => Self::MonthFirst,
            _ => Self::YearFirst,
        }
    }
}

/// The day and the order that it is written in. A date has no two readings: what begins with a month is no year
/// of the last or next hundred years.
pub(super) fn read(value: &str) -> Option<(Date, Order)> {
    let digits: Vec<u8> = value.bytes().filter(|c| !b"-/. ".contains(c)).collect();
    let digits = std::str::from_utf8(&digits).ok()?;
    if digits.len() != 8 || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits[from..to].parse::<i16>().ok();
    let day = |year: i16, month: i16, day: i16| {
        (1850..2200).contains(&year).then(|| Date::new(year, month as i8, day as i8).ok()).flatten()
    };
    let year_first = day(number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let month_first = day(number(4, 8)?, number(0, 2)?, number(2, 4)?);
    year_first
        .map(|date| (date, Order::YearFirst))
        .or(month_first.map(|date| (date, Order::MonthFirst)))
}

#[cfg(test)]
mod tests {
    use super::{Order, read};
    use jiff::civil::date;

    #[test]
    fn both_orders_are_told_apart() {
        assert_eq!(read("12101985"), Some((date(1985, 12, 10), Order::MonthFirst)));
        assert_eq!(read("19851210"), Some((date(1985, 12, 10), Order::YearFirst)));
        assert_eq!(read("1985-12-10"), Some((date(1985, 12, 10), Order::YearFirst)));
        assert_eq!(read("12/10/1985"), Some((date(1985, 12, 10), Order::MonthFirst)));
    }

    #[test]
    fn what_is_no_day_is_no_date() {
        for value in
            ["02301985", "00000000", "1985121", "198512100", "1985121x", "", "\u{e9}1231985"]
        {
            assert_eq!(read(value), None, "{value}");
        }
    }
}
