//! Lays frames out on a line of known length.
//!
//! A recogniser that reads freely drops and doubles characters, mostly fillers. A line of a zone
//! has an exact number of them, so the likeliest way through the frames that passes exactly so many
//! characters is sought (Viterbi over the CTC lattice). Which character stands in each place is
//! then a distribution, not a choice: grammar and check digits choose later.

use crate::mrz::{ALPHABET, Symbol};
use crate::text::Frame;

/// No probability is smaller: the recogniser is never that sure.
const FLOOR: f32 = 1e-5;
const BLANK: usize = ALPHABET.len();

/// A line laid out on its places.
pub(super) struct Alignment {
    /// What was seen in each place.
    pub(super) symbols: Vec<Symbol>,
    /// Mean logarithm of the probability per frame: 0 at best.
    pub(super) score: f32,
}

/// How the best way came to a character of a place.
#[derive(Clone, Copy)]
enum Origin {
    /// It was already there.
    Stay,
    /// From the blank before the place.
    Blank,
    /// From this character of the place before.
    Character(u8),
}

/// The best ways that end in one place: on each character, and on the blank before it.
#[derive(Clone)]
struct Cell {
    characters: [f32; ALPHABET.len()],
    blank: f32,
}

impl Cell {
    const UNREACHED: Self =
        Self { characters: [f32::NEG_INFINITY; ALPHABET.len()], blank: f32::NEG_INFINITY };

    /// The two best characters.
    fn leaders(&self) -> [(usize, f32); 2] {
        let mut leaders = [(0, f32::NEG_INFINITY); 2];
        for (index, &score) in self.characters.iter().enumerate() {
            if score > leaders[0].1 {
                leaders = [(index, score), leaders[0]];
            } else if score > leaders[1].1 {
                leaders[1] = (index, score);
            }
        }
        leaders
    }
}

/// What the way back needs to know of one frame and place.
#[derive(Clone)]
struct Trace {
    characters: [Origin; ALPHABET.len()],
    /// The character of the place before from which the blank was entered, if it was.
    blank: Option<u8>,
}

/// The likeliest layout of the frames on `places` places, or `None` where there are too few frames.
pub(super) fn align(frames: &[Frame], places: usize) -> Option<Alignment> {
    if frames.len() < places || places == 0 {
        return None;
    }
    let logs: Vec<Frame> = frames.iter().map(logarithms).collect();
    // One place more than there are characters: its blank is what follows the last one.
    let mut cells = vec![Cell::UNREACHED; places + 1];
    let mut traces = Vec::with_capacity(frames.len());
    for (time, log) in logs.iter().enumerate() {
        let (next, trace) = advance(&cells, log, time == 0, places);
        cells = next;
        traces.push(trace);
    }
    let after = cells[places].blank;
    let (last, on_last) = cells[places - 1].leaders()[0];
    let end = if after > on_last { End::AfterLast } else { End::OnLast(last) };
    let score = after.max(on_last) / frames.len() as f32;
    let on_characters = occupied(&traces, places, end);
    let symbols = on_characters.iter().map(|times| symbol(frames, times)).collect();
    score.is_finite().then_some(Alignment { symbols, score })
}

fn advance(cells: &[Cell], log: &Frame, is_first: bool, places: usize) -> (Vec<Cell>, Vec<Trace>) {
    let mut next = vec![Cell::UNREACHED; places + 1];
    let mut traces =
        vec![Trace { characters: [Origin::Stay; ALPHABET.len()], blank: None }; places + 1];
    for place in 0..=places {
        let before = if place == 0 {
            [(0, if is_first { 0.0 } else { f32::NEG_INFINITY }); 2]
        } else {
            cells[place - 1].leaders()
        };
        let (cell, trace) = (&mut next[place], &mut traces[place]);
        if place < places {
            for (character, sure) in log.iter().take(ALPHABET.len()).enumerate() {
                let leader =
                    if before[0].0 == character && place > 0 { before[1] } else { before[0] };
                let ways = [
                    (cells[place].characters[character], Origin::Stay),
                    (cells[place].blank, Origin::Blank),
                    (leader.1, Origin::Character(leader.0 as u8)),
                ];
                let best = ways.into_iter().reduce(|a, b| if b.0 > a.0 { b } else { a });
                let (score, origin) = best.unwrap_or(ways[0]);
                cell.characters[character] = score + sure;
                trace.characters[character] = origin;
            }
        }
        let entered = before[0].1;
        let stayed = cells[place].blank;
        if entered > stayed {
            trace.blank = Some(before[0].0 as u8);
        }
        cell.blank = entered.max(stayed) + log[BLANK];
    }
    (next, traces)
}

