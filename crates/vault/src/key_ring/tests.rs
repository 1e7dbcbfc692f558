use bonafide_domain::credential::Classifier;
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId, RunId, TenantId};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::Binding;

fn ring(seed: u64) -> (KeyRing, StdRng) {
    let mut rng = StdRng::seed_from_u64(seed);
    (KeyRing::generate(&mut rng, "first".to_owned()).unwrap(), rng)
}

fn id(number: u128) -> DataKeyId {
    DataKeyId::from_u128(number)
}

/// Every binding that these few ids can make, no two alike.
fn bindings() -> Vec<Binding> {
    let numbers = [1_u128, 2];
    let mut bindings = Vec::new();
    for t in numbers {
        for a in numbers {
            for e in numbers {
                let (tenant, account) = (TenantId::from_u128(t), AccountId::from_u128(a));
                let execution = ExecutionId::from_u128(e);
                bindings.push(Binding::Consent { tenant, account, execution });
                for x in numbers {
                    let run = RunId::from_u128(x);
                    bindings.push(Binding::Run { tenant, account, execution, run });
                }
                let credential = CredentialId::from_u128(e);
                for &classifier in Classifier::ALL {
                    bindings.push(Binding::Part { tenant, account, credential, classifier });
                }
            }
        }
    }
    bindings
}

#[test]
fn sealed_bytes_open_in_their_own_place_only() {
    let (ring, mut rng) = ring(1);
    let (key, _) = ring.new_data_key(id(1), &mut rng);
    let bindings = bindings();
    for (index, place) in bindings.iter().enumerate() {
        let sealed = key.seal(place, b"plain", &mut rng);
        for (other_index, other) in bindings.iter().enumerate() {
            let opened = key.open(other, &sealed);
            if index == other_index {
                assert_eq!(opened.unwrap().as_slice(), b"plain");
            } else {
                assert_eq!(opened.unwrap_err(), Error::Refused, "{place:?} opened as {other:?}");
            }
        }
    }
}

#[test]
fn rotation_keeps_old_keys_open_and_rewrap_moves_them() {
    let (mut ring, mut rng) = ring(2);
    let place = bindings()[0];
    let (key, old) = ring.new_data_key(id(1), &mut rng);
    let sealed = key.seal(&place, b"plain", &mut rng);

    ring.rotate(&mut rng, "second".to_owned()).unwrap();
    assert_eq!(ring.active_id(), "second");
    assert_eq!(
        ring.unwrap(id(1), &old).unwrap().open(&place, &sealed).unwrap().as_slice(),
        b"plain"
    );

    let new = ring.rewrap(id(1), &old, &mut rng).unwrap();
    assert_eq!(new.ring_key_id, "second");
    ring.remove("first").unwrap();
    assert_eq!(
        ring.unwrap(id(1), &new).unwrap().open(&place, &sealed).unwrap().as_slice(),
        b"plain"
    );
    assert_eq!(
        ring.unwrap(id(1), &old).unwrap_err(),
        Error::UnknownRingKey { id: "first".to_owned() }
    );
}

#[test]
fn a_ring_refuses_what_would_lose_keys() {
    let (mut ring, mut rng) = ring(3);
    assert_eq!(
        ring.rotate(&mut rng, "first".to_owned()).unwrap_err(),
        Error::DuplicateRingKey { id: "first".to_owned() }
    );
    assert_eq!(ring.remove("first").unwrap_err(), Error::ActiveRingKey { id: "first".to_owned() });
    assert_eq!(ring.remove("none").unwrap_err(), Error::UnknownRingKey { id: "none".to_owned() });
    assert_eq!(ring.rotate(&mut rng, "two words".to_owned()).unwrap_err(), Error::RingKeyId);
    assert_eq!(ring.ids().collect::<Vec<_>>(), ["first"]);
}

#[test]
fn a_wrapped_key_cannot_stand_in_another_row() {
    let (ring, mut rng) = ring(4);
    let (_, wrapped) = ring.new_data_key(id(1), &mut rng);
    assert_eq!(ring.unwrap(id(2), &wrapped).unwrap_err(), Error::Refused);
}

