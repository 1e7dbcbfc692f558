//! A create or update request, read into what it asks for (contract §3.2–§3.5).
//!
//! Parsing is tolerant where clients in the field differ (contract §17) and names every field that is
//! wrong at once. Values are never repeated in a violation: they may be personal data.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::consent::UserConsent;
use crate::credential::{Accepted, Category, PredefinedType};
use crate::id::CredentialId;
use crate::sandbox::MAX_REFERENCE;
use crate::token::TokenLifetime;
use crate::validation::Violation;
use crate::workflow::{Prerequisite, WorkflowKey, definition};

/// What a create or update asks for.
#[derive(Debug, Clone)]
pub struct Initiation {
    /// The workflow.
    pub key: WorkflowKey,
    /// The customer's own name for the execution.
    pub customer_internal_reference: String,
    /// The customer's own name for the end user.
    pub user_reference: Option<String>,
    /// Free text for reports.
    pub reporting_criteria: Option<String>,
    /// Where the callback goes.
    pub callback_url: Option<String>,
    /// The search profile for screening.
    pub search_profile: Option<String>,
    /// How long the tokens let a journey start.
    pub token_lifetime: TokenLifetime,
    /// Redirects and language of the web journey.
    pub web: WebOptions,
    /// Presets and selections.
    pub credentials: Vec<RequestedCredential>,
    /// The stated consent.
    pub consent: Option<UserConsent>,
}

/// `web` of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebOptions {
    /// Where a journey that succeeded ends.
    pub success_url: Option<String>,
    /// Where a journey that failed ends.
    pub error_url: Option<String>,
    /// The language, as sent; unknown ones fall back (contract appendix A).
    pub locale: Option<String>,
}

/// One entry of `workflowDefinition.credentials`.
#[derive(Debug, Clone)]
pub struct RequestedCredential {
    /// What it is.
    pub category: Category,
    /// A credential of the account that is to be used.
    pub id: Option<CredentialId>,
    /// A free label.
    pub label: Option<String>,
    /// Accepted document types.
    pub document_type: Option<Accepted>,
    /// Accepted countries.
    pub country: Option<Accepted>,
}

/// Which addresses a tenant may name (contract §3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlProfile {
    /// https, a host name, no port, no fragment.
    Strict,
    /// http, ports and IP addresses too: for development.
    Development,
}

/// What a tenant's requests may say beyond the strict reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestProfile {
    /// Which addresses it may name.
    pub urls: UrlProfile,
    /// What a `customerInternalReference` may be.
    pub reference: ReferenceProfile,
}

/// What a `customerInternalReference` may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceProfile {
    /// 100 characters, none of them markup (contract §3.2).
    Strict,
    /// Up to [`MAX_REFERENCE`] characters of any kind: a sandbox is instructed there.
    Sandbox,
}

impl From<UrlProfile> for RequestProfile {
    fn from(urls: UrlProfile) -> Self {
        Self { urls, reference: ReferenceProfile::Strict }
    }
}

/// Query parameters that the server itself appends to redirects (contract §10.3).
const RESERVED_PARAMETERS: [&str; 7] = [
    "accountId",
    "workflowExecutionId",
    "acquisitionStatus",
    "customerInternalReference",
    "errorCode",
    "transactionStatus",
    "transactionReference",
];
/// Characters that a `customerInternalReference` must not have (contract §3.2).
const FORBIDDEN: [char; 10] = ['<', '>', '"', '/', ';', '`', '%', '{', '}', '|'];
/// More credentials than any workflow has; a bound for what is kept of a request.
const MAX_CREDENTIALS: usize = 16;
/// More countries than there are; a bound likewise.
const MAX_VALUES: usize = 300;

