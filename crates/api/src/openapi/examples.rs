//! Examples: one for each body (`examples.json`, by the name of its schema), and one for each refusal
//! of each operation.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, OpenApi, RefOr};

const EXAMPLES: &str = include_str!("examples.json");

/// Adds an example to every body that has none.
pub(super) fn add(description: &mut OpenApi) {
    let examples: BTreeMap<String, Value> =
        serde_json::from_str(EXAMPLES).expect("examples.json is JSON, keyed by schema");
    let paths = description.paths.paths.values_mut();
    let webhooks = description.webhooks.iter_mut().flat_map(|hooks| hooks.paths.values_mut());
    for operation in paths.chain(webhooks).flat_map(operations) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            inline(body.content.values_mut()).for_each(|content| from_table(content, &examples));
        }
        for (status, response) in &mut operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            for content in inline(response.content.values_mut()) {
                from_table(content, &examples);
                if schema_name(content).as_deref() == Some("Problem") {
                    content.example = problem(status, &response.description);
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete]
        .into_iter()
        .flatten()
}

fn inline<'a, T: 'a>(
    all: impl Iterator<Item = &'a mut RefOr<T>>,
) -> impl Iterator<Item = &'a mut T> {
    all.filter_map(|one| match one {
        RefOr::T(one) => Some(one),
        RefOr::Ref(_) => None,
    })
}

fn from_table(content: &mut Content, examples: &BTreeMap<String, Value>) {
    if let Some(example) = schema_name(content).and_then(|name| examples.get(&name)) {
        content.example = Some(example.clone());
    }
}

/// The name of the schema that a body refers to.
fn schema_name(content: &Content) -> Option<String> {
    let Some(RefOr::Ref(reference)) = &content.schema else { return None };
    reference.ref_location.rsplit('/').next().map(str::to_owned)
}

/// What a refusal with this status looks like; its description is what it says.
fn problem(status: &str, description: &str) -> Option<Value> {
    let status: u16 = status.parse().ok()?;
    let title = axum::http::StatusCode::from_u16(status).ok()?.canonical_reason()?;
    let mut problem = json!({"title": title, "status": status, "detail": description});
    if status == 400 {
        problem["errors"] = json!([{"field": "workflowDefinition.key", "reason": "is required"}]);
    }
    Some(problem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi;

    /// Every operation says what it is, and every body of it has an example that its schema allows.
    #[test]
    fn the_description_is_complete() {
        let description = serde_json::to_value(openapi()).unwrap();
        let mut bodies = 0;
        for group in ["paths", "webhooks"] {
            for (path, item) in description[group].as_object().unwrap() {
                for (method, operation) in item.as_object().unwrap() {
                    let name = format!("{method} {path}");
                    for key in ["summary", "operationId", "tags", "responses"] {
                        assert!(operation.get(key).is_some(), "{name} lacks {key}");
                    }
                    bodies += check(&name, &operation["requestBody"], &description);
                    for (status, response) in operation["responses"].as_object().unwrap() {
                        let name = format!("{name} {status}");
                        assert!(response["description"].as_str().is_some_and(|d| d.len() > 5));
                        bodies += check(&name, response, &description);
                    }
                    let public = [
                        "/health",
                        "/openapi.json",
                        "/oauth2/token",
                        "/sandbox/instruction.schema.json",
                    ]
                    .contains(&path.as_str());
                    for status in ["400", "401", "403", "500", "503"] {
                        let there = operation["responses"].get(status).is_some();
                        assert!(there || public || group == "webhooks", "{name} lacks {status}");
                    }
                }
            }
        }
        assert!(bodies > 100, "bodies with examples: {bodies}");
    }

    fn check(name: &str, holder: &Value, description: &Value) -> usize {
        let mut checked = 0;
        for (media_type, content) in holder["content"].as_object().into_iter().flatten() {
            if media_type != "application/json" && !media_type.contains("urlencoded") {
                continue;
            }
            let schema = resolve(&content["schema"], description);
            if schema["type"] == "object" && schema.get("properties").is_none() {
                continue; // The description itself.
            }
            let example = content.get("example").or_else(|| schema.get("example"));
            let example = example.unwrap_or_else(|| panic!("{name} has no example"));
            let mut root = content["schema"].clone();
            root["components"] = description["components"].clone();
            let validator = jsonschema::validator_for(&root).expect("a schema");
            let wrong: Vec<_> = validator.iter_errors(example).map(|e| e.to_string()).collect();
            assert!(wrong.is_empty(), "the example of {name}: {wrong:?}");
            checked += 1;
        }
        checked
    }

    fn resolve<'a>(schema: &'a Value, description: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => description.pointer(reference.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }
}
