//! The ids in a path. What is no UUID names nothing: 404.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use bonafide_domain::credential::Classifier;
use bonafide_domain::id::{AccountId, ChallengeId, CredentialId, ExecutionId};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use crate::error::ApiError;

/// The ids of a path, as `T` names them.
pub(crate) struct Ids<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_) => Err(ApiError::no_such_resource()),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountPath {
    /// The account.
    #[param(value_type = String, format = Uuid)]
    pub(crate) account_id: AccountId,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExecutionPath {
    /// The account.
    #[param(value_type = String, format = Uuid)]
    pub(crate) account_id: AccountId,
    /// The workflow execution.
    #[param(value_type = String, format = Uuid)]
    pub(crate) workflow_execution_id: ExecutionId,
}

/// An execution without its account, as some links have it (contract §1).
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LooseExecutionPath {
    /// The workflow execution.
    #[param(value_type = String, format = Uuid)]
    pub(crate) workflow_execution_id: ExecutionId,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchPath {
    /// The search's number or its reference.
    pub(crate) search_id: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadPath {
    /// The account.
    #[param(value_type = String, format = Uuid)]
    pub(crate) account_id: AccountId,
    /// The workflow execution.
    #[param(value_type = String, format = Uuid)]
    pub(crate) workflow_execution_id: ExecutionId,
    /// The credential.
    #[param(value_type = String, format = Uuid)]
    pub(crate) credential_id: CredentialId,
    /// The part, in any case.
    #[param(value_type = String, example = "FRONT")]
    #[serde(deserialize_with = "classifier")]
    pub(crate) classifier: Classifier,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CredentialPartPath {
    /// The account.
    #[param(value_type = String, format = Uuid)]
    pub(crate) account_id: AccountId,
    /// The credential.
    #[param(value_type = String, format = Uuid)]
    pub(crate) credential_id: CredentialId,
    /// The part, in any case.
    #[param(value_type = String, example = "FRONT")]
    #[serde(deserialize_with = "classifier")]
    pub(crate) classifier: Classifier,
}

/// A credential of the token's own execution.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CredentialPath {
    /// The credential.
    #[param(value_type = String, format = Uuid)]
    pub(crate) credential_id: CredentialId,
}

/// A part of a credential of the token's own execution.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JourneyUploadPath {
    /// The credential.
    #[param(value_type = String, format = Uuid)]
    pub(crate) credential_id: CredentialId,
    /// The part, in any case.
    #[param(value_type = String, example = "FRONT")]
    #[serde(deserialize_with = "classifier")]
    pub(crate) classifier: Classifier,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChallengePath {
    /// The challenge.
    #[param(value_type = String, format = Uuid)]
    pub(crate) challenge_id: ChallengeId,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FramePath {
    /// The challenge.
    #[param(value_type = String, format = Uuid)]
    pub(crate) challenge_id: ChallengeId,
    /// The frame, from 1 to 20.
    #[param(minimum = 1, maximum = 20)]
    pub(crate) number: usize,
}

fn classifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Classifier, D::Error> {
    let segment = String::deserialize(deserializer)?;
    Classifier::from_path(&segment).ok_or_else(|| D::Error::custom("not a known classifier"))
}
