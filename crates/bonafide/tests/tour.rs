//! docs/TOUR.md is true: its commands run in one shell, against the real program, and print what the
//! page says.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

const PAGE: &str = include_str!("../../../docs/TOUR.md");
/// Stands between the outputs of two blocks.
const MARK: &str = "=== block";

/// A block of commands, and what it prints, where the page says so.
#[derive(Debug, PartialEq)]
struct Block {
    commands: String,
    printed: Option<String>,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    // Fences alternate: prose, block, prose, block.
    for fenced in page.split("```").skip(1).step_by(2) {
        let (language, text) = fenced.split_once('\n').unwrap();
        match language {
            "sh" => blocks.push(Block { commands: text.to_owned(), printed: None }),
            "text" => blocks.last_mut().unwrap().printed = Some(text.to_owned()),
            other => panic!("the tour has a block of {other}"),
        }
    }
    blocks
}

/// One script of all blocks. It ends at the first command that fails, and its server with it.
fn script(blocks: &[Block]) -> String {
    let mut script = "set -euo pipefail\ntrap 'kill $(jobs -p)' EXIT\n".to_owned();
    for (index, block) in blocks.iter().enumerate() {
        script.push_str(&block.commands);
        script.push_str(&format!("\necho '{MARK} {index}'\n"));
    }
    script
}

#[test]
fn the_tour_is_true() {
    for program in ["bash", "curl", "python3"] {
        assert!(
            Command::new(program).arg("--version").output().is_ok(),
            "the tour needs {program}; install it"
        );
    }
    let blocks = blocks(PAGE);
    assert!(blocks.len() > 10, "the page has blocks");

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tour.sh"), script(&blocks)).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_bonafide")).parent().unwrap();
    let paths = std::env::var("PATH").unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = Command::new("bash")
        .arg("tour.sh")
        .current_dir(folder.path())
        .env("PATH", format!("{}:{paths}", program.display()))
        .env("LISTEN", format!("127.0.0.1:{port}"))
        .env("no_proxy", "127.0.0.1")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "a command of the tour failed: {}\nafter: {printed}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut rest = printed.as_str();
    for (index, block) in blocks.iter().enumerate() {
        let (own, after) = rest.split_once(&format!("{MARK} {index}\n")).unwrap();
        if let Some(expected) = &block.printed {
            assert_eq!(own, expected, "after:\n{}", block.commands);
        }
        rest = after;
    }
}

/// Every workflow has its heading.
#[test]
fn the_tour_visits_every_workflow() {
    for definition in bonafide_domain::workflow::definitions() {
        let heading = format!("\n## {}: {}\n", definition.key, definition.name);
        assert!(PAGE.contains(&heading), "{heading}");
    }
}
