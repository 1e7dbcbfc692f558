//! From rows of print to a zone: which of them belong to it, and how many characters they have.

use bonafide_imaging::{Point, Quad, warp};
use image::RgbImage;

use super::alignment::{Alignment, align};
use super::locate::Candidate;
use crate::Error;
use crate::mrz::{Observation, Reading, Symbol, decide};
use crate::text::{FRAME_WIDTH, Recogniser, STRIP_HEIGHT};

/// The lengths that lines of zones have, and how many lines go with each.
const SHAPES: [(usize, usize); 3] = [(44, 2), (36, 2), (30, 3)];
/// A row whose frames fit its places worse than this is none of a zone.
const LEAST_SCORE: f32 = -0.45;
/// A zone whose frames fit like this is one, whatever its check digits say.
const SURE_SCORE: f32 = -0.03;
/// One whose check digits hold is one if its frames fit like this.
const SURE_SCORE_IF_VALID: f32 = -0.12;
/// What check digits that hold are worth beside the score.
const VALIDITY: f32 = 0.1;
/// A line with a less sure character, or of a zone with a check digit that fails, is looked at
/// again if its frames fit at least like this.
const DOUBT: f32 = 0.8;
const WORTH_ANOTHER_LOOK: f32 = -0.12;
/// Strips of a line are at least and at most so wide.
const STRIP_WIDTHS: (u32, u32) = (320, 1600);

/// Reads zones from one picture, within a bound on the work.
pub(super) struct ZoneReader<'a> {
    recogniser: &'a Recogniser,
    pub(super) picture: &'a RgbImage,
    /// How many more frames may be recognised.
    budget: usize,
}

/// How a line is cut out: of its height this share is kept, of its width this many times what its
/// proportions ask for. In strips of other sizes other strokes fall together.
#[derive(Clone, Copy)]
struct Look {
    height: f32,
    stretch: f32,
}

const FIRST_LOOK: Look = Look { height: 1.0, stretch: 1.0 };
const SECOND_LOOK: Look = Look { height: 0.8, stretch: 0.75 };

/// A row laid out on the places of one shape.
struct Row {
    columns: usize,
    alignment: Alignment,
}

/// A zone and how well the frames fit it, 0 at best.
pub(super) struct Found {
    pub(super) reading: Reading,
    score: f32,
}

impl Found {
    /// Whether there is no need to look for another zone: also where check digits are printed wrong.
    pub(super) fn is_sure(&self) -> bool {
        let needed = if self.reading.is_valid() { SURE_SCORE_IF_VALID } else { SURE_SCORE };
        self.score > needed
    }

    /// Higher is better: how well the frames fit, and then the check digits.
    pub(super) fn rank(&self) -> f32 {
        self.score + if self.reading.is_valid() { VALIDITY } else { 0.0 }
    }
}

impl<'a> ZoneReader<'a> {
    pub(super) fn new(recogniser: &'a Recogniser, picture: &'a RgbImage, budget: usize) -> Self {
        Self { recogniser, picture, budget }
    }

    /// The zone around the row that the candidate is centred on.
    pub(super) fn read(&mut self, candidate: &Candidate) -> Result<Option<Found>, Error> {
        let lines = &candidate.lines;
        let Some(seed) = self.row(&lines[candidate.centre], None)? else { return Ok(None) };
        let columns = seed.columns;
        let wanted = SHAPES.iter().find(|shape| shape.0 == columns).map_or(0, |shape| shape.1);
        let mut rows = vec![seed];
        let (mut first, mut after) = (candidate.centre, candidate.centre + 1);
        while rows.len() < wanted && first > 0 {
            let Some(row) = self.row(&lines[first - 1], Some(columns))? else { break };
            rows.insert(0, row);
            first -= 1;
        }
        while rows.len() < wanted && after < lines.len() {
            let Some(row) = self.row(&lines[after], Some(columns))? else { break };
            rows.push(row);
            after += 1;
        }
        if rows.len() < wanted {
            return Ok(None);
        }
        let score = rows.iter().map(|row| row.alignment.score).sum::<f32>() / rows.len() as f32;
        let Some(reading) = self.decided(&lines[first..after], rows)? else { return Ok(None) };
        let quad = enclosing(&lines[first], &lines[after - 1]);
        let reading = Reading { quad: Some(quad), rotation: rotation(&quad), ..reading };
        Ok(Some(Found { reading, score }))
    }

