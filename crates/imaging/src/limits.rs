/// What a picture may cost, and how small it may be (contract §4.2).
///
/// A caller that wants to look at pictures too small for an upload sets `shortest_longest_side` to 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub bytes: usize,
    /// Largest width, in pixels as stored (before EXIF orientation).
    pub width: u32,
    /// Largest height, in pixels as stored.
    pub height: u32,
    /// Largest number of pixels.
    pub pixels: u64,
    /// The longest side must exceed this number of pixels.
    pub shortest_longest_side: u32,
    /// Largest raw picture that the decoder may produce, in bytes. Decoding takes at most about three times as
    /// much: the raw picture, the decoder's own state, and the upright copy.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 10_000_000,
            width: 8_000,
            height: 8_000,
            pixels: 64_000_000,
            shortest_longest_side: 300,
            memory: 256_000_000,
        }
    }
}
