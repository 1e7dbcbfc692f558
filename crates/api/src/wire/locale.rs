//! The language of the web journey (contract appendix A).

/// What the web journey speaks when nothing else is asked for.
const DEFAULT: &str = "en";

const LOCALES: [&str; 37] = [
    "ar", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-MX", "et", "fi", "fr", "he", "hr",
    "hu", "hy", "id", "it", "ja", "ka", "km", "ko", "lt", "ms", "nl", "no", "pl", "pt", "pt-BR",
    "ro", "ru", "sk", "sv", "th", "tr", "vi",
];
/// Chinese has no form without a region.
const REGIONAL: [&str; 2] = ["zh-CN", "zh-HK"];

/// The locale to use: the one asked for, else its language, else English.
pub(super) fn resolve(requested: Option<&str>) -> &'static str {
    let Some(requested) = requested else { return DEFAULT };
    let language = requested.split(['-', '_']).next().unwrap_or_default();
    find(requested).or_else(|| find(language)).unwrap_or(DEFAULT)
}

fn find(wanted: &str) -> Option<&'static str> {
    LOCALES.iter().chain(&REGIONAL).find(|known| known.eq_ignore_ascii_case(wanted)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_to_the_language_and_then_to_english() {
        for (requested, expected) in [
            (None, "en"),
            (Some("es"), "es"),
            (Some("pt-br"), "pt-BR"),
            (Some("de-AT"), "de"),
            (Some("de_AT"), "de"),
            (Some("zh-HK"), "zh-HK"),
            (Some("xx"), "en"),
            (Some(""), "en"),
        ] {
            assert_eq!(resolve(requested), expected, "{requested:?}");
        }
    }
}
