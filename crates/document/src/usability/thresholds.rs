//! From where on a measure speaks against a picture.
//!
//! Found with `cargo run -p bonafide-imaging --example quality_table` on the 19 specimen pictures of the shared test
//! data (most about 600 pixels wide), as they are and made worse. All of them were looked at; what was not used to
//! choose a value is the drawn specimens with their own degradations, and the pictures of faces.

/// Sharpness, 1/pixel. As they are: 0.50 to 1.23. Out of focus by a standard deviation of 1.5 pixels: 0.23 to 0.42,
/// and often still legible; by 2.5: 0.15 to 0.22; by 4: 0.08 to 0.14.
pub const LEAST_SHARPNESS: f32 = 0.23;

/// Anisotropy of edges. As they are: 1.2 to 1.8; moved by 9 pixels: 2.1 to 5.5; by 15: 3.5 to 8.2. Out of focus: up to
/// 2.2.
pub const MOST_ANISOTROPY: f32 = 2.5;

/// Luma that 5 % of the pixels must exceed. As they are: above 140; with a quarter of the light: below 65.
pub const LEAST_BRIGHT: u8 = 70;

/// Luma between the darkest and brightest 5 %. As they are: 103 to 255; with 2.5 times the light: 0 to 87, but for
/// dark documents, which stand it.
pub const LEAST_CONTRAST: u8 = 45;

/// Resolution, in pixels per millimetre. A machine readable zone needs about 4 to be read at all; 8 are good.
pub const LEAST_PIXELS_PER_MILLIMETRE: f32 = 4.0;

/// Mean deviation from the mean colour, in the CIE a*b* plane. As they are, 17 in colour: 2.2 to 16.3; two that are
/// without colour, and all made grey: 0.0.
pub const LEAST_COLOUR_SPREAD: f32 = 1.2;

/// Share of the page outside of the picture. Chosen, not measured: the zone gives the outline roughly.
pub const MOST_OUTSIDE: f32 = 0.4;

/// Lines of text that a reflection may touch: where nothing was read, and where the data were read in spite of it.
pub const MOST_GLARING_LINES_ILLEGIBLE: usize = 0;
/// See [`MOST_GLARING_LINES_ILLEGIBLE`].
pub const MOST_GLARING_LINES_LEGIBLE: usize = 1;
