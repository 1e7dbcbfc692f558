//! The body of a create or update (contract §3.2). The domain reads it, tolerantly; this is its
//! description.

use utoipa::ToSchema;

use super::{Timestamp, vocabulary};

/// Asks for a workflow execution.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "customerInternalReference": "order-17",
    "userReference": "u-17",
    "callbackUrl": "https://example.com/callback",
    "workflowDefinition": {
        "key": 2,
        "credentials": [{
            "category": "ID",
            "type": {"values": ["PASSPORT", "ID_CARD", "DRIVING_LICENSE"]},
            "country": {"values": ["USA", "AUT"]}
        }]
    }
}))]
pub struct InitiationRequest {
    /// The customer's own name for the execution; no personal data, no markup or path characters.
    /// A number is taken for its digits. In a sandbox tenant up to 4,096 characters of any kind, and
    /// its instruction (`/sandbox/instruction.schema.json`) where it begins with `{`.
    #[schema(min_length = 1, max_length = 100, pattern = r#"^[^<>"/;`%{}|]+$"#)]
    pub customer_internal_reference: String,
    /// The customer's own name for the end user; no personal data. Needed for workflow 32.
    #[schema(min_length = 1, max_length = 100)]
    pub user_reference: Option<String>,
    /// Free text for the customer's reports.
    #[schema(min_length = 1, max_length = 255)]
    pub reporting_criteria: Option<String>,
    /// Where the callback goes: https, no port, no IP address, no fragment.
    #[schema(min_length = 1, max_length = 255, format = "uri")]
    pub callback_url: Option<String>,
    /// How long the tokens let a journey start: `5m` to `60d`, with the units s, m, h, d.
    #[schema(pattern = r"^([+-]?\d+)([smhd]{1})$", default = "30m")]
    pub token_lifetime: Option<String>,
    /// Redirects and language of the web journey.
    pub web: Option<WebRequest>,
    /// The workflow.
    pub workflow_definition: WorkflowDefinitionRequest,
    /// The end user's consent to biometric processing.
    pub user_consent: Option<UserConsentRequest>,
}

/// Redirects and language of the web journey.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct WebRequest {
    /// Where a journey that succeeded ends.
    #[schema(max_length = 255, format = "uri")]
    pub success_url: Option<String>,
    /// Where a journey that failed ends.
    #[schema(max_length = 255, format = "uri")]
    pub error_url: Option<String>,
    /// The language; an unknown one falls back to its language, then to English.
    #[schema(max_length = 5, examples("es-MX"))]
    pub locale: Option<String>,
}

/// The workflow, and what it is narrowed to.
#[derive(ToSchema)]
pub struct WorkflowDefinitionRequest {
    /// The workflow; a number or a string.
    #[schema(schema_with = vocabulary::requested_key)]
    pub key: (),
    /// Presets and selections. The workflow's own credentials are made in any case; only workflow
    /// 20 takes its pair from here.
    pub credentials: Option<Vec<CredentialRequest>>,
}

/// Narrows or labels one credential.
#[derive(ToSchema)]
pub struct CredentialRequest {
    /// What it is.
    #[schema(schema_with = vocabulary::category)]
    pub category: (),
    /// An existing credential of the account; workflow 5 names the stored ID so.
    #[schema(format = Uuid)]
    pub id: Option<String>,
    /// A free label, echoed in answers.
    #[schema(max_length = 100)]
    pub label: Option<String>,
    /// Accepted document types, such as `PASSPORT`.
    #[schema(rename = "type")]
    pub document_type: Option<ValuesRequest>,
    /// Accepted countries, ISO 3166-1 alpha-3.
    pub country: Option<ValuesRequest>,
}

/// An acceptance filter; a preset when it has exactly one value.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ValuesRequest {
    /// The accepted values.
    #[schema(required = false)]
    pub values: Vec<String>,
    /// `DEFINED` (cannot be changed, the default) or `RECOMMENDED`.
    #[schema(examples("DEFINED"))]
    pub predefined_type: Option<String>,
}

/// The end user's consent (contract §13).
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct UserConsentRequest {
    /// The end user's IP address during the journey.
    #[schema(examples("192.0.2.17"))]
    pub user_ip: String,
    /// Where the end user is.
    pub user_location: UserLocationRequest,
    /// What was obtained; needed in the USA.
    pub consent: Option<ConsentRequest>,
}

/// Where the end user is.
#[derive(ToSchema)]
pub struct UserLocationRequest {
    /// ISO 3166-1 alpha-3.
    #[schema(examples("USA"))]
    pub country: String,
    /// USA, CAN, AUS: the subdivision without the country; free text elsewhere.
    #[schema(max_length = 100, examples("IL"))]
    pub state: Option<String>,
}

/// What was obtained.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ConsentRequest {
    /// `yes`, `no` or `na`.
    #[schema(examples("yes"))]
    pub obtained: String,
    /// When; needed with `yes`, and at most three years ago.
    pub obtained_at: Option<Timestamp>,
}
