//! Watchlist screening, measured by the [`protocol`].

mod data;
mod pairs;
mod peer;
mod perturb;
mod protocol;
mod random;
mod scale;
mod scripts;
mod search;
mod show;
mod swap;

use std::path::PathBuf;

use anyhow::Result;
use bonafide_screening::index::SearchOptions;
use bonafide_screening::matching::Costs;
use clap::Args;
use serde::Serialize;

/// What `screening` measures, and with what.
#[derive(Args)]
pub(crate) struct Screening {
    /// The folder with `lists/` and `names/`
    #[arg(long)]
    testdata: PathBuf,
    /// A Python with nomenklatura, Faker and `PyICU`
    #[arg(long)]
    python: PathBuf,
    /// Measure the half to tune on
    #[arg(long)]
    tuning: bool,
    /// Leave logic-v2 out
    #[arg(long)]
    alone: bool,
    /// Print every query of the half to tune on that was missed, to standard error
    #[arg(long, requires = "tuning")]
    misses: bool,
    /// Costs to try: query,listed,conflict,strictness,contradiction,information
    #[arg(long, value_delimiter = ',', num_args = 6, requires = "tuning")]
    costs: Vec<f32>,
    /// Names at which to measure speed and memory
    #[arg(long, value_delimiter = ',', default_values_t = [25_000, 250_000, 1_000_000])]
    sizes: Vec<usize>,
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    side: &'static str,
    pairs: pairs::Report,
    search: search::Report,
    scripts: Vec<scripts::Row>,
    scale: Vec<scale::Row>,
    swap: swap::Report,
}

pub(crate) fn run(options: &Screening) -> Result<()> {
    let side = if options.tuning { protocol::Side::Tuning } else { protocol::Side::Kept };
    let costs = match options.costs.as_slice() {
        [query, listed, conflict, strictness, contradiction, information] => Costs {
            query: *query,
            listed: *listed,
            conflict: *conflict,
            strictness: *strictness,
            contradiction: *contradiction,
            information: *information,
        },
        _ => Costs::TUNED,
    };
    let data = data::prepare(&options.testdata, &options.python)?;
    let (index, places) = search::index(&data);
    let mut peer = if options.alone { None } else { Some(peer::LogicV2::start(&options.python)?) };
    let labelled = pairs::load(&options.testdata, side)?;
    if options.misses {
        for pair in &labelled {
            let score = pairs::score(&index, pair, &costs);
            if (score >= 0.7) != pair.is_match {
                eprintln!("pair\t{}\t{score:.3}\t{} | {}", pair.is_match, pair.left, pair.right);
            }
        }
    }
    let pairs = pairs::measure(&labelled, &index, &costs, peer.as_mut())?;
    let search_options = SearchOptions { costs, least: 0.5, ..SearchOptions::default() };
    let scores = search::scores(&data, &index, &places, side, &search_options, options.misses);
    let report = Report {
        side: if options.tuning { "tuning" } else { "kept aside" },
        pairs,
        search: search::report(&scores, &index),
        scripts: scripts::measure(&data, &index, side, &search_options),
        scale: scale::measure(&data, &options.sizes),
        swap: swap::measure(&data),
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    Ok(())
}
