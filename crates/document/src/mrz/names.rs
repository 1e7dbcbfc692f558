//! The name field: primary identifier, two fillers, secondary identifier (ICAO 9303-3 §4.6).

/// The holder's names as the zone writes them: upper case, without accents, hyphens or apostrophes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Surname, or the whole name of a holder who has only one.
    pub primary: String,
    /// Given names; empty where the document has none.
    pub secondary: String,
    /// The field is full to its last place, so that the name may have been cut off there.
    pub may_be_truncated: bool,
}

/// Names are personal.
impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names(redacted)")
    }
}

/// Words with one space between them, from words with fillers between and after them.
pub(super) fn words(text: &str) -> String {
    text.split('<').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Names {
    pub(super) fn from_field(field: &str) -> Self {
        let may_be_truncated = !field.ends_with('<');
        let (primary, secondary) = field.split_once("<<").unwrap_or((field, ""));
        Self { primary: words(primary), secondary: words(secondary), may_be_truncated }
    }

    /// The field's text, cut off at `length`.
    ///
    /// The standard asks that both identifiers keep at least one character when they are cut
    /// (9303-3 §4.6, truncation): the primary gives way first.
    pub(super) fn to_field(&self, length: usize) -> String {
        let primary = self.primary.replace(' ', "<");
        let secondary = self.secondary.replace(' ', "<");
        if secondary.is_empty() {
            return format!("{primary:<<length$.length$}");
        }
        let room = length.saturating_sub("<<".len() + 1);
        let full = format!("{primary:.room$}<<{secondary}");
        format!("{full:<<length$.length$}")
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn parts_and_fillers() {
        let names = Names::from_field("VAN<DER<BERG<<ANNA<MARIA<<<<<<");
        assert_eq!(names.primary, "VAN DER BERG");
        assert_eq!(names.secondary, "ANNA MARIA");
        assert!(!names.may_be_truncated);
    }

    #[test]
    fn one_name_only() {
        let names = Names::from_field("ARKFREITH<<<<<<<<<");
        assert_eq!((names.primary.as_str(), names.secondary.as_str()), ("ARKFREITH", ""));
    }

    #[test]
    fn a_full_field_may_be_cut_off() {
        assert!(Names::from_field("NILAVADHANANANDA<<CHAYAPA<DEJ").may_be_truncated);
    }

    #[test]
    fn a_long_surname_leaves_room_for_a_given_name() {
        let names =
            Names { primary: "A".repeat(40), secondary: "BO".into(), may_be_truncated: false };
        let field = names.to_field(39);
        assert_eq!(field.len(), 39);
        assert!(field.ends_with("A<<B"));
    }
}
