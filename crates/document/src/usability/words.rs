use crate::side::Side;

/// What the driving licences of the USA and Canada call themselves. They carry their data in a PDF417 symbol on the
/// back (AAMVA card design standard, annex D).
const NAMES: [[&str; 2]; 4] =
    [["DRIVER", "LICENSE"], ["DRIVER", "LICENCE"], ["DRIVERS", "LICENSE"], ["DRIVERS", "LICENCE"]];

/// Whether the visible text names such a licence.
pub(super) fn name_a_licence_with_barcode(side: &Side) -> bool {
    side.print.iter().any(|line| {
        let letters = line.text.to_uppercase().replace(['\'', '’'], "");
        let words: Vec<&str> = letters.split(|c: char| !c.is_alphabetic()).collect();
        NAMES.iter().any(|name| name.iter().all(|word| words.contains(word)))
    })
}
