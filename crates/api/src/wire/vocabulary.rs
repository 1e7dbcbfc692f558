//! The closed vocabularies of the domain, as schemas.

use bonafide_domain::callback::CallbackState;
use bonafide_domain::consent::Obtained;
use bonafide_domain::credential::{Category, Channel, Classifier};
use bonafide_domain::decision::{DecisionType, Label};
use bonafide_domain::event::EventStatus;
use bonafide_domain::execution::ExecutionStatus;
use bonafide_domain::receipt::{Extent, Reason};
use bonafide_domain::screening::MatchStatus;
use bonafide_domain::workflow::{Step, WorkflowKey};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};

pub(super) fn category() -> Schema {
    words("What is captured.", Category::ALL)
}

pub(super) fn channels() -> Schema {
    let channel = RefOr::T(words("How a credential is captured.", Channel::ALL));
    ArrayBuilder::new().items(channel).into()
}

pub(super) fn classifier() -> Schema {
    let shown: Vec<_> = Classifier::ALL.iter().filter(|one| one.is_shown()).collect();
    words("Which part of a credential a file is.", &shown)
}

pub(super) fn decision_type() -> Schema {
    words("How a check ended.", DecisionType::ALL)
}

pub(super) fn label() -> Schema {
    words("Why it ended so.", Label::ALL)
}

pub(super) fn match_status() -> Schema {
    words("How far a review has come.", MatchStatus::ALL)
}

pub(super) fn obtained() -> Schema {
    words("Whether the end user consents.", Obtained::ALL)
}

pub(super) fn step() -> Schema {
    words("Which step it is.", Step::ALL)
}

pub(super) fn execution_status() -> Schema {
    words("Where an execution stands.", ExecutionStatus::ALL)
}

pub(super) fn event_status() -> Schema {
    words("What became of an execution.", EventStatus::ALL)
}

pub(super) fn callback_state() -> Schema {
    words("Where a callback stands.", CallbackState::ALL)
}

pub(super) fn extent() -> Schema {
    words("How much was deleted.", Extent::ALL)
}

pub(super) fn reason() -> Schema {
    words("Why it was deleted.", Reason::ALL)
}

pub(super) fn definition_key() -> Schema {
    words("The workflow, always a string.", WorkflowKey::ALL)
}

/// A request's key may be a number too (contract §17, 1).
pub(super) fn requested_key() -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Integer, Type::String]))
        .description(Some("The workflow, as a number or as a string."))
        .examples([2])
        .into()
}

fn words<T: ToString>(description: &str, all: &[T]) -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(all.iter().map(ToString::to_string)))
        .into()
}
