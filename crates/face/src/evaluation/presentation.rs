use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Rate;

/// One presentation to the detector.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    /// The species of the attack instrument; none for a bona fide presentation.
    pub species: Option<String>,
    /// What the detector said, or that it said nothing.
    pub is_bona_fide: Option<bool>,
}

/// Presentations that were judged.
#[derive(Debug, Clone, Default)]
pub struct Presentations(pub Vec<Presentation>);

/// The rates of ISO/IEC 30107-3. Attacks are never pooled over species: the worst one counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresentationRates {
    /// For each species, attacks taken for bona fide presentations (APCER).
    pub apcer: BTreeMap<String, Rate>,
    /// For each species, attacks without an answer (APNRR).
    pub apnrr: BTreeMap<String, Rate>,
    /// Bona fide presentations taken for attacks (BPCER).
    pub bpcer: Rate,
    /// Bona fide presentations without an answer (BPNRR).
    pub bpnrr: Rate,
}

impl Presentations {
    /// The rates. Presentations without an answer are in the denominators of the classification
    /// error rates too: for an attack, no answer is no error; for a bona fide one it is counted as
    /// one by its own rate.
    pub fn rates(&self) -> PresentationRates {
        let mut species: Vec<&String> =
            self.0.iter().filter_map(|one| one.species.as_ref()).collect();
        species.sort();
        species.dedup();
        let rate = |species: Option<&String>, answer: Option<bool>| {
            let all: Vec<&Presentation> =
                self.0.iter().filter(|one| one.species.as_ref() == species).collect();
            Rate::new(all.iter().filter(|one| one.is_bona_fide == answer).count(), all.len())
        };
        let by_species = |answer: Option<bool>| {
            species.iter().map(|name| ((*name).clone(), rate(Some(name), answer))).collect()
        };
        PresentationRates {
            apcer: by_species(Some(true)),
            apnrr: by_species(None),
            bpcer: rate(None, Some(false)),
            bpnrr: rate(None, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn species_are_counted_apart() {
        let one = |species: Option<&str>, is_bona_fide| Presentation {
            species: species.map(str::to_owned),
            is_bona_fide,
        };
        let rates = Presentations(vec![
            one(Some("print"), Some(false)),
            one(Some("print"), Some(true)),
            one(Some("screen"), None),
            one(None, Some(true)),
            one(None, Some(false)),
            one(None, None),
        ])
        .rates();
        let count = |rate: &Rate| (rate.count, rate.of);
        assert_eq!(count(&rates.apcer["print"]), (1, 2));
        assert_eq!(count(&rates.apcer["screen"]), (0, 1));
        assert_eq!(count(&rates.apnrr["screen"]), (1, 1));
        assert_eq!((count(&rates.bpcer), count(&rates.bpnrr)), ((1, 3), (1, 3)));
    }
}
