//! The protocol of the screening benchmark, written down before the first pair was looked at and
//! before anything was tuned. Changing it makes every earlier figure void.
//!
//! **Sides.** Everything that is measured falls by a hash into a half to tune on and a half that is
//! kept aside: name pairs by their two names, positive queries by their entity, negative queries by
//! their name. Tuning reads [`Side::Tuning`] only; what is reported is [`Side::Kept`].
//!
//! **Positives.** Every kind of [`Kind`] takes up to [`PER_KIND`] entities, chosen by hash. A query
//! counts as found where the *expected* entity scores at or above the threshold.
//!
//! **Negatives.** Names made by locale and seed with Faker, at least ten thousand in Latin script on
//! both sides together. The threshold of an engine is where a given share of the negatives of the
//! same script and the same sort of entity has any hit at all.

/// Seeds every choice; another seed is another benchmark.
pub(crate) const SEED: u64 = 20_261_127;
/// The most queries of one kind, both sides together.
pub(crate) const PER_KIND: usize = 1_000;
/// Negatives in Latin script, in other scripts, and of companies, both sides together.
pub(crate) const NEGATIVES_LATIN: usize = 22_000;
pub(crate) const NEGATIVES_OTHER: usize = 12_000;
pub(crate) const NEGATIVES_COMPANY: usize = 6_000;
/// Names of people in each script but Latin, of another seed, both sides together: what default
/// thresholds are set on and held against. Added later; nothing else is measured on them.
pub(crate) const NEGATIVES_EACH_SCRIPT: usize = 20_000;

/// Which half something falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// To tune on.
    Tuning,
    /// Kept aside: reported, never tuned on.
    Kept,
}

/// How a positive query comes out of a listed entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A strong alias of a person, of two or more words, that is taken out of the index. It differs
    /// from every name left there; it need not resemble any.
    AliasPerson,
    /// The same of an organisation.
    AliasBusiness,
    /// The name in its original script, as the UN gives it; original scripts are left out of the index.
    OriginalScript,
    /// One letter inserted, left out, replaced or swapped with its neighbour, in a word of four or more.
    Typo1,
    /// Two of these, in different words where there are two.
    Typo2,
    /// One of these in every word of four or more letters.
    TypoEvery,
    /// One or two confusions of optical readers: O/0, I/1/L, S/5, B/8, Z/2, G/6, rn/m, cl/d, vv/w.
    Ocr,
    /// One to three respellings between schemes of romanisation: kh/h, q/k, ou/u, y/i, sh/ch, dj/j,
    /// ph/f, ee/i, double and single letters, a final h.
    Romanisation,
    /// The words in another order.
    Reorder,
    /// Of three words or more, one in the middle is left out.
    DropMiddle,
    /// The first given name as its initial.
    Initial,
    /// Two neighbours joined.
    Joined,
    /// A word of seven or more letters parted in two, each of three or more.
    Parted,
    /// A given name added.
    Extra,
    /// The name in Cyrillic, by ICU's rules.
    Cyrillic,
    /// The name in Greek, by ICU's rules.
    Greek,
    /// An organisation's legal form left out, spelt out, abbreviated or added.
    LegalForm,
    /// An organisation's name with one typing error.
    BusinessTypo,
}

impl Kind {
    /// Kinds whose queries are persons in Latin script.
    pub(crate) const LATIN_PERSON: [Self; 12] = [
        Self::AliasPerson,
        Self::Typo1,
        Self::Typo2,
        Self::TypoEvery,
        Self::Ocr,
        Self::Romanisation,
        Self::Reorder,
        Self::DropMiddle,
        Self::Initial,
        Self::Joined,
        Self::Parted,
        Self::Extra,
    ];
    /// Kinds whose queries are organisations in Latin script.
    pub(crate) const LATIN_BUSINESS: [Self; 3] =
        [Self::AliasBusiness, Self::LegalForm, Self::BusinessTypo];
    /// Kinds whose queries are in another script.
    pub(crate) const OTHER_SCRIPT: [Self; 3] = [Self::OriginalScript, Self::Cyrillic, Self::Greek];
}

/// The side of a labelled pair of names.
pub(crate) fn side_of_pair(left: &str, right: &str) -> Side {
    side(&format!("pairs-1\u{1f}{left}\u{1f}{right}"))
}

/// The side of a positive query, by the id of its entity.
pub(crate) fn side_of_entity(id: &str) -> Side {
    side(&format!("entities-1\u{1f}{id}"))
}

/// The side of a negative query, by its name.
pub(crate) fn side_of_negative(name: &str) -> Side {
    side(&format!("negatives-1\u{1f}{name}"))
}

fn side(text: &str) -> Side {
    if hash(text) & 1 == 0 { Side::Tuning } else { Side::Kept }
}

/// FNV-1a of 64 bits, its halves mixed: the low bits of the plain hash are weak.
pub(crate) fn hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    hash ^ (hash >> 32)
}
