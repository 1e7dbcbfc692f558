use bonafide_domain::id::{AccountId, TenantId};
use bonafide_models::Digest;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::description::NUMBERS;

/// A keyed hash for tests; the server's is an HMAC.
struct Key(u8);

impl Authenticator for Key {
    fn code(&self, bytes: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update([self.0; 32]).chain_update(bytes).finalize().into()
    }
    fn is_authentic(&self, bytes: &[u8], code: &[u8; 32]) -> bool {
        self.code(bytes) == *code
    }
}

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const NOW: i64 = 1_700_000_000_000;
const YEAR: i64 = 365 * 86_400_000;

fn described(seed: f32) -> Description {
    Description(std::array::from_fn(|index| ((index as f32 + 1.0) * seed).sin() * 0.15))
}

fn entry(bucket: PoseBucket, quality: u8, seed: f32) -> Entry {
    Entry { bucket, quality, description: described(seed) }
}

fn facemap() -> Facemap {
    Facemap {
        tenant: TENANT,
        account: AccountId::from_bytes([2; 16]),
        created_at: NOW,
        pack: *Digest::of(b"pack").as_bytes(),
        rotation: [0; 8],
        liveness: LivenessSummary {
            nonce: [7; 16],
            actions: vec![Action::TurnLeft, Action::Blink],
            frames: 14,
            duration_milliseconds: 4_200,
        },
        entries: vec![entry(PoseBucket::Frontal, 90, 1.0), entry(PoseBucket::Left, 70, 1.1)],
    }
}

fn read(
    bytes: &[u8],
    key: u8,
    tenant: TenantId,
    pack: &[u8],
    now: i64,
) -> Result<Facemap, Refusal> {
    Facemap::decode(bytes, &Key(key), tenant, &Digest::of(pack), now, YEAR)
}

#[test]
fn what_was_written_is_read() {
    let written = facemap();
    let bytes = written.encode(&Key(1));
    assert_eq!(bytes.len(), 4 + 1 + 16 + 16 + 8 + 32 + 8 + 16 + 1 + 4 + 3 + 1 + 2 * 258 + 32);
    let found = read(&bytes, 1, TENANT, b"pack", NOW + 5).unwrap();
    for (found, entry) in found.entries.iter().zip(&written.entries) {
        assert_eq!((found.bucket, found.quality), (entry.bucket, entry.quality));
        assert!(found.description.distance(&entry.description) < 1e-3);
    }
    assert_eq!((found.account, found.liveness), (written.account, written.liveness));
}

#[test]
fn every_reason_to_refuse() {
    let bytes = facemap().encode(&Key(1));
    let other = TenantId::from_bytes([9; 16]);
    assert_eq!(read(&bytes, 2, TENANT, b"pack", NOW), Err(Refusal::Forged));
    assert_eq!(read(&bytes, 1, other, b"pack", NOW), Err(Refusal::OtherTenant));
    assert_eq!(read(&bytes, 1, TENANT, b"other", NOW), Err(Refusal::OtherPack));
    assert_eq!(read(&bytes, 1, TENANT, b"pack", NOW + YEAR + 1), Err(Refusal::TooOld));
    assert_eq!(read(&bytes, 1, TENANT, b"pack", NOW - 1), Err(Refusal::TooOld), "from the future");
    assert_eq!(read(b"\xff\xd8\xff\xe0", 1, TENANT, b"pack", NOW), Err(Refusal::NotAFacemap));
    let mut later = bytes;
    later[4] = 2;
    assert_eq!(read(&later, 1, TENANT, b"pack", NOW), Err(Refusal::UnknownVersion(2)));
}

#[test]
fn an_authentic_facemap_without_entries_is_none() {
    let empty = Facemap { entries: Vec::new(), ..facemap() };
    assert_eq!(read(&empty.encode(&Key(1)), 1, TENANT, b"pack", NOW), Err(Refusal::NotAFacemap));
}

proptest! {
    #[test]
    fn no_changed_byte_is_taken(at in 0_usize..600, change in 1_u8..) {
        let mut bytes = facemap().encode(&Key(1));
        let at = at % bytes.len();
        bytes[at] ^= change;
        prop_assert!(read(&bytes, 1, TENANT, b"pack", NOW).is_err());
    }

    #[test]
    fn no_bytes_panic(content in proptest::collection::vec(any::<u8>(), 0..700), authentic: bool) {
        let mut bytes = [&b"BFMP\x01"[..], &content].concat();
        if authentic {
            let code = Key(1).code(&bytes);
            bytes.extend(code);
        }
        let _ = read(&bytes, 1, TENANT, b"pack", NOW);
    }

    #[test]
    fn a_rotation_keeps_distances(one in 0.5_f32..9.0, other in 0.5_f32..9.0) {
        let rotation = Rotation::from_secret(&[3; 32]);
        let (one, other) = (described(one), described(other));
        let turned = rotation.apply(&one).distance(&rotation.apply(&other));
        prop_assert!((turned - one.distance(&other)).abs() < 1e-4);
    }
}

#[test]
fn rotations_of_two_secrets_take_a_person_apart() {
    let rotations = [[3; 32], [4; 32]].map(|secret| Rotation::from_secret(&secret));
    assert_ne!(rotations[0].id(), rotations[1].id());
    let person = described(1.3);
    let apart = rotations[0].apply(&person).distance(&rotations[1].apply(&person));
    let length = person.distance(&Description([0.0; NUMBERS]));
    assert!(apart > length, "{apart} of {length}");
}

#[test]
fn the_best_of_each_bucket_is_kept() {
    let all = vec![
        entry(PoseBucket::Left, 10, 1.0),
        entry(PoseBucket::Frontal, 50, 1.1),
        entry(PoseBucket::Left, 80, 1.2),
        entry(PoseBucket::Frontal, 95, 1.3),
    ];
    let kept: Vec<_> = Facemap::select(all).iter().map(|e| (e.bucket, e.quality)).collect();
    let (frontal, left) = (PoseBucket::Frontal, PoseBucket::Left);
    assert_eq!(kept, [(frontal, 95), (frontal, 50), (left, 80)]);
}

#[test]
fn the_nearest_entry_counts() {
    let facemap = facemap();
    assert!(facemap.distance(&described(1.1)) < 1e-6);
    assert!(facemap.distance(&described(5.0)) > 0.5);
}
