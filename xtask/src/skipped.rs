//! What the tests skipped. A test that lacks something prints a line that begins with `skipped:`
//! and the reason, and passes; this module finds those lines again in nextest's report.

use std::collections::BTreeMap;
use std::path::Path;

const MARK: &str = "skipped:";

/// Prints every reason in the `JUnit` report once, with the number of tests that gave it.
pub(crate) fn report(junit: &Path) {
    let Ok(report) = std::fs::read_to_string(junit) else {
        println!("What was skipped is unknown: there is no report at {}", junit.display());
        return;
    };
    let reasons = reasons(&report);
    if reasons.is_empty() {
        println!("Nothing was skipped.");
    }
    for (reason, tests) in reasons {
        println!("skipped in {tests} test{}: {reason}", if tests == 1 { "" } else { "s" });
    }
}

fn reasons(report: &str) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    for line in report.lines() {
        if let Some((_, reason)) = line.split_once(MARK) {
            let reason = reason.split("</system-").next().unwrap_or(reason);
            *reasons.entry(unescaped(reason.trim())).or_default() += 1;
        }
    }
    reasons
}

fn unescaped(text: &str) -> String {
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    plain.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::reasons;

    #[test]
    fn reasons_are_counted_and_readable() {
        let report = "<system-out>skipped: no &lt;pack&gt;\nother</system-out>\n\
                      <system-err>  skipped: no &lt;pack&gt;</system-err>\n<testcase name=\"a\"/>";
        let found: Vec<_> = reasons(report).into_iter().collect();
        assert_eq!(found, [("no <pack>".to_owned(), 2)]);
    }
}
