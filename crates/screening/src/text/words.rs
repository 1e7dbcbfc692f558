//! A name in words: what each is, how it sounds, and how much it tells.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::fold::fold;
use super::letters::{korean_family, latin};
use super::script::Script;
use super::tables;
use crate::entity::EntityKind;
use crate::matching::similarity::Part;

/// The most words of a name that are looked at.
pub(crate) const MOST_WORDS: usize = 24;
/// The most letters of a word that are looked at.
const MOST_LETTERS: usize = 40;

/// What a word is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Role {
    /// A name, or a word of one.
    Name,
    /// Digits only.
    Number,
    /// One letter.
    Initial,
    /// Between names.
    Particle,
    /// A form of address.
    Title,
    /// After a name.
    Suffix,
    /// A legal form; which one is its class.
    LegalForm,
}

/// One word of a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// As written.
    pub(crate) written: String,
    /// In lower-case ASCII.
    pub(crate) latin: String,
    /// Its sound (see [`fold`]).
    pub(crate) fold: String,
    pub(crate) script: Script,
    pub(crate) role: Role,
    /// Words of one class are the same name; 0 is none.
    pub(crate) class: u16,
    /// Which characters it is written in, where each is a syllable: many of them are read alike. 0 of
    /// words in letters.
    pub(crate) characters: u32,
}

impl Word {
    /// As it is compared, where it tells `share` of what a rare word tells.
    pub(crate) fn part(&self, rarity: f32) -> Part<'_> {
        Part {
            latin: &self.latin,
            fold: &self.fold,
            class: self.class,
            role: self.role,
            abjad: self.script.is_abjad(),
            characters: self.characters,
            weight: rarity * self.role.share(),
        }
    }
}

impl Role {
    /// Whether names are found by such words.
    pub(crate) fn identifies(self) -> bool {
        matches!(self, Self::Name | Self::Number)
    }

    /// How much it counts beside a name's word.
    pub(crate) fn share(self) -> f32 {
        match self {
            Self::Name | Self::Number => 1.0,
            Self::Initial => 0.35,
            Self::Suffix => 0.15,
            Self::Title => 0.12,
            Self::Particle | Self::LegalForm => 0.08,
        }
    }
}

/// Parts a name into words, in order.
pub(crate) fn words(name: &str, kind: EntityKind) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (raw, script) in split(name) {
        if words.len() >= MOST_WORDS {
            break;
        }
        push(&mut words, raw, script, kind);
    }
    words.truncate(MOST_WORDS);
    if kind == EntityKind::Person {
        persons(&mut words);
    } else {
        super::forms::mark(&mut words);
    }
    // A name of nothing but small words is made of names.
    if !words.iter().any(|word| word.role.identifies()) {
        for word in words.iter_mut().filter(|word| word.role != Role::Number) {
            word.role = Role::Name;
        }
    }
    words
}

/// Raw words: runs of letters and digits of one script. Apostrophes vanish; letters parted by full
/// stops are one word.
fn split(name: &str) -> Vec<(String, Script)> {
    let mut found: Vec<(String, Script)> = Vec::new();
    let mut word = String::new();
    let mut script = None;
    let mut dotted = false;
    for letter in name.nfkc().flat_map(char::to_lowercase).take(1000) {
        let of_letter = Script::of_letter(letter);
        let changes = script.is_some() && of_letter.is_some() && script != of_letter;
        if changes && !mixes(script, of_letter) {
            flush(&mut found, &mut word, &mut script, &mut dotted);
        }
        if letter.is_alphanumeric() {
            word.push(letter);
            script = script.or(of_letter);
        } else if is_mark(letter) {
            // Combining marks belong to their letter.
            word.push(letter);
        } else if is_apostrophe(letter) {
        } else if letter == '.' {
            let single = word.chars().count() == 1;
            let goes_on = single && (dotted || found.last().is_none_or(|_| true));
            flush_dotted(&mut found, &mut word, &mut script, &mut dotted, goes_on);
        } else {
            flush(&mut found, &mut word, &mut script, &mut dotted);
            dotted = false;
        }
    }
    flush(&mut found, &mut word, &mut script, &mut dotted);
    found
}

