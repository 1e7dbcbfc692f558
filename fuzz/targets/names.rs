//! Names in any script: parted, compared and searched for without a panic, and alike to themselves.
#![no_main]

use std::sync::LazyLock;

use bonafide_screening::entity::{Entity, EntityKind, Name};
use bonafide_screening::index::{Index, IndexBuilder, SearchOptions};
use bonafide_screening::matching::Costs;
use libfuzzer_sys::fuzz_target;

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut builder = IndexBuilder::default();
    for (id, name) in [
        "Abdul Rahman Sabir",
        "Ivan Petrovich Sokolov",
        "\u{645}\u{62d}\u{645}\u{62f}",
        "\u{91d1}\u{6b63}\u{6069}",
    ]
    .iter()
    .enumerate()
    {
        let json = format!(r#"{{"id":"{id}","kind":"person","names":[]}}"#);
        let entity: Entity = serde_json::from_str(&json).expect("an entity");
        builder.add(0, &Entity { names: vec![Name::primary(*name)], ..entity });
    }
    builder.build()
});

fuzz_target!(|names: (&str, &str)| {
    let (left, right) = names;
    for kind in [EntityKind::Person, EntityKind::Organisation] {
        let score = INDEX.compare_names(left, right, kind, &Costs::TUNED);
        assert!((0.0..=1.0).contains(&score));
        for found in INDEX.search(left, kind, &SearchOptions::default()) {
            assert!((0.0..=1.0).contains(&found.name_score));
        }
    }
});
