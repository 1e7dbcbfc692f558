//! How alike two words are, and in what way.

use rapidfuzz::distance::osa;
use serde::{Deserialize, Serialize};

use crate::text::fold::{dull, is_vowel, shape, skeleton, unvoiced};
use crate::text::words::Role;

/// How a word of the query stands for one of the listed name, in the words of the screening
/// interface (`name_matches[].match_types`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordMatch {
    /// The same letters.
    ExactMatch,
    /// Letters wrong, missing or too many.
    EditDistance,
    /// The same sound in another spelling.
    Phonetic,
    /// The same name in another form or language.
    EquivalentName,
    /// A word was searched for, an initial is listed.
    WordToInitial,
    /// An initial was searched for, a word is listed.
    InitialToWord,
    /// Written in one word on one side and apart on the other.
    RemovedSpace,
}

/// One word as it is compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) latin: &'a str,
    pub(crate) fold: &'a str,
    pub(crate) class: u16,
    pub(crate) role: Role,
    /// Whether its short vowels were not written.
    pub(crate) abjad: bool,
    /// Which characters it is written in, where each is a syllable; else 0.
    pub(crate) characters: u32,
    /// How much it tells, 0 to 1.
    pub(crate) weight: f32,
}

/// Below this two words are different words.
const LEAST: f32 = 0.6;
const SAME_SOUND: f32 = 0.97;
const SAME_NAME: f32 = 0.92;
/// Other characters of the same reading: 高石 and 高市.
const SAME_READING: f32 = 0.8;
/// The same letters, written apart.
const JOINED: f32 = 0.98;
/// A reader of pictures may take one for the other.
const SAME_SHAPE: f32 = 0.9;
/// Only vowels of one class differ.
const SAME_DULL: f32 = 0.91;
/// Only the voice of consonants differs, in a short word.
const SAME_UNVOICED: f32 = 0.84;
/// Only vowels differ.
const SAME_CONSONANTS: f32 = 0.86;

/// The similarity of two words, 0.6 to 1, and in what way; `None` of different words.
pub(crate) fn similarity(query: &Part<'_>, listed: &Part<'_>) -> Option<(f32, WordMatch)> {
    compare(query, listed, spelling)
}

/// The same, of words that are known to be neither of one shape nor of one sound in any sense.
pub(crate) fn similarity_by_edits(query: &Part<'_>, listed: &Part<'_>) -> Option<(f32, WordMatch)> {
    compare(query, listed, edited)
}

fn compare(
    query: &Part<'_>,
    listed: &Part<'_>,
    spelling: fn(&Part<'_>, &Part<'_>) -> Option<(f32, WordMatch)>,
) -> Option<(f32, WordMatch)> {
    if query.latin == listed.latin && query.role == listed.role {
        let [left, right] = [query.characters, listed.characters];
        return Some(if left == right || left == 0 || right == 0 {
            (1.0, WordMatch::ExactMatch)
        } else {
            (SAME_READING, WordMatch::Phonetic)
        });
    }
    match (query.role, listed.role) {
        (Role::Initial, Role::Name) => return initial(query, listed, WordMatch::InitialToWord),
        (Role::Name, Role::Initial) => return initial(listed, query, WordMatch::WordToInitial),
        (Role::LegalForm, Role::LegalForm) if query.class == listed.class => {
            return Some((0.95, WordMatch::EquivalentName));
        }
        (Role::Name, Role::Name) => {}
        (Role::LegalForm | Role::Number, _) | (_, Role::LegalForm | Role::Number) => return None,
        _ => return small(query, listed),
    }
    if query.class != 0 && query.class == listed.class {
        return Some((SAME_NAME, WordMatch::EquivalentName));
    }
    if query.fold == listed.fold {
        return Some((SAME_SOUND, WordMatch::Phonetic));
    }
    let known_apart = query.class != 0 && listed.class != 0;
    let (mut similarity, how) = if query.abjad == listed.abjad {
        spelling(query, listed)?
    } else {
        let (bare, written) = if query.abjad { (query, listed) } else { (listed, query) };
        let similarity = vowelless_similarity(bare.fold.as_bytes(), written.fold.as_bytes())?;
        (similarity, WordMatch::Phonetic)
    };
    if known_apart {
        similarity *= 0.85;
    }
    (similarity >= LEAST).then_some((similarity, how))
}

