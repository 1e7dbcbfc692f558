//! The order in which places are tried, and which reading is kept.
//!
//! Bands of print with the rhythm of a zone come first, upright before turned; the detector, which
//! takes as long as reading does, only where none of them is one.

use bonafide_imaging::{Point, Quad, gray, turn};
use image::RgbImage;

use super::locate::{self, Candidate};
use super::zone::{Found, ZoneReader};
use crate::Error;
use crate::mrz::Reading;
use crate::text::{Detector, Recogniser};

/// At most so many frames of print are recognised in search of a zone; a passport's zone has some
/// 350.
const BUDGET: usize = 3000;
/// Print that is spaced as evenly as this is tried before other directions are looked at.
const RHYTHMIC: f32 = 0.45;
/// Where no band is a zone, the detector looks for lines in the picture shrunk to this.
const DETECTOR_SIDE: u32 = 960;

/// A search for the zone of one picture.
pub(super) struct Search<'a> {
    detector: &'a Detector,
    zones: ZoneReader<'a>,
    best: Option<Found>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        detector: &'a Detector,
        recogniser: &'a Recogniser,
        picture: &'a RgbImage,
    ) -> Self {
        Self { detector, zones: ZoneReader::new(recogniser, picture, BUDGET), best: None }
    }

    /// The best reading there is.
    pub(super) fn run(mut self) -> Result<Option<Reading>, Error> {
        self.try_all()?;
        Ok(self.best.map(|found| found.reading))
    }

    fn try_all(&mut self) -> Result<(), Error> {
        let upright = gray(self.zones.picture);
        let (rhythmic, mut rest): (Vec<_>, Vec<_>) = locate::candidates(&upright)
            .into_iter()
            .partition(|candidate| candidate.regularity >= RHYTHMIC);
        if self.settles(&rhythmic)? {
            return Ok(());
        }
        let height = upright.height() as f32;
        let turned = locate::candidates(&turn(&upright, 1)).into_iter();
        rest.extend(turned.map(|candidate| turned_back(candidate, height)));
        rest.sort_by(|a, b| b.regularity.total_cmp(&a.regularity));
        if self.settles(&rest)? {
            return Ok(());
        }
        let lines = self.detector.lines(self.zones.picture, DETECTOR_SIDE)?;
        self.settles(&locate::among_lines(&lines)).map(|_| ())
    }

    /// Reads candidates until one leaves no doubt.
    fn settles(&mut self, candidates: &[Candidate]) -> Result<bool, Error> {
        for candidate in candidates {
            for candidate in [candidate, &upside_down(candidate)] {
                let Some(found) = self.zones.read(candidate)? else { continue };
                let is_sure = found.is_sure();
                if self.best.as_ref().is_none_or(|best| found.rank() > best.rank()) {
                    self.best = Some(found);
                }
                if is_sure {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// What was found in a picture turned clockwise by a quarter, in the picture as it was;
/// `height` is its height then.
fn turned_back(mut candidate: Candidate, height: f32) -> Candidate {
    for line in &mut candidate.lines {
        *line = Quad(line.0.map(|corner| Point::new(corner.y, height - corner.x)));
    }
    candidate
}

/// The same lines for a picture that stands on its head.
fn upside_down(candidate: &Candidate) -> Candidate {
    let turned = |&Quad([a, b, c, d]): &Quad| Quad([c, d, a, b]);
    Candidate {
        lines: candidate.lines.iter().rev().map(turned).collect(),
        centre: candidate.lines.len() - 1 - candidate.centre,
        regularity: candidate.regularity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_again_in_the_picture_before_it_was_turned() {
        // In a picture of 100 by 50, turned clockwise, the top left corner is at (50, 0).
        let candidate = Candidate {
            lines: vec![Quad::rectangle(10.0, 20.0, 30.0, 5.0)],
            centre: 0,
            regularity: 0.0,
        };
        let back = turned_back(candidate, 50.0);
        assert_eq!(back.lines[0].0[0], Point::new(20.0, 40.0));
        assert_eq!(back.lines[0].0[1], Point::new(20.0, 10.0));
    }
}
