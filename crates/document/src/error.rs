//! What keeps documents from being read at all.

/// An error of the models, never of a picture: a picture without text is no error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A model is missing, damaged, or failed to run.
    #[error(transparent)]
    Models(#[from] bonafide_models::Error),
    /// The recogniser does not tell its characters.
    #[error("the text recogniser's file lists no characters; install the pack `documents` again")]
    NoCharacters,
    /// The detector does not answer with a number for each pixel.
    #[error(
        "the text detector computes {computed:?} numbers, not one for each pixel; install the pack `documents` again"
    )]
    OtherMap {
        /// The length of each dimension of what it computes, outermost first.
        computed: Vec<usize>,
    },
    /// The recogniser's list of characters does not fit what it computes.
    #[error(
        "the text recogniser computes {computed} characters but lists {listed}; install the pack `documents` again"
    )]
    OtherCharacters {
        /// How many it lists, with blank and space.
        listed: usize,
        /// How many it computes.
        computed: usize,
    },
}
