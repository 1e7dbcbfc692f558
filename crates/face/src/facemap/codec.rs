//! A facemap as bytes.
//!
//! ```text
//! "BFMP"  version u8                       tenant 16  account 16  created i64  pack 32  rotation 8
//! nonce 16  frames u8  duration u32        actions: count u8, each u8
//! entries: count u8, each: bucket u8, quality u8, 128 numbers i16 in units of 2^-13
//! authentication code 32
//! ```
//!
//! Numbers are big-endian. The code covers everything before it.

use bonafide_domain::id::{AccountId, TenantId};
use bonafide_models::Digest;

use super::{Entry, Facemap, LivenessSummary, MOST_ENTRIES, PoseBucket};
use crate::Description;
use crate::description::NUMBERS;
use crate::liveness::Action;

const MAGIC: &[u8; 4] = b"BFMP";
const VERSION: u8 = 1;
/// Numbers of a description lie within ±4 in steps of 2^-13: finer than the net is by far.
const UNIT: f32 = 8192.0;
const CODE_BYTES: usize = 32;

/// Most bytes of a facemap.
pub(super) const MOST_BYTES: usize = 8 << 10;

/// Makes and checks authentication codes with a key that only this server has.
pub trait Authenticator {
    /// The code of these bytes.
    fn code(&self, bytes: &[u8]) -> [u8; CODE_BYTES];
    /// Whether a code is the one of these bytes; in a time that says nothing about it.
    fn is_authentic(&self, bytes: &[u8], code: &[u8; CODE_BYTES]) -> bool;
}

/// Why a facemap is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is something else, or cut off.
    #[error(
        "the file is no facemap of this server; upload the bytes exactly as they were retrieved"
    )]
    NotAFacemap,
    /// It is of a later version.
    #[error("the facemap has the version {0}, which this server does not know")]
    UnknownVersion(u8),
    /// It was changed, or made by somebody else.
    #[error("the facemap is not authentic")]
    Forged,
    /// It belongs to another tenant.
    #[error("the facemap belongs to another tenant")]
    OtherTenant,
    /// Other nets made it: its numbers mean nothing to those that are installed.
    #[error("the facemap was made by another model pack; the person has to enrol again")]
    OtherPack,
    /// It is older than the consent or the policy allows, or from the future.
    #[error("the facemap is too old; the person has to enrol again")]
    TooOld,
}

impl Facemap {
    /// The facemap as authenticated bytes. It must have an entry.
    pub fn encode(&self, authenticator: &impl Authenticator) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(MAGIC);
        bytes.push(VERSION);
        bytes.extend_from_slice(self.tenant.as_bytes());
        bytes.extend_from_slice(self.account.as_bytes());
        bytes.extend_from_slice(&self.created_at.to_be_bytes());
        bytes.extend_from_slice(&self.pack);
        bytes.extend_from_slice(&self.rotation);
        bytes.extend_from_slice(&self.liveness.nonce);
        bytes.push(self.liveness.frames);
        bytes.extend_from_slice(&self.liveness.duration_milliseconds.to_be_bytes());
        bytes.push(self.liveness.actions.len() as u8);
        bytes.extend(self.liveness.actions.iter().map(|action| action.number()));
        bytes.push(self.entries.len() as u8);
        for entry in &self.entries {
            bytes.extend([entry.bucket.number(), entry.quality]);
            for number in entry.description.0 {
                bytes.extend_from_slice(&((number * UNIT).round() as i16).to_be_bytes());
            }
        }
        let code = authenticator.code(&bytes);
        bytes.extend_from_slice(&code);
        bytes
    }

    /// Reads bytes from anywhere. Only an authentic facemap of this tenant and this pack, made
    /// `most_age_milliseconds` ago at most, is taken.
    pub fn decode(
        bytes: &[u8],
        authenticator: &impl Authenticator,
        tenant: TenantId,
        pack: &Digest,
        now: i64,
        most_age_milliseconds: i64,
    ) -> Result<Self, Refusal> {
        if bytes.len() > MOST_BYTES || !bytes.starts_with(MAGIC) {
            return Err(Refusal::NotAFacemap);
        }
        let (content, code) = bytes.split_last_chunk().ok_or(Refusal::NotAFacemap)?;
        let version = *content.get(MAGIC.len()).ok_or(Refusal::NotAFacemap)?;
        if version != VERSION {
            return Err(Refusal::UnknownVersion(version));
        }
        // Before anything else is read.
        if !authenticator.is_authentic(content, code) {
            return Err(Refusal::Forged);
        }
        let facemap = Reader(&content[MAGIC.len() + 1..]).facemap().ok_or(Refusal::NotAFacemap)?;
        let age = now.saturating_sub(facemap.created_at);
        if facemap.tenant != tenant {
            Err(Refusal::OtherTenant)
        } else if facemap.pack != *pack.as_bytes() {
            Err(Refusal::OtherPack)
        } else if !(0..=most_age_milliseconds).contains(&age) {
            Err(Refusal::TooOld)
        } else {
            Ok(facemap)
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (own, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*own)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    fn facemap(mut self) -> Option<Facemap> {
        let facemap = Facemap {
            tenant: TenantId::from_bytes(self.take()?),
            account: AccountId::from_bytes(self.take()?),
            created_at: i64::from_be_bytes(self.take()?),
            pack: self.take()?,
            rotation: self.take()?,
            liveness: self.liveness()?,
            entries: self.entries()?,
        };
        self.0.is_empty().then_some(facemap)
    }

    fn liveness(&mut self) -> Option<LivenessSummary> {
        Some(LivenessSummary {
            nonce: self.take()?,
            frames: self.byte()?,
            duration_milliseconds: u32::from_be_bytes(self.take()?),
            actions: (0..self.byte()?)
                .map(|_| Action::numbered(self.byte()?))
                .collect::<Option<_>>()?,
        })
    }

    fn entries(&mut self) -> Option<Vec<Entry>> {
        let count = usize::from(self.byte()?);
        if !(1..=MOST_ENTRIES).contains(&count) {
            return None;
        }
        (0..count).map(|_| self.entry()).collect()
    }

    fn entry(&mut self) -> Option<Entry> {
        let bucket = *PoseBucket::ALL.get(usize::from(self.byte()?))?;
        let quality = self.byte()?;
        let mut numbers = [0.0; NUMBERS];
        for number in &mut numbers {
            *number = f32::from(i16::from_be_bytes(self.take()?)) / UNIT;
        }
        Some(Entry { bucket, quality, description: Description(numbers) })
    }
}
