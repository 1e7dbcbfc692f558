//! OFAC's `SDN_ADVANCED.XML` and `CONS_ADVANCED.XML`: values by reference, names in parts, documents
//! and programmes apart from the parties.

use std::collections::HashMap;

use super::draft::Draft;
use super::error::Error;
use super::input::Input;
use super::xml::{Element, Records};
use super::{Header, Sink, limits};
use crate::country::Country;
use crate::entity::{Birth, Entity, EntityKind, Gender, Name};

/// Tables of values that parties refer to by number.
const REFERENCES: [&str; 6] =
    ["Country", "DetailReference", "FeatureType", "IDRegDocType", "NamePartType", "PartySubType"];

#[derive(Default)]
struct Known {
    /// (table, id) → its text.
    references: HashMap<(String, String), String>,
    /// Location → country.
    locations: HashMap<String, Country>,
    /// Identity → documents: kind, number, country.
    documents: HashMap<String, Vec<(String, String, Option<Country>)>>,
}

pub(crate) fn read(input: Input<'_>, sink: &mut Sink<'_>) -> Result<Header, Error> {
    let mut records = Records::open(input);
    let mut known = Known::default();
    let mut header = Header::default();
    // Programmes stand behind the parties, so that parties wait for them.
    let mut parties: Vec<Entity> = Vec::new();
    let mut programs: HashMap<String, Vec<String>> = HashMap::new();
    let mut wanted =
        vec!["DateOfIssue", "Location", "IDRegDocument", "DistinctParty", "SanctionsEntry"];
    wanted.extend(REFERENCES);
    while let Some(record) = records.next(&wanted)? {
        match record.name.as_str() {
            "DateOfIssue" if header.published.is_none() => {
                header = Header::of(&date(&record).map_or(String::new(), |d| d.to_string()));
            }
            "DateOfIssue" => {}
            "Location" => known.location(&record),
            "IDRegDocument" => known.document(&record),
            "DistinctParty" => {
                parties.extend(party(&records, &record, &known)?.finish());
                if parties.len() > limits::ENTITIES {
                    return Err(records.wrong(&record, "DistinctParty", "there are too many"));
                }
            }
            "SanctionsEntry" => {
                let of = programs.entry(record.attribute("ProfileID").to_owned()).or_default();
                of.extend(record.all("SanctionsMeasure").map(|m| m.get("Comment").to_owned()));
            }
            table => {
                let text = match table {
                    "Country" if !record.attribute("ISO2").is_empty() => record.attribute("ISO2"),
                    _ => record.text(),
                };
                let key = (table.to_owned(), record.attribute("ID").to_owned());
                known.references.insert(key, text.to_owned());
            }
        }
    }
    if records.root().is_none_or(|root| root.name != "Sanctions") {
        return Err(records.wrong_root("Sanctions"));
    }
    for mut party in parties {
        let programs = programs.remove(&party.id).unwrap_or_default();
        party.programs.extend(programs.into_iter().filter(|p| !p.is_empty()).take(limits::DETAILS));
        party.programs.dedup();
        sink(party)?;
    }
    Ok(header)
}

fn date(element: &Element) -> Option<jiff::civil::Date> {
    let number = |name: &str| element.get(name).parse::<i16>().ok();
    let part = |name: &str| number(name).and_then(|number| i8::try_from(number).ok());
    jiff::civil::Date::new(number("Year")?, part("Month")?, part("Day")?).ok()
}

impl Known {
    fn text(&self, table: &str, id: &str) -> &str {
        self.references.get(&(table.to_owned(), id.to_owned())).map_or("", String::as_str)
    }

    fn country(&self, id: &str) -> Option<Country> {
        Country::find(self.text("Country", id))
    }

    fn location(&mut self, record: &Element) {
        let country = record
            .below("LocationCountry")
            .into_iter()
            .find_map(|country| self.country(country.attribute("CountryID")));
        if let Some(country) = country {
            self.locations.insert(record.attribute("ID").to_owned(), country);
        }
    }

    fn document(&mut self, record: &Element) {
        let kind = self.text("IDRegDocType", record.attribute("IDRegDocTypeID")).to_owned();
        let country = self.country(record.attribute("IssuedBy-CountryID"));
        let of = self.documents.entry(record.attribute("IdentityID").to_owned()).or_default();
        of.push((kind, record.get("IDRegistrationNo").to_owned(), country));
    }
}

