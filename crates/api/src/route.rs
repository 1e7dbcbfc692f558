//! Routes as clients in the field write them: with and without a trailing slash (contract §17, 3).

use axum::Router;
use axum::routing::MethodRouter;

pub(crate) trait Routes<S> {
    /// Serves `path`, and the same path with a slash at its end.
    fn at(self, path: &str, methods: MethodRouter<S>) -> Self;
}

impl<S: Clone + Send + Sync + 'static> Routes<S> for Router<S> {
    fn at(self, path: &str, methods: MethodRouter<S>) -> Self {
        self.route(&format!("{path}/"), methods.clone()).route(path, methods)
    }
}
