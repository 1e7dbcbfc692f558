use super::{ground, heading, printed_date};
use crate::drawn::Side;
use crate::page::{Page, Sheet, Text};
use crate::portrait::portrait;
use crate::{Drawn, Issue, Person, mrz};

/// A visa sticker (MRV-A or MRV-B, ICAO Doc 9303-7) of the fictional state `UTO`.
#[derive(Debug, Clone)]
pub struct Visa {
    /// Holder, as printed in the visual zone.
    pub person: Person,
    /// Number and dates, as printed in the visual zone.
    pub issue: Issue,
    /// MRZ lines; change them for a document that contradicts itself.
    pub mrz: Vec<String>,
    format: mrz::Format,
}

impl Visa {
    /// A consistent full-page visa, MRV-A.
    pub fn full_page(person: Person, issue: Issue) -> Self {
        Self::of(mrz::Format::MrvA, person, issue)
    }

    /// A consistent small visa, MRV-B.
    pub fn small(person: Person, issue: Issue) -> Self {
        Self::of(mrz::Format::MrvB, person, issue)
    }

    fn of(format: mrz::Format, person: Person, issue: Issue) -> Self {
        let mrz = mrz::emit(format, &person, &issue);
        Self { person, issue, mrz, format }
    }

    /// The sticker; 1440 by 960 pixels for MRV-A, 1470 by 1036 for MRV-B.
    pub fn draw(&self, seed: u64) -> Drawn {
        let sheet = match self.format {
            mrz::Format::MrvA => Sheet { width: 120.0, height: 80.0, pixels_per_millimetre: 12.0 },
            _ => Sheet::ID_2,
        };
        let (mut page, palette) = ground(sheet, seed);
        heading(&mut page, palette, (5.0, 7.0), 4.4, "UTOPIA", "VISA");
        page.add(&portrait((5.0, 14.0), 27.0, seed));
        let number = Text { size: 3.8, ..Text::VALUE };
        page.value((sheet.width - 29.0, 7.4), number, "document_number", &self.issue.number);
        self.visual_zone(&mut page);
        let zone = sheet.height - 21.0;
        page.add(&format!(
            "<rect y=\"{zone}\" width=\"{}\" height=\"21\" fill=\"#fff\" fill-opacity=\"0.72\"/>",
            sheet.width
        ));
        page.mrz(self.format, &self.mrz, &[zone + 8.0, zone + 14.4]);
        page.draw(Side::VisaPage, &self.person, &self.issue)
    }

    fn visual_zone(&self, page: &mut Page) {
        let (person, issue) = (&self.person, &self.issue);
        let dates = [person.born_on, issue.issued_on, issue.expires_on].map(printed_date);
        page.field((38.0, 15.5), "valid_from", "Valid from / Du", &dates[1]);
        page.field((66.0, 15.5), "expiry_date", "Until / Au", &dates[2]);
        page.field((38.0, 23.0), "surname", "Surname / Nom", &person.surname.to_uppercase());
        page.field(
            (38.0, 30.5),
            "given_names",
            "Given names / Prénoms",
            &person.given_names.to_uppercase(),
        );
        page.field((38.0, 38.0), "birth_date", "Date of birth", &dates[0]);
        page.field((66.0, 38.0), "sex", "Sex / Sexe", &person.sex.letter().to_string());
        page.field((82.0, 38.0), "nationality", "Nationality", &person.nationality);
        page.field((38.0, 45.5), "number_of_entries", "Number of entries", "MULT");
        page.field((66.0, 45.5), "visa_category", "Type", "C");
    }
}