/// A title or particle in another spelling, or what is one in one name and a name in the other: Sayed
/// and Sayyed, Kari and Qari, Ben and Benjamin.
fn small(query: &Part<'_>, listed: &Part<'_>) -> Option<(f32, WordMatch)> {
    if query.latin == listed.latin {
        return Some((SAME_SOUND, WordMatch::ExactMatch));
    }
    // Two letters sound like too much.
    let tells = query.latin.len().min(listed.latin.len()) >= 3;
    if tells && query.class != 0 && query.class == listed.class {
        return Some((SAME_NAME, WordMatch::EquivalentName));
    }
    let alike = match (query.abjad, listed.abjad) {
        (true, false) => vowelless_similarity(query.fold.as_bytes(), listed.fold.as_bytes()),
        (false, true) => vowelless_similarity(listed.fold.as_bytes(), query.fold.as_bytes()),
        _ => (dull(query.fold) == dull(listed.fold)).then_some(SAME_DULL),
    };
    let similarity = alike.filter(|similarity| tells && *similarity > SAME_UNVOICED)?;
    Some((similarity, WordMatch::Phonetic))
}

fn initial(initial: &Part<'_>, word: &Part<'_>, how: WordMatch) -> Option<(f32, WordMatch)> {
    if unvoiced(word.latin).is_some_and(|sound| sound == initial.latin) {
        return Some((SAME_UNVOICED, WordMatch::Phonetic));
    }
    (initial.latin.as_bytes().first() == word.latin.as_bytes().first()).then_some((0.8, how))
}

/// By edits, by shape or by sound, whichever is kinder.
fn spelling(query: &Part<'_>, listed: &Part<'_>) -> Option<(f32, WordMatch)> {
    let edited = edited(query, listed);
    let best = edited.map_or(0.0, |(similarity, _)| similarity);
    if best < SAME_DULL && dull(query.fold) == dull(listed.fold) {
        return Some((SAME_DULL, WordMatch::Phonetic));
    }
    if best < SAME_SHAPE && shape(query.latin) == shape(listed.latin) {
        return Some((SAME_SHAPE, WordMatch::EditDistance));
    }
    let shortest = query.fold.len().min(listed.fold.len());
    if edited.is_some()
        && best < SAME_CONSONANTS
        && shortest >= 4
        && skeleton(query.fold) == skeleton(listed.fold)
    {
        return Some((SAME_CONSONANTS, WordMatch::Phonetic));
    }
    if best < SAME_UNVOICED
        && let Some(sound) = unvoiced(query.latin)
        && unvoiced(listed.latin).is_some_and(|other| other == sound)
    {
        return Some((SAME_UNVOICED, WordMatch::Phonetic));
    }
    edited
}

/// By edits of the letters and of the sound.
fn edited(query: &Part<'_>, listed: &Part<'_>) -> Option<(f32, WordMatch)> {
    let letters = edits(query.latin, listed.latin);
    let sound = edits(query.fold, listed.fold).map(|similarity| similarity * SAME_SOUND);
    let mut best = match (letters, sound) {
        (Some(letters), Some(sound)) => letters.max(sound),
        (letters, sound) => letters.or(sound)?,
    };
    if query.latin.as_bytes().first() != listed.latin.as_bytes().first()
        && query.fold.as_bytes().first() != listed.fold.as_bytes().first()
    {
        best -= 0.05;
    }
    Some((best, WordMatch::EditDistance))
}

/// How many edits a word of so many letters may have and still be that word.
fn allowed(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=6 => 1,
        7..=10 => 2,
        _ => 3,
    }
}

fn edits(left: &str, right: &str) -> Option<f32> {
    let longest = left.len().max(right.len());
    let allowed = allowed(longest);
    if left.len().abs_diff(right.len()) > allowed || allowed == 0 {
        return None;
    }
    let arguments = osa::Args::default().score_cutoff(allowed);
    let distance = osa::distance_with_args(left.bytes(), right.bytes(), &arguments)?;
    Some(1.0 - distance as f32 / longest as f32)
}

/// How much two words have in common that are other words, 0 to 1: what is left over on both sides
/// contradicts less where it may be the same word, badly written.
pub(crate) fn resemblance(query: &Part<'_>, listed: &Part<'_>) -> f32 {
    let longest = query.latin.len().max(listed.latin.len());
    let arguments = osa::Args::default().score_cutoff(longest * 2 / 3);
    osa::distance_with_args(query.latin.bytes(), listed.latin.bytes(), &arguments)
        .map_or(0.0, |distance| 1.0 - distance as f32 / longest as f32)
}

/// Whether joined words, with their sound, read as another; stricter than words alone.
pub(crate) fn joined(latin: &str, sound: &str, other: &Part<'_>) -> Option<f32> {
    const STRICT: f32 = 0.84;
    if latin == other.latin {
        return Some(JOINED);
    }
    if sound == other.fold {
        return Some(JOINED * SAME_SOUND);
    }
    edits(sound, other.fold).map(|similarity| similarity * SAME_SOUND).filter(|s| *s >= STRICT)
}

