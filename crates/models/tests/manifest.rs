//! What a manifest may say, and how it is told what it may not.

#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

mod common;

use std::fs;

use bonafide_models::{Catalogue, Error, Pack};
use proptest::prelude::*;

#[test]
fn the_built_in_pack_reads_documents() {
    let directory = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(directory.path()).unwrap();
    let roles: Vec<_> = catalogue.entries().map(|(_, model)| model.role.as_str()).collect();
    assert_eq!(roles, ["text-detection", "text-recognition"]);
}

/// A manifest that is right, to be spoilt.
fn good() -> String {
    let directory = tempfile::tempdir().unwrap();
    let archives = format!(
        "[[archives]]\nfile = {{ name = \"a.tgz\", bytes = 7, sha256 = \"{}\" }}\n\
         sources = [{{ kind = \"npm-package\", name = \"@a/b\", version = \"1.2.3\" }}]",
        "0".repeat(64)
    );
    let sources =
        "[{ kind = \"archive-member\", archive = \"a.tgz\", path = \"package/relu.onnx\" }]";
    common::offer(directory.path(), b"content", sources, &archives, common::PROBE);
    fs::read_to_string(directory.path().join("packs/tiny.toml")).unwrap()
}

#[test]
fn what_a_manifest_may_not_say_is_told() {
    assert!(Pack::parse("good", &good()).is_ok());
    for (right, wrong, told) in [
        ("name = \"tiny\"", "name = \"../tiny\"", "the pack's name"),
        ("relu.onnx\", bytes", "../relu.onnx\", bytes", "no plain file name"),
        ("relu.onnx\", bytes", ".relu.onnx\", bytes", "no plain file name"),
        ("relu.onnx\", bytes", "a.tgz\", bytes", "named twice"),
        ("bytes = 7, sha256 = \"0", "bytes = 0, sha256 = \"0", "0 bytes"),
        ("sha256 = \"0", "sha256 = \"x", "64 hexadecimal digits"),
        ("archive = \"a.tgz\"", "archive = \"b.tgz\"", "no archive b.tgz"),
        ("version = \"1.2.3\"", "version = \"--upload\", x = 1", "unknown field"),
        ("name = \"@a/b\"", "name = \"--evil\"", "is no package"),
        (
            "kind = \"npm-package\", name = \"@a/b\", version = \"1.2.3\"",
            "kind = \"url\", url = \"file:///etc\"",
            "neither http nor https",
        ),
        ("role = \"rectify\"", "role = \"\"", "the role"),
        ("mean = [0.0, 0.0, 0.0]", "mean = [0.0]", "3 values"),
        ("deviation = [1.0,", "deviation = [0.0,", "not positive"),
        ("height = 3,", "height = 3000,", "the probe's sides"),
        ("title =", "titel =", "unknown field `titel`"),
    ] {
        let text = good().replacen(right, wrong, 1);
        assert_ne!(text, good(), "{right} does not occur");
        let error = Pack::parse("spoilt", &text).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains("spoilt"), "{wrong}: {error}");
    }
}

#[test]
fn an_operators_pack_takes_the_place_of_a_built_in_one() {
    let directory = tempfile::tempdir().unwrap();
    let packs = directory.path().join("packs");
    fs::create_dir_all(&packs).unwrap();
    fs::write(packs.join("own.toml"), good().replace("\"tiny\"", "\"documents\"")).unwrap();

    let catalogue = Catalogue::open(directory.path()).unwrap();
    assert_eq!(catalogue.packs().len(), 1);
    assert!(catalogue.role("rectify").is_ok());
    assert!(matches!(catalogue.role("text-detection"), Err(Error::UnknownRole { .. })));
}

#[test]
fn two_packs_cannot_claim_one_role() {
    let directory = tempfile::tempdir().unwrap();
    let packs = directory.path().join("packs");
    fs::create_dir_all(&packs).unwrap();
    fs::write(packs.join("own.toml"), good().replace("\"rectify\"", "\"text-detection\"")).unwrap();
    assert!(matches!(Catalogue::open(directory.path()), Err(Error::AmbiguousRole { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_parser_panic(cut in 0_usize..900, noise in "\\PC{0,40}") {
        let text = good();
        let cut = cut.min(text.len());
        let _ = Pack::parse("noise", &format!("{}{noise}{}", &text[..cut], &text[cut..]));
    }
}
