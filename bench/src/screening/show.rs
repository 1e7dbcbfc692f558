//! The report as tables.

use std::fmt;

use super::Report;
use crate::statistics::Rate;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Screening, the half {}", self.side)?;
        writeln!(f, "\n{} pairs, {} of them matches", self.pairs.pairs, self.pairs.matches)?;
        writeln!(f, "  {:10} {:22} {:22} µs/pair", "", "F1 at 0.70", "AUC")?;
        for scorer in &self.pairs.scorers {
            writeln!(
                f,
                "  {:10} {:22} {:22} {:.0}",
                scorer.name, scorer.f1, scorer.auc, scorer.processor_microseconds
            )?;
        }
        for group in &self.search.groups {
            writeln!(
                f,
                "\n{}: {} negatives; thresholds {:.3} and {:.3}",
                group.name, group.negatives, group.thresholds[0], group.thresholds[1]
            )?;
            writeln!(
                f,
                "  {:16} {:>7}  {:22} {:22} {:>13} {:>6}",
                "", "queries", "recall at 1 %", "at 0.1 %", "not looked at", "unlike"
            )?;
            for row in &group.kinds {
                let kind = format!("{:?}", row.kind);
                writeln!(
                    f,
                    "  {kind:16} {:>7}  {:22} {:22} {:>13.3} {:>6.3}",
                    row.queries, row.recall[0], row.recall[1], row.not_looked_at, row.unlike
                )?;
            }
            writeln!(
                f,
                "  {:16} {:>7}  {:22} {:22}",
                "macro", "", group.macro_recall[0], group.macro_recall[1]
            )?;
        }
        writeln!(
            f,
            "\nfalse positives at the default thresholds; thresholds of 0.4, 0.6 and 0.8 %"
        )?;
        for row in &self.scripts {
            let [low, high] = row.false_positives.interval.map(|share| share * 100.0);
            let Rate { count, of, .. } = row.false_positives;
            let [strict, middle, kind] = row.thresholds;
            writeln!(
                f,
                "  {:10} {:.2}  {count:>4} of {of:>6}, {:.2} % ({low:.2}-{high:.2})  {strict:.3} {middle:.3} {kind:.3}",
                format!("{:?}", row.script),
                row.default_threshold,
                100.0 * count as f64 / of as f64,
            )?;
        }
        writeln!(
            f,
            "\n{} names, {:.1} MiB, {:.3} ms per query",
            self.search.names,
            self.search.index_bytes as f64 / 1_048_576.0,
            self.search.processor_milliseconds_per_query
        )?;
        writeln!(f, "\nnames      load s  index MiB  resident MiB  ms/query  wall p50  p99")?;
        for row in &self.scale {
            writeln!(
                f,
                "{:>9} {:>7.1} {:>10.1} {:>13.1} {:>9.3} {:>9.3} {:>6.3}",
                row.names,
                row.load_processor_seconds,
                row.index_mebibytes,
                row.resident_mebibytes,
                row.processor_milliseconds_per_query,
                row.wall_milliseconds[0],
                row.wall_milliseconds[1]
            )?;
        }
        let [rest, swapping] = [self.swap.at_rest, self.swap.swapping];
        writeln!(
            f,
            "\n{} swaps of all lists under load: {} of {} searches lost; p50 {:.3} and p99 {:.3} ms at rest, {:.3} and {:.3} while swapping",
            self.swap.swaps,
            self.swap.lost,
            self.swap.searches,
            rest[0],
            rest[1],
            swapping[0],
            swapping[1]
        )
    }
}
