//! What may stand in a place, as a cost: the grammar speaks against a character, it never forbids.
//!
//! Costs are negative natural logarithms of how often a document prints such a character there, so
//! that they add up with what the recogniser says. A recogniser that is sure overrules the grammar:
//! documents with digits in the nationality exist.

/// The kind of characters that belong in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The first letter is one of these; the second place holds a letter or a filler, rarely a digit.
    DocumentCode {
        first_letters: &'static [u8],
    },
    /// Names: letters and fillers.
    Letters,
    /// Letters and fillers, but for Romanian cards; which codes there are is weighed elsewhere.
    StateCode,
    /// The document number of a state that uses only these characters.
    Serial {
        alphabet: &'static [u8],
    },
    Date,
    Sex,
    CheckDigit,
    /// A check digit that is left out where its field is empty.
    OptionalCheckDigit,
    Any,
}

/// Seen on real documents, rarely.
const RARE: f32 = 3.0;
/// Against the standard, but seen.
const WRONG: f32 = 5.0;
/// Hardly ever seen.
const NEARLY_ABSURD: f32 = 9.0;
/// Never seen.
const ABSURD: f32 = 12.0;

/// What it costs to believe that `character` stands in the place `offset` of an element of this
/// class.
pub(super) fn cost(class: Class, offset: usize, character: u8) -> f32 {
    let is_digit = character.is_ascii_digit();
    let is_filler = character == b'<';
    match class {
        Class::Any => 0.0,
        Class::Letters => {
            if is_digit {
                NEARLY_ABSURD
            } else {
                0.0
            }
        }
        Class::StateCode => {
            if is_digit {
                WRONG
            } else {
                0.0
            }
        }
        Class::DocumentCode { first_letters } => match offset {
            0 if first_letters.contains(&character) => 0.0,
            0 => WRONG,
            _ if is_digit => RARE,
            _ => 0.0,
        },
        Class::Serial { alphabet } => {
            if is_filler || alphabet.contains(&character) {
                0.0
            } else {
                WRONG
            }
        }
        Class::Date => match (is_digit, is_filler) {
            (true, _) => 0.0,
            (_, true) => RARE,
            _ => ABSURD,
        },
        Class::CheckDigit => match (is_digit, is_filler) {
            (true, _) => 0.0,
            (_, true) => WRONG,
            _ => ABSURD,
        },
        Class::OptionalCheckDigit => {
            if is_digit || is_filler {
                0.0
            } else {
                ABSURD
            }
        }
        Class::Sex => match character {
            b'M' | b'F' => 0.0,
            b'<' | b'X' => RARE,
            _ => ABSURD,
        },
    }
}
