//! Measures Bonafide beside others, in the same run and on the same inputs. `cargo xtask bench`
//! sets up what this needs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measurement is printed")]

mod check_digits;
mod engine;
mod faces;
mod http;
mod mrz;
mod pdf417;
mod peer;
mod processor;
mod reader;
mod screening;
mod statistics;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser};
use serde::Serialize;

#[derive(Parser)]
enum Arguments {
    /// MRZ beside other engines, and PDF417
    Documents(Documents),
    /// The server under load, beside synced commits of its database
    Http(http::Options),
    /// Faces: error rates, processor time beside ONNX Runtime, search
    Faces(Faces),
    /// Watchlist screening beside logic-v2
    Screening(screening::Screening),
}

/// What `faces` measures, and with what.
#[derive(Args)]
struct Faces {
    /// The folder with a folder of pictures for each person
    #[arg(long)]
    pictures: PathBuf,
    /// Where the model packs are, or shall be installed
    #[arg(long)]
    models: PathBuf,
    /// How often each time is taken; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// A Python that has onnxruntime; without it the nets run alone
    #[arg(long)]
    python: Option<PathBuf>,
    /// How many drawn templates are searched
    #[arg(long, default_value_t = 1_000_000)]
    gallery: usize,
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// The folder with the files of the optional nets against presentation attacks
    #[arg(long)]
    attack_nets: Option<PathBuf>,
}

/// What `documents` measures, and with what.
#[derive(Args)]
struct Documents {
    /// The folder with `mrz/` and `pdf417/`
    #[arg(long)]
    testdata: PathBuf,
    /// Where the model packs are, or shall be installed
    #[arg(long)]
    models: PathBuf,
    /// How often each picture is read; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// A Python that has fastmrz and passporteye; without it the reader runs alone
    #[arg(long, requires = "tesseract_model")]
    python: Option<PathBuf>,
    /// The folder of fastmrz's `mrz.traineddata`
    #[arg(long)]
    tesseract_model: Option<PathBuf>,
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    mrz: mrz::Report,
    pdf417: pdf417::Report,
}

fn main() -> Result<()> {
    match Arguments::parse() {
        Arguments::Documents(options) => documents(&options),
        Arguments::Http(options) => {
            // Fails only when a provider is installed already; then that one serves.
            let _ = rustls::crypto::ring::default_provider().install_default();
            http::run(&options)
        }
        Arguments::Faces(options) => faces(options),
        Arguments::Screening(options) => screening::run(&options),
    }
}

fn faces(options: Faces) -> Result<()> {
    let json = options.json;
    let report = faces::measure(&faces::Options {
        pictures: options.pictures,
        models: options.models,
        rounds: options.rounds,
        python: options.python,
        gallery: options.gallery,
        attack_nets: options.attack_nets,
    })?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    Ok(())
}

fn documents(options: &Documents) -> Result<()> {
    let mut engines: Vec<Box<dyn engine::Engine>> = vec![Box::new(reader::open(&options.models)?)];
    if let (Some(python), Some(model)) = (&options.python, &options.tesseract_model) {
        engines.push(Box::new(peer::fastmrz(python, model)?));
        engines.push(Box::new(peer::passporteye(python)?));
    }
    let report = Report {
        mrz: mrz::measure(&options.testdata.join("mrz"), options.rounds, &mut engines)?,
        pdf417: pdf417::measure(&options.testdata.join("pdf417"))?,
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}\n{}", report.mrz, report.pdf417);
    }
    Ok(())
}
