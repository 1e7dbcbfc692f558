//! Converts two files into a net: `convert RECIPE DESCRIPTION WEIGHTS OUTPUT`. For whoever writes a
//! manifest and needs the digest of what an installation will make.

#![allow(clippy::print_stdout, reason = "a developer's tool")]

use std::env;
use std::error::Error;
use std::fs;

use bonafide_models::{Digest, Recipe};
use serde::Deserialize;
use serde::de::value::{Error as WordError, StrDeserializer};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [recipe, description, weights, output] = &arguments[..] else {
        return Err("usage: convert RECIPE DESCRIPTION WEIGHTS OUTPUT".into());
    };
    let recipe = Recipe::deserialize(StrDeserializer::<WordError>::new(recipe))?;
    let onnx = recipe.convert(&fs::read(description)?, &fs::read(weights)?)?;
    println!("{} bytes, SHA-256 {}", onnx.len(), Digest::of(&onnx));
    fs::write(output, onnx)?;
    Ok(())
}