fn mixes(left: Option<Script>, right: Option<Script>) -> bool {
    // Japanese writes one word in both; a stray look-alike letter does not part a word.
    let pair = [left, right];
    let all = |scripts: &[Script]| pair.iter().flatten().all(|script| scripts.contains(script));
    all(&[Script::Latin, Script::Cyrillic, Script::Greek])
}

fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

fn is_apostrophe(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | '′' | '\u{200c}' | '\u{200d}'
    )
}

/// Ends a word. A single letter before a full stop joins the single letters before it.
fn flush_dotted(
    found: &mut Vec<(String, Script)>,
    word: &mut String,
    script: &mut Option<Script>,
    dotted: &mut bool,
    single: bool,
) {
    let joins = *dotted && single;
    if joins && let Some((last, _)) = found.last_mut() {
        last.push_str(word);
        word.clear();
        *script = None;
    } else {
        let mut off = false;
        flush(found, word, script, &mut off);
    }
    *dotted = single;
}

fn flush(
    found: &mut Vec<(String, Script)>,
    word: &mut String,
    script: &mut Option<Script>,
    dotted: &mut bool,
) {
    if !word.is_empty() {
        let single = word.chars().count() == 1;
        match found.last_mut() {
            // The last letter of an acronym without its full stop: `A.B.C`.
            Some((last, _)) if *dotted && single => last.push_str(word),
            _ => found.push((std::mem::take(word), script.unwrap_or(Script::Latin))),
        }
        word.clear();
    }
    *script = None;
    *dotted = false;
}

fn push(words: &mut Vec<Word>, raw: String, script: Script, kind: EntityKind) {
    match script {
        Script::Han if kind == EntityKind::Person => han(words, &raw),
        Script::Hangul if kind == EntityKind::Person => korean(words, &raw),
        Script::Arabic if raw.chars().count() > 4 && raw.starts_with("ال") => {
            words.push(word("ال".to_owned(), "al".to_owned(), script));
            let rest: String = raw.chars().skip(2).collect();
            let spelt = latin(&rest, script);
            words.push(word(rest, spelt, script));
        }
        _ => {
            let spelt = letters_for_digits(&latin(&raw, script));
            if !spelt.is_empty() {
                words.push(word(raw, spelt, script));
            }
        }
    }
}

/// A Chinese or Japanese name: the family name, then the given name as one word.
fn han(words: &mut Vec<Word>, raw: &str) {
    let letters: Vec<char> = raw.chars().collect();
    // A part that stands alone is no whole name.
    let family = match letters.len() {
        0 | 1 => 0,
        2 | 3 => 1,
        4 => 2,
        _ => 0,
    };
    for part in [&letters[..family], &letters[family..]] {
        let part: String = part.iter().collect();
        let spelt = latin(&part, Script::Han);
        if !spelt.is_empty() {
            words.push(word(part, spelt, Script::Han));
        }
    }
}

fn korean(words: &mut Vec<Word>, raw: &str) {
    let letters: Vec<char> = raw.chars().collect();
    let family = letters.first().and_then(|letter| korean_family(*letter));
    if let Some(family) = family.filter(|_| (2..=4).contains(&letters.len())) {
        words.push(word(letters[0].to_string(), family.to_owned(), Script::Hangul));
        let rest: String = letters[1..].iter().collect();
        let spelt = latin(&rest, Script::Hangul);
        words.push(word(rest, spelt, Script::Hangul));
    } else {
        let spelt = match (letters.as_slice(), family) {
            ([_], Some(family)) => family.to_owned(),
            _ => latin(raw, Script::Hangul),
        };
        words.push(word(raw.to_owned(), spelt, Script::Hangul));
    }
}

