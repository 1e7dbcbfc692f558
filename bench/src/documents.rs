//! Reading documents, measured.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::{engine, mrz, pdf417, peer, reader};

/// What `documents` measures, and with what.
#[derive(Args)]
pub(crate) struct Documents {
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

pub(crate) fn run(options: &Documents) -> Result<()> {
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
