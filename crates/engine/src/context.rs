//! The clock, the randomness and the ids: parameters of everything, so that tests can set them.

use std::sync::{Mutex, PoisonError};

use bonafide_domain::token::TokenKind;
use bonafide_vault::{Redacted, secret};
use jiff::Timestamp;
use newtype_uuid::{GenericUuid, TypedUuid, TypedUuidKind};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// What time it is.
pub trait Clock: Send + Sync {
    /// The time, to the millisecond: what the wire and the database keep.
    fn now(&self) -> Timestamp;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        to_millisecond(Timestamp::now())
    }
}

/// Clock, randomness and ids of one engine.
pub struct Context {
    clock: Box<dyn Clock>,
    random: Mutex<StdRng>,
}

impl Context {
    /// The real world: the computer's clock and the operating system's randomness.
    pub fn system() -> Self {
        Self::with_clock(SystemClock)
    }

    /// The operating system's randomness, and a clock of one's own.
    pub fn with_clock(clock: impl Clock + 'static) -> Self {
        Self::new(clock, StdRng::from_rng(&mut system_random()))
    }

    /// A world of one's own.
    pub fn new(clock: impl Clock + 'static, random: StdRng) -> Self {
        Self { clock: Box::new(clock), random: Mutex::new(random) }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id: a UUID of version 7, so that indexes stay in time order.
    pub fn id<K: TypedUuidKind>(&self) -> TypedUuid<K> {
        let mut random = [0; 10];
        self.with_random(|rng| rng.fill_bytes(&mut random));
        let milliseconds = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        TypedUuid::from_untyped_uuid(
            uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid(),
        )
    }

    /// A new bearer token of a kind; its prefix tells the kinds apart in a leaked log.
    pub fn token(&self, kind: TokenKind) -> Redacted<String> {
        let prefix = match kind {
            TokenKind::Access => "bfa_",
            TokenKind::Transaction => "bft_",
            TokenKind::Sdk => "bfs_",
            TokenKind::Web => "bfw_",
        };
        self.with_random(|rng| secret::generate(rng, prefix))
    }

    /// Lends the randomness.
    pub fn with_random<T>(&self, use_it: impl FnOnce(&mut StdRng) -> T) -> T {
        // A panic while drawing leaves the generator usable.
        use_it(&mut self.random.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that takes the system's randomness")]
fn system_random() -> impl Rng {
    rand::rng()
}

/// Cuts a time to the millisecond.
pub(crate) fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
