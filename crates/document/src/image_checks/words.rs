use bonafide_imaging::Quad;

use crate::mrz::{Format, Reading};
use crate::side::Side;

/// What shows that a document is a specimen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    /// The word, from the lists below.
    pub(super) word: &'static str,
    /// Where it stands.
    pub(super) quad: Option<Quad>,
}

/// Words that stand on specimens and are nobody's name. They count wherever they are, also within a longer run of
/// letters, as a pattern repeats them. In the spelling of machine readable zones, after [`plain`].
const NOBODYS_NAME: [&str; 13] = [
    "SPECIMEN",
    "ESPECIMEN",
    "MUSTERMANN",
    "MUSTERFRAU",
    "VZOREC",
    "UZORAK",
    "OBRAZEC",
    "PARAUGS",
    "NAIDIS",
    "FACSIMILE",
    "PAVYZDYS",
    "VOORBEELD",
    "ORNEKTIR",
];

/// Words that stand on specimens and are names too. They count as a word of their own in the visible text, unless the
/// machine readable zone gives them as the holder's name.
const ALSO_A_NAME: [&str; 9] =
    ["SAMPLE", "MUSTER", "MUESTRA", "VZOR", "VZORKA", "WZOR", "MINTA", "ORNEK", "CAMPIONE"];

/// The issuing state of ICAO's own specimens (9303-3 appendix): Utopia.
const UTOPIA: &str = "UTO";

/// The first sign of a specimen on a side.
pub(super) fn specimen_mark(side: &Side) -> Option<Mark> {
    in_zone(side.mrz).or_else(|| in_print(side))
}

fn in_zone(zone: Option<&Reading>) -> Option<Mark> {
    let zone = zone?;
    let quad = zone.quad;
    if zone.lines.first().and_then(|line| line.get(2..5)) == Some(UTOPIA) {
        return Some(Mark { word: UTOPIA, quad });
    }
    let names = names(zone);
    let word = NOBODYS_NAME.into_iter().find(|word| names.contains(word))?;
    Some(Mark { word, quad })
}

fn in_print(side: &Side) -> Option<Mark> {
    let holder = side.mrz.map(names).unwrap_or_default();
    side.print.iter().find_map(|line| {
        let text = plain(&line.text);
        let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
        let stands_alone = |word: &&str| words.contains(word) && !holder.contains(word);
        let word = (NOBODYS_NAME.into_iter().find(|word| text.contains(word)))
            .or_else(|| ALSO_A_NAME.into_iter().find(stands_alone))?;
        Some(Mark { word, quad: Some(line.quad) })
    })
}

/// The words of the name field (ICAO 9303-4 to -7: the last line of TD1, the first line of all others after the
/// issuing state).
fn names(zone: &Reading) -> Vec<&str> {
    let field = match zone.format {
        Format::Td1 => zone.lines.get(2).map(String::as_str),
        _ => zone.lines.first().and_then(|line| line.get(5..)),
    };
    field.unwrap_or_default().split('<').filter(|word| !word.is_empty()).collect()
}

/// Upper case, without the accents that these words have in their languages.
fn plain(text: &str) -> String {
    let unaccented = |letter: char| match letter {
        'É' | 'È' => 'E',
        'Ó' | 'Ö' => 'O',
        'Ä' | 'Á' => 'A',
        other => other,
    };
    text.to_uppercase().chars().map(unaccented).collect()
}
