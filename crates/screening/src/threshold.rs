//! From which score on a listed name is a hit: by script, because names that are short in Latin letters
//! meet others by chance, and because vowels that are not written bring names nearer to each other.

use crate::text::Script;

/// The least score of a hit where a search profile does not set one; about one in a hundred names
/// that are on no list reaches it, in every script. Set on the tuning half of the benchmark
/// (`cargo xtask bench screening --tuning`). Greek, where no name reached any threshold, goes with the
/// scripts that write their vowels, and Kana, which it has no names in, with Han.
pub const fn default_for(script: Script) -> f32 {
    match script {
        Script::Latin => 0.67,
        Script::Cyrillic | Script::Greek | Script::Other => 0.54,
        Script::Arabic => 0.78,
        Script::Hebrew => 0.78,
        Script::Han | Script::Kana => 0.83,
        Script::Hangul => 0.96,
    }
}
