//! Installing from folders and archives: what is taken, what is refused, what is left behind.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test's helpers are tests")]

mod common;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use bonafide_models::{Digest, Error, InstallOptions, Progress, State, install, list};
use common::{Diary, PROBE, names_in, offer, relu};

/// A models directory and a folder to install from.
struct Place {
    directory: tempfile::TempDir,
    from_dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), from_dir: tempfile::tempdir().unwrap() }
    }

    fn options(&self) -> InstallOptions {
        InstallOptions {
            directory: self.directory.path().to_owned(),
            from_dir: Some(self.from_dir.path().to_owned()),
            offline: true,
            ..InstallOptions::default()
        }
    }

    fn put(&self, name: &str, content: &[u8]) {
        fs::write(self.from_dir.path().join(name), content).unwrap();
    }

    fn pack_folder(&self) -> PathBuf {
        self.directory.path().join("tiny")
    }

    fn state(&self) -> State {
        let statuses = list(self.directory.path()).unwrap();
        statuses.iter().find(|status| status.pack == "tiny").unwrap().state
    }
}

const NOWHERE: &str = "[{ kind = \"folder\", path = \"nowhere\" }]";

fn wheel(path: &Path, member: &str, content: &[u8]) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    zip.start_file(member, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap();
}

#[test]
fn a_folder_gives_the_model_and_a_second_time_nothing_is_fetched() {
    let place = Place::new();
    offer(place.directory.path(), &relu(), NOWHERE, "", PROBE);
    place.put("relu.onnx", &relu());
    assert_eq!(place.state(), State::Missing);

    let mut diary = Diary::default();
    let statuses = install("tiny", &place.options(), &mut diary).unwrap();
    assert_eq!(statuses[0].state, State::Installed);
    assert_eq!(diary.last_bytes, (relu().len() as u64, relu().len() as u64));
    assert_eq!(names_in(&place.pack_folder()), ["relu.onnx"]);

    fs::remove_file(place.from_dir.path().join("relu.onnx")).unwrap();
    let mut diary = Diary::default();
    install("tiny", &place.options(), &mut diary).unwrap();
    assert_eq!(diary.messages, ["relu.onnx is installed already"]);
}

#[test]
fn a_damaged_file_is_replaced() {
    let place = Place::new();
    offer(place.directory.path(), &relu(), NOWHERE, "", PROBE);
    place.put("relu.onnx", &relu());
    fs::create_dir_all(place.pack_folder()).unwrap();
    fs::write(place.pack_folder().join("relu.onnx"), b"damage").unwrap();
    assert_eq!(place.state(), State::Damaged);

    install("tiny", &place.options(), &mut ()).unwrap();
    assert_eq!(place.state(), State::Installed);
}

#[test]
fn a_wrong_file_is_refused_and_the_next_source_serves() {
    let second = tempfile::tempdir().unwrap();
    fs::write(second.path().join("relu.onnx"), relu()).unwrap();
    let sources = format!("[{{ kind = \"folder\", path = '{}' }}]", second.path().display());

    let mut flipped = relu();
    *flipped.last_mut().unwrap() ^= 1;
    let too_long = [relu(), vec![0]].concat();
    for (content, told) in
        [(&flipped[..], "its SHA-256 is"), (&too_long, "longer than"), (b"short", "5 bytes, not")]
    {
        let place = Place::new();
        offer(place.directory.path(), &relu(), &sources, "", PROBE);
        place.put("relu.onnx", content);
        let mut diary = Diary::default();
        install("tiny", &place.options(), &mut diary).unwrap();
        assert!(diary.messages[0].contains("REFUSED") && diary.messages[0].contains(told));
        assert_eq!(place.state(), State::Installed);
    }
}

#[test]
fn when_no_source_serves_every_reason_is_told_and_nothing_is_left() {
    let place = Place::new();
    offer(place.directory.path(), &relu(), NOWHERE, "", PROBE);
    place.put("relu.onnx", b"something else");
    let error = install("tiny", &place.options(), &mut ()).unwrap_err();

    let Error::Unobtainable { file, attempts } = &error else { panic!("{error}") };
    assert_eq!((file.as_str(), attempts.len()), ("relu.onnx", 2));
    assert!(attempts[0].contains("REFUSED") && attempts[1].contains("passed over"), "{error}");
    assert_eq!(names_in(&place.pack_folder()), [""; 0]);
}

