//! Files of tensors, as PyTorch stored them: pickles and numbers, and the net that is made of them.
#![no_main]

use bonafide_models::Recipe;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let converted = Recipe::MiniFasNet.convert(&[bytes]);
    assert_eq!(converted, Recipe::MiniFasNet.convert(&[bytes]), "the same bytes give the same net");
});