#[test]
fn the_text_of_a_ring_comes_back() {
    let (mut ring, mut rng) = ring(5);
    ring.rotate(&mut rng, "2026-12.b_c".to_owned()).unwrap();
    let (_, wrapped) = ring.new_data_key(id(1), &mut rng);
    let text = format!("# keep this file safe\r\n\r\n{}", *ring.render());
    let read = KeyRing::parse(&text).unwrap();
    assert_eq!(read.ids().collect::<Vec<_>>(), ["first", "2026-12.b_c"]);
    assert_eq!(read.active_id(), "2026-12.b_c");
    assert!(read.unwrap(id(1), &wrapped).is_ok());
}

#[test]
fn a_broken_ring_names_the_line_and_not_the_key() {
    let key = URL_SAFE_NO_PAD.encode([7; 32]);
    for (text, line) in [
        (String::new(), 0),
        (format!("a {key}"), 0),
        (format!("a {key} active\nb {key} active"), 2),
        (format!("a {key} active\na {key}"), 2),
        (format!("a {key} activ"), 1),
        (format!("a {key} active b"), 1),
        ("a".to_owned(), 1),
        ("a c2hvcnQ active".to_owned(), 1),
        (format!("ä {key} active"), 1),
        ("a !!!! active".to_owned(), 1),
    ] {
        let error = KeyRing::parse(&text).unwrap_err();
        assert!(matches!(error, Error::KeyRing { line: l, .. } if l == line), "{text:?}: {error}");
        assert!(!error.to_string().contains(&key), "{error}");
    }
}

#[test]
fn debug_shows_no_key() {
    let (ring, mut rng) = ring(6);
    let text = ring.render();
    let bits = text.split_whitespace().nth(1).unwrap();
    let (key, _) = ring.new_data_key(id(1), &mut rng);
    assert!(!format!("{ring:?}").contains(bits));
    assert_eq!(format!("{key:?}"), "DataKey([redacted])");
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens(plain: Vec<u8>, seed: u64) {
        let (ring, mut rng) = ring(seed);
        let place = bindings()[0];
        let (key, wrapped) = ring.new_data_key(id(7), &mut rng);
        let sealed = key.seal(&place, &plain, &mut rng);
        prop_assert_eq!(sealed.len(), plain.len() + 41);
        let opened = ring.unwrap(id(7), &wrapped).unwrap().open(&place, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plain);
    }

    #[test]
    fn any_flipped_bit_is_refused(plain in proptest::collection::vec(any::<u8>(), 0..64),
                                  position: prop::sample::Index, bit in 0..8_u32, seed: u64) {
        let (ring, mut rng) = ring(seed);
        let place = bindings()[0];
        let (key, mut wrapped) = ring.new_data_key(id(7), &mut rng);
        let mut sealed = key.seal(&place, &plain, &mut rng);
        let index = position.index(sealed.len());
        sealed[index] ^= 1 << bit;
        prop_assert!(key.open(&place, &sealed).is_err());
        let index = position.index(wrapped.bytes.len());
        wrapped.bytes[index] ^= 1 << bit;
        prop_assert!(ring.unwrap(id(7), &wrapped).is_err());
    }

    #[test]
    fn any_other_key_is_refused(plain: Vec<u8>, seed: u64) {
        let (ring, mut rng) = ring(seed);
        let place = bindings()[0];
        let (key, _) = ring.new_data_key(id(1), &mut rng);
        let (other, _) = ring.new_data_key(id(2), &mut rng);
        let sealed = key.seal(&place, &plain, &mut rng);
        prop_assert_eq!(other.open(&place, &sealed).unwrap_err(), Error::Refused);
    }

    #[test]
    fn whatever_is_cut_short_is_refused(plain: Vec<u8>, keep: prop::sample::Index, seed: u64) {
        let (ring, mut rng) = ring(seed);
        let place = bindings()[0];
        let (key, _) = ring.new_data_key(id(1), &mut rng);
        let sealed = key.seal(&place, &plain, &mut rng);
        prop_assert!(key.open(&place, &sealed[..keep.index(sealed.len())]).is_err());
    }

    #[test]
    fn parsing_never_panics(text: String) {
        let _: Result<KeyRing, Error> = KeyRing::parse(&text);
    }
}
