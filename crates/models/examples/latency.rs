//! Measures what loading and running the nets of the documents pack takes.
//!
//! `cargo run -p bonafide-models --example latency -- MODELS_DIRECTORY`

#![allow(clippy::print_stdout, reason = "a measuring program prints")]

use std::time::Instant;

use bonafide_models::{Error, Library};

const RUNS: usize = 15;

fn main() -> Result<(), Error> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "models".to_owned());
    let library = Library::open(directory)?;
    for (role, shape) in
        [("text-detection", [1, 3, 736, 960]), ("text-recognition", [1, 3, 48, 640])]
    {
        let start = Instant::now();
        let net = library.net(role)?;
        let load = start.elapsed();
        let data = vec![0.5; shape.iter().product()];
        let mut times = Vec::new();
        for _ in 0..RUNS {
            let start = Instant::now();
            net.run(&data, shape)?;
            times.push(start.elapsed());
        }
        let first = times[0];
        times.sort_unstable();
        println!(
            "{role} {shape:?}: load {load:.1?}, first run {first:.1?}, median {:.1?}, best {:.1?}",
            times[RUNS / 2],
            times[0]
        );
    }
    Ok(())
}