fn party(records: &Records<'_>, record: &Element, known: &Known) -> Result<Draft, Error> {
    let Some(profile) = record.child("Profile") else {
        return Err(records.wrong(record, "Profile", "is missing"));
    };
    let id = profile.attribute("ID");
    if id.is_empty() {
        return Err(records.wrong(profile, "Profile@ID", "is empty"));
    }
    let mut draft = Draft::sanctioned(id, EntityKind::Unknown);
    let mut person = false;
    for identity in profile.all("Identity") {
        person |= names(identity, known, &mut draft);
        let documents = known.documents.get(identity.attribute("ID"));
        for (kind, number, country) in documents.into_iter().flatten() {
            draft.identifier(kind, number, *country);
        }
    }
    let sort = known.text("PartySubType", profile.attribute("PartySubTypeID"));
    draft.kind(match sort {
        "Vessel" => EntityKind::Vessel,
        "Aircraft" => EntityKind::Aircraft,
        _ if person => EntityKind::Person,
        _ => EntityKind::Organisation,
    });
    for feature in profile.all("Feature") {
        self::feature(feature, known, &mut draft);
    }
    Ok(draft)
}

/// Takes an identity's names; true where they are a person's.
fn names(identity: &Element, known: &Known, draft: &mut Draft) -> bool {
    let groups: HashMap<&str, &str> = identity
        .below("NamePartGroup")
        .into_iter()
        .map(|group| {
            (group.attribute("ID"), known.text("NamePartType", group.attribute("NamePartTypeID")))
        })
        .collect();
    let person = groups.values().any(|part| matches!(*part, "Last Name" | "First Name"));
    for alias in identity.all("Alias") {
        for documented in alias.all("DocumentedName") {
            // Given names first, then the others as they come, the family name last.
            let mut parts: Vec<(u8, &str)> = documented
                .below("NamePartValue")
                .into_iter()
                .map(|part| {
                    let order = match groups.get(part.attribute("NamePartGroupID")) {
                        Some(&"First Name") => 0,
                        Some(&"Last Name") => 2,
                        _ => 1,
                    };
                    (order, part.text())
                })
                .collect();
            parts.sort_by_key(|(order, _)| *order);
            let words: Vec<&str> = parts.iter().map(|(_, text)| *text).collect();
            let weak = alias.attribute("LowQuality") == "true";
            let text = words.join(" ");
            draft.name(match alias.attribute("Primary") {
                "true" => Name { weak, ..Name::primary(text) },
                _ => Name::alias(text, weak),
            });
        }
    }
    person
}

fn feature(feature: &Element, known: &Known, draft: &mut Draft) {
    let kind = known.text("FeatureType", feature.attribute("FeatureTypeID"));
    for version in feature.all("FeatureVersion") {
        match kind {
            "Birthdate" => draft.birth(birth(version)),
            "Gender" => {
                for detail in version.all("VersionDetail") {
                    let id = detail.attribute("DetailReferenceID");
                    draft.gender(Gender::find(known.text("DetailReference", id)));
                }
            }
            _ if ["Nationality Country", "Citizenship Country", "Location"].contains(&kind) => {
                for location in version.all("VersionLocation") {
                    let country = known.locations.get(location.attribute("LocationID"));
                    if let Some(country) = country {
                        draft.country(country.as_str());
                    }
                }
            }
            _ => {}
        }
    }
}

fn birth(version: &Element) -> Option<Birth> {
    let period = version.child("DatePeriod")?;
    let edge = |edge: &str, side: &str| period.child(edge).and_then(|edge| edge.child(side));
    let from = edge("Start", "From")?;
    let to = edge("End", "To").or_else(|| edge("Start", "To")).unwrap_or(from);
    let year = |element: &Element| element.get("Year").parse::<i16>().ok();
    let (from_year, to_year) = (year(from)?, year(to).or_else(|| year(from))?);
    let mut birth = Birth::years(from_year, to_year);
    // The first and the last day of a year are how the list writes the year alone.
    if let (Some(first), Some(last)) = (date(from), date(to))
        && first == last
    {
        birth = Birth::day(first);
    }
    birth.approximate = period.child("Start").is_some_and(|s| s.attribute("Approximate") == "true");
    Some(birth)
}
