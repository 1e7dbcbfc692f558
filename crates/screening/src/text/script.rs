//! Which script a word is written in.

use serde::{Deserialize, Serialize};

/// Scripts that thresholds are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// With all its diacritics.
    Latin,
    /// Russian, Ukrainian, Bulgarian, Serbian, …
    Cyrillic,
    /// Arabic, Persian, Urdu, Pashto: vowels are mostly not written.
    Arabic,
    /// Likewise.
    Hebrew,
    /// Greek.
    Greek,
    /// Chinese characters, also in Japanese names.
    Han,
    /// Korean.
    Hangul,
    /// Hiragana and Katakana.
    Kana,
    /// Everything else.
    Other,
}

impl Script {
    /// The script of a letter; `None` of what is no letter, or of no script.
    pub fn of_letter(letter: char) -> Option<Self> {
        if !letter.is_alphabetic() {
            return None;
        }
        Some(match u32::from(letter) {
            0..=0x024f | 0x1e00..=0x1eff | 0xff21..=0xff5a => Self::Latin,
            0x0370..=0x03ff | 0x1f00..=0x1fff => Self::Greek,
            0x0400..=0x052f => Self::Cyrillic,
            0x0590..=0x05ff | 0xfb1d..=0xfb4f => Self::Hebrew,
            0x0600..=0x06ff
            | 0x0750..=0x077f
            | 0x08a0..=0x08ff
            | 0xfb50..=0xfdff
            | 0xfe70..=0xfeff => Self::Arabic,
            0x3040..=0x30ff | 0xff66..=0xff9f => Self::Kana,
            0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff => Self::Han,
            0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af => Self::Hangul,
            _ => Self::Other,
        })
    }

    /// The script that most letters of a text are in; Latin where there are no letters.
    pub fn of(text: &str) -> Self {
        let mut counts = [0_usize; 9];
        for script in text.chars().filter_map(Self::of_letter) {
            counts[script as usize] += 1;
        }
        let most = counts.iter().max().copied().unwrap_or_default();
        let at = counts.iter().position(|count| *count == most).unwrap_or_default();
        Self::ALL[at]
    }

    /// Every script, in the order of declaration.
    pub const ALL: [Self; 9] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Arabic,
        Self::Hebrew,
        Self::Greek,
        Self::Han,
        Self::Hangul,
        Self::Kana,
        Self::Other,
    ];

    /// Whether short vowels are left out in writing.
    pub(crate) fn is_abjad(self) -> bool {
        matches!(self, Self::Arabic | Self::Hebrew)
    }
}
