//! Generated files that are checked in, and the check that they have not drifted.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{command, workspace};

const OPENAPI: &str = "docs/openapi.json";

pub(crate) fn run(check: bool) -> Result<()> {
    let generated = command::output(
        command::cargo(["run", "--quiet", "--package", "bonafide", "--"]).arg("openapi"),
    )?;
    let path = workspace::root().join(OPENAPI);
    if !check {
        fs::write(&path, generated).with_context(|| format!("{OPENAPI} could not be written"))?;
        println!("wrote {OPENAPI}");
        return Ok(());
    }
    let kept = fs::read_to_string(&path).with_context(|| format!("{OPENAPI} could not be read"))?;
    if let Some(line) = first_difference(&kept, &generated) {
        bail!("{OPENAPI} is out of date from line {line} on; run `cargo xtask gen` and commit it");
    }
    println!("{OPENAPI} is up to date");
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
