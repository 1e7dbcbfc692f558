//! From rows of print to a zone: which of them belong to it, and how many characters they have.

use bonafide_imaging::{Quad, warp};
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
/// A reading with a less sure character, or a check digit that fails, is looked at again.
const DOUBT: f32 = 0.8;
/// The second look is at strips of another width, in which other strokes fall together.
const SECOND_STRETCH: f32 = 0.8;
/// Strips of a line are at least and at most so wide.
const STRIP_WIDTHS: (u32, u32) = (320, 1600);

/// Reads zones from one picture, within a bound on the work.
pub(super) struct ZoneReader<'a> {
    recogniser: &'a Recogniser,
    pub(super) picture: &'a RgbImage,
    /// How many more frames may be recognised.
    budget: usize,
}

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
        let seen = rows.into_iter().map(|row| row.alignment.symbols).collect();
        let Some(reading) = self.decided(&lines[first..after], seen)? else { return Ok(None) };
        let quad = enclosing(&lines[first], &lines[after - 1]);
        let reading = Reading { quad: Some(quad), rotation: rotation(&quad), ..reading };
        Ok(Some(Found { reading, score }))
    }

    /// What was seen, decided; after a second look at the lines that leave doubts.
    fn decided(
        &mut self,
        lines: &[Quad],
        mut seen: Observation,
    ) -> Result<Option<Reading>, Error> {
        let Some(reading) = decide(&seen) else { return Ok(None) };
        let doubt: f32 = std::env::var("DOUBT").ok().and_then(|s| s.parse().ok()).unwrap_or(DOUBT);
        let second: f32 = std::env::var("SECOND").ok().and_then(|s| s.parse().ok()).unwrap_or(SECOND_STRETCH);
        let is_doubtful = |line: usize| {
            !reading.is_valid() || reading.confidences[line].iter().any(|&c| c < doubt)
        };
        let doubtful: Vec<usize> = (0..lines.len()).filter(|&line| is_doubtful(line)).collect();
        if doubtful.is_empty() {
            return Ok(Some(reading));
        }
        for line in doubtful {
            let columns = Some(seen[line].len());
            let Some(again) = self.stretched_row(&lines[line], second, columns)? else {
                continue;
            };
            if std::env::var("STRIPS").is_ok() {
                for (i, (a, b)) in seen[line].iter().zip(&again.alignment.symbols).enumerate() {
                    if a.probability(a.best()) < 0.9 || a.best() != b.best() {
                        eprintln!("second {line},{i}: {} {:.2} | {} {:.2}", a.best() as char, a.probability(a.best()), b.best() as char, b.probability(b.best()));
                    }
                }
            }
            for (first, second) in seen[line].iter_mut().zip(&again.alignment.symbols) {
                *first = Symbol::mean(first, second);
            }
        }
        Ok(decide(&seen))
    }

    /// A row on the shape that fits it best, or on the given one.
    fn row(&mut self, line: &Quad, columns: Option<usize>) -> Result<Option<Row>, Error> {
        let stretch: f32 = std::env::var("STRETCH").ok().and_then(|s| s.parse().ok()).unwrap_or(1.0);
        self.stretched_row(line, stretch, columns)
    }

    fn stretched_row(
        &mut self,
        line: &Quad,
        stretch: f32,
        columns: Option<usize>,
    ) -> Result<Option<Row>, Error> {
        let width = (line.width() / line.height() * STRIP_HEIGHT as f32 * stretch) as u32;
        let width = width.clamp(STRIP_WIDTHS.0, STRIP_WIDTHS.1).next_multiple_of(FRAME_WIDTH);
        let count = (width / FRAME_WIDTH) as usize;
        let Some(left) = self.budget.checked_sub(count) else { return Ok(None) };
        self.budget = left;
        let strip = warp(self.picture, line, width, STRIP_HEIGHT);
        let frames = self.recogniser.zone_frames(&strip)?;
        let best = SHAPES
            .iter()
            .filter(|shape| columns.is_none_or(|columns| columns == shape.0))
            .filter_map(|&(columns, _)| Some(Row { columns, alignment: align(&frames, columns)? }))
            .max_by(|a, b| a.alignment.score.total_cmp(&b.alignment.score));
        if let Ok(d) = std::env::var("STRIPS") {
            let _ = strip.save(format!("{d}/{left}.png"));
            eprintln!("row {left} w{width} {:?}", best.as_ref().map(|r| (r.columns, r.alignment.score, r.alignment.symbols.iter().map(|s| s.best() as char).collect::<String>())));
        }
        Ok(best.filter(|row| row.alignment.score >= LEAST_SCORE))
    }
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
