//! Bearer tokens: kinds that cannot stand in for each other, and their lifetimes (contract §2, §5).

use jiff::{SignedDuration, Timestamp};

use crate::id::{ApiClientId, ExecutionId, TenantId};
use crate::tenant::Permissions;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// What a token is for. A token of one kind is refused where another is asked for.
    pub enum TokenKind {
        /// OAuth 2 access token: accounts, retrieval, deletion.
        Access = "ACCESS",
        /// `api.token`: uploads and finalize of one execution.
        Transaction = "TRANSACTION",
        /// `sdk.token`.
        Sdk = "SDK",
        /// `authorizationToken` of `web.href`.
        Web = "WEB",
    }
}

/// How long an access token lives (contract §2).
pub const ACCESS_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// A token as it is stored: the hash, and what it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// What it is for.
    pub kind: TokenKind,
    /// Whose data it opens.
    pub tenant_id: TenantId,
    /// The client that asked for it; access tokens only.
    pub api_client_id: Option<ApiClientId>,
    /// What that client may do; access tokens only.
    pub permissions: Option<Permissions>,
    /// The one execution that it opens; all but access tokens.
    pub execution_id: Option<ExecutionId>,
    /// When it ends. An execution's session may end it sooner, or carry it further.
    pub expires_at: Timestamp,
}

/// `tokenLifetime` of a request: 5 minutes to 60 days (contract §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenLifetime(SignedDuration);

impl TokenLifetime {
    /// What holds when the request says nothing: 30 minutes.
    pub const DEFAULT: Self = Self(SignedDuration::from_mins(30));
    const MIN: SignedDuration = SignedDuration::from_mins(5);
    const MAX: SignedDuration = SignedDuration::from_hours(60 * 24);

    /// Reads `600s`, `30m`, `12h`, `1d`: an optional sign, digits, one unit.
    pub fn parse(text: &str) -> Result<Self, InvalidLifetime> {
        let unit = text.chars().last().ok_or(InvalidLifetime)?;
        let seconds_per_unit: i64 = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(InvalidLifetime),
        };
        let digits = &text[..text.len() - 1];
        if !digits.trim_start_matches(['+', '-']).bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidLifetime);
        }
        let amount: i64 = digits.parse().map_err(|_| InvalidLifetime)?;
        let seconds = amount.checked_mul(seconds_per_unit).ok_or(InvalidLifetime)?;
        let lifetime = SignedDuration::from_secs(seconds);
        if (Self::MIN..=Self::MAX).contains(&lifetime) {
            Ok(Self(lifetime))
        } else {
            Err(InvalidLifetime)
        }
    }

    /// The length.
    pub fn duration(self) -> SignedDuration {
        self.0
    }
}

/// A `tokenLifetime` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a number and a unit (s, m, h or d) between 5m and 60d, such as 30m")]
pub struct InvalidLifetime;

/// The two forms of the `Authorization` header that the contract accepts (§2).
#[derive(Clone, PartialEq, Eq)]
pub enum Authorization<'a> {
    /// `Bearer <token>`.
    Bearer(&'a str),
    /// `Basic <base64>`, still encoded.
    Basic(&'a str),
}

impl<'a> Authorization<'a> {
    /// Reads a header's value; the scheme's case does not matter.
    pub fn parse(header: &'a str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ')?;
        let credentials = rest.trim();
        if credentials.is_empty() || credentials.len() > 4096 || credentials.contains(' ') {
            return None;
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            Some(Self::Bearer(credentials))
        } else if scheme.eq_ignore_ascii_case("basic") {
            Some(Self::Basic(credentials))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_of_the_contract() {
        for (text, seconds) in [("600s", 600), ("30m", 1800), ("+5m", 300), ("60d", 5_184_000)] {
            assert_eq!(TokenLifetime::parse(text).unwrap().duration().as_secs(), seconds, "{text}");
        }
        for text in
            ["", "m", "30", "4m", "61d", "-5m", "5 m", "30M", "99999999999999999999d", "é", "++5m"]
        {
            assert!(TokenLifetime::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn schemes_in_any_case() {
        assert!(matches!(Authorization::parse("bearer abc"), Some(Authorization::Bearer("abc"))));
        assert!(matches!(Authorization::parse("BASIC YTpi"), Some(Authorization::Basic("YTpi"))));
        for text in ["", "Bearer", "Bearer ", "Digest x", "Bearer a b"] {
            assert!(Authorization::parse(text).is_none(), "{text}");
        }
    }
}
