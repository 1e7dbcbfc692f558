//! What a manifest may say, and how it is told what it may not.

#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

mod common;

use std::fs;

use bonafide_models::{Catalogue, Error, Pack};
use proptest::prelude::*;

#[test]
fn the_built_in_packs_read_documents_and_describe_faces() {
    let directory = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(directory.path()).unwrap();
    let roles: Vec<_> = catalogue.entries().map(|(_, model)| model.role.as_str()).collect();
    let documents = ["text-detection", "text-recognition"];
    let faces = ["face-detection", "face-mesh", "iris", "face-description"];
    assert_eq!(roles, [&documents[..], &faces].concat());
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
    let names: Vec<_> = catalogue.packs().iter().map(|pack| pack.name.as_str()).collect();
    assert_eq!(names, ["face-default", "documents"]);
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

/// The manifest of a net that is converted.
fn converted() -> String {
    let directory = tempfile::tempdir().unwrap();
    let ingredient = |name: &str| {
        format!(
            "[[ingredients]]\nfile = {{ name = \"{name}\", bytes = 7, sha256 = \"{}\" }}\n\
             sources = [{{ kind = \"folder\", path = \"nowhere\" }}]\n",
            "0".repeat(64)
        )
    };
    let ingredients = ingredient("net.json") + &ingredient("net.bin");
    let sources = "[{ kind = \"conversion\", recipe = \"one-output\", \
         description = \"net.json\", weights = \"net.bin\" }]";
    common::offer(directory.path(), b"content", sources, &ingredients, common::PROBE);
    fs::read_to_string(directory.path().join("packs/tiny.toml")).unwrap()
}

#[test]
fn what_a_conversion_needs_is_checked() {
    assert!(Pack::parse("good", &converted()).is_ok());
    for (right, wrong, told) in [
        ("weights = \"net.bin\"", "weights = \"other.bin\"", "no ingredient other.bin"),
        ("recipe = \"one-output\"", "recipe = \"alchemy\"", "unknown variant `alchemy`"),
        ("bytes = 7, sha256", "bytes = 999999999, sha256", "has more than"),
        (
            "{ kind = \"folder\", path = \"nowhere\" }",
            "{ kind = \"conversion\", recipe = \"one-output\", description = \"net.bin\", weights = \"net.bin\" }",
            "made of ingredients",
        ),
    ] {
        let text = converted().replacen(right, wrong, 1);
        assert_ne!(text, converted(), "{right} does not occur");
        let error = Pack::parse("spoilt", &text).unwrap_err().to_string();
        assert!(error.contains(told), "{wrong}: {error}");
    }
}

/// Templates of two packs never compare: whatever changes a net changes the pack's digest.
#[test]
fn a_packs_digest_is_that_of_its_nets() {
    let parsed = |text: &str| Pack::parse("a", text).unwrap().digest();
    let digest = parsed(&good());
    assert_eq!(digest, parsed(&good().replace("For tests", "For nothing")));
    assert_ne!(digest, parsed(&good().replace("id = \"relu\"", "id = \"other\"")));
    let model = bonafide_models::Digest::of(b"content").to_string();
    let other = bonafide_models::Digest::of(b"changed").to_string();
    assert_ne!(digest, parsed(&good().replace(&model, &other)));
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
