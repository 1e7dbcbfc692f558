//! Downloading a package's file with its registry's ordinary client, so that the operator's
//! mirrors, proxies and credentials apply. Nothing of a package is ever run.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::install::take::Trouble;

/// Longest time that a client may take.
const TIME_LIMIT: Duration = Duration::from_mins(30);
/// How often a running client is looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(50);
/// Longest summary of a client's complaints, in characters.
const SUMMARY_LENGTH: usize = 300;
/// A name that no package file bears.
const COMPLAINTS: &str = ".complaints";

/// Downloads the wheel of a Python package into an empty folder and returns its path.
pub(crate) fn pip_download(name: &str, version: &str, folder: &Path) -> Result<PathBuf, Trouble> {
    let package = format!("{name}=={version}");
    // Only wheels: a source distribution would be built, that is, run.
    let arguments = [
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--no-cache-dir",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar=off",
        "--retries=2",
        "--dest",
        ".",
        &package,
    ];
    let clients: [&[&str]; 4] =
        [&["python3", "-m", "pip"], &["python", "-m", "pip"], &["pip3"], &["pip"]];
    first_client(&clients, &arguments, folder, TIME_LIMIT)
}

/// Downloads the tarball of an npm package into an empty folder and returns its path.
pub(crate) fn npm_pack(name: &str, version: &str, folder: &Path) -> Result<PathBuf, Trouble> {
    let package = format!("{name}@{version}");
    let arguments = ["pack", "--ignore-scripts", "--loglevel=error", &package];
    first_client(&[&["npm"]], &arguments, folder, TIME_LIMIT)
}

/// Asks the first client that this machine has.
fn first_client(
    clients: &[&[&str]],
    arguments: &[&str],
    folder: &Path,
    limit: Duration,
) -> Result<PathBuf, Trouble> {
    let mut names = Vec::new();
    for client in clients {
        match run(client, arguments, folder, limit) {
            Err(Failure::NoClient) => names.push(client.join(" ")),
            Err(Failure::Other(reason)) => return Err(Trouble::Unavailable(reason)),
            Ok(()) => return only_file(folder),
        }
    }
    Err(Trouble::Unavailable(format!("this machine has none of: {}", names.join(", "))))
}

enum Failure {
    NoClient,
    Other(String),
}

fn run(client: &[&str], arguments: &[&str], folder: &Path, limit: Duration) -> Result<(), Failure> {
    let other = |error: std::io::Error| Failure::Other(error.to_string());
    let complaints = folder.join(COMPLAINTS);
    let mut child = Command::new(client[0])
        .args(&client[1..])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&complaints).map_err(other)?)
        .spawn()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::NoClient,
            _ => other(error),
        })?;
    let succeeded = wait(&mut child, limit).map_err(other)?;
    let complaints = read_start(&complaints).map_err(other)?;
    match succeeded {
        Some(true) => Ok(()),
        Some(false) if complaints.contains("No module named pip") => Err(Failure::NoClient),
        Some(false) => {
            Err(Failure::Other(format!("{} failed: {}", client.join(" "), summary(&complaints))))
        }
        None => Err(Failure::Other(format!(
            "{} did not finish in {} s",
            client.join(" "),
            limit.as_secs()
        ))),
    }
}

/// Whether the child succeeded; none when it had to be killed.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<bool>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if start.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        sleep(LOOK_INTERVAL);
    }
}

fn read_start(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(1 << 16).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The first line that is an error, else the last line; warnings of retries surround it.
fn summary(complaints: &str) -> String {
    let lines = || complaints.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_error = |line: &&str| {
        ["error", "npm err"].iter().any(|start| line.to_lowercase().starts_with(start))
    };
    let line = lines().find(is_error).or(lines().next_back()).unwrap_or("it said nothing");
    line.chars().take(SUMMARY_LENGTH).collect()
}

fn only_file(folder: &Path) -> Result<PathBuf, Trouble> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(Trouble::unavailable)? {
        let path = entry.map_err(Trouble::unavailable)?.path();
        if !path.ends_with(COMPLAINTS) {
            paths.push(path);
        }
    }
    match <[PathBuf; 1]>::try_from(paths) {
        Ok([path]) => Ok(path),
        Err(paths) => {
            Err(Trouble::Unavailable(format!("the client left {} files, not one", paths.len())))
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    /// Runs a shell script in place of a client.
    fn run_script(script: &str, limit: Duration) -> Result<Vec<u8>, String> {
        let folder = tempfile::tempdir().unwrap();
        first_client(&[&["sh", "-c", script]], &[], folder.path(), limit)
            .map(|path| fs::read(path).unwrap())
            .map_err(|trouble| trouble.to_string())
    }

    #[test]
    fn what_the_client_leaves_is_the_package() {
        assert_eq!(run_script("echo noise >&2; printf abc > a.whl", PATIENCE), Ok(b"abc".to_vec()));
    }

    #[test]
    fn a_failure_is_told_in_one_line() {
        let told = run_script(
            "echo 'WARNING: retrying after an error' >&2; echo 'ERROR: no such version' >&2; \
             echo 'a notice' >&2; exit 1",
            PATIENCE,
        );
        assert!(told.unwrap_err().ends_with("failed: ERROR: no such version"));
    }

    #[test]
    fn a_client_that_hangs_is_ended() {
        let told = run_script("exec sleep 600", Duration::from_millis(100)).unwrap_err();
        assert!(told.contains("did not finish"), "{told}");
    }

    #[test]
    fn two_files_are_no_package() {
        let told = run_script("touch a b", PATIENCE).unwrap_err();
        assert!(told.contains("2 files"), "{told}");
    }

    #[test]
    fn the_next_client_serves_where_one_is_missing_or_has_no_pip() {
        let folder = tempfile::tempdir().unwrap();
        let clients: [&[&str]; 3] = [
            &["bonafide-no-such-program"],
            &["sh", "-c", "echo 'python3: No module named pip' >&2; exit 1"],
            &["sh", "-c", "touch found"],
        ];
        let path = first_client(&clients, &[], folder.path(), PATIENCE).unwrap();
        assert_eq!(path, folder.path().join("found"));

        let none = first_client(&clients[..2], &[], folder.path(), PATIENCE).unwrap_err();
        assert!(none.to_string().contains("this machine has none of"), "{none}");
    }
}
