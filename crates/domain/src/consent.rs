//! The end user's consent to biometric processing (contract §13).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::validation::Violation;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// `consent.obtained`.
    pub enum Obtained {
        Yes = "yes",
        No = "no",
        NotApplicable = "na",
    }
}

/// How long a continuous consent holds (contract §13): three years.
const CONTINUOUS: SignedDuration = SignedDuration::from_hours(24 * 1096);
/// How far a customer's clock may run ahead of ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// `userConsent` of a request. Holds the end user's address: personal data, sealed at rest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserConsent {
    /// The end user's IP address during the journey, as sent.
    pub user_ip: String,
    /// ISO 3166-1 alpha-3 (contract §3.2).
    pub country: String,
    /// Subdivision or free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What was obtained, if the request says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obtained: Option<Obtained>,
    /// When it was obtained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obtained_at: Option<Timestamp>,
}

impl std::fmt::Debug for UserConsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserConsent(redacted)")
    }
}

/// Why a stated consent does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `obtained` is `no`.
    #[error("the end user has not consented")]
    NotObtained,
    /// The USA need a consent that is stated.
    #[error("an end user in the USA must have consented: send userConsent.consent")]
    Missing,
    /// `yes` without a time.
    #[error("send userConsent.consent.obtainedAt with a consent that was obtained")]
    Undated,
    /// Older than three years.
    #[error("the consent is older than three years; ask the end user again")]
    Lapsed,
    /// Later than now.
    #[error("userConsent.consent.obtainedAt lies in the future")]
    InTheFuture,
}

impl UserConsent {
    /// Reads `userConsent`. Adds what is wrong to `violations` and gives `None` then.
    pub fn parse(value: &Value, violations: &mut Vec<Violation>) -> Option<Self> {
        let before = violations.len();
        let mut refuse = |field: &str, reason: &str| {
            violations.push(Violation::new(format!("userConsent{field}"), reason));
        };
        if !value.is_object() {
            refuse("", "must be an object");
            return None;
        }
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);

        let user_ip = text("/userIp").unwrap_or_default();
        if user_ip.parse::<std::net::IpAddr>().is_err() {
            refuse(".userIp", "must be an IPv4 or IPv6 address");
        }
        let country = text("/userLocation/country").unwrap_or_default();
        if country.len() != 3 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            refuse(".userLocation.country", "must be an ISO 3166-1 alpha-3 code such as USA");
        }
        let state = text("/userLocation/state");
        if state.is_some_and(|state| state.chars().count() > 100) {
            refuse(".userLocation.state", "must have at most 100 characters");
        }
        let obtained = match value.pointer("/consent/obtained") {
            None | Some(Value::Null) => None,
            Some(value) => {
                let parsed = value.as_str().and_then(|text| text.parse().ok());
                if parsed.is_none() {
                    refuse(".consent.obtained", "must be yes, no or na");
                }
                parsed
            }
        };
        let obtained_at = match value.pointer("/consent/obtainedAt") {
            None | Some(Value::Null) => None,
            Some(value) => {
                let parsed = value.as_str().and_then(|text| text.parse().ok());
                if parsed.is_none() {
                    refuse(
                        ".consent.obtainedAt",
                        "must be an RFC 3339 time such as 2026-01-31T12:00:00.000Z",
                    );
                }
                parsed
            }
        };
        (violations.len() == before).then(|| Self {
            user_ip: user_ip.to_owned(),
            country: country.to_owned(),
            state: state.map(str::to_owned),
            obtained,
            obtained_at,
        })
    }

    /// Whether biometrics may be processed on this statement at `now`.
    pub fn judge(&self, now: Timestamp) -> Result<(), Refusal> {
        match (self.obtained, self.obtained_at) {
            (Some(Obtained::No), _) => Err(Refusal::NotObtained),
            (Some(Obtained::Yes), None) => Err(Refusal::Undated),
            (Some(Obtained::Yes), Some(at)) if at > now + CLOCK_SKEW => Err(Refusal::InTheFuture),
            (Some(Obtained::Yes), Some(at)) if now.duration_since(at) > CONTINUOUS => {
                Err(Refusal::Lapsed)
            }
            (Some(Obtained::NotApplicable) | None, _) if self.country == "USA" => {
                Err(Refusal::Missing)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(value: &Value) -> Result<UserConsent, Vec<Violation>> {
        let mut violations = Vec::new();
        UserConsent::parse(value, &mut violations).ok_or(violations)
    }

    fn stated(country: &str, obtained: &str, at: Option<&str>) -> UserConsent {
        parse(&json!({"userIp": "192.168.0.1", "userLocation": {"country": country},
                      "consent": {"obtained": obtained, "obtainedAt": at}}))
        .unwrap()
    }

    #[test]
    fn three_years_and_the_usa() {
        let now: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        assert_eq!(stated("USA", "yes", Some("2026-05-01T10:00:00Z")).judge(now), Ok(()));
        assert_eq!(stated("USA", "yes", Some("2023-06-01T00:00:00.000Z")).judge(now), Ok(()));
        assert_eq!(
            stated("USA", "yes", Some("2023-05-30T00:00:00Z")).judge(now),
            Err(Refusal::Lapsed)
        );
        assert_eq!(
            stated("AUT", "yes", Some("2026-07-01T00:00:00Z")).judge(now),
            Err(Refusal::InTheFuture)
        );
        assert_eq!(stated("AUT", "yes", None).judge(now), Err(Refusal::Undated));
        assert_eq!(stated("AUT", "no", None).judge(now), Err(Refusal::NotObtained));
        assert_eq!(stated("USA", "na", None).judge(now), Err(Refusal::Missing));
        assert_eq!(stated("AUT", "na", None).judge(now), Ok(()));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let fields: Vec<_> = parse(&json!({"userIp": "x", "userLocation": {"country": "us"},
                                           "consent": {"obtained": "maybe", "obtainedAt": 7}}))
        .unwrap_err()
        .into_iter()
        .map(|violation| violation.field)
        .collect();
        assert_eq!(
            fields,
            [
                "userConsent.userIp",
                "userConsent.userLocation.country",
                "userConsent.consent.obtained",
                "userConsent.consent.obtainedAt",
            ]
        );
    }
}
