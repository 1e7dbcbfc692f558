//! Shows an installation's progress on standard error.

use bonafide_models::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar; silent where standard error is no terminal, but for the messages.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{spinner} {msg} {bar:30} {bytes}/{total_bytes}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self { bar }
    }

    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn step(&mut self, text: &str) {
        self.bar.set_message(text.to_owned());
        if self.bar.is_hidden() {
            anstream::eprintln!("{text}");
        }
    }

    fn bytes(&mut self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    fn message(&mut self, text: &str) {
        self.bar.suspend(|| anstream::eprintln!("{text}"));
    }
}
