//! What single states do differently.

use super::class::Class;
use super::format::Format;

/// German serial numbers leave out vowels and look-alikes, so that neither words nor doubts arise.
const GERMAN_SERIAL: &[u8] = b"0123456789CFGHJKLMNPRTVWXYZ";

/// What the document number of this issuer is made of, where it is less than all characters.
pub(super) fn number_class(issuing_state: &[u8]) -> Option<Class> {
    (issuing_state == b"D<<").then_some(Class::Serial { alphabet: GERMAN_SERIAL })
}

/// The ISO 3166-1 alpha-3 code for a code of the zone, which for some states is another
/// (ICAO 9303-3 §5). `None` where it is no code, such as the digits that Romanian cards have there.
pub(super) fn alpha3(printed: &str) -> Option<&str> {
    Some(match printed {
        "D" => "DEU",
        // Slovenian cards of 1998 print two letters.
        "SI" => "SVN",
        // The codes before 2002, and Zimbabwe's.
        "ROM" => "ROU",
        "ZIM" => "ZWE",
        // Kosovo, as the wire has it.
        "RKS" | "KS" => "XKX",
        // The kinds of British nationality.
        "GBD" | "GBN" | "GBO" | "GBP" | "GBS" => "GBR",
        code if code.len() == 3 && code.bytes().all(|c| c.is_ascii_uppercase()) => code,
        _ => return None,
    })
}

/// What the holder's number in the state's register is made of.
pub(super) struct Register<'a> {
    pub(super) format: Format,
    pub(super) issuing_state: &'a str,
    /// Six characters as printed.
    pub(super) date_of_birth: &'a str,
    pub(super) optional_data: [&'a str; 2],
}

impl Register<'_> {
    /// The holder's number, where this state prints it in the zone.
    pub(super) fn personal_number(&self) -> Option<String> {
        let [first, second] = self.optional_data;
        match (self.issuing_state, self.format) {
            // Sex and century, then the date of birth that stands elsewhere, then the rest.
            ("ROU", Format::Td2) if is_number(first, 7) => {
                Some([&first[..1], self.date_of_birth, &first[1..]].concat())
            }
            ("BEL", Format::Td1) => Some(second).filter(|n| is_number(n, 11)).map(str::to_owned),
            ("EST" | "LVA" | "LTU", Format::Td1) => {
                Some(first).filter(|n| is_number(n, 11)).map(str::to_owned)
            }
            ("SI" | "SVN", Format::Td1) => {
                [first, second].into_iter().find(|n| is_number(n, 13)).map(str::to_owned)
            }
            ("ESP", Format::Td1) => Some(first).filter(|n| n.len() == 9).map(str::to_owned),
            ("NLD", Format::Td1) => Some(first).filter(|n| is_number(n, 9)).map(str::to_owned),
            (_, Format::Td3) => Some(first).filter(|n| !n.is_empty()).map(str::to_owned),
            _ => None,
        }
    }
}

fn is_number(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::alpha3;

    #[test]
    fn codes_of_the_zone_become_alpha3() {
        assert_eq!(alpha3("D"), Some("DEU"));
        assert_eq!(alpha3("GBN"), Some("GBR"));
        assert_eq!(alpha3("UTO"), Some("UTO"));
        assert_eq!(alpha3("132"), None);
        assert_eq!(alpha3(""), None);
    }
}
