//! What keeps faces from being judged at all.

use std::path::{Path, PathBuf};

/// An error of the models, never of a picture: a picture without a face is no error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A model is missing, damaged, or failed to run.
    #[error(transparent)]
    Models(#[from] bonafide_models::Error),
    /// What an operator has measured cannot be read or kept.
    #[error("the evaluation {} cannot be used: {problem}; remove it, or measure again", path.display())]
    Evaluation {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
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
    /// A manifest says of a net that it is of a kind that does something else.
    #[error("the manifest of the net for `{role}` names a `family` of nets that do something else")]
    OtherFamily {
        /// What the net is for.
        role: &'static str,
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

impl Error {
    pub(crate) fn evaluation(path: &Path, problem: &(impl ToString + ?Sized)) -> Self {
        Self::Evaluation { path: path.to_owned(), problem: problem.to_string() }
    }
}
