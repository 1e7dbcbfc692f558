//! From which score on a listed name is a hit: by script, because names that are short in Latin letters
//! meet others by chance.

use crate::text::Script;

/// The least score of a hit where a search profile does not set one; about one in a hundred names
/// that are on no list reaches it (measured with `cargo xtask bench screening --tuning`).
pub const fn default_for(script: Script) -> f32 {
    match script {
        Script::Latin => 0.80,
        _ => 0.80,
    }
}
