//! Entities whose attributes stand in several rows.

use std::collections::HashMap;

use super::draft::Draft;
use super::error::Error;
use super::{Sink, limits};

#[derive(Default)]
pub(crate) struct Groups {
    places: HashMap<String, usize>,
    drafts: Vec<Draft>,
}

impl Groups {
    /// The draft of an id; `None` where there are too many.
    pub(crate) fn draft(&mut self, id: &str, new: impl FnOnce() -> Draft) -> Option<&mut Draft> {
        if let Some(place) = self.places.get(id) {
            return self.drafts.get_mut(*place);
        }
        if self.drafts.len() >= limits::ENTITIES {
            return None;
        }
        self.places.insert(id.to_owned(), self.drafts.len());
        self.drafts.push(new());
        self.drafts.last_mut()
    }

    pub(crate) fn finish(self, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.drafts.into_iter().filter_map(Draft::finish).try_for_each(sink)
    }
}
