//! Whatever bytes an upload brings: the header check and the decoder stay within their bounds.
#![no_main]

use bonafide_imaging::{Limits, decode, probe, sniff};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits {
    bytes: 64_000,
    width: 600,
    height: 600,
    pixels: 120_000,
    shortest_longest_side: 0,
    memory: 2_000_000,
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(picture) = decode(bytes, &LIMITS) else { return };
    let header = probe(bytes, &LIMITS).expect("what decodes has a header that passes");
    assert_eq!(sniff(bytes), Some(header.format));
    assert_eq!(picture.format, header.format);
    let (width, height) = picture.rgb.dimensions();
    assert!(width <= LIMITS.width.max(LIMITS.height) && height <= LIMITS.width.max(LIMITS.height));
    assert!(u64::from(width) * u64::from(height) <= LIMITS.pixels);
});
