//! The bodies on the wire: one file for each, keys exactly as the contract lists them.
//!
//! Keys are camel case, and an optional that is absent is left out instead of being `null`
//! (contract §17, 5). What is read from a request is the domain's business; the request types here
//! are for the description only.

mod acquired;
mod assessment;
mod callback;
mod capability;
mod consent;
mod deliveries;
mod details;
mod evidence;
mod feed;
mod health;
mod initiated;
mod initiation;
mod journey;
mod listing;
mod locale;
mod prepared_data;
mod problem;
mod receipt;
mod reference;
mod search;
mod status;
mod timestamp;
mod token;
mod vocabulary;

pub use acquired::{Finalized, Uploaded};
pub use assessment::{
    OverallDecision, OverallDetails, Risk, RuleBody, Rules, StepBody, Steps, StepsLink,
};
pub use callback::{CallbackBody, CallbackExecution};
pub use capability::{CapabilityEntry, CredentialReference, DecisionBody, DecisionDetails};
pub use consent::{
    ConsentDetails, ConsentHistory, ConsentHistoryEntry, CredentialConsent, StatementKind,
    UserLocation,
};
pub use deliveries::{Delivery, DeliveryAttempt, DeliveryLogBody};
pub use details::{CredentialDetails, ExecutionDetails, PartDetails, Workflow};
pub use evidence::{
    Evidence, EvidenceEntry, EvidenceModel, EvidenceRegion, EvidenceSignal, EvidenceValue, Mrz,
    MrzRepair,
};
pub use feed::{FeedBody, FeedEntry};
pub use health::{Health, HealthDetails, HealthState};
pub use initiated::{
    ApiBlock, Initiated, InitiatedCredential, InitiatedExecution, Parts, Sdk, Web,
};
pub use initiation::{
    ConsentRequest, CredentialRequest, InitiationRequest, UserConsentRequest, UserLocationRequest,
    ValuesRequest, WebRequest, WorkflowDefinitionRequest,
};
pub use journey::{
    AnsweredBody, ChallengeAnswerRequest, ChallengeBody, FrameFeedbackBody, JourneyBody,
    JourneyCredential, JourneyPart, QualityComponent,
};
pub(crate) use listing::read_cursor;
pub use listing::{ExecutionPage, ListedExecution};
pub use prepared_data::{AddressRequest, IdDocumentRequest, PreparedDataRequest};
pub use problem::{FieldError, Problem};
pub use receipt::{Receipt, Receipts};
pub use reference::{AccountReference, ExecutionReference};
pub use search::{
    CommentBody, CommentRequestBody, CommentsContent, CommentsEnvelope, DifferenceBody,
    DifferencesContent, DifferencesEnvelope, HitBody, ListBody, ListsContent, ListsEnvelope,
    MonitorBody, MonitorContent, MonitorEnvelope, MonitorRequestBody, NoticeBody,
    ReviewRequestBody, SearchBody, SearchContent, SearchEnvelope, SearchRequestBody, SearchesBody,
    SearchesContent, SearchesEnvelope,
};
pub use status::{AccountBody, AccountLink, ExecutionLink, StatusBody};
pub use timestamp::Timestamp;
pub use token::{TokenBody, TokenProblem, TokenRequest};
