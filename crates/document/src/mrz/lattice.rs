//! The search for the cheapest text of a zone.
//!
//! The text is found exactly, by dynamic programming over the places in the order of reading. Its
//! state is what the rest of the zone needs to know of what came before: the sum of the current
//! data element, the sum of the composite check digit, and what came last.

use super::check_digit::{value, weight};
use super::class::Class;
use super::layout::Checked;

/// After three fillers names and optional data are over, but for one document in a hundred or so.
const TEXT_AFTER_FILLERS: f32 = 5.0;
/// In document numbers and optional data letters lead and digits follow; one in three has it the
/// other way round.
const LETTER_AFTER_DIGIT: f32 = 1.2;
/// Four consonants in a row stand in few names, but for German ones.
const FOURTH_CONSONANT: f32 = 1.5;

/// How a place takes part in a check digit.
#[derive(Clone, Copy, Default)]
pub(super) enum Role {
    #[default]
    Outside,
    /// The character at this index of the checked text.
    Covered(usize),
    Digit(Checked),
}

pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) class: Class,
    pub(super) offset: usize,
    /// Letters, digits and fillers follow one another as in words and numbers.
    pub(super) is_text: bool,
    pub(super) own: Role,
    pub(super) composite: Role,
    pub(super) candidates: Vec<(u8, f32)>,
}

pub(super) struct Solution {
    pub(super) text: Vec<u8>,
    pub(super) cost: f32,
}

/// Sums are modulo 10.
#[derive(Clone, Copy)]
struct State {
    own: u32,
    composite: u32,
    last: Last,
}

const STATES: usize = 10 * 10 * Last::ALL.len();

/// What came last in the current data element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Digit,
    Vowel,
    /// So many consonants; three stand for more.
    Consonant,
    TwoConsonants,
    ThreeConsonants,
    /// So many fillers; three stand for more.
    Filler,
    TwoFillers,
    ThreeFillers,
}

impl Last {
    const ALL: [Self; 9] = [
        Self::Nothing,
        Self::Digit,
        Self::Vowel,
        Self::Consonant,
        Self::TwoConsonants,
        Self::ThreeConsonants,
        Self::Filler,
        Self::TwoFillers,
        Self::ThreeFillers,
    ];

    fn then(self, character: u8) -> Self {
        match (character, self) {
            (b'<', Self::Filler) => Self::TwoFillers,
            (b'<', Self::TwoFillers | Self::ThreeFillers) => Self::ThreeFillers,
            (b'<', _) => Self::Filler,
            (b'0'..=b'9', _) => Self::Digit,
            (b'A' | b'E' | b'I' | b'O' | b'U' | b'Y', _) => Self::Vowel,
            (_, Self::Consonant) => Self::TwoConsonants,
            (_, Self::TwoConsonants | Self::ThreeConsonants) => Self::ThreeConsonants,
            _ => Self::Consonant,
        }
    }

    fn is_letter(self) -> bool {
        !matches!(
            self,
            Self::Nothing | Self::Digit | Self::Filler | Self::TwoFillers | Self::ThreeFillers
        )
    }

    /// What it costs that `next` follows.
    fn cost(self, next: Self, class: Class) -> f32 {
        match (self, next) {
            (Self::ThreeFillers, next) if next != Self::ThreeFillers => TEXT_AFTER_FILLERS,
            (Self::Digit, next) if next.is_letter() && class == Class::Any => LETTER_AFTER_DIGIT,
            (Self::ThreeConsonants, Self::ThreeConsonants) if class == Class::Letters => {
                FOURTH_CONSONANT
            }
            _ => 0.0,
        }
    }
}

impl State {
    const START: Self = Self { own: 0, composite: 0, last: Last::Nothing };

    fn index(self) -> usize {
        (self.own as usize * 10 + self.composite as usize) * Last::ALL.len() + self.last as usize
    }

    fn from_index(index: usize) -> Self {
        let (sums, last) = (index / Last::ALL.len(), index % Last::ALL.len());
        Self { own: (sums / 10) as u32, composite: (sums % 10) as u32, last: Last::ALL[last] }
    }

    /// The state after this character, and what the step costs beside the character itself.
    fn step(self, place: &Place, character: u8, check_fails: f32) -> (Self, f32) {
        let (own, own_cost) = sum(place.own, self.own, character, check_fails);
        let (composite, composite_cost) =
            sum(place.composite, self.composite, character, check_fails);
        let before = if place.offset == 0 { Last::Nothing } else { self.last };
        let last = before.then(character);
        let order_cost = if place.is_text { before.cost(last, place.class) } else { 0.0 };
        (Self { own, composite, last }, own_cost + composite_cost + order_cost)
    }
}

fn sum(role: Role, before: u32, character: u8, check_fails: f32) -> (u32, f32) {
    let value = value(character).unwrap_or(0);
    match role {
        Role::Outside => (before, 0.0),
        Role::Covered(index) => {
            let before = if index == 0 { 0 } else { before };
            ((before + value * weight(index)) % 10, 0.0)
        }
        Role::Digit(checked) => {
            let may_be_filler = checked == Checked::OptionalData;
            let holds = value == before && (character != b'<' || may_be_filler);
            (0, if holds { 0.0 } else { check_fails })
        }
    }
}

/// The cheapest text where a failing check digit costs `check_fails`.
pub(super) fn cheapest(places: &[Place], check_fails: f32) -> Solution {
    let mut costs = [f32::INFINITY; STATES];
    costs[State::START.index()] = 0.0;
    let mut origins: Vec<[(u16, u8); STATES]> = Vec::with_capacity(places.len());
    for place in places {
        let mut next = [f32::INFINITY; STATES];
        let mut origin = [(0, b'<'); STATES];
        for (index, cost) in costs.iter().enumerate().filter(|(_, cost)| cost.is_finite()) {
            let state = State::from_index(index);
            for &(character, character_cost) in &place.candidates {
                let (after, step_cost) = state.step(place, character, check_fails);
                let total = cost + character_cost + step_cost;
                if total < next[after.index()] {
                    next[after.index()] = total;
                    origin[after.index()] = (index as u16, character);
                }
            }
        }
        costs = next;
        origins.push(origin);
    }
    let (mut state, cost) = (costs.iter().copied().enumerate())
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, f32::INFINITY));
    let mut text = vec![b'<'; places.len()];
    for (character, origin) in text.iter_mut().zip(&origins).rev() {
        let (before, chosen) = origin[state];
        *character = chosen;
        state = usize::from(before);
    }
    Solution { text, cost }
}