fn word(written: String, spelt: String, script: Script) -> Word {
    let mut spelt = spelt;
    spelt.truncate(MOST_LETTERS);
    let fold = fold(&spelt);
    let role = if spelt.bytes().all(|byte| byte.is_ascii_digit()) {
        Role::Number
    } else if spelt.len() == 1 && script == Script::Latin {
        Role::Initial
    } else {
        Role::Name
    };
    let class =
        if role == Role::Name { CLASSES.get(fold.as_str()).copied().unwrap_or(0) } else { 0 };
    let characters = match script {
        Script::Han | Script::Hangul => {
            // FNV-1a; one of four thousand million is not written so.
            let hash = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            written.bytes().fold(0x811c_9dc5, hash).max(1)
        }
        _ => 0,
    };
    Word { written, latin: spelt, fold, script, role, class, characters }
}

/// Digits among letters are letters that a reader, or somebody who hides, took for them.
fn letters_for_digits(spelt: &str) -> String {
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| spelt.strip_suffix(end));
    if ordinal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) {
        return spelt.to_owned();
    }
    let digits = spelt.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits * 2 > spelt.len() || (digits * 2 == spelt.len() && digits < 2) {
        return spelt.to_owned();
    }
    spelt
        .chars()
        .map(|letter| match letter {
            '0' => 'o',
            '1' => 'i',
            '2' => 'z',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '6' | '9' => 'g',
            '7' => 't',
            '8' => 'b',
            other => other,
        })
        .collect()
}

/// Particles, titles and the compounds with "servant of" in a person's name.
fn persons(words: &mut Vec<Word>) {
    compounds(words);
    let mut at = 0;
    while at < words.len() {
        if let Some(rest) = servant_of(&words[at].latin) {
            let mut servant = word("abd".to_owned(), "abd".to_owned(), words[at].script);
            servant.written.clone_from(&words[at].written);
            let mut god = word(words[at].written.clone(), rest.clone(), words[at].script);
            god.written.clone_from(&rest);
            let single = rest.is_empty();
            words[at] = servant;
            if !single && words.len() < MOST_WORDS {
                words.insert(at + 1, god);
                at += 1;
            }
        }
        at += 1;
    }
    let last = words.len().saturating_sub(1);
    for (at, word) in words.iter_mut().enumerate() {
        if word.role != Role::Name && word.role != Role::Initial {
            continue;
        }
        let spelt = word.latin.as_str();
        if tables::PARTICLES.contains(&spelt) {
            word.role = Role::Particle;
        } else if tables::TITLES.contains(&spelt) {
            word.role = Role::Title;
        } else if at == last && tables::SUFFIXES.contains(&spelt) {
            word.role = Role::Suffix;
        }
    }
}

/// Names that end in "of God" or "of the faith" are written in one word or in several: `Faizullah`,
/// `Faiz Ullah`, فیض الله. All become several.
fn compounds(words: &mut Vec<Word>) {
    let mut at = 0;
    while at < words.len() {
        let word_at = &words[at];
        if word_at.script.is_abjad() {
            if matches!(word_at.latin.as_str(), "allh" | "lh") && at > 0 {
                words[at] = word("allah".to_owned(), "allah".to_owned(), Script::Latin);
            }
        } else if let Some((length, end)) = compound(&word_at.latin) {
            let script = word_at.script;
            if words.len() < MOST_WORDS {
                let root = word_at.latin[..length].to_owned();
                // Written as it was, once: an explanation names the whole word.
                let mut first = word(root.clone(), root, script);
                first.written.clone_from(&words[at].written);
                words[at] = first;
                words.insert(at + 1, word(end.to_owned(), end.to_owned(), script));
                at += 1;
            }
        }
        at += 1;
    }
    servants_of_god(words);
}

/// `abd` and `allah` are so common that they tell something only together.
fn servants_of_god(words: &mut Vec<Word>) {
    let mut at = 0;
    while at + 1 < words.len() {
        let servant = matches!(
            words[at].latin.as_str(),
            "abd" | "abed" | "abid" | "abdu" | "abdul" | "abdel"
        );
        if servant && matches!(words[at + 1].latin.as_str(), "allah" | "ullah" | "alla" | "ellah") {
            let written = format!("{} {}", words[at].written, words[at + 1].written);
            words[at] = word(written, "abdullah".to_owned(), Script::Latin);
            words.remove(at + 1);
        }
        at += 1;
    }
}

