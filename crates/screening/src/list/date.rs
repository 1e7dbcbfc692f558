//! Dates of birth as lists write them.

use jiff::civil::Date;

use crate::entity::Birth;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `1962`, `1962-05-04`, `04/05/1962` (day first), `12 Aug 1962`, `Aug 1962`, `circa 1962`,
/// `1960 to 1963`, `dd/mm/1962`, `00/00/1962`. `None` of what has no year.
pub(crate) fn birth(text: &str) -> Option<Birth> {
    let lower = text.trim().to_ascii_lowercase();
    if lower.len() > 64 {
        return None;
    }
    let approximate = ["circa", "approx", "c.", "~"].iter().any(|word| lower.contains(word));
    let parts: Vec<&str> = lower
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let years: Vec<i16> = parts.iter().filter_map(|part| year(part)).collect();
    let from = *years.first()?;
    let mut birth = Birth::years(from, *years.last()?);
    birth.approximate = approximate;
    if years.len() == 1 {
        birth.month_day = month_day(from, &parts);
    }
    Some(birth)
}

fn year(part: &str) -> Option<i16> {
    // `1962-05-04T00:00:00` leaves `04t00` behind, and ISO's basic form eight digits.
    let digits = part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    part.parse().ok().filter(|year| digits && (1850..=2100).contains(year))
}

fn month_day(year: i16, parts: &[&str]) -> Option<(i8, i8)> {
    let at = parts.iter().position(|part| self::year(part).is_some())?;
    let number = |part: &str| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<i8>().ok()
    };
    let named = parts.iter().find_map(|part| {
        let found = MONTHS.iter().position(|month| part.starts_with(month))?;
        i8::try_from(found + 1).ok()
    });
    let (month, day) = match (named, at) {
        (Some(month), _) => {
            (month, parts.iter().find_map(|part| number(part).filter(|n| *n <= 31))?)
        }
        // Year first: month, day. Year last: day, month.
        (None, 0) => (number(parts.get(1)?)?, number(parts.get(2)?)?),
        (None, at) => {
            (number(parts.get(at.checked_sub(1)?)?)?, number(parts.get(at.checked_sub(2)?)?)?)
        }
    };
    Date::new(year, month, day).ok().map(|date| (date.month(), date.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_lists_use() {
        let day = |month, day| Some((month, day));
        for (text, from, to, month_day, approximate) in [
            ("1962", 1962, 1962, None, false),
            ("1962-05-04", 1962, 1962, day(5, 4), false),
            ("1962-05-04T00:00:00", 1962, 1962, day(5, 4), false),
            ("04/05/1962", 1962, 1962, day(5, 4), false),
            ("12 Aug 1962", 1962, 1962, day(8, 12), false),
            ("Aug 1962", 1962, 1962, None, false),
            ("circa 1962", 1962, 1962, None, true),
            ("1960 to 1963", 1960, 1963, None, false),
            ("dd/mm/1962", 1962, 1962, None, false),
            ("00/00/1962", 1962, 1962, None, false),
            ("31/02/1962", 1962, 1962, None, false),
        ] {
            assert_eq!(birth(text), Some(Birth { from, to, month_day, approximate }), "{text}");
        }
        for text in ["", "unknown", "12", "99999", "year 62"] {
            assert_eq!(birth(text), None, "{text}");
        }
    }
}
