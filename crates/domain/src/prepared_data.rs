//! `PREPARED_DATA`: what a customer knows about a person already, as JSON (contract §4.3).

use serde_json::{Map, Value};

use crate::validation::Violation;

/// The most characters of a value.
const MAX_LENGTH: usize = 255;

/// What a value must be.
#[derive(Clone, Copy)]
enum Form {
    Text,
    /// `YYYY-MM-DD`.
    Date,
    /// ISO 3166-1 alpha-3.
    Country,
    DocumentType,
}

/// Every field that is kept, by its path.
const FIELDS: [(&str, Form); 25] = [
    ("suffix", Form::Text),
    ("firstName", Form::Text),
    ("middleName", Form::Text),
    ("lastName", Form::Text),
    ("sex", Form::Text),
    ("dateOfBirth", Form::Date),
    ("socialSecurityNumber", Form::Text),
    ("nationality", Form::Text),
    ("email", Form::Text),
    ("phoneNumber", Form::Text),
    ("phoneNumber2", Form::Text),
    ("personalNumber", Form::Text),
    ("address.line1", Form::Text),
    ("address.line2", Form::Text),
    ("address.line3", Form::Text),
    ("address.line4", Form::Text),
    ("address.line5", Form::Text),
    ("address.postalCode", Form::Text),
    ("address.city", Form::Text),
    ("address.subdivision", Form::Text),
    ("address.country", Form::Country),
    ("id.idNumber", Form::Text),
    ("id.issuingDate", Form::Date),
    ("id.expiryDate", Form::Date),
    ("id.type", Form::DocumentType),
];

/// Facts about a person, all optional: which are needed depends on the workflow. Personal data;
/// sealed at rest.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PreparedData(Map<String, Value>);

impl std::fmt::Debug for PreparedData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PreparedData(redacted)")
    }
}

impl PreparedData {
    /// Reads the body of an upload. Unknown keys are left out; every wrong field is named.
    pub fn parse(body: &[u8]) -> Result<Self, Vec<Violation>> {
        let sent: Value = serde_json::from_slice(body)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| vec![Violation::new("", "must be a JSON object in UTF-8")])?;
        let mut data = Self::default();
        let mut violations = Vec::new();
        for group in ["address", "id"] {
            if sent.get(group).is_some_and(|value| !value.is_object() && !value.is_null()) {
                violations.push(Violation::new(group, "must be an object"));
            }
        }
        for (path, form) in FIELDS {
            let value = path.split('.').try_fold(&sent, |value, key| value.get(key));
            match value {
                None | Some(Value::Null) => {}
                Some(Value::String(text)) => match refusal(form, text) {
                    None => data.put(path, text),
                    Some(reason) => violations.push(Violation::new(path, reason)),
                },
                Some(_) => violations.push(Violation::new(path, "must be a string")),
            }
        }
        if violations.is_empty() { Ok(data) } else { Err(violations) }
    }

    /// The value at a path such as `lastName` or `address.country`.
    pub fn get(&self, path: &str) -> Option<&str> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(a, b)| (a, Some(b)));
        let value = self.0.get(first)?;
        rest.map_or(Some(value), |key| value.get(key))?.as_str()
    }

    /// The object again, with the known fields only.
    pub fn to_json(&self) -> Vec<u8> {
        Value::Object(self.0.clone()).to_string().into_bytes()
    }

    fn put(&mut self, path: &str, text: &str) {
        match path.split_once('.') {
            None => {
                self.0.insert(path.to_owned(), text.into());
            }
            Some((group, key)) => {
                let group = self.0.entry(group).or_insert_with(|| Map::new().into());
                group[key] = text.into();
            }
        }
    }
}

fn refusal(form: Form, text: &str) -> Option<&'static str> {
    if text.chars().count() > MAX_LENGTH {
        return Some("must have at most 255 characters");
    }
    match form {
        Form::Text => None,
        Form::Date => {
            let date = text.parse::<jiff::civil::Date>();
            (text.len() != 10 || date.is_err()).then_some("must be a date such as 1990-01-31")
        }
        Form::Country => (text.len() != 3 || !text.bytes().all(|b| b.is_ascii_uppercase()))
            .then_some("must be an ISO 3166-1 alpha-3 code such as USA"),
        Form::DocumentType => (!["PASSPORT", "DRIVING_LICENSE", "ID_CARD"].contains(&text))
            .then_some("must be PASSPORT, DRIVING_LICENSE or ID_CARD"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parse(value: &Value) -> Result<PreparedData, Vec<String>> {
        PreparedData::parse(value.to_string().as_bytes())
            .map_err(|wrong| wrong.into_iter().map(|violation| violation.field).collect())
    }

    #[test]
    fn what_is_known_is_kept() {
        let body = json!({
            "firstName": "Anna", "lastName": "Ericsson", "dateOfBirth": "1974-08-12",
            "address": {"line1": "1 Main Street", "country": "USA"},
            "id": {"idNumber": "L898902C3", "type": "PASSPORT"}
        });
        let mut sent = body.clone();
        sent["shoeSize"] = json!(38);
        sent["email"] = json!(null);
        let data = parse(&sent).unwrap();
        assert_eq!(data.get("address.country"), Some("USA"));
        assert_eq!((data.get("lastName"), data.get("email")), (Some("Ericsson"), None));
        assert_eq!(serde_json::from_slice::<Value>(&data.to_json()).unwrap(), body);
        assert_eq!(format!("{data:?}"), "PreparedData(redacted)");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let wrong = parse(&json!({
            "firstName": 7, "dateOfBirth": "12.08.1974", "lastName": "x".repeat(256),
            "address": {"country": "us", "line1": ["x"]}, "id": {"type": "PAPER"}
        }));
        assert_eq!(
            wrong.unwrap_err(),
            ["firstName", "lastName", "dateOfBirth", "address.line1", "address.country", "id.type"]
        );
        assert_eq!(parse(&json!({"address": "here", "id": []})).unwrap_err(), ["address", "id"]);
        assert_eq!(parse(&json!([])).unwrap_err(), [""]);
        assert_eq!(PreparedData::parse(b"{\"a").unwrap_err().len(), 1);
    }

    proptest! {
        #[test]
        fn no_body_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,40}") {
            let _ = PreparedData::parse(&bytes);
            for value in [json!(text), json!([text]), json!({"country": text, "type": text})] {
                let _ = parse(&json!({"firstName": value, "dateOfBirth": value, "address": value, "id": value}));
            }
        }
    }
}
