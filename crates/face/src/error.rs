//! What keeps faces from being judged at all.

/// An error of the models, never of a picture: a picture without a face is no error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A model is missing, damaged, or failed to run.
    #[error(transparent)]
    Models(#[from] bonafide_models::Error),
    /// A net answers with another number of values than this version reads.
    #[error(
        "the net for `{role}` computes {computed} numbers, not {expected}; install the pack \
         `face-default` again, or remove the manifest that takes its place"
    )]
    OtherOutput {
        /// What the net is for.
        role: &'static str,
        /// How many it computes.
        computed: usize,
        /// How many are expected.
        expected: usize,
    },
    /// A net takes pictures of another size than this version gives it.
    #[error(
        "the net for `{role}` does not take square pictures of one size; remove the manifest that \
         takes the place of the pack `face-default`"
    )]
    OtherInput {
        /// What the net is for.
        role: &'static str,
    },
}
