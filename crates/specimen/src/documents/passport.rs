use super::{ground, heading, printed_date};
use crate::drawn::Side;
use crate::page::{Page, Sheet, Text};
use crate::portrait::portrait;
use crate::{Drawn, Issue, Person, mrz};

/// A passport's data page (TD3, ICAO Doc 9303-4) of the fictional state `UTO`.
#[derive(Debug, Clone)]
pub struct Passport {
    /// Holder, as printed in the visual zone.
    pub person: Person,
    /// Number and dates, as printed in the visual zone.
    pub issue: Issue,
    /// MRZ lines; change them for a document that contradicts itself.
    pub mrz: Vec<String>,
}

impl Passport {
    /// A consistent passport.
    pub fn new(person: Person, issue: Issue) -> Self {
        let mrz = mrz::emit(mrz::Format::Td3, &person, &issue);
        Self { person, issue, mrz }
    }

    /// The data page, 1500 by 1056 pixels; the seed chooses its looks.
    pub fn draw(&self, seed: u64) -> Drawn {
        let (mut page, palette) = ground(Sheet::ID_3, seed);
        heading(&mut page, palette, (6.0, 8.4), 4.6, "UTOPIA", "PASSPORT / PASSEPORT");
        page.add(&portrait((6.0, 15.5), 33.5, seed));
        self.holder(&mut page);
        self.document(&mut page);
        page.add(
            "<rect y=\"64.6\" width=\"125\" height=\"23.4\" fill=\"#fff\" fill-opacity=\"0.72\"/>",
        );
        page.mrz(mrz::Format::Td3, &self.mrz, &[73.3, 79.7]);
        page.draw(Side::PassportPage, &self.person, &self.issue)
    }

    fn document(&self, page: &mut Page) {
        let number = Text { size: 4.2, ..Text::VALUE };
        page.text((96.0, 5.6), Text::CAPTION, "Passport No / Passeport n°");
        page.value((96.0, 10.4), number, "document_number", &self.issue.number);
        page.field((46.0, 8.0), "document_code", "Type", "P");
        page.field((60.0, 8.0), "issuing_state", "Code", mrz::ISSUING_STATE);
        let (issued_on, expires_on) =
            (printed_date(self.issue.issued_on), printed_date(self.issue.expires_on));
        page.field((46.0, 50.0), "issue_date", "Date of issue / Date de délivrance", &issued_on);
        page.field((46.0, 56.8), "expiry_date", "Date of expiry / Date d’expiration", &expires_on);
        page.field((88.0, 50.0), "authority", "Authority / Autorité", "MINISTRY OF TRAVEL");
        page.field(
            (88.0, 56.8),
            "personal_number",
            "Personal No / N° personnel",
            &self.issue.optional_data,
        );
    }

    fn holder(&self, page: &mut Page) {
        let person = &self.person;
        page.field((46.0, 16.0), "surname", "Surname / Nom", &person.surname.to_uppercase());
        page.field(
            (46.0, 22.8),
            "given_names",
            "Given names / Prénoms",
            &person.given_names.to_uppercase(),
        );
        page.field((46.0, 29.6), "nationality", "Nationality / Nationalité", "UTOPIAN");
        page.field(
            (88.0, 29.6),
            "height",
            "Height / Taille",
            &format!("{} cm", person.height_centimetres),
        );
        let born_on = printed_date(person.born_on);
        page.field((46.0, 36.4), "birth_date", "Date of birth / Date de naissance", &born_on);
        page.field((46.0, 43.2), "sex", "Sex / Sexe", &person.sex.letter().to_string());
        page.field(
            (60.0, 43.2),
            "birth_place",
            "Place of birth / Lieu de naissance",
            &person.birth_place.to_uppercase(),
        );
    }
}
