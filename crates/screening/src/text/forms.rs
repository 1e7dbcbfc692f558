//! Legal forms and numbers in the names of organisations.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::tables;
use super::words::{Role, Word};

/// The most words that a legal form has.
const LONGEST: usize = 6;
/// Classes of legal forms lie above those of names.
const FIRST_CLASS: u16 = 0x8000;

static FORMS: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
    let mut forms = FxHashMap::default();
    for (line, class) in tables::LEGAL_FORMS.iter().zip(FIRST_CLASS..) {
        for form in *line {
            forms.entry(*form).or_insert(class);
        }
    }
    forms
});

/// Marks legal forms (several words become one), particles, and numbers written as words.
pub(super) fn mark(words: &mut Vec<Word>) {
    let mut at = 0;
    while at < words.len() {
        if let Some((taken, class)) = form_at(&words[at..]) {
            let joined: Vec<&str> =
                words[at..at + taken].iter().map(|word| word.written.as_str()).collect();
            let written = joined.join(" ");
            let word = &mut words[at];
            word.written = written;
            word.role = Role::LegalForm;
            word.class = class;
            words.drain(at + 1..at + taken);
        } else if tables::PARTICLES.contains(&words[at].latin.as_str()) && words[at].latin.len() > 1
        {
            words[at].role = Role::Particle;
        }
        at += 1;
    }
    numbers(words);
}

fn form_at(words: &[Word]) -> Option<(usize, u16)> {
    let most = words.len().min(LONGEST);
    (1..=most).rev().find_map(|taken| {
        let spelt: Vec<&str> = words[..taken].iter().map(|word| word.latin.as_str()).collect();
        FORMS.get(spelt.join(" ").as_str()).map(|class| (taken, *class))
    })
}

/// `forty four` → 44, `first` and `1st` → 1.
fn numbers(words: &mut Vec<Word>) {
    let value = |word: &Word| {
        let spelt = word.latin.as_str();
        let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| spelt.strip_suffix(end));
        tables::NUMBERS
            .iter()
            .find(|(name, _)| *name == spelt)
            .map(|(_, value)| *value)
            .or_else(|| ordinal.and_then(|digits| digits.parse().ok()))
    };
    let mut at = 0;
    while at < words.len() {
        if words.len() > 1
            && let Some(mut number) = value(&words[at])
        {
            if let Some(ones) = words.get(at + 1).and_then(value)
                && (20..100).contains(&number)
                && ones < 10
            {
                number += ones;
                words.remove(at + 1);
            }
            let word = &mut words[at];
            word.latin = number.to_string();
            word.fold.clone_from(&word.latin);
            word.role = Role::Number;
            word.class = 0;
        }
        at += 1;
    }
}
