//! Reads strips of one line of text with a recogniser of the PP-OCR family, which answers with the
//! probabilities of each character at each of many frames along the line (CTC: Graves et al. 2006).

use std::sync::Arc;

use bonafide_models::Net;
use image::RgbImage;

use crate::Error;
use crate::mrz::ALPHABET;

/// Strips have this height.
pub(crate) const STRIP_HEIGHT: u32 = 48;
/// Strips are a multiple of this wide: one frame each.
pub(crate) const FRAME_WIDTH: u32 = 8;

/// The class that stands for "between characters".
const BLANK: usize = 0;
/// The net's file lists its characters under this key, one a line, without blank and space.
const CHARACTERS_KEY: &str = "character";

/// The probabilities at one frame: of each character of [`ALPHABET`], then of none.
pub(crate) type Frame = [f32; ALPHABET.len() + 1];

/// A recogniser of text lines.
pub(crate) struct Recogniser {
    net: Arc<Net>,
    /// The character of each class; empty for the blank.
    characters: Vec<String>,
    /// The classes that count as a character of the zone, and as which.
    zone_classes: Vec<(usize, usize)>,
}

impl Recogniser {
    pub(crate) fn new(net: Arc<Net>) -> Result<Self, Error> {
        let listed = net.metadata(CHARACTERS_KEY).ok_or(Error::NoCharacters)?;
        let mut characters = vec![String::new()];
        characters.extend(listed.split('\n').map(str::to_owned));
        characters.push(" ".to_owned());
        let zone_classes = (characters.iter().enumerate())
            .filter_map(|(class, character)| Some((class, zone_character(character)?)))
            .collect();
        Ok(Self { net, characters, zone_classes })
    }

    /// The text of a strip of height [`STRIP_HEIGHT`] and how sure it is (the mean over its
    /// characters, 0 to 1).
    pub(crate) fn read(&self, strip: &RgbImage) -> Result<(String, f32), Error> {
        let mut text = String::new();
        let (mut sum, mut count, mut before) = (0.0, 0, BLANK);
        for frame in self.run(strip)?.chunks_exact(self.characters.len()) {
            let (class, probability) = best(frame);
            if class != BLANK && class != before {
                text.push_str(&self.characters[class]);
                sum += probability;
                count += 1;
            }
            before = class;
        }
        Ok((text, if count == 0 { 0.0 } else { sum / count as f32 }))
    }

    /// The frames of a strip as if there were no characters but those of the zone.
    pub(crate) fn zone_frames(&self, strip: &RgbImage) -> Result<Vec<Frame>, Error> {
        let output = self.run(strip)?;
        Ok(output.chunks_exact(self.characters.len()).map(|frame| self.zone_frame(frame)).collect())
    }

    fn zone_frame(&self, classes: &[f32]) -> Frame {
        let mut frame = [0.0; ALPHABET.len() + 1];
        for &(class, character) in &self.zone_classes {
            frame[character] += classes[class];
        }
        frame[ALPHABET.len()] = classes[BLANK];
        frame
    }

    fn run(&self, strip: &RgbImage) -> Result<Vec<f32>, Error> {
        let shape = [1, 3, strip.height() as usize, strip.width() as usize];
        let output = self.net.run(&planes(strip), shape)?;
        if output.shape.last() != Some(&self.characters.len()) {
            return Err(Error::OtherCharacters {
                listed: self.characters.len(),
                computed: output.shape.last().copied().unwrap_or(0),
            });
        }
        Ok(output.data)
    }
}

/// Blue, green and red planes with values from -1 to 1, as PP-OCR was trained.
pub(crate) fn planes(picture: &RgbImage) -> Vec<f32> {
    let channel =
        |index: usize| picture.pixels().map(move |pixel| f32::from(pixel[index]) / 127.5 - 1.0);
    channel(2).chain(channel(1)).chain(channel(0)).collect()
}

fn best(frame: &[f32]) -> (usize, f32) {
    let start = (BLANK, f32::NEG_INFINITY);
    frame
        .iter()
        .copied()
        .enumerate()
        .fold(start, |best, next| if next.1 > best.1 { next } else { best })
}

/// The index in [`ALPHABET`] of what a character of the net means in a zone: small letters are
/// read for capitals, and signs with the filler's shape for the filler.
fn zone_character(character: &str) -> Option<usize> {
    const FILLER_SHAPES: [&str; 8] = ["<", "«", "≤", "≪", "〈", "《", "く", "∠"];
    let &[byte] = character.as_bytes() else {
        return FILLER_SHAPES.contains(&character).then_some(0);
    };
    ALPHABET.iter().position(|&c| c == byte.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_the_net_become_characters_of_the_zone() {
        assert_eq!(zone_character("<"), Some(0));
        assert_eq!(zone_character("く"), Some(0));
        assert_eq!(zone_character("0"), Some(1));
        assert_eq!(zone_character("z"), Some(36));
        assert_eq!(zone_character("Ä"), None);
        assert_eq!(zone_character(""), None);
    }

    #[test]
    fn planes_are_blue_green_red() {
        let picture = RgbImage::from_raw(1, 2, vec![255, 0, 0, 255, 0, 255]).unwrap();
        assert_eq!(planes(&picture), [-1.0, 1.0, -1.0, -1.0, 1.0, 1.0]);
    }
}
