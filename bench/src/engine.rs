//! What is compared: a thing that reads the machine readable zone of a picture file.

use std::path::Path;

use anyhow::Result;

pub(crate) trait Engine {
    fn name(&self) -> &'static str;

    /// Reads the file, decoding included. No lines where the engine finds no zone.
    fn read(&mut self, picture: &Path) -> Result<Answer>;
}

pub(crate) struct Answer {
    /// The zone, top to bottom.
    pub(crate) lines: Vec<String>,
    /// Processor time, of the engine's own processes included; milliseconds. `None` where the
    /// system does not tell.
    pub(crate) processor_milliseconds: Option<f64>,
}
