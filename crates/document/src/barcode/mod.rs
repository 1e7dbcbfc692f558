//! PDF417 symbols (ISO/IEC 15438): found in a picture in any position, and read.
//!
//! `rxing` decodes. What stands here leads it to the symbol: the plain picture first, then the places that
//! look like bars, straightened, enlarged and sharpened, a bounded number of times. The bound is counted in
//! attempts and pixels, not in time, so that the same picture always gives the same answer.

mod ladder;
mod locate;
mod sharpen;
mod symbol;

#[cfg(test)]
mod tests;

use bonafide_imaging::Quad;
use image::GrayImage;

/// A symbol and what it says.
#[derive(Clone, PartialEq)]
pub struct Barcode {
    /// The message, byte by byte as encoded. Where the symbol announces another character set than Latin-1
    /// (an ECI, which no licence does), the message is in UTF-8.
    ///
    /// A symbol of a Macro PDF417 set gives the part that it holds.
    pub bytes: Vec<u8>,
    /// The symbol without its quiet zone, from its own top left clockwise.
    pub quad: Quad,
    /// How many codewords the error correction mended.
    pub mended_codewords: usize,
}

/// Messages are personal; their length is not.
impl std::fmt::Debug for Barcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Barcode")
            .field("bytes", &self.bytes.len())
            .field("quad", &self.quad)
            .field("mended_codewords", &self.mended_codewords)
            .finish()
    }
}

/// The first PDF417 symbol that can be read in the picture.
pub fn read_pdf417(picture: &GrayImage) -> Option<Barcode> {
    ladder::read(picture)
}
