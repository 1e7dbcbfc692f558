/// Latin letters outside A to Z as the MRZ spells them: ICAO Doc 9303-3 §6, table A, where it recommends one spelling.
const RECOMMENDED: &[(&str, &str)] = &[
    ("ÁÀÂÃĂĀĄ", "A"),
    ("ÄÆ", "AE"),
    ("Å", "AA"),
    ("ÇĆĈČĊ", "C"),
    ("ĎĐÐ", "D"),
    ("ÉÈÊËĚĒĘĖĔ", "E"),
    ("ĜĞĠĢ", "G"),
    ("ĤĦ", "H"),
    ("ÍÌÎÏĨĪĬĮİI", "I"),
    ("Ĵ", "J"),
    ("Ķ", "K"),
    ("ŁĹĽĻĿ", "L"),
    ("ÑŃŇŅ", "N"),
    ("ÓÒÔÕŐŌŎ", "O"),
    ("ÖØŒ", "OE"),
    ("ŔŘŖ", "R"),
    ("ŚŜŠŞȘ", "S"),
    ("ẞ", "SS"),
    ("ŤŢŦȚ", "T"),
    ("Þ", "TH"),
    ("ÚÙÛŨŬŪŮŰŲ", "U"),
    ("Ü", "UE"),
    ("Ŵ", "W"),
    ("ÝŶŸ", "Y"),
    ("ŹŻŽ", "Z"),
];

/// A name in capital letters A to Z; hyphens and spaces become spaces, apostrophes vanish
/// (ICAO Doc 9303-3 §4.6), as does what has no spelling.
pub(crate) fn capitals(name: &str) -> String {
    let spelled: String = name.chars().map(capital).collect();
    spelled.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capital(letter: char) -> String {
    let upper = match letter {
        'ß' => 'ẞ',
        'ı' => 'I',
        other => other.to_uppercase().next().unwrap_or(other),
    };
    match upper {
        'A'..='Z' => upper.to_string(),
        ' ' | '-' => " ".to_owned(),
        _ => RECOMMENDED
            .iter()
            .find(|(letters, _)| letters.contains(upper))
            .map_or_else(String::new, |(_, spelling)| (*spelling).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_as_the_mrz_does() {
        assert_eq!(capitals("Weißbrunn-Öhler"), "WEISSBRUNN OEHLER");
        assert_eq!(capitals("Yıldızoğlu"), "YILDIZOGLU");
        assert_eq!(capitals("Þórsvik Åkerlindh"), "THORSVIK AAKERLINDH");
        assert_eq!(capitals("O'Dorran  della Rocca"), "ODORRAN DELLA ROCCA");
    }

    #[test]
    fn what_has_no_spelling_vanishes() {
        assert_eq!(capitals("李 Wu7"), "WU");
    }
}
