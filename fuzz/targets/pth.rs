//! Files of tensors, as PyTorch stored them: pickles and numbers, and the net that is made of them.
#![no_main]

use bonafide_models::Recipe;
use libfuzzer_sys::fuzz_target;

/// The number and the version of the format, which every such file begins with: to guess them would
/// take for ever.
const BEGINNING: &[u8] =
    b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.";

fuzz_target!(|bytes: &[u8]| {
    let file = [BEGINNING, bytes].concat();
    let converted = Recipe::MiniFasNet.convert(&[&file]);
    assert_eq!(converted, Recipe::MiniFasNet.convert(&[&file]), "the same bytes give the same net");
});
