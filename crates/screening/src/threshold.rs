//! From which score on a listed name is a hit: by script, because names that are short in Latin letters
//! meet others by chance, and because vowels that are not written bring names nearer to each other.

use crate::text::Script;

/// The least score of a hit where a search profile does not set one; about eight in a thousand names
/// that are on no list reach it, in every script. Set on the tuning half of the benchmark's names
/// (`cargo xtask bench screening --tuning`). Kana, which it has no names in, goes with Han.
pub const fn default_for(script: Script) -> f32 {
    match script {
        Script::Latin => 0.69,
        Script::Cyrillic => 0.54,
        Script::Greek => 0.48,
        Script::Other => 0.55,
        Script::Arabic => 0.76,
        Script::Hebrew => 0.79,
        Script::Han | Script::Kana => 0.86,
        Script::Hangul => 0.83,
    }
}
