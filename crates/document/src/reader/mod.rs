//! The reader of documents: a machine readable zone from a picture, and all text of a picture.

mod alignment;
mod bands;
mod locate;
mod rows;
mod segments;
mod strokes;

use bonafide_imaging::{Point, Quad, turn, warp};
use bonafide_models::Library;
use image::RgbImage;

use crate::Error;
use crate::mrz::{Observation, Reading, decide};
use crate::text::{FRAME_WIDTH, Frame, Recogniser, STRIP_HEIGHT};
use alignment::{Alignment, align};
use locate::Candidate;

/// Reads what is printed on documents.
pub struct Reader {
    recogniser: Recogniser,
}

impl Reader {
    /// A reader with the models of the pack `documents`.
    pub fn open(library: &Library) -> Result<Self, Error> {
        Ok(Self { recogniser: Recogniser::new(library.net("text-recognition")?)? })
    }

    /// The machine readable zone of a picture, in whatever direction it runs.
    pub fn read_mrz(&self, picture: &RgbImage) -> Result<Option<Reading>, Error> {
        let mut best: Option<Reading> = None;
        for quarter_turns in [0, 1] {
            let turned = turn(picture, quarter_turns);
            for candidate in locate::candidates(&turned) {
                tracing::debug!(quarter_turns, lines = candidate.lines.len(), "candidate");
                for upside_down in [false, true] {
                    let candidate = if upside_down { reversed(&candidate) } else { candidate.clone() };
                    if let Some(reading) = self.read_candidate(&turned, &candidate)? {
                        if reading.is_valid() {
                            return Ok(Some(reading));
                        }
                        best = best.or(Some(reading));
                    }
                }
            }
        }
        Ok(best)
    }

    fn read_candidate(
        &self,
        picture: &RgbImage,
        candidate: &Candidate,
    ) -> Result<Option<Reading>, Error> {
        let mut frames = Vec::new();
        for line in &candidate.lines {
            frames.push(self.frames(picture, line)?);
        }
        let mut best: Option<(f32, Reading)> = None;
        for (count, columns) in [(2, 44), (2, 36), (3, 30)] {
            for window in frames.windows(count) {
                let aligned: Option<Vec<Alignment>> =
                    window.iter().map(|frames| align(frames, columns)).collect();
                let Some(aligned) = aligned else { continue };
                let score = aligned.iter().map(|a| a.score).sum::<f32>() / count as f32;
                let observation: Observation = aligned.into_iter().map(|a| a.symbols).collect();
                tracing::debug!(count, columns, score, "window");
                if score > -0.7 && best.as_ref().is_none_or(|(s, _)| score > *s) {
                    if let Some(reading) = decide(&observation) {
                        best = Some((score, reading));
                    }
                }
            }
        }
        Ok(best.map(|(_, reading)| reading))
    }

    fn frames(&self, picture: &RgbImage, line: &Quad) -> Result<Vec<Frame>, Error> {
        let width = line.width() / line.height() * STRIP_HEIGHT as f32;
        let width = (width as u32).clamp(320, 2400).next_multiple_of(FRAME_WIDTH);
        self.recogniser.zone_frames(&warp(picture, line, width, STRIP_HEIGHT))
    }
}

fn reversed(candidate: &Candidate) -> Candidate {
    let turned = |quad: &Quad| -> Quad {
        let [a, b, c, d]: [Point; 4] = quad.0;
        Quad([c, d, a, b])
    };
    Candidate { lines: candidate.lines.iter().rev().map(turned).collect() }
}
