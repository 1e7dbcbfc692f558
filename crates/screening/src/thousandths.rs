//! Scores as they are shown: three digits, which is more than they tell.

use serde::Serializer;

/// A score of three digits. Through `f32` alone 0.03 would be shown as 0.029999999329447746.
pub fn thousandths(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields so")]
pub(crate) fn serialize<S: Serializer>(score: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(thousandths(*score))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_shown_with_three_digits() {
        for (score, shown) in
            [(0.03, "0.03"), (-0.05, "-0.05"), (0.894_491_1, "0.894"), (1.0, "1.0")]
        {
            assert_eq!(serde_json::to_string(&thousandths(score)).unwrap(), shown);
        }
    }
}
