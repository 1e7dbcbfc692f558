//! An MRZ face of our own: skeletons after the proportions of ISO 1073-2 (OCR-B, size I), drawn with
//! a pen of constant width.

use std::fmt::Write as _;

/// Distance from one character to the next, in millimetres: ten to the inch (ICAO Doc 9303-3 §4.4).
pub(crate) const PITCH: f32 = 2.54;

/// Height of the pen's path for digits, in millimetres.
const HEIGHT: f32 = 2.4;

/// Width of the pen, in millimetres (ISO 1073-2, size I).
const PEN: f32 = 0.35;

/// Half of the widest skeleton, in hundredths of a millimetre.
const HALF_WIDTH: f32 = 70.0;

/// An SVG group of the given id with one line of characters; `left` and `baseline` in millimetres.
/// What the face lacks stays blank.
pub(crate) fn line(id: &str, left: f32, baseline: f32, text: &str) -> String {
    let mut group = format!(
        "<g id=\"{id}\" fill=\"none\" stroke=\"#161616\" stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
        PEN * 100.0
    );
    for (column, character) in text.chars().enumerate() {
        let x = left + (column as f32 + 0.5) * PITCH - HALF_WIDTH / 100.0;
        let y = baseline - HEIGHT;
        let path = skeleton(character);
        let _ = write!(
            group,
            "<path transform=\"translate({x:.3} {y:.3}) scale(0.01)\" d=\"{path}\"/>"
        );
    }
    group + "</g>"
}

/// The pen's path as SVG path data in hundredths of a millimetre: x from 0 to 140, the baseline at y = 240.
/// Digits start at y = 0, letters a little lower: that, and the rounder O, tells O from 0.
fn skeleton(character: char) -> &'static str {
    match character {
        '0' => "M70 0C16 0 5 40 5 120S16 240 70 240S135 200 135 120S124 0 70 0Z",
        '1' => "M24 56L78 0V240",
        '2' => {
            "M14 38C26 12 46 0 72 0C108 0 128 26 128 60C128 104 84 124 44 164C22 186 12 212 12 240H130"
        }
        '3' => {
            "M16 24C32 8 50 0 70 0C104 0 124 22 124 56C124 90 98 110 58 112C108 114 132 136 132 174C132 214 104 240 66 240C42 240 24 232 8 214"
        }
        '4' => "M82 0L8 174H134M98 104V240",
        '5' => {
            "M120 0H30L24 102C40 94 54 90 68 90C108 90 132 120 132 164C132 210 104 240 64 240C42 240 24 234 8 220"
        }
        '6' => {
            "M98 0C58 40 8 104 8 168C8 214 34 240 70 240S132 214 132 168S106 98 70 98C42 98 20 114 10 144"
        }
        '7' => "M12 0H130C130 70 58 110 54 240",
        '8' => {
            "M70 112C36 112 18 86 18 56C18 22 40 0 70 0S122 22 122 56C122 86 104 112 70 112C30 112 8 140 8 176C8 216 34 240 70 240S132 216 132 176C132 140 110 112 70 112Z"
        }
        '9' => {
            "M42 240C82 200 132 136 132 72C132 26 106 0 70 0S8 26 8 72S34 142 70 142C98 142 120 126 130 96"
        }
        'A' => "M6 240L70 16L134 240M28 166H112",
        'B' => {
            "M16 124H70C106 124 130 146 130 180C130 214 106 240 70 240H16V16H68C100 16 120 38 120 70C120 102 100 124 70 124"
        }
        'C' => {
            "M130 214C116 232 98 240 80 240C36 240 10 192 10 128S36 16 80 16C98 16 116 24 130 42"
        }
        'D' => "M16 16V240H54C106 240 132 196 132 128S106 16 54 16Z",
        'E' => "M126 16H18V240H128M18 122H108",
        'F' => "M126 16H20V240M20 126H106",
        'G' => {
            "M126 38C112 22 96 16 80 16C36 16 10 64 10 128S36 240 80 240C98 240 116 234 128 224V138H82"
        }
        'H' => "M14 16V240M126 16V240M14 124H126",
        'I' => "M26 16H114M70 16V240M26 240H114",
        'J' => "M40 16H116V176C116 218 96 240 62 240C38 240 22 230 12 210",
        'K' => "M16 16V240M126 16L16 140M54 98L130 240",
        'L' => "M22 16V240H128",
        'M' => "M10 240V16L70 136L130 16V240",
        'N' => "M14 240V16L126 240V16",
        'O' => "M70 16C44 16 8 62 8 128S44 240 70 240S132 194 132 128S96 16 70 16Z",
        'P' => "M18 240V16H72C108 16 130 42 130 80S108 144 72 144H18",
        'Q' => "M70 16C44 16 8 62 8 128S44 240 70 240S132 194 132 128S96 16 70 16ZM80 166L134 246",
        'R' => "M18 240V16H72C108 16 130 42 130 80S108 144 72 144H18M72 144L132 240",
        'S' => {
            "M122 40C108 24 92 16 70 16C40 16 18 36 18 68C18 102 42 114 72 124C104 134 126 148 126 182C126 218 102 240 68 240C44 240 26 232 12 214"
        }
        'T' => "M8 16H132M70 16V240",
        'U' => "M12 16V164C12 214 34 240 70 240S128 214 128 164V16",
        'V' => "M6 16L70 240L134 16",
        'W' => "M6 16L34 240L70 110L106 240L134 16",
        'X' => "M10 16L130 240M130 16L10 240",
        'Y' => "M6 16L70 130L134 16M70 130V240",
        'Z' => "M12 16H128L10 240H130",
        '<' => "M128 46L12 132L128 218",
        _ => "M0 0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mrz_character_has_a_skeleton_of_its_own() {
        let mut skeletons: Vec<_> =
            ('A'..='Z').chain('0'..='9').chain(['<']).map(skeleton).collect();
        assert!(!skeletons.contains(&skeleton('?')));
        skeletons.sort_unstable();
        skeletons.dedup();
        assert_eq!(skeletons.len(), 37);
    }
}
