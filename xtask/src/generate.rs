//! Generated files that are checked in, and the check that they have not drifted.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{command, workspace};

/// Each file, and the command of `bonafide` that prints it.
const FILES: [(&str, &str); 2] =
    [("docs/openapi.json", "openapi"), ("docs/sandbox-instruction.schema.json", "sandbox-schema")];

pub(crate) fn run(check: bool) -> Result<()> {
    let program = workspace::executable("bonafide")?;
    let program = program.to_string_lossy();
    for (file, subcommand) in FILES {
        let generated = command::output(command::program(&program).arg(subcommand))?;
        let path = workspace::root().join(file);
        if check {
            compare(file, &path, &generated)?;
        } else {
            fs::write(&path, generated).with_context(|| format!("{file} could not be written"))?;
            println!("wrote {file}");
        }
    }
    Ok(())
}

fn compare(file: &str, path: &Path, generated: &str) -> Result<()> {
    let kept = fs::read_to_string(path).with_context(|| format!("{file} could not be read"))?;
    if let Some(line) = first_difference(&kept, generated) {
        bail!("{file} is out of date from line {line} on; run `cargo xtask gen` and commit it");
    }
    println!("{file} is up to date");
    Ok(())
}

/// The number of the first line that differs, if any.
fn first_difference(kept: &str, generated: &str) -> Option<usize> {
    if kept == generated {
        return None;
    }
    let same = kept.lines().zip(generated.lines()).take_while(|(left, right)| left == right);
    Some(same.count() + 1)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn names_the_line_where_a_file_drifted() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a\n", "a"), Some(2));
    }
}
