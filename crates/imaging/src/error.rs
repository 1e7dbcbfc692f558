use crate::Limits;

/// Why bytes were not accepted as a picture. Each message says what its sender can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes begin like neither a JPEG nor a PNG, whatever the file is called.
    #[error("this is neither a JPEG nor a PNG picture; send the photograph as JPEG or PNG")]
    NotAPicture,
    /// The file is larger than [`Limits::bytes`].
    #[error("the file has {bytes} bytes, more than the {limit} allowed; send a smaller picture")]
    TooManyBytes {
        /// Size of the file.
        bytes: usize,
        /// Largest size allowed.
        limit: usize,
    },
    /// The picture is wider or higher than allowed, or needs more memory than allowed.
    #[error(
        "the picture is {width}x{height} pixels, more than the {}x{} pixels ({} in all) allowed; \
         send it in a lower resolution",
        limits.width, limits.height, limits.pixels
    )]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// What is allowed.
        limits: Limits,
    },
    /// The picture's longest side does not exceed [`Limits::shortest_longest_side`].
    #[error(
        "the picture is {width}x{height} pixels; its longest side must have more than \
         {shortest_longest_side} pixels; send it in a higher resolution"
    )]
    TooSmall {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// What the longest side must exceed.
        shortest_longest_side: u32,
    },
    /// The file begins as a picture but is cut off or inconsistent.
    #[error("the picture file is damaged ({reason}); send the whole original file")]
    Damaged {
        /// What is wrong with it.
        reason: &'static str,
    },
}
