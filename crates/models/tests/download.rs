//! Installing from an address, also one that fails, lies or falls silent.

#![allow(clippy::unwrap_used, reason = "a test's helpers are tests")]

mod common;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use bonafide_models::{Error, InstallOptions, Status, install};
use common::{Diary, PROBE, names_in, offer, relu};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

const FILE: &str = "/relu.onnx";

fn url_source(address: &str) -> String {
    format!("[{{ kind = \"url\", url = \"{address}{FILE}?key=secret\" }}]")
}

fn options(directory: &Path) -> InstallOptions {
    InstallOptions { directory: directory.to_owned(), ..InstallOptions::default() }
}

/// Installs the tiny pack from a server that answers so; also what the diary says.
async fn install_from(answer: ResponseTemplate) -> (Result<Vec<Status>, Error>, Diary) {
    let server = MockServer::start().await;
    Mock::given(path(FILE)).respond_with(answer).mount(&server).await;
    let address = server.uri();
    tokio::task::spawn_blocking(move || {
        let directory = tempfile::tempdir().unwrap();
        offer(directory.path(), &relu(), &url_source(&address), "", PROBE);
        let mut diary = Diary::default();
        let installed = install("tiny", &options(directory.path()), &mut diary);
        let expected: &[&str] = if installed.is_ok() { &["relu.onnx"] } else { &[] };
        assert_eq!(names_in(&directory.path().join("tiny")), expected);
        (installed, diary)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_good_answer_is_installed() {
    let (installed, diary) = install_from(ResponseTemplate::new(200).set_body_bytes(relu())).await;
    assert_eq!(installed.unwrap().len(), 1);
    assert_eq!(diary.last_bytes.0, relu().len() as u64);
    assert!(diary.steps.iter().all(|step| !step.contains("secret")), "{:?}", diary.steps);
}

#[tokio::test]
async fn a_missing_page_is_passed_over() {
    let (installed, _) = install_from(ResponseTemplate::new(404)).await;
    let error = installed.unwrap_err().to_string();
    assert!(error.contains("passed over, it answered 404"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[tokio::test]
async fn other_content_is_refused() {
    let mut other = relu();
    other[3] ^= 1;
    for (content, told) in [(other, "SHA-256"), (b"short".to_vec(), "5 bytes, not")] {
        let (installed, _) = install_from(ResponseTemplate::new(200).set_body_bytes(content)).await;
        let error = installed.unwrap_err().to_string();
        assert!(error.contains("REFUSED") && error.contains(told), "{error}");
    }
}

/// Answers one request with the start of the file, then does `afterwards` with the connection.
fn serve_half(afterwards: impl FnOnce(std::net::TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let body = relu();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).unwrap();
        stream.write_all(&body[..body.len() / 2]).unwrap();
        afterwards(stream);
    });
    address
}

#[test]
fn a_transfer_that_breaks_off_leaves_nothing() {
    let address = serve_half(drop);
    let directory = tempfile::tempdir().unwrap();
    offer(directory.path(), &relu(), &url_source(&address), "", PROBE);
    let error = install("tiny", &options(directory.path()), &mut ()).unwrap_err().to_string();
    assert!(error.contains("broke off"), "{error}");
    assert_eq!(names_in(&directory.path().join("tiny")), [""; 0]);
}

#[test]
fn an_address_where_nobody_listens_is_passed_over() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let directory = tempfile::tempdir().unwrap();
    offer(directory.path(), &relu(), &url_source(&address), "", PROBE);
    let error = install("tiny", &options(directory.path()), &mut ()).unwrap_err().to_string();
    assert!(error.contains("passed over"), "{error}");
}

/// Where the child of the next test installs to.
const DIRECTORY: &str = "BONAFIDE_TEST_MODELS_DIRECTORY";

/// Tells its parent when half the file has arrived.
struct Telling;

impl bonafide_models::Progress for Telling {
    fn step(&mut self, _: &str) {}
    #[allow(clippy::print_stderr, reason = "how the child tells its parent")]
    fn bytes(&mut self, _: u64, _: u64) {
        eprintln!("bytes have arrived");
    }
    fn message(&mut self, _: &str) {}
}

#[test]
#[ignore = "the half of the next test that is killed"]
fn child_that_installs() {
    let directory = std::env::var(DIRECTORY).unwrap();
    let _ = install("tiny", &options(Path::new(&directory)), &mut Telling);
}

#[test]
fn what_a_killed_installation_leaves_does_no_harm() {
    let (finished, hold) = std::sync::mpsc::channel::<()>();
    let address = serve_half(move |_stream| assert!(hold.recv().is_err()));
    let directory = tempfile::tempdir().unwrap();
    offer(directory.path(), &relu(), &url_source(&address), "", PROBE);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child_that_installs", "--nocapture"])
        .env(DIRECTORY, directory.path())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    while !told.contains("bytes have arrived") {
        assert_ne!(std::io::BufRead::read_line(&mut stderr, &mut told).unwrap(), 0, "{told}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    drop(finished);
    let left = names_in(&directory.path().join("tiny"));
    assert!(matches!(&left[..], [name] if name.starts_with(".part-")), "{left:?}");

    let from_dir = tempfile::tempdir().unwrap();
    fs::write(from_dir.path().join("relu.onnx"), relu()).unwrap();
    let from_dir = Some(from_dir.path().to_owned());
    install("tiny", &InstallOptions { from_dir, ..options(directory.path()) }, &mut ()).unwrap();
    assert_eq!(names_in(&directory.path().join("tiny")), ["relu.onnx"]);
}
