use super::{ground, heading, printed_date};
use crate::drawn::Side;
use crate::page::{Page, Sheet, Text};
use crate::portrait::portrait;
use crate::{Drawn, Issue, Person, mrz};

/// A card of the size of a bank card (TD1, ICAO Doc 9303-5) of the fictional state `UTO`.
#[derive(Debug, Clone)]
pub struct IdCard {
    /// Holder, as printed in the visual zone.
    pub person: Person,
    /// Number and dates, as printed in the visual zone.
    pub issue: Issue,
    /// MRZ lines; change them for a document that contradicts itself.
    pub mrz: Vec<String>,
}

impl IdCard {
    /// A consistent card.
    pub fn new(person: Person, issue: Issue) -> Self {
        let mrz = mrz::emit(mrz::Format::Td1, &person, &issue);
        Self { person, issue, mrz }
    }

    /// The front, 1540 by 971 pixels; the seed chooses its looks.
    pub fn draw_front(&self, seed: u64) -> Drawn {
        let (mut page, palette) = ground(Sheet::ID_1, seed);
        heading(&mut page, palette, (4.0, 6.0), 3.8, "UTOPIA", "IDENTITY CARD / CARTE D’IDENTITÉ");
        page.add(&portrait((4.0, 13.0), 25.0, seed));
        let number = Text { size: 3.4, ..Text::VALUE };
        page.value((60.0, 6.2), number, "document_number", &self.issue.number);
        visual_zone(&mut page, (33.0, 14.0), 6.9, &self.person, &self.issue);
        page.draw(Side::IdCardFront, &self.person, &self.issue)
    }

    /// The back with the MRZ, 1540 by 971 pixels.
    pub fn draw_back(&self, seed: u64) -> Drawn {
        let (mut page, _) = ground(Sheet::ID_1, seed);
        let person = &self.person;
        page.field(
            (4.0, 5.0),
            "birth_place",
            "Place of birth / Lieu de naissance",
            &person.birth_place.to_uppercase(),
        );
        page.field((4.0, 12.0), "address", "Address / Adresse", &person.address.to_uppercase());
        page.field(
            (4.0, 19.0),
            "height",
            "Height / Taille",
            &format!("{} cm", person.height_centimetres),
        );
        page.field((30.0, 19.0), "authority", "Authority / Autorité", "MINISTRY OF TRAVEL");
        page.add(
            "<rect y=\"29.5\" width=\"85.6\" height=\"24.5\" fill=\"#fff\" fill-opacity=\"0.72\"/>",
        );
        page.mrz(mrz::Format::Td1, &self.mrz, &[38.0, 42.5, 47.0]);
        page.draw(Side::IdCardBack, &self.person, &self.issue)
    }
}

/// A card of the larger size (TD2, ICAO Doc 9303-6) of the fictional state `UTO`.
#[derive(Debug, Clone)]
pub struct LargeIdCard {
    /// Holder, as printed in the visual zone.
    pub person: Person,
    /// Number and dates, as printed in the visual zone.
    pub issue: Issue,
    /// MRZ lines; change them for a document that contradicts itself.
    pub mrz: Vec<String>,
}

impl LargeIdCard {
    /// A consistent card. Of the optional data it keeps the seven characters for which its MRZ has room.
    pub fn new(person: Person, mut issue: Issue) -> Self {
        issue.optional_data = issue.optional_data.chars().take(7).collect();
        let mrz = mrz::emit(mrz::Format::Td2, &person, &issue);
        Self { person, issue, mrz }
    }

    /// The front, 1470 by 1036 pixels; the seed chooses its looks.
    pub fn draw(&self, seed: u64) -> Drawn {
        let (mut page, palette) = ground(Sheet::ID_2, seed);
        heading(&mut page, palette, (5.0, 7.0), 4.2, "UTOPIA", "IDENTITY CARD / CARTE D’IDENTITÉ");
        page.add(&portrait((5.0, 14.0), 27.0, seed));
        let number = Text { size: 3.6, ..Text::VALUE };
        page.value((78.0, 7.0), number, "document_number", &self.issue.number);
        visual_zone(&mut page, (38.0, 15.5), 7.2, &self.person, &self.issue);
        page.add(
            "<rect y=\"53\" width=\"105\" height=\"21\" fill=\"#fff\" fill-opacity=\"0.72\"/>",
        );
        page.mrz(mrz::Format::Td2, &self.mrz, &[61.0, 67.4]);
        page.draw(Side::LargeIdCardFront, &self.person, &self.issue)
    }
}

/// Holder, sex, dates: the lines that both cards share, from `at` downwards.
fn visual_zone(page: &mut Page, (x, y): (f32, f32), step: f32, person: &Person, issue: &Issue) {
    let dates = [person.born_on, issue.issued_on, issue.expires_on].map(printed_date);
    let second = x + 24.0;
    page.field((x, y), "surname", "Surname / Nom", &person.surname.to_uppercase());
    page.field(
        (x, y + step),
        "given_names",
        "Given names / Prénoms",
        &person.given_names.to_uppercase(),
    );
    page.field((x, y + 2.0 * step), "birth_date", "Date of birth", &dates[0]);
    page.field((second, y + 2.0 * step), "sex", "Sex / Sexe", &person.sex.letter().to_string());
    page.field((second + 14.0, y + 2.0 * step), "nationality", "Nationality", &person.nationality);
    page.field((x, y + 3.0 * step), "issue_date", "Date of issue", &dates[1]);
    page.field((second, y + 3.0 * step), "expiry_date", "Date of expiry", &dates[2]);
    page.field(
        (x, y + 4.0 * step),
        "personal_number",
        "Personal No / N° personnel",
        &issue.optional_data,
    );
}
