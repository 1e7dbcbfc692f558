//! Who is searched for, out of what an execution knows of its end user.

use bonafide_domain::extraction::Extraction;
use bonafide_domain::prepared_data::PreparedData;
use bonafide_screening::country::Country;
use bonafide_screening::entity::{Birth, EntityKind, Gender};
use bonafide_screening::query::Subject;

/// Out of what was read on an ID. People with one name have it as the only one; `None` without any.
pub(super) fn of_extraction(data: &Extraction) -> Option<Subject> {
    let name = joined([data.first_name.as_deref(), data.last_name.as_deref()])?;
    Some(Subject {
        birth: data.date_of_birth.as_deref().and_then(birth),
        countries: countries([data.nationality.as_deref(), data.issuing_country.as_deref()]),
        gender: data.gender.as_deref().and_then(Gender::find),
        identifiers: [&data.document_number, &data.personal_number]
            .into_iter()
            .filter_map(|number| given(number.as_deref()))
            .map(str::to_owned)
            .collect(),
        ..Subject::new(name, EntityKind::Person)
    })
}

/// Out of prepared data: a first and a last name are mandatory, of which one may be `N/A`
/// (contract §14).
pub(super) fn of_prepared_data(data: &PreparedData) -> Option<Subject> {
    let (first, last) = (data.get("firstName")?, data.get("lastName")?);
    if first.trim().is_empty() || last.trim().is_empty() {
        return None;
    }
    let name = joined([Some(first), data.get("middleName"), Some(last)])?;
    Some(Subject {
        birth: data.get("dateOfBirth").and_then(birth),
        countries: countries([data.get("nationality"), data.get("address.country")]),
        gender: data.get("sex").and_then(Gender::find),
        identifiers: [data.get("id.idNumber"), data.get("personalNumber")]
            .into_iter()
            .filter_map(given)
            .map(str::to_owned)
            .collect(),
        ..Subject::new(name, EntityKind::Person)
    })
}

/// A text that says something: clients and readers write `N/A` for nothing (contract §14).
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case("n/a"))
}

fn joined<const N: usize>(parts: [Option<&str>; N]) -> Option<String> {
    let parts: Vec<&str> = parts.into_iter().filter_map(given).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn birth(text: &str) -> Option<Birth> {
    text.parse().ok().map(Birth::day)
}

fn countries(codes: [Option<&str>; 2]) -> Vec<Country> {
    let mut found: Vec<Country> =
        codes.into_iter().filter_map(given).filter_map(Country::find).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(body: &str) -> PreparedData {
        PreparedData::parse(body.as_bytes()).unwrap()
    }

    #[test]
    fn prepared_data_needs_both_names() {
        for (body, name) in [
            (r#"{"firstName": "Ivan", "lastName": "Sokolov"}"#, Some("Ivan Sokolov")),
            (r#"{"firstName": "N/A", "lastName": "Sokolov"}"#, Some("Sokolov")),
            (r#"{"firstName": "N/A", "lastName": "n/a"}"#, None),
            (r#"{"firstName": "", "lastName": "Sokolov"}"#, None),
            (r#"{"lastName": "Sokolov"}"#, None),
        ] {
            let subject = of_prepared_data(&prepared(body));
            assert_eq!(subject.map(|subject| subject.name).as_deref(), name, "{body}");
        }
    }

    #[test]
    fn what_supports_the_name_comes_along() {
        let data = Extraction {
            first_name: Some("Anna Maria".to_owned()),
            last_name: Some("Eriksson".to_owned()),
            date_of_birth: Some("1974-08-12".to_owned()),
            nationality: Some("UTO".to_owned()),
            issuing_country: Some("SWE".to_owned()),
            gender: Some("F".to_owned()),
            document_number: Some("L898902C3".to_owned()),
            ..Extraction::default()
        };
        let subject = of_extraction(&data).unwrap();
        assert_eq!(subject.name, "Anna Maria Eriksson");
        assert_eq!(subject.birth.unwrap().month_day, Some((8, 12)));
        assert_eq!(subject.countries.iter().map(Country::as_str).collect::<Vec<_>>(), ["SE"]);
        assert_eq!((subject.gender, subject.identifiers.len()), (Some(Gender::Female), 1));
        assert!(of_extraction(&Extraction::default()).is_none());
    }
}