#[test]
fn an_archive_in_the_folder_gives_its_member() {
    let place = Place::new();
    let path = place.from_dir.path().join("a.whl");
    wheel(&path, "models/relu.onnx", &relu());
    let archive = fs::read(&path).unwrap();
    let archives = format!(
        "[[archives]]\nfile = {{ name = \"a.whl\", bytes = {}, sha256 = \"{}\" }}\n\
         sources = [{{ kind = \"python-package\", name = \"a\", version = \"1\" }}]",
        archive.len(),
        Digest::of(&archive)
    );
    let member =
        "[{ kind = \"archive-member\", archive = \"a.whl\", path = \"models/relu.onnx\" }]";
    offer(place.directory.path(), &relu(), member, &archives, PROBE);
    install("tiny", &place.options(), &mut ()).unwrap();
    assert_eq!(names_in(&place.pack_folder()), ["relu.onnx"], "the archive is not kept");

    // Another archive under the same name is refused before anything is taken out of it.
    fs::remove_file(place.pack_folder().join("relu.onnx")).unwrap();
    wheel(&path, "models/relu.onnx", b"evil");
    let error = install("tiny", &place.options(), &mut ()).unwrap_err().to_string();
    assert!(error.contains("a.whl could not be obtained") && error.contains("REFUSED"), "{error}");
}

/// Says when an installation waits for another one.
struct Waiting(Sender<String>);

impl Progress for Waiting {
    fn step(&mut self, _: &str) {}
    fn bytes(&mut self, _: u64, _: u64) {}
    fn message(&mut self, text: &str) {
        self.0.send(text.to_owned()).unwrap();
    }
}

#[test]
fn a_second_installer_waits_for_the_first() {
    let place = Place::new();
    offer(place.directory.path(), &relu(), NOWHERE, "", PROBE);
    place.put("relu.onnx", &relu());
    fs::create_dir_all(place.pack_folder()).unwrap();
    let first = File::create(place.pack_folder().join(".lock")).unwrap();
    first.lock().unwrap();

    let (sender, told) = channel();
    let options = place.options();
    let second =
        std::thread::spawn(move || install("tiny", &options, &mut Waiting(sender)).map(drop));
    let message = told.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(message.contains("waiting"), "{message}");
    assert_eq!(place.state(), State::Missing, "nothing is done without the lock");

    drop(first);
    second.join().unwrap().unwrap();
    assert_eq!(place.state(), State::Installed);
}

/// Installs a built-in pack from its packages and runs its probes, where there is a network.
fn installs_from_its_packages(pack: &str, files: &[&str]) {
    let directory = tempfile::tempdir().unwrap();
    let options =
        InstallOptions { directory: directory.path().to_owned(), ..InstallOptions::default() };
    let mut diary = Diary::default();
    match install(pack, &options, &mut diary) {
        Ok(statuses) => {
            assert!(statuses.iter().all(|status| status.state == State::Installed));
            assert_eq!(names_in(&directory.path().join(pack)), files);
        }
        Err(Error::Unobtainable { attempts, .. }) => {
            assert!(!attempts.join(" ").contains("REFUSED"), "{attempts:?}");
            println!("skipped: the package cannot be fetched here: {attempts:?}");
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn the_documents_pack_is_installed_from_its_package_and_computes_rightly() {
    installs_from_its_packages(
        "documents",
        &["PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"],
    );
}

/// The probes hold what was converted here against what the unconverted nets compute.
#[test]
fn the_face_pack_is_converted_from_its_packages_and_computes_rightly() {
    let files = ["blazeface.onnx", "face-recognition.onnx", "facemesh.onnx", "iris.onnx"];
    installs_from_its_packages("face-default", &files);
}

/// The probes hold the converted nets against what the unconverted weights come to in another program.
#[test]
fn the_pack_against_attacks_is_converted_from_the_operators_files() {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata/pad");
    let directory = tempfile::tempdir().unwrap();
    let mut options =
        InstallOptions { directory: directory.path().to_owned(), ..InstallOptions::default() };
    let error = install("minifasnet", &options, &mut ()).unwrap_err().to_string();
    assert!(error.contains("--from-dir"), "it says what to bring: {error}");
    if !files.is_dir() {
        println!("skipped: ../shared/testdata/pad is not there");
        return;
    }
    options.from_dir = Some(files);
    let statuses = install("minifasnet", &options, &mut ()).unwrap();
    assert!(statuses.iter().all(|status| status.state == State::Installed));
    let names = ["minifasnet-v1se.onnx", "minifasnet-v2.onnx"];
    assert_eq!(names_in(&directory.path().join("minifasnet")), names);
}
