//! Watchlists on the command line: what is there, how old it is, and what that means.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Nobody who lives.
const LIST: &str = "id,name,kind,aliases,birth_date\n1,Ivan Petrovich Sokolov,person,,1955-03-02\n";

fn bonafide(data: &Path, stale_after_hours: u32, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bonafide"));
    command.args(arguments).args(["--data".as_ref(), data.as_os_str()]);
    command.env("BONAFIDE__LISTS__STALE_AFTER_HOURS", stale_after_hours.to_string());
    command.current_dir(data).output().unwrap()
}

/// What `doctor` says of the lists.
fn finding(data: &Path, stale_after_hours: u32) -> (bool, String) {
    let output = bonafide(data, stale_after_hours, &["doctor", "--json"]);
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let lists = findings.iter().find(|finding| finding["check"] == "lists").unwrap();
    (lists["ok"].as_bool().unwrap(), lists["detail"].as_str().unwrap().to_owned())
}

#[test]
fn lists_that_are_missing_or_too_old_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let screen = |stale_after_hours| bonafide(data, stale_after_hours, &["screen", "Ivan Sokolov"]);
    let said = |output: &Output| String::from_utf8(output.stderr.clone()).unwrap();

    // A server without lists is a whole one, which screens nobody.
    let (ok, detail) = finding(data, 24);
    assert!(ok && detail.contains("bonafide lists import"), "{detail}");
    let refused = screen(24);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("INVALID_MERCHANT_SETTINGS"), "{}", said(&refused));

    std::fs::write(data.join("own.csv"), LIST).unwrap();
    let imported = bonafide(data, 24, &["lists", "import", "own.csv", "--source", "own"]);
    assert!(imported.status.success(), "{}", said(&imported));
    let (ok, detail) = finding(data, 24);
    assert!(ok && detail.contains("1 names"), "{detail}");
    assert_eq!(screen(24).status.code(), Some(2), "a hit");

    // Everything is too old where nothing may be older than no time at all.
    let (ok, detail) = finding(data, 0);
    assert!(!ok && detail.contains("own is 0 hours old"), "{detail}");
    let refused = screen(0);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("TECHNICAL_ERROR"), "{}", said(&refused));
}
