//! Token lifetimes of requests, and the `Authorization` header in both forms.
#![no_main]

use bonafide_domain::token::{Authorization, TokenLifetime};
use libfuzzer_sys::fuzz_target;

const FIVE_MINUTES: i64 = 5 * 60;
const SIXTY_DAYS: i64 = 60 * 24 * 60 * 60;

fuzz_target!(|text: &str| {
    if let Ok(lifetime) = TokenLifetime::parse(text) {
        let seconds = lifetime.duration().as_secs();
        assert!((FIVE_MINUTES..=SIXTY_DAYS).contains(&seconds));
    }
    if let Some(Authorization::Bearer(credentials) | Authorization::Basic(credentials)) =
        Authorization::parse(text)
    {
        assert!(!credentials.is_empty() && credentials.len() <= 4096);
        assert!(text.contains(credentials) && !credentials.contains(' '));
    }
});
