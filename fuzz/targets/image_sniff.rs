//! Whatever bytes an upload brings: the header check and the decoder stay within their bounds.
#![no_main]

use std::panic::{set_hook, take_hook};
use std::sync::Once;

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

static ONCE: Once = Once::new();

/// libFuzzer's panic hook aborts at once. A JPEG decoder that panics is no finding as long as
/// `decode` catches it and refuses the picture; where it does not, the panic ends the run after all.
fn pass_over_panics_of_the_jpeg_decoder() {
    let abort = take_hook();
    set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("zune-jpeg")) {
            abort(panic);
        }
    }));
}

fuzz_target!(|bytes: &[u8]| {
    ONCE.call_once(pass_over_panics_of_the_jpeg_decoder);
    let Ok(picture) = decode(bytes, &LIMITS) else { return };
    let header = probe(bytes, &LIMITS).expect("what decodes has a header that passes");
    assert_eq!(sniff(bytes), Some(header.format));
    assert_eq!(picture.format, header.format);
    let (width, height) = picture.rgb.dimensions();
    assert!(width <= LIMITS.width.max(LIMITS.height) && height <= LIMITS.width.max(LIMITS.height));
    assert!(u64::from(width) * u64::from(height) <= LIMITS.pixels);
});
