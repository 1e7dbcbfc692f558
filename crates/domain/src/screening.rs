//! Searches in watchlists and the review of their hits, in the words of the classic screening
//! interface (contract §14).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ApiClientId, ExecutionId, TenantId};
use crate::run::SealedRecord;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// How far the review of a hit, or of a search, has come.
    pub enum MatchStatus {
        /// Nothing was found.
        NoMatch = "no_match",
        /// Nobody has looked yet.
        Unknown = "unknown",
        /// Somebody has looked and could not tell.
        PotentialMatch = "potential_match",
        /// Somebody else: cleared.
        FalsePositive = "false_positive",
        /// The person who is listed.
        TruePositive = "true_positive",
        /// The person who is listed, and taken nevertheless.
        TruePositiveApprove = "true_positive_approve",
        /// The person who is listed, and refused.
        TruePositiveReject = "true_positive_reject",
    }
}

impl MatchStatus {
    /// Whether a reviewer may go from here to `next`. What was decided may be opened again, as a
    /// potential match, and never becomes unseen.
    pub fn may_become(self, next: Self) -> bool {
        use MatchStatus::{
            FalsePositive, NoMatch, PotentialMatch, TruePositive, TruePositiveApprove,
            TruePositiveReject, Unknown,
        };
        match self {
            NoMatch => false,
            Unknown => matches!(next, PotentialMatch | FalsePositive | TruePositive),
            PotentialMatch => matches!(next, FalsePositive | TruePositive),
            TruePositive => {
                matches!(next, PotentialMatch | TruePositiveApprove | TruePositiveReject)
            }
            FalsePositive | TruePositiveApprove | TruePositiveReject => next == PotentialMatch,
        }
    }
}

/// A search's number: digits on the wire, unique for its tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SearchId(i64);

impl SearchId {
    /// Of a random number; twelve to fifteen digits, so that JavaScript reads it exactly.
    pub fn from_random(random: u64) -> Self {
        const LEAST: u64 = 100_000_000_000;
        const MOST: u64 = 1_000_000_000_000_000;
        Self((LEAST + random % (MOST - LEAST)).cast_signed())
    }

    /// As a column's value.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// From a column's value.
    pub const fn new(value: i64) -> Self {
        Self(value)
    }
}

impl std::fmt::Display for SearchId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A search that was made. Who was searched for, and what was found, is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Its number.
    pub id: SearchId,
    /// Its other name on the wire: `<epoch seconds>-<8 letters>`.
    pub reference: String,
    /// Its owner.
    pub tenant_id: TenantId,
    /// The account and execution that it was made for; none when it was asked for by itself.
    pub origin: Option<(AccountId, ExecutionId)>,
    /// The customer's own name for the person; no personal data by contract.
    pub client_ref: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it is made again when lists change.
    pub is_monitored: bool,
    /// The other provider's number for it, where that one searched.
    pub external_id: Option<i64>,
    /// Who was searched for and what was found.
    pub record: SealedRecord,
}

/// One step of a search's review; steps are added and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewStep {
    /// Its owner.
    pub tenant_id: TenantId,
    /// The search.
    pub search_id: SearchId,
    /// Counts the search's steps from 1.
    pub position: i32,
    /// The client that took it; none where the server did, because lists had changed.
    pub actor: Option<ApiClientId>,
    /// When.
    pub at: Timestamp,
    /// Which hits, what about them, and why.
    pub record: SealedRecord,
}

wire_enum! {
    /// Who searches for a tenant.
    pub enum ScreeningProvider {
        /// This server, in its own lists.
        Own = "own",
        /// The tenant's account at `ComplyAdvantage`.
        ComplyAdvantage = "comply-advantage",
    }
}

/// How a tenant's names are screened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ScreeningSettings {
    /// Who searches.
    pub provider: ScreeningProvider,
    /// The profile of a search that names none: one of `profiles`, or with another provider one of
    /// that provider's.
    pub default_profile: Option<String>,
    /// Ways of searching, by name; for the own provider.
    pub profiles: BTreeMap<String, SearchProfile>,
    /// Where the other provider's interface is; its address for Europe where absent.
    pub provider_url: Option<String>,
    /// Searches of executions are made again when lists change.
    pub monitor: bool,
}

impl Default for ScreeningSettings {
    fn default() -> Self {
        Self {
            provider: ScreeningProvider::Own,
            default_profile: None,
            profiles: BTreeMap::new(),
            provider_url: None,
            monitor: false,
        }
    }
}

/// A way of searching.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SearchProfile {
    /// The lists to search, by name; all where empty.
    pub lists: Vec<String>,
    /// 0 (only the same name) to 100; the measured thresholds of each script where absent.
    pub fuzziness_percent: Option<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_goes_on_and_is_never_unseen() {
        use MatchStatus::{FalsePositive, NoMatch, PotentialMatch, TruePositive, Unknown};
        assert!(Unknown.may_become(PotentialMatch) && PotentialMatch.may_become(TruePositive));
        assert!(FalsePositive.may_become(PotentialMatch));
        assert!(!FalsePositive.may_become(TruePositive), "it is opened again first");
        for status in MatchStatus::ALL {
            assert!(!status.may_become(Unknown) && !status.may_become(NoMatch), "{status}");
            assert!(!status.may_become(*status), "{status}");
            assert!(!NoMatch.may_become(*status));
        }
    }

    #[test]
    fn numbers_fit_a_double() {
        for random in [0, 1, u64::MAX, 1 << 63] {
            let id = SearchId::from_random(random);
            assert!((12..=15).contains(&id.to_string().len()), "{id}");
        }
    }
}
