use std::time::Duration;

use bonafide_domain::task::Lane;

/// How a worker works.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// Its name, for people: which worker had a task last.
    pub name: String,
    /// The lanes that it serves, and how many tasks of each at once.
    pub lanes: Vec<(Lane, usize)>,
    /// After how long a task of a worker that fell silent is taken up by another. It is renewed three
    /// times within this.
    pub lease: Duration,
    /// How often to look for tasks that fell due or came from another process.
    pub poll: Duration,
    /// After how many attempts a task is dead. A worker that was killed counts as an attempt.
    pub max_attempts: i32,
    /// How long to wait after the first failure; twice as long after each further one.
    pub first_retry: Duration,
    /// The longest wait after a failure.
    pub last_retry: Duration,
    /// How long running tasks may take to end at a shutdown.
    pub drain: Duration,
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            name: "worker".to_owned(),
            lanes: vec![(Lane::Control, 2), (Lane::Compute, 1), (Lane::Delivery, 8)],
            lease: Duration::from_secs(15),
            poll: Duration::from_millis(100),
            max_attempts: 10,
            first_retry: Duration::from_secs(1),
            last_retry: Duration::from_mins(5),
            drain: Duration::from_secs(30),
        }
    }
}

impl WorkerOptions {
    /// How long to wait after the `attempts`th attempt has failed.
    pub(crate) fn retry_after(&self, attempts: i32) -> Duration {
        let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(30);
        self.first_retry.saturating_mul(1 << doublings).min(self.last_retry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let options = WorkerOptions::default();
        let seconds =
            [1, 2, 3, 9, 10, i32::MAX].map(|attempts| options.retry_after(attempts).as_secs());
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300]);
    }
}
