//! What a manifest may say, and how it is told what it may not.

#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

mod common;

use std::fs;

use bonafide_models::{Catalogue, Error, InstallOptions, Pack, adopt, install};
use proptest::prelude::*;

#[test]
fn the_built_in_packs_read_documents_and_describe_faces() {
    let directory = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(directory.path()).unwrap();
    let roles: Vec<_> = catalogue.entries().map(|(_, model)| model.role.as_str()).collect();
    let documents = ["text-detection", "text-recognition"];
    let faces = ["face-detection", "face-mesh", "iris", "face-description"];
    let attacks = ["presentation-attack-near", "presentation-attack-wide"];
    assert_eq!(roles, [&documents[..], &faces, &attacks].concat());
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
        (
            "licence =",
            "family = { kind = \"arcface\", match-from = 1.5 }\nlicence =",
            "cosine of 1.5",
        ),
        ("licence =", "family = { kind = \"psychic\" }\nlicence =", "unknown variant `psychic`"),
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
    assert_eq!(names, ["face-default", "minifasnet", "documents"]);
    assert!(catalogue.role("rectify").is_ok());
    assert!(matches!(catalogue.role("text-detection"), Err(Error::UnknownRole { .. })));
}

#[test]
fn an_operators_pack_serves_a_role_of_a_built_in_one_and_two_cannot() {
    let directory = tempfile::tempdir().unwrap();
    let packs = directory.path().join("packs");
    fs::create_dir_all(&packs).unwrap();
    let own = good().replace("\"rectify\"", "\"text-detection\"");
    fs::write(packs.join("own.toml"), &own).unwrap();
    let catalogue = Catalogue::open(directory.path()).unwrap();
    assert_eq!(catalogue.role("text-detection").unwrap().0.name, "tiny");
    assert_eq!(catalogue.role("text-recognition").unwrap().0.name, "documents");

    fs::write(packs.join("second.toml"), own.replace("\"tiny\"", "\"second\"")).unwrap();
    assert!(matches!(Catalogue::open(directory.path()), Err(Error::AmbiguousRole { .. })));
}

#[test]
fn a_doubtful_licence_is_acknowledged_before_anything_is_fetched() {
    let directory = tempfile::tempdir().unwrap();
    for said in ["commercial-use = \"no\"\n", "commercial-use = \"unknown\"\n", ""] {
        let manifest = directory.path().join("own.toml");
        fs::write(&manifest, good().replace("commercial-use = \"yes\"\n", said)).unwrap();
        assert_eq!(adopt(&manifest, directory.path()).unwrap(), "tiny");
        let mut options = InstallOptions {
            directory: directory.path().to_owned(),
            offline: true,
            ..InstallOptions::default()
        };
        let refused = install("tiny", &options, &mut ()).unwrap_err();
        assert!(matches!(refused, Error::Unacknowledged { .. }), "{said}: {refused}");
        options.is_licence_acknowledged = true;
        let tried = install("tiny", &options, &mut ()).unwrap_err();
        assert!(matches!(tried, Error::Unobtainable { .. }), "{said}: {tried}");
    }
}

#[test]
fn a_manifest_that_cannot_be_used_is_not_kept() {
    let directory = tempfile::tempdir().unwrap();
    let manifest = directory.path().join("own.toml");
    fs::write(&manifest, good().replace("title", "titel")).unwrap();
    assert!(matches!(adopt(&manifest, directory.path()), Err(Error::Manifest { .. })));
    let packs = directory.path().join("packs");
    fs::create_dir_all(&packs).unwrap();
    fs::write(packs.join("other.toml"), good().replace("\"tiny\"", "\"other\"")).unwrap();
    fs::write(&manifest, good()).unwrap();
    assert!(matches!(adopt(&manifest, directory.path()), Err(Error::AmbiguousRole { .. })));
    assert!(!packs.join("tiny.toml").exists());
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
         ingredients = [\"net.json\", \"net.bin\"] }]";
    common::offer(directory.path(), b"content", sources, &ingredients, common::PROBE);
    fs::read_to_string(directory.path().join("packs/tiny.toml")).unwrap()
}

#[test]
fn what_a_conversion_needs_is_checked() {
    assert!(Pack::parse("good", &converted()).is_ok());
    for (right, wrong, told) in [
        ("\"net.json\", \"net.bin\"", "\"net.json\", \"other.bin\"", "no ingredient other.bin"),
        ("\"net.json\", \"net.bin\"", "\"net.json\"", "takes 2 ingredients"),
        ("recipe = \"one-output\"", "recipe = \"alchemy\"", "unknown variant `alchemy`"),
        ("bytes = 7, sha256", "bytes = 999999999, sha256", "has more than"),
        (
            "{ kind = \"folder\", path = \"nowhere\" }",
            "{ kind = \"conversion\", recipe = \"one-output\", ingredients = [\"net.bin\", \"net.bin\"] }",
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
    let arcface = |from: &str| {
        let family = format!("family = {{ kind = \"arcface\", match-from = {from} }}\nlicence =");
        parsed(&good().replace("licence =", &family))
    };
    assert!(
        digest != arcface("0.3") && arcface("0.3") != arcface("0.4"),
        "fed or scaled otherwise"
    );
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