impl Initiation {
    /// Reads the body of a create or update.
    pub fn parse(body: &Value, profile: impl Into<RequestProfile>) -> Result<Self, Vec<Violation>> {
        let profile = profile.into();
        let mut fields = Fields { body, profile, violations: Vec::new() };
        let key = fields.key();
        let workflow = definition(key.unwrap_or(WorkflowKey::IdCaptureAndStorage));
        let initiation = Self {
            key: workflow.key,
            customer_internal_reference: fields.customer_internal_reference(),
            user_reference: fields.text("userReference", 100),
            reporting_criteria: fields.text("reportingCriteria", 255),
            callback_url: fields.url("callbackUrl"),
            search_profile: fields.search_profile(),
            token_lifetime: fields.token_lifetime(),
            web: WebOptions {
                success_url: fields.url("web.successUrl"),
                error_url: fields.url("web.errorUrl"),
                locale: fields.text("web.locale", 5),
            },
            credentials: fields.credentials(),
            consent: fields.consent(workflow.needs_consent()),
        };
        if workflow.requires(Prerequisite::UserReference) && initiation.user_reference.is_none() {
            fields.refuse("userReference", format!("is required for workflow {}", workflow.key));
        }
        if fields.violations.is_empty() { Ok(initiation) } else { Err(fields.violations) }
    }

    /// The categories that the request lists, in order.
    pub fn requested_categories(&self) -> Vec<Category> {
        self.credentials.iter().map(|credential| credential.category).collect()
    }
}

struct Fields<'a> {
    body: &'a Value,
    profile: RequestProfile,
    violations: Vec<Violation>,
}

