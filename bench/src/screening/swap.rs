//! Searches while new lists take over: none may fail or be answered from half a list, and none should
//! wait for the swap.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bonafide_screening::list::Source;
use bonafide_screening::query::Subject;
use bonafide_screening::screener::{ListVersion, Lists, ListsBuilder, Screener, SearchProfile};
use serde::Serialize;

use super::data::Data;
use crate::statistics::percentile;

const SWAPS: usize = 5;
/// How long the lists rest before others take over, and how long searches are timed without any.
const REST: Duration = Duration::from_millis(500);

#[derive(Serialize)]
pub(crate) struct Report {
    /// Taken over while searches ran, with their index built beside them.
    pub(crate) swaps: usize,
    pub(crate) searches: usize,
    /// Without an answer, or answered with another version's record.
    pub(crate) lost: usize,
    /// p50 and p99 of wall time in milliseconds, at rest and while lists are built and take over.
    pub(crate) at_rest: [f64; 2],
    pub(crate) swapping: [f64; 2],
}

/// One version of all lists: its records' ids end in the version.
fn version(data: &Data, at: usize) -> Lists {
    let mut builder = ListsBuilder::default();
    let version = format!("{at:02x}");
    builder.begin(ListVersion { source: Source::Own, version: version.clone() });
    for entity in &data.entities {
        let mut entity = entity.clone();
        entity.id = format!("{}@{version}", entity.id);
        builder.add(&entity);
    }
    builder.build()
}

pub(crate) fn measure(data: &Data) -> Report {
    let screener = Screener::new(version(data, 0));
    let (swapping, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let (at_rest, during, lost) = thread::scope(|scope| {
        let searching = scope.spawn(|| search(data, &screener, &swapping, &over));
        thread::sleep(REST);
        swapping.store(true, Ordering::Relaxed);
        for at in 1..=SWAPS {
            screener.swap(version(data, at));
            thread::sleep(REST / 5);
        }
        over.store(true, Ordering::Relaxed);
        searching.join().expect("searching ends")
    });
    let both =
        |times: &[f64]| [0.5, 0.99].map(|share| percentile(times, share).unwrap_or(f64::NAN));
    Report {
        swaps: SWAPS,
        searches: at_rest.len() + during.len(),
        lost,
        at_rest: both(&at_rest),
        swapping: both(&during),
    }
}

/// Wall times at rest and while swapping, and how many searches were lost.
fn search(
    data: &Data,
    screener: &Screener,
    swapping: &AtomicBool,
    over: &AtomicBool,
) -> (Vec<f64>, Vec<f64>, usize) {
    let (mut at_rest, mut during, mut lost) = (Vec::new(), Vec::new(), 0);
    for query in data.positives.iter().cycle() {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let subject = Subject::new(&query.name, query.sort);
        let times = if swapping.load(Ordering::Relaxed) { &mut during } else { &mut at_rest };
        let begun = Instant::now();
        let outcome = screener.search(&subject, &SearchProfile::default());
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        let whole = outcome.is_ok_and(|outcome| {
            let end = format!("@{}", outcome.lists[0].version);
            outcome.hits.iter().all(|hit| hit.entity.id.ends_with(&end))
        });
        lost += usize::from(!whole);
    }
    (at_rest, during, lost)
}
