//! From rows of print to a zone: which of them belong to it, and how many characters they have.

use bonafide_imaging::{Quad, warp};
use image::RgbImage;

use super::alignment::{Alignment, align};
use super::locate::Candidate;
use crate::Error;
use crate::mrz::{Observation, Reading, decide};
use crate::text::{FRAME_WIDTH, Recogniser, STRIP_HEIGHT};

/// The lengths that lines of zones have, and how many lines go with each.
const SHAPES: [(usize, usize); 3] = [(44, 2), (36, 2), (30, 3)];
/// A row whose frames fit its places worse than this is none of a zone.
const LEAST_SCORE: f32 = -0.45;
/// A zone whose frames fit like this is one, whatever its check digits say.
const SURE_SCORE: f32 = -0.03;
/// Strips of a line are at least and at most so wide.
const STRIP_WIDTHS: (u32, u32) = (320, 1600);

/// Reads zones, within a bound on the work.
pub(super) struct ZoneReader<'a> {
    pub(super) recogniser: &'a Recogniser,
    /// How many more frames may be recognised.
    pub(super) budget: usize,
}

/// A row laid out on the places of one shape.
struct Row {
    columns: usize,
    alignment: Alignment,
}

/// A zone and how well the frames fit it, 0 at best.
pub(super) struct Found {
    pub(super) reading: Reading,
    pub(super) score: f32,
}

impl Found {
    /// Whether there is no need to look for another zone: also where check digits are printed wrong.
    pub(super) fn is_sure(&self) -> bool {
        self.reading.is_valid() || self.score > SURE_SCORE
    }
}

impl ZoneReader<'_> {
    /// The zone around the row that the candidate is centred on.
    pub(super) fn read(
        &mut self,
        picture: &RgbImage,
        candidate: &Candidate,
    ) -> Result<Option<Found>, Error> {
        let Some(seed) = self.row(picture, &candidate.lines[candidate.centre], None)? else {
            return Ok(None);
        };
        let columns = seed.columns;
        let wanted = SHAPES.iter().find(|shape| shape.0 == columns).map_or(0, |shape| shape.1);
        let mut rows = vec![seed];
        let (mut first, mut after) = (candidate.centre, candidate.centre + 1);
        while rows.len() < wanted && first > 0 {
            let Some(row) = self.row(picture, &candidate.lines[first - 1], Some(columns))? else { break };
            rows.insert(0, row);
            first -= 1;
        }
        while rows.len() < wanted && after < candidate.lines.len() {
            let Some(row) = self.row(picture, &candidate.lines[after], Some(columns))? else { break };
            rows.push(row);
            after += 1;
        }
        if rows.len() < wanted {
            return Ok(None);
        }
        let score = rows.iter().map(|row| row.alignment.score).sum::<f32>() / rows.len() as f32;
        let observation: Observation = rows.into_iter().map(|row| row.alignment.symbols).collect();
        let quad = enclosing(&candidate.lines[first], &candidate.lines[after - 1]);
        Ok(decide(&observation)
            .map(|reading| Found { reading: Reading { quad: Some(quad), ..reading }, score }))
    }

    /// A row on the shape that fits it best, or on the given one.
    fn row(
        &mut self,
        picture: &RgbImage,
        line: &Quad,
        columns: Option<usize>,
    ) -> Result<Option<Row>, Error> {
        let width = (line.width() / line.height() * STRIP_HEIGHT as f32) as u32;
        let width = width.clamp(STRIP_WIDTHS.0, STRIP_WIDTHS.1).next_multiple_of(FRAME_WIDTH);
        let count = (width / FRAME_WIDTH) as usize;
        let Some(left) = self.budget.checked_sub(count) else { return Ok(None) };
        self.budget = left;
        let strip = warp(picture, line, width, STRIP_HEIGHT);
        if let Ok(d) = std::env::var("STRIPS") {
            let _ = strip.save(format!("{d}/{}.png", self.budget));
        }
        let frames = self.recogniser.zone_frames(&strip)?;
        let best = SHAPES
            .iter()
            .filter(|shape| columns.is_none_or(|columns| columns == shape.0))
            .filter_map(|&(columns, _)| Some(Row { columns, alignment: align(&frames, columns)? }))
            .max_by(|a, b| a.alignment.score.total_cmp(&b.alignment.score));
        tracing::debug!(
            left,
            width,
            columns = best.as_ref().map_or(0, |row| row.columns),
            score = best.as_ref().map_or(f32::NAN, |row| row.alignment.score),
            "row of print"
        );
        if std::env::var("STRIPS").is_ok() {
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
