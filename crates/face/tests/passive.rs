//! The nets against presentation attacks, converted from the operator's files, on the three pictures
//! that their makers published. Three pictures say that the nets are fed rightly, and nothing about how
//! often they err.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test's helpers are tests")]

use std::path::{Path, PathBuf};

use bonafide_face::FaceReader;
use bonafide_imaging::{Limits, decode};
use bonafide_models::{InstallOptions, Library, install};

/// A models directory with the packs for faces and against attacks; none where a pack cannot be had.
fn models() -> Option<(tempfile::TempDir, PathBuf)> {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata/pad");
    if !pictures.is_dir() {
        println!("skipped: ../shared/testdata/pad is not there");
        return None;
    }
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let installed = cache.or_else(home)?.join("bonafide/models/face-default");
    let directory = tempfile::tempdir().unwrap();
    let options = |from_dir: &Path| InstallOptions {
        directory: directory.path().to_owned(),
        from_dir: Some(from_dir.to_owned()),
        offline: true,
        ..InstallOptions::default()
    };
    if install("face-default", &options(&installed), &mut ()).is_err() {
        println!("skipped: the pack face-default is not installed for this user");
        return None;
    }
    install("minifasnet", &options(&pictures), &mut ()).unwrap();
    Some((directory, pictures))
}

#[test]
fn a_face_is_live_and_pictures_of_one_are_not() {
    let Some((directory, pictures)) = models() else { return };
    let reader = FaceReader::open(&Library::open(directory.path()).unwrap()).unwrap();
    let limits = Limits { shortest_longest_side: 0, ..Limits::default() };
    for (name, is_live) in
        [("image_T1.jpg", true), ("image_F1.jpg", false), ("image_F2.jpg", false)]
    {
        let bytes = std::fs::read(pictures.join(name)).unwrap();
        let picture = decode(&bytes, &limits).unwrap().rgb;
        let faces = reader.faces(&picture).unwrap();
        let passive = reader.passive(&picture, &faces[0]).unwrap().unwrap();
        println!("{name}: {:.3} by {}", passive.likelihood, passive.by.id);
        // The margins of the makers' own preparation: 1.000, and 0.114 at most.
        assert_eq!(passive.likelihood > 0.8, is_live, "{name}: {}", passive.likelihood);
        assert_eq!(passive.likelihood < 0.2, !is_live, "{name}: {}", passive.likelihood);
    }
}

#[test]
fn without_the_pack_nothing_is_said() {
    let Some((directory, _)) = models() else { return };
    std::fs::remove_file(directory.path().join("minifasnet/minifasnet-v2.onnx")).unwrap();
    let reader = FaceReader::open(&Library::open(directory.path()).unwrap()).unwrap();
    assert!(reader.attack_detector().is_none());
}