impl Fields<'_> {
    fn refuse(&mut self, field: &str, reason: impl Into<String>) {
        self.violations.push(Violation::new(field, reason));
    }

    /// The value at a dotted path; `null` counts as absent.
    fn get(&self, field: &str) -> Option<&Value> {
        field
            .split('.')
            .try_fold(self.body, |value, key| value.get(key))
            .filter(|value| !value.is_null())
    }

    /// An optional text; a number is taken for its digits (contract §17, 1).
    fn text(&mut self, field: &str, max: usize) -> Option<String> {
        let text = match self.get(field)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.refuse(field, "must be a string");
                return None;
            }
        };
        if text.is_empty() || text.chars().count() > max {
            self.refuse(field, format!("must have 1 to {max} characters"));
            return None;
        }
        Some(text)
    }

    fn key(&mut self) -> Option<WorkflowKey> {
        const FIELD: &str = "workflowDefinition.key";
        let text = match self.get(FIELD) {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.refuse(FIELD, "must be a number or a string");
                return None;
            }
            None => {
                self.refuse(FIELD, "is required");
                return None;
            }
        };
        let key = text.parse().ok();
        if key.is_none() {
            let known: Vec<_> = WorkflowKey::ALL.iter().map(|key| key.as_str()).collect();
            self.refuse(
                FIELD,
                format!("is not a workflow of this server; it has {}", known.join(", ")),
            );
        }
        key
    }

    fn customer_internal_reference(&mut self) -> String {
        const FIELD: &str = "customerInternalReference";
        if self.get(FIELD).is_none() {
            self.refuse(FIELD, "is required");
            return String::new();
        }
        if self.profile.reference == ReferenceProfile::Sandbox {
            return self.text(FIELD, MAX_REFERENCE).unwrap_or_default();
        }
        let text = self.text(FIELD, 100).unwrap_or_default();
        if text.contains(FORBIDDEN) {
            self.refuse(FIELD, "must not contain any of < > \" / ; ` % { } |");
        }
        text
    }

    /// Under its name, or under the one that v3 documents; clients in the field send an empty text for
    /// none (contract §3.5).
    fn search_profile(&mut self) -> Option<String> {
        const FIELD: &str = "workflowDefinition.capabilities.watchlistScreening";
        ["searchProfile", "additionalProperties"].into_iter().find_map(|name| {
            let field = format!("{FIELD}.{name}");
            let given = self.get(&field)?.as_str().is_none_or(|text| !text.is_empty());
            given.then(|| self.text(&field, 255)).flatten()
        })
    }

    fn token_lifetime(&mut self) -> TokenLifetime {
        const FIELD: &str = "tokenLifetime";
        let Some(value) = self.get(FIELD) else { return TokenLifetime::DEFAULT };
        match value.as_str().map(TokenLifetime::parse) {
            Some(Ok(lifetime)) => lifetime,
            Some(Err(error)) => {
                self.refuse(FIELD, error.to_string());
                TokenLifetime::DEFAULT
            }
            None => {
                self.refuse(FIELD, "must be a string such as 30m");
                TokenLifetime::DEFAULT
            }
        }
    }

    fn url(&mut self, field: &str) -> Option<String> {
        let text = self.text(field, 255)?;
        match check_url(&text, self.profile.urls) {
            Ok(()) => Some(text),
            Err(reason) => {
                self.refuse(field, reason);
                None
            }
        }
    }

    /// A malformed consent is wrong only where one is needed: clients in the field send it in other
    /// shapes with every request (contract §3.2).
    fn consent(&mut self, needed: bool) -> Option<UserConsent> {
        let value = self.get("userConsent")?.clone();
        let mut ignored = Vec::new();
        let violations = if needed { &mut self.violations } else { &mut ignored };
        UserConsent::parse(&value, violations)
    }

    fn credentials(&mut self) -> Vec<RequestedCredential> {
        const FIELD: &str = "workflowDefinition.credentials";
        let entries = match self.get(FIELD) {
            None => return Vec::new(),
            Some(Value::Array(entries)) if entries.len() <= MAX_CREDENTIALS => entries.clone(),
            Some(Value::Array(_)) => {
                self.refuse(FIELD, format!("must have at most {MAX_CREDENTIALS} entries"));
                return Vec::new();
            }
            Some(_) => {
                self.refuse(FIELD, "must be an array");
                return Vec::new();
            }
        };
        let credentials: Vec<RequestedCredential> = entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| {
                let mut nested =
                    Fields { body: entry, profile: self.profile, violations: Vec::new() };
                let credential = nested.credential();
                self.violations.extend(nested.violations.into_iter().map(|violation| {
                    Violation::new(
                        format!("{FIELD}[{index}].{}", violation.field),
                        violation.reason,
                    )
                }));
                credential
            })
            .collect();
        let mut ids: Vec<_> = credentials.iter().filter_map(|credential| credential.id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            self.refuse(FIELD, "must not name a stored credential twice");
        }
        credentials
    }

    fn credential(&mut self) -> Option<RequestedCredential> {
        let category = self.get("category").and_then(Value::as_str).and_then(|t| t.parse().ok());
        if category.is_none() {
            self.refuse("category", "must be ID, SELFIE, FACEMAP, DOCUMENT or DATA");
        }
        let id = self.get("id").cloned().and_then(|value| {
            let id = value.as_str().and_then(|text| text.parse().ok());
            if id.is_none() {
                self.refuse("id", "must be the UUID of a credential");
            }
            id
        });
        Some(RequestedCredential {
            category: category?,
            id,
            label: self.text("label", 100),
            document_type: self.accepted("type"),
            country: self.accepted("country"),
        })
    }

    fn accepted(&mut self, field: &str) -> Option<Accepted> {
        self.get(field)?;
        let values = self.get(&format!("{field}.values")).cloned();
        let values: Option<Vec<String>> = match &values {
            None => Some(Vec::new()),
            Some(Value::Array(values)) if values.len() <= MAX_VALUES => values
                .iter()
                .map(|value| value.as_str().filter(|text| is_code(text)).map(str::to_owned))
                .collect(),
            Some(_) => None,
        };
        if values.is_none() {
            self.refuse(
                &format!("{field}.values"),
                "must be an array of codes such as USA or PASSPORT",
            );
        }
        let predefined_type = self.get(&format!("{field}.predefinedType")).cloned();
        let predefined_type: Option<Option<PredefinedType>> = match predefined_type {
            None => Some(None),
            Some(value) => value.as_str().and_then(|text| text.parse().ok()).map(Some),
        };
        if predefined_type.is_none() {
            self.refuse(&format!("{field}.predefinedType"), "must be DEFINED or RECOMMENDED");
        }
        Some(Accepted { values: values?, predefined_type: predefined_type? })
    }
}

