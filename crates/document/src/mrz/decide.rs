//! The likeliest text: what the recogniser saw, weighed with the grammar and the check digits.
//!
//! Everything is a cost in negative logarithms and adds up: a character that the recogniser doubts,
//! one that does not belong in its place, a check digit that fails.

use super::class::{self, Class};
use super::format::Format;
use super::lattice::{Place, Role, Solution, cheapest};
use super::layout::{self, Checked, Field};
use super::observation::{Observation, Symbol};
use super::reading::{Cause, Reading, Repair, check_digits};
use super::{quirks, states};

/// A printed check digit fails on about one document in a thousand.
const CHECK_FAILS: f32 = 7.0;
/// A repair must be this much better than what else could have been meant, or it is none.
const CLEAR_MARGIN: f32 = 1.0;
/// A code that is none of the known ones is printed on one document in a thousand, mostly specimens.
const UNKNOWN_CODE: f32 = 7.0;
/// Check digits that need more changes than this to hold were not read well enough to say anything.
const MOST_CHANGES: usize = 3;
/// Characters that cost this much more than the cheapest are not considered: what looks like what
/// was read always is, what the recogniser excludes and looks otherwise is not.
const HOPELESS: f32 = 8.0;

/// Reads a zone from what was seen of its lines. `None` where the number and the length of the
/// lines fit no format.
pub fn decide(observation: &Observation) -> Option<Reading> {
    let columns = observation.first()?.len();
    if observation.iter().any(|line| line.len() != columns) {
        return None;
    }
    let first_line: Vec<u8> = observation[0].iter().map(Symbol::best).collect();
    let format = Format::of_shape(observation.len(), columns, &first_line)?;

    let mut places = places(format, observation);
    prefer_known_codes(&mut places);
    let by_grammar = lines_of(&places, &cheapest(&places, 0.0).text, format);
    restrict_number(&mut places, format, &by_grammar);
    assign_check_digits(&mut places, format, layout::long_number(format, &by_grammar));

    let by_grammar = cheapest(&places, 0.0).text;
    let best = cheapest(&places, CHECK_FAILS);
    let margins = margins(&mut places, &by_grammar, &best);
    let is_clear =
        margins.len() <= MOST_CHANGES && margins.iter().all(|&(_, margin)| margin >= CLEAR_MARGIN);
    let text = if is_clear { best.text } else { by_grammar.clone() };
    let margins = if is_clear { margins } else { Vec::new() };
    Some(reading(format, observation, &places, &by_grammar, &text, &margins))
}

fn places(format: Format, observation: &Observation) -> Vec<Place> {
    let mut places = Vec::with_capacity(format.lines() * format.columns());
    for element in layout::elements(format) {
        let is_text = matches!(element.class, Class::Letters | Class::Any);
        for (offset, column) in (element.start..element.end).enumerate() {
            let (line, class) = (element.line, element.class);
            let candidates = candidates(&observation[line][column], class, offset);
            let (own, composite) = (Role::Outside, Role::Outside);
            places.push(Place { line, column, class, offset, is_text, own, composite, candidates });
        }
    }
    places
}

fn candidates(symbol: &Symbol, class: Class, offset: usize) -> Vec<(u8, f32)> {
    let mut costs =
        symbol.costs().map(|(c, cost)| (c, cost + class::cost(class, offset, c))).to_vec();
    let cheapest = costs.iter().map(|&(_, cost)| cost).fold(f32::INFINITY, f32::min);
    costs.retain(|&(_, cost)| cost <= cheapest + HOPELESS);
    costs
}

/// Where the three places of a code can be read as a known one at little cost, they are.
fn prefer_known_codes(places: &mut [Place]) {
    for start in 0..places.len().saturating_sub(2) {
        let code = &mut places[start..start + 3];
        if code.iter().any(|place| place.class != Class::StateCode) || code[0].offset != 0 {
            continue;
        }
        let cost = |place: &Place, character: u8| {
            let candidate = place.candidates.iter().find(|(c, _)| *c == character);
            candidate.map_or(f32::INFINITY, |&(_, cost)| cost)
        };
        let total = |known: &[u8]| -> f32 {
            code.iter().zip(known).map(|(place, &character)| cost(place, character)).sum()
        };
        let as_seen: f32 = (code.iter())
            .map(|place| place.candidates.iter().map(|c| c.1).fold(f32::INFINITY, f32::min))
            .sum();
        let Some(known) = states::printed().min_by(|a, b| total(a).total_cmp(&total(b))) else {
            continue;
        };
        if total(known) <= as_seen + UNKNOWN_CODE {
            for (place, &character) in code.iter_mut().zip(known) {
                place.candidates.retain(|&(candidate, _)| candidate == character);
            }
        }
    }
}

