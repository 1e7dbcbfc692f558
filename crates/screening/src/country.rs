//! Countries by code or by any of the names that lists give them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// ISO 3166-1 alpha-2.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

/// Names and codes that lists use and ISO 3166-1 does not have.
const ALSO: &[(&str, &str)] = &[
    ("bolivia", "BO"),
    ("bosnia", "BA"),
    ("britain", "GB"),
    ("burma", "MM"),
    ("cape verde", "CV"),
    ("cote d ivoire", "CI"),
    ("cote divoire", "CI"),
    ("czech republic", "CZ"),
    ("democratic people s republic of korea", "KP"),
    ("democratic peoples republic of korea", "KP"),
    ("democratic republic of congo", "CD"),
    ("democratic republic of the congo", "CD"),
    ("dpr korea", "KP"),
    ("dprk", "KP"),
    ("east timor", "TL"),
    ("england", "GB"),
    ("gambia the", "GM"),
    ("gaza", "PS"),
    ("great britain", "GB"),
    ("iran", "IR"),
    ("iran islamic republic of", "IR"),
    ("islamic republic of iran", "IR"),
    ("ivory coast", "CI"),
    ("korea north", "KP"),
    ("korea south", "KR"),
    ("kosovo", "XK"),
    ("laos", "LA"),
    ("macau", "MO"),
    ("macedonia", "MK"),
    ("moldova", "MD"),
    ("north korea", "KP"),
    ("palestine", "PS"),
    ("palestinian", "PS"),
    ("region gaza", "PS"),
    ("republic of korea", "KR"),
    ("republic of the congo", "CG"),
    ("russia", "RU"),
    ("russian federation", "RU"),
    ("scotland", "GB"),
    ("south korea", "KR"),
    ("swaziland", "SZ"),
    ("syria", "SY"),
    ("syrian", "SY"),
    ("taiwan", "TW"),
    ("tanzania", "TZ"),
    ("the bahamas", "BS"),
    ("the gambia", "GM"),
    ("turkey", "TR"),
    ("uae", "AE"),
    ("uk", "GB"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("united states of america", "US"),
    ("unknown", ""),
    ("usa", "US"),
    ("venezuela", "VE"),
    ("vietnam", "VN"),
    ("west bank", "PS"),
    ("xk", "XK"),
    ("xkx", "XK"),
];

impl Country {
    /// By alpha-2 or alpha-3 code, or by name. `None` of what is no country.
    pub fn find(text: &str) -> Option<Self> {
        let plain = plain(text);
        if let Ok(at) = ALSO.binary_search_by(|(name, _)| (*name).cmp(plain.as_str())) {
            return Self::of(ALSO[at].1);
        }
        if plain.len() == 2 || plain.len() == 3 {
            let code = plain.to_ascii_uppercase();
            return celes::Country::from_alpha2(&code)
                .or_else(|_| celes::Country::from_alpha3(&code))
                .ok()
                .and_then(|country| Self::of(country.alpha2));
        }
        celes::Country::get_countries()
            .iter()
            .find(|country| self::plain(country.long_name) == plain)
            .and_then(|country| Self::of(country.alpha2))
    }

    fn of(code: &str) -> Option<Self> {
        <[u8; 2]>::try_from(code.as_bytes()).ok().map(Self)
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

/// ASCII lower case, words parted by one space.
fn plain(text: &str) -> String {
    let ascii = any_ascii::any_ascii(text).to_ascii_lowercase();
    let words: Vec<&str> = ascii
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::of(&text).ok_or_else(|| serde::de::Error::custom("a country is two letters"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_the_names_that_lists_use() {
        for (text, code) in [
            ("Iran", "IR"),
            ("IRN", "IR"),
            ("ir", "IR"),
            ("Democratic Republic of the Congo", "CD"),
            ("Democratic People's Republic of Korea", "KP"),
            ("Korea, North", "KP"),
            ("Syria", "SY"),
            ("Russian Federation", "RU"),
            ("Russia", "RU"),
            ("United Kingdom", "GB"),
            ("Côte d'Ivoire", "CI"),
            ("Germany", "DE"),
            ("Yemen", "YE"),
        ] {
            assert_eq!(Country::find(text).map(|c| c.to_string()).as_deref(), Some(code), "{text}");
        }
        for text in ["", "Unknown", "Atlantis", "zz", "–"] {
            assert_eq!(Country::find(text), None, "{text}");
        }
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(ALSO.is_sorted_by_key(|(name, _)| *name), "`find` searches it by halves");
    }
}
