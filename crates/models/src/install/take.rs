//! Taking a pinned file from a stream of bytes that nobody vouches for.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use crate::PinnedFile;
use crate::digest::{PIECE, Running};
use crate::install::Progress;

/// Why a source did not give the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The source did not answer, does not have the file, or broke off.
    #[error("passed over, {0}")]
    Unavailable(String),
    /// The source gave something else.
    #[error("REFUSED, {0}")]
    Refused(String),
}

impl Trouble {
    pub(crate) fn unavailable(error: impl Into<Box<dyn std::error::Error>>) -> Self {
        Self::Unavailable(error.into().to_string())
    }
}

/// Writes the stream to `target` if it is exactly the pinned file, and syncs it to disk.
/// Nothing is left at `target` otherwise. Reads one byte more than the file has, at most.
pub(crate) fn take(
    file: &PinnedFile,
    stream: &mut dyn Read,
    target: &Path,
    progress: &mut dyn Progress,
) -> Result<(), Trouble> {
    let taken = copy(file, stream, target, progress);
    if taken.is_err() {
        // What cannot be removed now is swept with the folder it lies in.
        let _ = fs::remove_file(target);
    }
    taken
}

fn copy(
    file: &PinnedFile,
    stream: &mut dyn Read,
    target: &Path,
    progress: &mut dyn Progress,
) -> Result<(), Trouble> {
    let unstorable = |error| Trouble::Unavailable(format!("it cannot be stored: {error}"));
    let mut output = File::create(target).map_err(unstorable)?;
    let mut digest = Running::default();
    let mut piece = vec![0; PIECE];
    let mut stream = stream.take(file.bytes + 1);
    let mut done = 0;
    loop {
        let length = stream
            .read(&mut piece)
            .map_err(|error| Trouble::Unavailable(format!("it broke off: {error}")))?;
        if length == 0 {
            break;
        }
        done += length as u64;
        digest.update(&piece[..length]);
        output.write_all(&piece[..length]).map_err(unstorable)?;
        progress.bytes(done.min(file.bytes), file.bytes);
    }
    check(file, done, digest)?;
    output.sync_all().map_err(unstorable)
}

fn check(file: &PinnedFile, done: u64, digest: Running) -> Result<(), Trouble> {
    let found = digest.finish();
    if done > file.bytes {
        Err(Trouble::Refused(format!("it is longer than {} bytes", file.bytes)))
    } else if done < file.bytes {
        Err(Trouble::Refused(format!("it has {done} bytes, not {}", file.bytes)))
    } else if found != file.sha256 {
        Err(Trouble::Refused(format!("its SHA-256 is {found}, not {}", file.sha256)))
    } else {
        Ok(())
    }
}
