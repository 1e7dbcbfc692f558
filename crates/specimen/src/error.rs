/// Why a specimen could not be drawn or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The payload does not fit a PDF417 symbol of the card's width.
    #[error("the payload of {bytes} bytes does not fit the card's PDF417 symbol: shorten its data")]
    Barcode {
        /// Size of the payload.
        bytes: usize,
        /// What the encoder said.
        #[source]
        source: rxing::Exceptions,
    },
    /// The picture could not be encoded.
    #[error("the picture could not be encoded: check its size and the target format's limits")]
    Encode(#[from] image::ImageError),
}
