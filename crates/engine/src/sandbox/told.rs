//! What a run comes to that was told: the decision, and drawn data in the contract's shape (§7.4).

use bonafide_domain::credential::{Category, Credential};
use bonafide_domain::decision::{Capability, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_domain::execution::Execution;
use bonafide_domain::extraction::{Address, DateParts, DocumentType, Extraction};
use bonafide_domain::run::Run;
use bonafide_domain::sandbox::{Instruction, Sandbox};
use bonafide_specimen::{Country, Issue, JURISDICTIONS, Person};
use bonafide_store::Transaction;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::instruction;
use crate::Engine;
use crate::capability::Outcome;
use crate::error::Error;
use crate::record::Record;

/// Marks every result of a sandbox in its evidence.
const SIGNAL: &str = "sandbox.not_judged";

/// The persons of the sandbox are drawn as of this day, so that they stay who they are.
const DRAWN_ON: Date = date(2026, 1, 1);

impl Engine {
    /// The outcome of a run that was told. Only for the tenant that the proof is about.
    pub(crate) async fn told_outcome(
        &self,
        tx: &mut Transaction,
        proof: Sandbox,
        run: &Run,
        execution: &Execution,
    ) -> Result<Outcome, Error> {
        if proof.tenant_id() != run.tenant_id {
            return Err(Error::internal("a sandbox's result for another tenant"));
        }
        let members = tx.list_members(run.tenant_id, run.execution_id).await?;
        let told = instruction(proof, execution, &members);
        let mut credentials: Vec<Credential> = members.into_iter().map(|m| m.credential).collect();
        credentials.retain(|credential| run.credentials.contains(&credential.id));
        let categories: Vec<Category> = credentials.iter().map(|c| c.category).collect();
        let decision = told.decision(run.capability, &categories);
        let now = self.judged_as_of(execution);
        let scene = Scene {
            seed: told.seed.unwrap_or_else(|| seed_of(&execution.customer_internal_reference)),
            today: now.to_zoned(TimeZone::UTC).date(),
            now,
        };
        let data = match (run.capability, decision.decision_type()) {
            (_, DecisionType::NotExecuted) => None,
            (Capability::Extraction, _) => Some(scene.extraction(credentials.first(), &told)?),
            (Capability::ImageChecks, _) if categories.contains(&Category::Selfie) => {
                Some(json!({"faceSearchFindings": {"status": "DONE", "findings": []}}))
            }
            (Capability::Similarity, _) => Some(similarity(decision.label())),
            (Capability::Liveness, _) => Some(scene.liveness()),
            (Capability::Authentication, _) => Some(json!({"type": "JUMIO_STANDARD"})),
            (Capability::WatchlistScreening, _) => {
                let here = self.public_urls().execution(execution.account_id, execution.id);
                Some(scene.screening(decision.label(), &format!("{here}/evidence")))
            }
            _ => None,
        };
        let evidence = vec![Signal::new(SIGNAL, true)];
        Ok(Outcome {
            record: Record { data, evidence, ..Record::default() },
            ..Outcome::of(decision)
        })
    }
}

/// The same text draws the same person.
fn seed_of(text: &str) -> u64 {
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let (first, _) = hash.split_first_chunk().expect("a SHA-256 has 32 bytes");
    u64::from_le_bytes(*first)
}

fn similarity(label: Label) -> Value {
    // The field says NOT_MATCH where the label says NO_MATCH (contract §15, row 26).
    let word = match label {
        Label::Match => "MATCH",
        Label::NoMatch => "NOT_MATCH",
        _ => "NOT_POSSIBLE",
    };
    json!({ "similarity": word })
}

struct Scene {
    seed: u64,
    today: Date,
    now: Timestamp,
}

impl Scene {
    fn liveness(&self) -> Value {
        let age = age(Person::generate(DRAWN_ON, self.seed).born_on, self.today);
        json!({
            "type": "JUMIO_STANDARD",
            "predictedAge": age,
            "ageConfidenceRange": format!("{}-{}", age - 10, age + 10),
        })
    }

    fn screening(&self, label: Label, result_url: &str) -> Value {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345678";
        let suffix: String = (0..8)
            .map(|place| LETTERS[(self.seed >> (5 * place)) as usize % LETTERS.len()] as char)
            .collect();
        let whole_second = Timestamp::from_second(self.now.as_second()).unwrap_or(self.now);
        json!({
            "searchDate": format!("{whole_second:.3}"),
            "searchStatus": "SUCCESS",
            "searchId": format!("{:010}", self.seed % 10_000_000_000),
            "searchReference": format!("{}-{suffix}", self.now.as_second()),
            "searchResultUrl": result_url,
            "searchResults": u8::from(label == Label::Alert),
        })
    }

    fn extraction(
        &self,
        credential: Option<&Credential>,
        instruction: &Instruction,
    ) -> Result<Value, Error> {
        let drawn = self.document(credential);
        let Value::Object(mut data) = serde_json::to_value(drawn).map_err(Error::internal)? else {
            return Err(Error::internal("an extraction that is no object"));
        };
        for (name, value) in &instruction.extraction {
            set(&mut data, name, value, &instruction.extraction, self.today);
        }
        Ok(Value::Object(data))
    }

    /// A document that the request accepts, of somebody who does not exist.
    fn document(&self, credential: Option<&Credential>) -> Extraction {
        let accepted = |list: Option<&bonafide_domain::credential::Accepted>| {
            list.map(|accepted| accepted.values.clone()).unwrap_or_default()
        };
        let document_type = accepted(credential.and_then(|c| c.document_type.as_ref()))
            .iter()
            .find_map(|text| text.parse::<DocumentType>().ok())
            .unwrap_or(DocumentType::Passport);
        let country = accepted(credential.and_then(|c| c.country.as_ref())).into_iter().next();
        let person = Person::generate(DRAWN_ON, self.seed);
        let issue = renewed(Issue::generate(DRAWN_ON, self.seed), self.today);
        let licence = document_type == DocumentType::DrivingLicense;
        let american: Vec<_> =
            JURISDICTIONS.iter().filter(|state| state.country == Country::Usa).collect();
        let state = american[(self.seed % american.len() as u64) as usize];
        let country = country.unwrap_or_else(|| if licence { "USA" } else { "UTO" }.to_owned());
        let date = |date: Date| (Some(date.to_string()), Some(DateParts::of(date)));
        let (date_of_birth, date_of_birth_parts) = date(person.born_on);
        let (expiry_date, expiry_date_parts) = date(issue.expires_on);
        let (issuing_date, issuing_date_parts) = date(issue.issued_on);
        Extraction {
            document_type: Some(document_type),
            sub_type: match document_type {
                DocumentType::DrivingLicense => Some("REGULAR_DRIVING_LICENSE".to_owned()),
                DocumentType::IdCard => Some("NATIONAL_ID".to_owned()),
                _ => None,
            },
            state: (country == "USA" && licence).then(|| state.code.to_owned()),
            address: licence.then(|| Address {
                line1: Some(person.address.to_uppercase()),
                country: Some(country.clone()),
                formatted_address: Some(person.address.to_uppercase()),
                ..Address::default()
            }),
            nationality: (!licence).then(|| country.clone()),
            issuing_country: Some(country),
            first_name: Some(person.given_names.to_uppercase()),
            last_name: Some(person.surname.to_uppercase()),
            date_of_birth,
            date_of_birth_parts,
            expiry_date,
            expiry_date_parts,
            issuing_date,
            issuing_date_parts,
            document_number: Some(issue.number),
            gender: Some(person.sex.letter().to_string()),
            place_of_birth: (!licence).then(|| person.birth_place.to_uppercase()),
            current_age: Some(age(person.born_on, self.today).to_string()),
            ..Extraction::default()
        }
    }
}

/// Sets a field as told, and what follows from it unless that was told too.
fn set(
    data: &mut Map<String, Value>,
    name: &str,
    value: &Value,
    told: &Map<String, Value>,
    today: Date,
) {
    let mut put = |name: &str, value: Value| {
        if value.is_null() {
            data.remove(name);
        } else {
            data.insert(name.to_owned(), value);
        }
    };
    put(name, value.clone());
    let day = value.as_str().and_then(|text| text.parse::<Date>().ok());
    let parts = format!("{name}Parts");
    if matches!(name, "dateOfBirth" | "expiryDate" | "issuingDate") && !told.contains_key(&parts) {
        put(&parts, day.map_or(Value::Null, |day| json!(DateParts::of(day))));
    }
    if name == "dateOfBirth" && !told.contains_key("currentAge") {
        put("currentAge", day.map_or(Value::Null, |day| json!(age(day, today).to_string())));
    }
}

/// Whole years from one day to another.
fn age(born_on: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (born_on.month(), born_on.day());
    today.year() - born_on.year() - i16::from(!had_birthday)
}

/// The document as it is on `today`: one that has run out was renewed for another ten years.
fn renewed(mut issue: Issue, today: Date) -> Issue {
    while issue.expires_on < today {
        issue.issued_on = issue.issued_on.saturating_add(10.years());
        issue.expires_on = issue.expires_on.saturating_add(10.years());
        if issue.expires_on.year() >= 9_900 {
            break;
        }
    }
    issue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_years() {
        assert_eq!(age(date(1990, 6, 1), date(2026, 6, 1)), 36);
        assert_eq!(age(date(1990, 6, 2), date(2026, 6, 1)), 35);
        assert_eq!(age(date(2000, 2, 29), date(2026, 2, 28)), 25);
    }

    #[test]
    fn a_document_that_ran_out_was_renewed() {
        for seed in 0..50 {
            let today = date(2061, 7, 1);
            let issue = renewed(Issue::generate(DRAWN_ON, seed), today);
            assert!(issue.issued_on <= today && today <= issue.expires_on, "{issue:?}");
        }
    }

    #[test]
    fn what_follows_from_a_told_date_follows() {
        let told = json!({"dateOfBirth": "1990-06-02", "gender": null});
        let told = told.as_object().unwrap();
        let mut data = Map::from_iter([("gender".to_owned(), json!("F"))]);
        for (name, value) in told {
            set(&mut data, name, value, told, date(2026, 6, 1));
        }
        assert_eq!(
            Value::Object(data),
            json!({
                "dateOfBirth": "1990-06-02",
                "dateOfBirthParts": {"year": "1990", "month": "06", "day": "02"},
                "currentAge": "35"
            })
        );
    }
}