/// Some states leave look-alikes out of their document numbers.
fn restrict_number(places: &mut [Place], format: Format, lines: &[Vec<u8>]) {
    let Some(class) = quirks::number_class(&lines[0][2..5]) else { return };
    let number = layout::elements(format).into_iter().find(|e| e.field == Field::DocumentNumber);
    for place in places.iter_mut() {
        if number.is_some_and(|n| n.line == place.line && (n.start..n.end).contains(&place.column))
        {
            place.class = class;
            for (character, cost) in &mut place.candidates {
                *cost += class::cost(class, place.offset, *character);
            }
        }
    }
}

fn assign_check_digits(places: &mut [Place], format: Format, long_number: usize) {
    for check in layout::checks(format, long_number) {
        let mut index = 0;
        for place in places.iter_mut() {
            let is_covered = check.spans.iter().any(|span| {
                span.line == place.line && (span.start..span.end).contains(&place.column)
            });
            let is_digit = (check.line, check.column) == (place.line, place.column);
            let role = match (is_covered, is_digit) {
                (true, _) => Role::Covered(index),
                (_, true) => Role::Digit(check.checked),
                _ => continue,
            };
            index += 1;
            if check.checked == Checked::Composite {
                place.composite = role;
            } else {
                place.own = role;
            }
        }
    }
}

/// For each place that the check digits changed: how much more the best text costs that has another
/// character there.
fn margins(places: &mut [Place], by_grammar: &[u8], best: &Solution) -> Vec<(usize, f32)> {
    let mut margins = Vec::new();
    for index in 0..places.len() {
        if best.text[index] == by_grammar[index] {
            continue;
        }
        let without: Vec<_> = (places[index].candidates.iter().copied())
            .filter(|&(character, _)| character != best.text[index])
            .collect();
        let all = std::mem::replace(&mut places[index].candidates, without);
        margins.push((index, cheapest(places, CHECK_FAILS).cost - best.cost));
        places[index].candidates = all;
    }
    margins
}

fn lines_of(places: &[Place], text: &[u8], format: Format) -> Vec<Vec<u8>> {
    let mut lines = vec![vec![b'<'; format.columns()]; format.lines()];
    for (place, &character) in places.iter().zip(text) {
        lines[place.line][place.column] = character;
    }
    lines
}

fn reading(
    format: Format,
    observation: &Observation,
    places: &[Place],
    by_grammar: &[u8],
    text: &[u8],
    margins: &[(usize, f32)],
) -> Reading {
    let mut confidences = vec![vec![0.0; format.columns()]; format.lines()];
    let mut repairs = Vec::new();
    for (index, (place, &character)) in places.iter().zip(text).enumerate() {
        let read = observation[place.line][place.column].best();
        if read != character {
            let by_check_digit = by_grammar[index] != character;
            let cause = if by_check_digit { Cause::CheckDigit } else { Cause::Grammar };
            let (read, repaired) = (char::from(read), char::from(character));
            repairs.push(Repair { line: place.line, column: place.column, read, repaired, cause });
        }
        let margin = margins.iter().find(|(at, _)| *at == index).map(|&(_, margin)| margin);
        confidences[place.line][place.column] =
            margin.map_or_else(|| share(&place.candidates, character), odds_to_share);
    }
    repairs.sort_by_key(|repair| (repair.line, repair.column));
    let lines = lines_of(places, text, format);
    let check_digits = check_digits(format, &lines);
    let lines = lines.into_iter().map(|line| line.into_iter().map(char::from).collect()).collect();
    Reading { format, lines, confidences, repairs, check_digits, quad: None, rotation: 0 }
}

fn odds_to_share(margin: f32) -> f32 {
    1.0 / (1.0 + (-margin).exp())
}

/// The share of a character among its rivals, grammar included.
fn share(candidates: &[(u8, f32)], character: u8) -> f32 {
    let likelihood = |cost: f32| (-cost).exp();
    let all: f32 = candidates.iter().map(|&(_, cost)| likelihood(cost)).sum();
    let own =
        candidates.iter().find(|(c, _)| *c == character).map_or(0.0, |&(_, cost)| likelihood(cost));
    if all > 0.0 { own / all } else { 0.0 }
}
