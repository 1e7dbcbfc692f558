//! What every reader of lists must do with any bytes: give entities or an error, twice the same.

use bonafide_screening::list::{Input, Source, read};

/// Reads the files twice and holds the entities to what the product relies on.
pub fn check(source: Source, files: &[(&str, &[u8])]) {
    let entities = || {
        let inputs = files.iter().map(|(name, bytes)| Input::bytes(*name, bytes)).collect();
        let mut entities = Vec::new();
        let header = read(source, inputs, &mut |entity| {
            entities.push(entity);
            Ok(())
        });
        header.map(|_| entities).map_err(|error| error.to_string())
    };
    let found = entities();
    assert_eq!(found, entities(), "what is read once is read twice");
    for entity in found.into_iter().flatten() {
        assert!(!entity.names.is_empty() && entity.names.iter().all(|name| !name.text.is_empty()));
        assert!(entity.births.iter().all(|birth| birth.from <= birth.to));
        let packed = serde_json::to_string(&entity).expect("an entity has a JSON form");
        assert!(
            serde_json::from_str(&packed)
                .is_ok_and(|again: bonafide_screening::entity::Entity| again == entity)
        );
    }
}
