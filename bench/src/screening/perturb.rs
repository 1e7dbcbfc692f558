//! The perturbations that the protocol names. They know nothing of the engine.

use super::protocol::Kind;
use super::random::Random;

const GIVEN: [&str; 16] = [
    "Karim", "Peter", "Luis", "Svetlana", "Wei", "Tariq", "Anna", "Jorge", "Nadia", "Viktor",
    "Fatima", "Joseph", "Ramon", "Leila", "Boris", "Chinedu",
];
const OCR: [(&str, &str); 14] = [
    ("o", "0"),
    ("i", "1"),
    ("l", "1"),
    ("s", "5"),
    ("b", "8"),
    ("z", "2"),
    ("g", "6"),
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("d", "cl"),
    ("w", "vv"),
    ("i", "l"),
    ("l", "i"),
];
const SCHEMES: [(&str, &str); 20] = [
    ("kh", "h"),
    ("q", "k"),
    ("k", "q"),
    ("ou", "u"),
    ("u", "ou"),
    ("y", "i"),
    ("i", "y"),
    ("sh", "ch"),
    ("j", "dj"),
    ("ph", "f"),
    ("f", "ph"),
    ("ee", "i"),
    ("i", "ee"),
    ("oo", "u"),
    ("mm", "m"),
    ("ss", "s"),
    ("s", "ss"),
    ("ah", "a"),
    ("v", "w"),
    ("x", "ks"),
];
const FORMS: [(&str, &[&str]); 8] = [
    ("ltd", &["limited", ""]),
    ("limited", &["ltd", ""]),
    ("llc", &["limited liability company", ""]),
    ("co", &["company", ""]),
    ("company", &["co", ""]),
    ("corporation", &["corp", ""]),
    ("inc", &["incorporated", ""]),
    ("jsc", &["joint stock company", ""]),
];

/// The name, perturbed; `None` where the kind does not apply, or leaves the name as it was.
pub(crate) fn perturb(name: &str, kind: Kind, random: &mut Random) -> Option<String> {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let changed = match kind {
        Kind::Typo1 => typos(&words, 1, random),
        Kind::Typo2 => typos(&words, 2, random),
        Kind::TypoEvery => {
            (words.len() > 1).then(|| words.iter().map(|word| typo(word, random)).collect())
        }
        Kind::Ocr => replaced(&lower, &OCR, 2, random),
        Kind::Romanisation => replaced(&lower, &SCHEMES, 3, random),
        Kind::Reorder => {
            let turn = 1 + random.below(words.len().saturating_sub(1));
            (words.len() > 1).then(|| {
                [&words[turn..], &words[..turn]].concat().iter().map(|w| (*w).to_owned()).collect()
            })
        }
        Kind::DropMiddle => (words.len() > 2).then(|| {
            let drop = 1 + random.below(words.len() - 2);
            without(&words, drop)
        }),
        Kind::Initial => (words.len() > 1).then(|| {
            let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            words[0] = words[0].chars().take(1).collect();
            words
        }),
        Kind::Joined => (words.len() > 1).then(|| {
            let at = random.below(words.len() - 1);
            let mut joined = without(&words, at + 1);
            joined[at] = format!("{}{}", words[at], words[at + 1]);
            joined
        }),
        Kind::Parted => {
            let long = words.iter().position(|word| word.len() >= 7 && word.is_ascii());
            long.map(|at| {
                let cut = 3 + random.below(words[at].len() - 5);
                let mut parted: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
                parted[at].insert(cut, ' ');
                parted
            })
        }
        Kind::Extra => {
            let mut more: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            more.insert(random.below(words.len() + 1), random.pick(&GIVEN).to_lowercase());
            Some(more)
        }
        Kind::LegalForm => Some(legal_form(&words, random)),
        Kind::BusinessTypo => typos(&words, 1, random),
        Kind::AliasPerson
        | Kind::AliasBusiness
        | Kind::OriginalScript
        | Kind::Cyrillic
        | Kind::Greek => None,
    }?;
    let changed = changed.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    (changed != lower && !changed.is_empty()).then_some(changed)
}

fn without(words: &[&str], at: usize) -> Vec<String> {
    words
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != at)
        .map(|(_, w)| (*w).to_owned())
        .collect()
}

fn typos(words: &[&str], count: usize, random: &mut Random) -> Option<Vec<String>> {
    let mut long: Vec<usize> =
        (0..words.len()).filter(|at| words[*at].chars().count() >= 4).collect();
    if long.is_empty() {
        return None;
    }
    let mut changed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for _ in 0..count {
        let at = random.below(long.len());
        let word = if long.len() > 1 { long.swap_remove(at) } else { long[at] };
        changed[word] = typo(&changed[word], random);
    }
    Some(changed)
}

fn typo(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 {
        return word.to_owned();
    }
    let letter = char::from(b'a' + random.below(26) as u8);
    let at = random.below(letters.len());
    match random.below(4) {
        0 => letters.insert(at, letter),
        1 => drop(letters.remove(at)),
        2 => letters[at] = letter,
        _ => letters.swap(at.min(word.chars().count() - 2), at.min(word.chars().count() - 2) + 1),
    }
    letters.into_iter().collect()
}

fn replaced(
    name: &str,
    table: &[(&str, &str)],
    most: usize,
    random: &mut Random,
) -> Option<Vec<String>> {
    let mut changed = name.to_owned();
    let mut done = 0;
    let wanted = 1 + random.below(most);
    for _ in 0..60 {
        let (from, to) = table[random.below(table.len())];
        let places: Vec<usize> = changed.match_indices(from).map(|(at, _)| at).collect();
        if places.is_empty() {
            continue;
        }
        let at = places[random.below(places.len())];
        changed.replace_range(at..at + from.len(), to);
        done += 1;
        if done == wanted {
            break;
        }
    }
    (done > 0).then(|| vec![changed])
}

fn legal_form(words: &[&str], random: &mut Random) -> Vec<String> {
    let mut changed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for word in &mut changed {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric()).replace('.', "");
        if let Some((_, others)) = FORMS.iter().find(|(form, _)| *form == bare) {
            random.pick(others).clone_into(word);
            return changed;
        }
    }
    changed.push(random.pick(&["ltd", "llc", "inc", "gmbh", "company"]).to_owned());
    changed
}