/// How long the root of a compound is, and what follows it.
fn compound(latin: &str) -> Option<(usize, &'static str)> {
    const LEAST: usize = 3;
    if latin.starts_with("abd") || latin.starts_with("cabd") {
        return None;
    }
    let ends = |forms: &[&str]| {
        let end = forms.iter().find(|form| latin.ends_with(*form))?;
        let length = latin.len() - end.len();
        (length >= LEAST).then_some(length)
    };
    let god = ["ullah", "ollah", "allah", "illah", "ellah", "oullah", "ulla", "ulah", "olah"];
    let faith = [
        "uddine", "eddine", "addine", "uddin", "eddin", "iddin", "addin", "oddin", "oddine",
        "uddeen", "eddeen", "aldin", "eldin", "uldin", "aldeen", "eldeen", "oudine", "oddeen",
        "udin", "edin",
    ];
    ends(&god)
        .map(|length| (length, "allah"))
        .or_else(|| ends(&faith).map(|length| (length, "din")))
}

/// What `abd` is a servant of: `abdulrahman` → `rahman`, `abdul` → nothing. `None` of other names.
fn servant_of(spelt: &str) -> Option<String> {
    let rest = spelt.strip_prefix("abd").or_else(|| spelt.strip_prefix("cabd"))?;
    if matches!(rest, "ul" | "el" | "al" | "ol" | "oul" | "ur" | "ool" | "il") {
        return Some(String::new());
    }
    if rest.len() < 5 || rest.ends_with("llah") || rest.ends_with("lla") || rest.ends_with("llahi")
    {
        return None;
    }
    let vowels = rest.len() - rest.trim_start_matches(['a', 'e', 'i', 'o', 'u']).len();
    let rest = if vowels <= 2 { &rest[vowels..] } else { rest };
    let bytes = rest.as_bytes();
    let rest = match bytes {
        [b'l', ..] if rest.len() > 3 => &rest[1..],
        [first, second, ..] if first == second => &rest[1..],
        _ => rest,
    };
    (rest.len() >= 3).then(|| rest.to_owned())
}

static CLASSES: LazyLock<FxHashMap<String, u16>> = LazyLock::new(|| {
    let mut classes = FxHashMap::default();
    let lines = tables::GIVEN_NAMES.iter().chain(tables::ORGANISATION_WORDS);
    for (line, class) in lines.zip(1..) {
        for name in *line {
            classes.entry(fold(name)).or_insert(class);
        }
    }
    classes
});

#[cfg(test)]
mod tests {
    use super::*;

    fn latins(name: &str, kind: EntityKind) -> Vec<String> {
        words(name, kind).into_iter().map(|word| word.latin).collect()
    }

    #[test]
    fn names_part_into_words() {
        use EntityKind::{Organisation, Person};
        for (name, kind, expected) in [
            ("AL-QA'IDA", Organisation, vec!["al", "qaida"]),
            ("J.P. Morgan", Organisation, vec!["jp", "morgan"]),
            ("A.B.C. Company", Organisation, vec!["abc", "company"]),
            ("William W. Frost", Person, vec!["william", "w", "frost"]),
            ("I9or Sech1n", Person, vec!["igor", "sechin"]),
            ("Abdulrahman", Person, vec!["abd", "rahman"]),
            ("Abdul Rahman", Person, vec!["abd", "rahman"]),
            ("Abd-al-Rahman", Person, vec!["abd", "al", "rahman"]),
            ("Abdullah", Person, vec!["abdullah"]),
            ("Fahrudin", Person, vec!["fahr", "din"]),
            ("Noor ud Din", Person, vec!["noor", "ud", "din"]),
            ("الحسن", Person, vec!["al", "hsn"]),
            ("习近平", Person, vec!["xi", "jinping"]),
            ("김정은", Person, vec!["kim", "jongun"]),
            ("Владимир Путин", Person, vec!["vladimir", "putin"]),
            ("…", Person, vec![]),
        ] {
            assert_eq!(latins(name, kind), expected, "{name}");
        }
    }

    #[test]
    fn a_name_of_small_words_is_a_name() {
        let words = words("Ben De", EntityKind::Person);
        assert!(words.iter().all(|word| word.role == Role::Name));
    }
}