#[derive(Clone, Copy)]
enum End {
    AfterLast,
    OnLast(usize),
}

/// For each place the frames in which the best way is on a character of it.
fn occupied(traces: &[Vec<Trace>], places: usize, end: End) -> Vec<Vec<usize>> {
    let mut frames = vec![Vec::new(); places];
    let (mut place, mut character) = match end {
        End::AfterLast => (places, None),
        End::OnLast(character) => (places - 1, Some(character)),
    };
    for (time, trace) in traces.iter().enumerate().rev() {
        match character {
            Some(index) => {
                frames[place].push(time);
                match trace[place].characters[index] {
                    Origin::Stay => {}
                    Origin::Blank => character = None,
                    Origin::Character(before) => {
                        place = place.saturating_sub(1);
                        character = Some(usize::from(before));
                    }
                }
            }
            None => {
                if let (Some(before), true) = (trace[place].blank, place > 0) {
                    place -= 1;
                    character = Some(usize::from(before));
                }
            }
        }
    }
    frames
}

/// The mean of what was seen while in the place.
fn symbol(frames: &[Frame], times: &[usize]) -> Symbol {
    let mut weights = [0.0; ALPHABET.len()];
    for &time in times {
        for (weight, probability) in weights.iter_mut().zip(&frames[time]) {
            *weight += probability;
        }
    }
    Symbol::from_weights(weights)
}

/// What the net gave to characters that no zone has is left out.
fn logarithms(frame: &Frame) -> Frame {
    let sum: f32 = frame.iter().sum();
    frame.map(|probability| (probability / sum.max(FLOOR)).max(FLOOR).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(character: Option<u8>, probability: f32) -> Frame {
        let rest = (1.0 - probability) / ALPHABET.len() as f32;
        let mut frame = [rest; ALPHABET.len() + 1];
        let index = character.map_or(BLANK, |c| ALPHABET.iter().position(|&a| a == c).unwrap());
        frame[index] = probability;
        frame
    }

    fn text(alignment: &Alignment) -> String {
        alignment.symbols.iter().map(|symbol| char::from(symbol.best())).collect()
    }

    fn frames(pattern: &str) -> Vec<Frame> {
        pattern.bytes().map(|c| frame(Some(c).filter(|&c| c != b'.'), 0.9)).collect()
    }

    #[test]
    fn clear_frames_are_read_as_they_are() {
        let alignment = align(&frames("..A.BB..1.."), 3).unwrap();
        assert_eq!(text(&alignment), "AB1");
        assert!(alignment.score > -0.2);
    }

    #[test]
    fn a_filler_that_was_swallowed_comes_back() {
        let mut frames = frames("A.<.<.<.B");
        frames[3] = frame(Some(b'<'), 0.6);
        assert_eq!(text(&align(&frames, 5).unwrap()), "A<<<B");
    }

    #[test]
    fn a_character_too_many_is_dropped_where_it_is_weakest() {
        let mut frames = frames("A.B.C");
        frames[1] = frame(Some(b'I'), 0.4);
        assert_eq!(text(&align(&frames, 3).unwrap()), "ABC");
    }

    #[test]
    fn the_right_length_scores_best() {
        let frames = frames("A.B.C.D.E.F.G.H.");
        let score = |places| align(&frames, places).unwrap().score;
        assert!(score(8) > score(7) && score(8) > score(9));
    }

    #[test]
    fn too_few_frames_are_no_line() {
        assert!(align(&frames("AB"), 3).is_none());
        assert!(align(&[], 0).is_none());
    }
}