    /// What was seen, decided; after a second look at the lines that leave doubts.
    fn decided(&mut self, lines: &[Quad], rows: Vec<Row>) -> Result<Option<Reading>, Error> {
        let scores: Vec<f32> = rows.iter().map(|row| row.alignment.score).collect();
        let mut seen: Observation = rows.into_iter().map(|row| row.alignment.symbols).collect();
        let Some(reading) = decide(&seen) else { return Ok(None) };
        let mut is_changed = false;
        for (index, line) in lines.iter().enumerate() {
            let is_sure = reading.confidences[index].iter().all(|&sure| sure >= DOUBT);
            if (is_sure && reading.is_valid()) || scores[index] < WORTH_ANOTHER_LOOK {
                continue;
            }
            let columns = Some(seen[index].len());
            let Some(again) = self.look(line, SECOND_LOOK, columns)? else { continue };
            for (symbol, again) in seen[index].iter_mut().zip(&again.alignment.symbols) {
                *symbol = Symbol::mean(symbol, again);
            }
            is_changed = true;
        }
        Ok(if is_changed { decide(&seen) } else { Some(reading) })
    }

    fn row(&mut self, line: &Quad, columns: Option<usize>) -> Result<Option<Row>, Error> {
        self.look(line, FIRST_LOOK, columns)
    }

    /// A row on the shape that fits it best, or on the given one.
    fn look(
        &mut self,
        line: &Quad,
        look: Look,
        columns: Option<usize>,
    ) -> Result<Option<Row>, Error> {
        let aspect = line.width() / line.height().max(1.0);
        let width = (aspect * STRIP_HEIGHT as f32 * look.stretch / look.height) as u32;
        let width = width.clamp(STRIP_WIDTHS.0, STRIP_WIDTHS.1).next_multiple_of(FRAME_WIDTH);
        let Some(left) = self.budget.checked_sub((width / FRAME_WIDTH) as usize) else {
            return Ok(None);
        };
        self.budget = left;
        let strip = warp(self.picture, &thinned(line, look.height), width, STRIP_HEIGHT);
        let frames = self.recogniser.zone_frames(&strip)?;
        let best = SHAPES
            .iter()
            .filter(|shape| columns.is_none_or(|columns| columns == shape.0))
            .filter_map(|&(columns, _)| Some(Row { columns, alignment: align(&frames, columns)? }))
            .max_by(|a, b| a.alignment.score.total_cmp(&b.alignment.score));
        Ok(best.filter(|row| row.alignment.score >= LEAST_SCORE))
    }
}

/// The middle of a line, of which this share of the height is kept.
fn thinned(line: &Quad, share: f32) -> Quad {
    let [a, b, c, d] = line.0;
    let cut = (1.0 - share) / 2.0;
    let between = |from: Point, to: Point| {
        Point::new(from.x + (to.x - from.x) * cut, from.y + (to.y - from.y) * cut)
    };
    Quad([between(a, d), between(b, c), between(c, b), between(d, a)])
}

/// From the top of the first line to the bottom of the last.
fn enclosing(first: &Quad, last: &Quad) -> Quad {
    let ([a, b, ..], [.., c, d]) = (first.0, last.0);
    Quad([a, b, c, d])
}

/// How many quarter turns clockwise bring a line's direction to the right.
fn rotation(line: &Quad) -> u8 {
    let [a, b, ..] = line.0;
    let (right, down) = (b.x - a.x, b.y - a.y);
    match (right.abs() >= down.abs(), right >= 0.0, down >= 0.0) {
        (true, true, _) => 0,
        (true, false, _) => 2,
        (false, _, true) => 3,
        (false, _, false) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_thinned_to_their_middle() {
        let line = Quad::rectangle(10.0, 10.0, 100.0, 10.0);
        assert_eq!(thinned(&line, 0.8), Quad::rectangle(10.0, 11.0, 100.0, 8.0));
    }

    #[test]
    fn the_rotation_brings_lines_upright() {
        let upright = Quad::rectangle(10.0, 10.0, 100.0, 10.0);
        let [a, b, c, d] = upright.0;
        assert_eq!(rotation(&upright), 0);
        assert_eq!(rotation(&Quad([c, d, a, b])), 2);
        let [a, b, c, d] = Quad::rectangle(10.0, 10.0, 10.0, 100.0).0;
        // Print that runs up stands right after one turn clockwise, print that runs down after three.
        assert_eq!(rotation(&Quad([d, a, b, c])), 1);
        assert_eq!(rotation(&Quad([b, c, d, a])), 3);
    }
}