/// Country and document type codes: upper-case letters and underscores.
fn is_code(text: &str) -> bool {
    (2..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// Checks an address against the rules of contract §3.4.
fn check_url(text: &str, profile: UrlProfile) -> Result<(), &'static str> {
    let url = Url::parse(text).map_err(|_| "must be an absolute URL")?;
    if url.fragment().is_some() {
        return Err("must not have a fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not have a user name or password");
    }
    if url.query_pairs().any(|(name, _)| RESERVED_PARAMETERS.contains(&name.as_ref())) {
        return Err("must not have a query parameter that the server appends itself");
    }
    match (profile, url.scheme()) {
        (_, "https") | (UrlProfile::Development, "http") => {}
        (UrlProfile::Development, _) => return Err("must begin with http:// or https://"),
        (UrlProfile::Strict, _) => return Err("must begin with https://"),
    }
    if profile == UrlProfile::Strict {
        if url.port().is_some() {
            return Err("must not name a port");
        }
        if !matches!(url.host(), Some(url::Host::Domain(_))) {
            return Err("must have a host name, not an IP address");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn violations(body: &Value) -> Vec<String> {
        let wrong = Initiation::parse(body, UrlProfile::Strict).err().unwrap_or_default();
        wrong.into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn the_least_request() {
        let body = json!({"customerInternalReference": 17, "workflowDefinition": {"key": "2"}});
        let initiation = Initiation::parse(&body, UrlProfile::Strict).unwrap();
        assert_eq!(initiation.key, WorkflowKey::IdVerification);
        assert_eq!(initiation.customer_internal_reference, "17", "numbers are taken for text");
        assert_eq!(initiation.token_lifetime, TokenLifetime::DEFAULT);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let body = json!({
            "customerInternalReference": "a/b",
            "callbackUrl": "http://example.com/",
            "tokenLifetime": "1s",
            "web": {"successUrl": "https://example.com/?accountId=1", "locale": "english"},
            "workflowDefinition": {"key": 7, "credentials": [
                {"category": "ID", "country": {"values": ["usa"]}},
                {"category": "PAPER"}
            ]}
        });
        assert_eq!(
            violations(&body),
            [
                "workflowDefinition.key",
                "customerInternalReference",
                "callbackUrl",
                "tokenLifetime",
                "web.successUrl",
                "web.locale",
                "workflowDefinition.credentials[0].country.values",
                "workflowDefinition.credentials[1].category",
            ]
        );
        assert_eq!(violations(&json!([])), ["workflowDefinition.key", "customerInternalReference"]);
    }

    #[test]
    fn a_malformed_consent_is_wrong_only_where_one_is_needed() {
        let body = |key: u32| {
            json!({"customerInternalReference": "x", "userConsent": {"obtained": "yes"},
                   "workflowDefinition": {"key": key}})
        };
        assert_eq!(violations(&body(2)), [""; 0]);
        assert_eq!(
            violations(&body(6)),
            ["userConsent.userIp", "userConsent.userLocation.country"]
        );
    }

    #[test]
    fn a_stored_credential_is_named_once() {
        let body = |ids: [u128; 2]| {
            let entry = |id| json!({"category": "ID", "id": CredentialId::from_u128(id)});
            json!({"customerInternalReference": "x",
                   "workflowDefinition": {"key": 20, "credentials": ids.map(entry)}})
        };
        assert_eq!(violations(&body([1, 2])), [""; 0]);
        assert_eq!(violations(&body([1, 1])), ["workflowDefinition.credentials"]);
    }

    #[test]
    fn screening_needs_a_user_reference() {
        for (key, needed) in [(32, true), (10010, true), (10013, false), (2, false)] {
            let body =
                json!({"customerInternalReference": "x", "workflowDefinition": {"key": key}});
            assert_eq!(violations(&body) == ["userReference"], needed, "{key}");
        }
    }

    #[test]
    fn addresses() {
        for (text, strict, development) in [
            ("https://example.com/hook?x=1", true, true),
            ("https://example.com:8443/", false, true),
            ("http://example.com/", false, true),
            ("https://10.0.0.1/", false, true),
            ("https://example.com/#x", false, false),
            ("https://user@example.com/", false, false),
            ("ftp://example.com/", false, false),
            ("example.com", false, false),
        ] {
            assert_eq!(check_url(text, UrlProfile::Strict).is_ok(), strict, "{text}");
            assert_eq!(check_url(text, UrlProfile::Development).is_ok(), development, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_body_panics(text in "[ -~]{0,40}", number in any::<i64>()) {
            for value in [json!(text), json!(number), json!([text]), json!({"values": [text, number]})] {
                let body = json!({
                    "customerInternalReference": value, "userReference": value, "callbackUrl": value,
                    "tokenLifetime": value, "web": value, "userConsent": value,
                    "workflowDefinition": {"key": value, "credentials": [
                        {"category": "ID", "id": value, "type": value, "country": value}
                    ]}
                });
                let _ = Initiation::parse(&body, UrlProfile::Development);
            }
        }
    }
}
