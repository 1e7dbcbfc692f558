//! Shows the progress of what takes long on standard error.

use std::time::Duration;

use bonafide_models::Progress;
use indicatif::{ProgressBar, ProgressStyle};

const OF_BYTES: &str = "{spinner} {msg} {bar:30} {bytes}/{total_bytes}";
const OF_NO_LENGTH: &str = "{spinner} {msg}";

/// A progress bar; silent where standard error is no terminal, but for the messages.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new(0).with_style(style(OF_NO_LENGTH));
        // Turns while nothing comes, too.
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// Says what begins.
    pub(crate) fn begin(&self, text: &str) {
        self.bar.reset();
        self.bar.set_style(style(OF_NO_LENGTH));
        self.bar.set_message(text.to_owned());
        if self.bar.is_hidden() {
            anstream::eprintln!("{text}");
        }
    }

    /// Shows how many bytes are done.
    pub(crate) fn set(&self, done: u64, total: u64) {
        if self.bar.position() == 0 {
            self.bar.set_style(style(OF_BYTES));
        }
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// Shows how many things of unknown number are done.
    pub(crate) fn count(&self, text: &str, done: usize) {
        self.bar.set_message(format!("{text}: {done}"));
    }

    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Progress for Bar {
    fn step(&mut self, text: &str) {
        self.begin(text);
    }

    fn bytes(&mut self, done: u64, total: u64) {
        self.set(done, total);
    }

    fn message(&mut self, text: &str) {
        self.bar.suspend(|| anstream::eprintln!("{text}"));
    }
}
