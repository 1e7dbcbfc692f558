//! Converts files into a net: `convert RECIPE INGREDIENT... OUTPUT`. For whoever writes a
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
    let [recipe, ingredients @ .., output] = &arguments[..] else {
        return Err("usage: convert RECIPE INGREDIENT... OUTPUT".into());
    };
    let recipe = Recipe::deserialize(StrDeserializer::<WordError>::new(recipe))?;
    let ingredients = ingredients.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
    let ingredients: Vec<&[u8]> = ingredients.iter().map(Vec::as_slice).collect();
    let onnx = recipe.convert(&ingredients)?;
    println!("{} bytes, SHA-256 {}", onnx.len(), Digest::of(&onnx));
    fs::write(output, onnx)?;
    Ok(())
}