/// How well a word with its vowels fits one written without: consonants must meet, and the letters
/// that stand for long vowels meet vowels.
fn vowelless_similarity(bare: &[u8], written: &[u8]) -> Option<f32> {
    const LONGEST: usize = 24;
    if bare.is_empty() || written.is_empty() || bare.len() > LONGEST || written.len() > LONGEST {
        return None;
    }
    let mut row = [0.0_f32; LONGEST + 1];
    for at in 0..written.len() {
        row[at + 1] = row[at] + unwritten(written[at]);
    }
    for (at, letter) in bare.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] += missing(*letter, at, bare.len());
        for (column, other) in written.iter().enumerate() {
            let meet = diagonal + meeting(*letter, *other);
            let skip = row[column + 1] + missing(*letter, at, bare.len());
            let insert = row[column] + unwritten(*other);
            diagonal = row[column + 1];
            row[column + 1] = meet.min(skip).min(insert);
        }
    }
    let consonants = bare.iter().filter(|letter| !is_vowel(**letter)).count().max(1);
    let similarity = 0.96 - row[written.len()] / (consonants as f32 + 0.5);
    (similarity >= LEAST).then_some(similarity)
}

/// A letter that only the word with vowels has.
fn unwritten(letter: u8) -> f32 {
    match letter {
        letter if is_vowel(letter) => 0.04,
        b'h' => 0.4,
        _ => 1.0,
    }
}

/// A letter that only the word without vowels has.
fn missing(letter: u8, at: usize, length: usize) -> f32 {
    match letter {
        b'a' => 0.15,
        b'h' if at + 1 == length => 0.1,
        b'v' | b'i' => 0.5,
        b'h' => 0.6,
        _ => 1.0,
    }
}

fn meeting(bare: u8, written: u8) -> f32 {
    const NEAR: [&[u8]; 9] = [b"gj", b"kg", b"hk", b"bp", b"fv", b"ts", b"ds", b"td", b"xc"];
    if bare == written {
        return 0.0;
    }
    match bare {
        b'a' if is_vowel(written) => 0.05,
        b'v' if matches!(written, b'u' | b'o') => 0.0,
        b'i' if matches!(written, b'e' | b'j') => 0.0,
        b'i' if written == b'a' => 0.2,
        _ if NEAR.iter().any(|pair| pair.contains(&bare) && pair.contains(&written)) => 0.35,
        _ => 1.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::EntityKind;
    use crate::text::words::words;

    /// Of the first words. One letter is an initial only beside a name.
    fn of(left: &str, right: &str) -> Option<(f32, WordMatch)> {
        let [left, right] = [left, right].map(|text| words(text, EntityKind::Person).remove(0));
        similarity(&left.part(1.0), &right.part(1.0))
    }

    #[test]
    fn each_way_of_being_alike() {
        use WordMatch::*;
        for (left, right, how) in [
            ("Putin", "PUTIN", ExactMatch),
            ("Путин", "Putin", ExactMatch),
            ("Pulin", "Putin", EditDistance),
            ("Qaddafi", "Kadafi", Phonetic),
            ("Muhammad", "Mohamed", EquivalentName),
            ("محمد", "Mohamed", EquivalentName),
            ("J. Smith", "John", InitialToWord),
            ("John", "J. Smith", WordToInitial),
            // Titles and particles, in other spellings or as names.
            ("Mullah Omar", "Mollah Omar", Phonetic),
            ("Kari Rahmat", "Qari Rahmat", Phonetic),
            ("آخوند عمر", "Akhund Omar", Phonetic),
            ("Ben Smith", "Benjamin", EquivalentName),
            ("Nacho", "Ignacio", EquivalentName),
            // One letter, but a whole word of Korean.
            ("U Cho", "Woo Cho", Phonetic),
        ] {
            let found = of(left, right);
            assert_eq!(found.map(|(_, how)| how), Some(how), "{left} {right} {found:?}");
        }
    }

    #[test]
    fn consonants_without_vowels() {
        for (bare, written) in [
            ("سوداني", "Sudani"),
            ("حسيني", "Husseini"),
            ("قذافي", "Qaddafi"),
            ("بغدادي", "Baghdadi"),
        ] {
            let found = of(bare, written).map_or(0.0, |(similarity, _)| similarity);
            assert!(found > 0.75, "{bare} {written}: {found}");
        }
        assert!(of("سوداني", "Karim").is_none());
    }

    #[test]
    fn other_names_are_other_names() {
        for (left, right) in
            [("Ortiz", "Ortega"), ("Kim", "Kam"), ("Rahman", "Karim"), ("22", "23")]
        {
            assert_eq!(of(left, right), None, "{left} {right}");
        }
        assert!(of("Hassan", "Hussein").is_none_or(|(similarity, _)| similarity < 0.8));
    }
}
