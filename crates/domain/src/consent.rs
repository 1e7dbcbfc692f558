//! The end user's consent to biometric processing (contract §13).

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::ExecutionId;
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

/// How long a consent holds (contract §13), in years of the calendar.
const YEARS: i64 = 3;
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
    /// The execution that it was stated for, when it is an earlier one of the account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub carried_from: Option<ExecutionId>,
}

impl std::fmt::Debug for UserConsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserConsent(redacted)")
    }
}

/// Why a consent does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request said nothing about consent.
    #[error("the request stated no userConsent")]
    Unstated,
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

        // The API's prose puts the address into the location once.
        let user_ip = text("/userIp").or_else(|| text("/userLocation/userIp")).unwrap_or_default();
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
            carried_from: None,
        })
    }

    /// Whether biometrics may be processed on this statement at `now`.
    pub fn judge(&self, now: Timestamp) -> Result<(), Refusal> {
        match (self.obtained, self.obtained_at) {
            (Some(Obtained::No), _) => Err(Refusal::NotObtained),
            (Some(Obtained::Yes), None) => Err(Refusal::Undated),
            (Some(Obtained::Yes), Some(at)) if at > now + CLOCK_SKEW => Err(Refusal::InTheFuture),
            (Some(Obtained::Yes), Some(at)) if lapses_at(at) < now => Err(Refusal::Lapsed),
            (Some(Obtained::NotApplicable) | None, _) if self.country == "USA" => {
                Err(Refusal::Missing)
            }
            _ => Ok(()),
        }
    }

    /// Whether the end user said yes.
    pub fn is_accepted(&self) -> bool {
        self.obtained == Some(Obtained::Yes)
    }
}

/// Whether biometrics may be processed at `now` on what a request stated, if it stated anything.
pub fn judge(stated: Option<&UserConsent>, now: Timestamp) -> Result<(), Refusal> {
    stated.ok_or(Refusal::Unstated)?.judge(now)
}

/// What a request stated, completed by the account's latest statement where continuous consent is
/// enough (contract §13) and the request leaves it open. A request that says no, or that dates its
/// own consent, is taken at its word; so is an earlier no.
pub fn carry_over(
    stated: Option<UserConsent>,
    earlier: Option<(ExecutionId, UserConsent)>,
    now: Timestamp,
) -> Option<UserConsent> {
    let open = matches!(judge(stated.as_ref(), now), Err(Refusal::Unstated | Refusal::Missing));
    match earlier {
        Some((execution, earlier))
            if open && earlier.is_accepted() && earlier.judge(now).is_ok() =>
        {
            let place = stated.unwrap_or_else(|| earlier.clone());
            Some(UserConsent {
                obtained: earlier.obtained,
                obtained_at: earlier.obtained_at,
                carried_from: Some(earlier.carried_from.unwrap_or(execution)),
                ..place
            })
        }
        _ => stated,
    }
}

fn lapses_at(obtained_at: Timestamp) -> Timestamp {
    obtained_at
        .to_zoned(TimeZone::UTC)
        .checked_add(Span::new().years(YEARS))
        .map_or(Timestamp::MAX, |at| at.timestamp())
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

    /// Three years of the calendar: 1,095 or 1,096 days, by where the leap day falls.
    #[test]
    fn three_years_are_counted_by_the_calendar() {
        for (given, last) in [
            ("2025-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
            ("2025-03-01T00:00:00Z", "2028-03-01T00:00:00Z"),
            ("2024-02-29T12:00:00Z", "2027-02-28T12:00:00Z"),
        ] {
            let consent = stated("AUT", "yes", Some(given));
            let last: Timestamp = last.parse().unwrap();
            assert_eq!(consent.judge(last), Ok(()), "{given}");
            let after = last + SignedDuration::from_millis(1);
            assert_eq!(consent.judge(after), Err(Refusal::Lapsed), "{given}");
        }
    }

    #[test]
    fn an_earlier_consent_is_carried_over_where_the_request_leaves_it_open() {
        let now: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        let first = ExecutionId::from_u128(7);
        let yes = || Some((first, stated("USA", "yes", Some("2024-01-01T00:00:00Z"))));
        let carried = carry_over(None, yes(), now).unwrap();
        assert_eq!((carried.judge(now), carried.carried_from), (Ok(()), Some(first)));
        let place_only = parse(&json!({"userIp": "192.0.2.1", "userLocation": {"country": "USA"}}));
        let carried = carry_over(Some(place_only.unwrap()), yes(), now).unwrap();
        assert_eq!((carried.user_ip.as_str(), carried.carried_from), ("192.0.2.1", Some(first)));
        // Carried on, it still names where it was given.
        let again = carry_over(None, Some((ExecutionId::from_u128(8), carried)), now).unwrap();
        assert_eq!(again.carried_from, Some(first));

        let no = stated("USA", "no", None);
        assert_eq!(carry_over(Some(no.clone()), yes(), now), Some(no.clone()), "a no is a no");
        assert_eq!(carry_over(None, Some((first, no)), now), None, "a withdrawn one is withdrawn");
        let lapsed = stated("USA", "yes", Some("2023-05-01T00:00:00Z"));
        assert_eq!(carry_over(None, Some((first, lapsed)), now), None);
        assert_eq!(judge(None, now), Err(Refusal::Unstated));
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
