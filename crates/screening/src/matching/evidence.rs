//! What beside the name speaks for or against a hit. It never makes a hit of its own: it moves the
//! score of one that the name made.

use serde::{Deserialize, Serialize};

use crate::entity::{Birth, Entity, Gender};
use crate::query::Subject;

/// The most that evidence can add.
pub(crate) const MOST: f32 = 0.1;

/// What is compared beside the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The date, or only the year, of birth.
    DateOfBirth,
    /// Nationality, residence or place of registration.
    Country,
    /// Gender.
    Gender,
    /// The number of a document.
    DocumentNumber,
}

/// What a comparison said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is the same.
    Supports,
    /// It is neither the same nor impossible: a year off, a year without a day.
    Neutral,
    /// It is something else.
    Contradicts,
}

/// One fact, compared; facts that one side lacks are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was compared.
    pub fact: Fact,
    /// What came out.
    pub verdict: Verdict,
    /// What it adds to the score; negative where it contradicts.
    #[serde(serialize_with = "crate::thousandths::serialize")]
    pub adds: f32,
}

/// Compares what both sides have.
pub(crate) fn weigh(subject: &Subject, entity: &Entity) -> Vec<Evidence> {
    let mut found = Vec::new();
    if let Some(birth) = &subject.birth
        && let Some((verdict, adds)) = births(*birth, &entity.births)
    {
        found.push(Evidence { fact: Fact::DateOfBirth, verdict, adds });
    }
    if !subject.countries.is_empty() && !entity.countries.is_empty() {
        let shared = subject.countries.iter().any(|country| entity.countries.contains(country));
        // It contradicts only a little: lists know one country of people who have several.
        let (verdict, adds) =
            if shared { (Verdict::Supports, 0.02) } else { (Verdict::Contradicts, -0.05) };
        found.push(Evidence { fact: Fact::Country, verdict, adds });
    }
    if let (Some(left), Some(right)) = (subject.gender, entity.gender) {
        found.push(gender(left, right));
    }
    if !subject.identifiers.is_empty() && !entity.identifiers.is_empty() {
        let listed: Vec<String> =
            entity.identifiers.iter().map(|identifier| plain(&identifier.number)).collect();
        let shared = subject
            .identifiers
            .iter()
            .map(|number| plain(number))
            .any(|number| number.len() >= 4 && listed.contains(&number));
        // Another number is no contradiction: people have many documents.
        let (verdict, adds) =
            if shared { (Verdict::Supports, 0.1) } else { (Verdict::Neutral, 0.0) };
        found.push(Evidence { fact: Fact::DocumentNumber, verdict, adds });
    }
    found
}

fn gender(left: Gender, right: Gender) -> Evidence {
    let (verdict, adds) =
        if left == right { (Verdict::Supports, 0.0) } else { (Verdict::Contradicts, -0.15) };
    Evidence { fact: Fact::Gender, verdict, adds }
}

fn plain(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The kindest comparison with any of the listed births.
fn births(birth: Birth, listed: &[Birth]) -> Option<(Verdict, f32)> {
    listed
        .iter()
        .map(|listed| one_birth(birth, *listed))
        .max_by(|left, right| left.1.total_cmp(&right.1))
}

fn one_birth(birth: Birth, listed: Birth) -> (Verdict, f32) {
    let slack = if birth.approximate || listed.approximate { 3 } else { 0 };
    let apart = (birth.from - listed.to).max(listed.from - birth.to).max(0);
    if apart > slack + 1 {
        return (Verdict::Contradicts, if apart > slack + 5 { -0.3 } else { -0.2 });
    }
    match (birth.month_day, listed.month_day) {
        _ if apart > slack => (Verdict::Neutral, -0.05),
        (Some(left), Some(right)) if left == right => (Verdict::Supports, 0.08),
        // Day and month swapped is a slip of the pen.
        (Some((month, day)), Some(other)) if (day, month) == other => (Verdict::Supports, 0.04),
        (Some(_), Some(_)) => (Verdict::Contradicts, -0.1),
        _ => (Verdict::Supports, 0.03),
    }
}
