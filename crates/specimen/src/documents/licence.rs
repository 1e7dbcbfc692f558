use super::{ground, heading};
use crate::aamva::{self, Version};
use crate::drawn::Side;
use crate::jurisdiction::{Country, Jurisdiction};
use crate::page::{Page, Sheet, Text};
use crate::portrait::portrait;
use crate::{Drawn, Error, Issue, Person};
use jiff::civil::Date;

/// A North American driving licence (AAMVA DL/ID Card Design Standard) of a fictional design.
#[derive(Debug, Clone)]
pub struct Licence {
    /// Holder, as printed on the front.
    pub person: Person,
    /// Number and dates, as printed on the front.
    pub issue: Issue,
    /// Issuer.
    pub jurisdiction: Jurisdiction,
    /// What the PDF417 symbol says; change it for a document that contradicts itself.
    pub payload: String,
}

impl Licence {
    /// A consistent licence.
    pub fn new(person: Person, issue: Issue, jurisdiction: Jurisdiction, version: Version) -> Self {
        let payload = aamva::payload(&person, &issue, jurisdiction, version);
        Self { person, issue, jurisdiction, payload }
    }

    /// The front, 1540 by 971 pixels; the seed chooses its looks.
    pub fn draw_front(&self, seed: u64) -> Drawn {
        let (mut page, palette) = ground(Sheet::ID_1, seed);
        let issuer = self.jurisdiction.name.to_uppercase();
        let title = format!("DRIVER LICENSE · {}", self.country());
        heading(&mut page, palette, (4.0, 6.0), 4.0, &issuer, &title);
        page.add(&portrait((4.0, 13.0), 25.0, seed));
        self.document(&mut page);
        self.holder(&mut page);
        page.draw(Side::LicenceFront, &self.person, &self.issue)
    }

    /// The back with the PDF417 symbol, 1540 by 971 pixels. Fails where the payload does not fit.
    pub fn draw_back(&self, seed: u64) -> Result<Drawn, Error> {
        let (mut page, palette) = ground(Sheet::ID_1, seed);
        let small = Text { size: 1.9, bold: false, colour: &palette.strong() };
        page.add("<rect y=\"2\" width=\"85.6\" height=\"6\" fill=\"#2a2a2e\"/>");
        page.pdf417([4.0, 11.0, 77.6, 32.0], &self.payload)?;
        page.text((4.0, 47.0), small, "CLASS: see front · RESTRICTIONS: none · ENDORSEMENTS: none");
        page.text(
            (4.0, 50.4),
            small,
            "SPECIMEN of a fictional design. Not a means of identification.",
        );
        Ok(page.draw(Side::LicenceBack, &self.person, &self.issue))
    }

    fn document(&self, page: &mut Page) {
        let date = |date| printed_date(date, self.jurisdiction.country);
        page.field((32.0, 13.2), "document_number", "4d DL", &self.issue.number);
        page.field((60.0, 13.2), "expiry_date", "4b EXP", &date(self.issue.expires_on));
        page.field((32.0, 43.4), "class", "9 CLASS", aamva::class(self.jurisdiction.country));
        page.field((60.0, 43.4), "issue_date", "4a ISS", &date(self.issue.issued_on));
        let fine = Text { size: 2.0, ..Text::VALUE };
        page.text((4.0, 49.4), Text::CAPTION, "5 DD");
        page.value((9.0, 49.4), fine, "document_discriminator", &aamva::discriminator(&self.issue));
    }

    fn holder(&self, page: &mut Page) {
        let person = &self.person;
        page.field((32.0, 19.2), "surname", "1 LN", &person.surname.to_uppercase());
        page.field((32.0, 25.2), "given_names", "2 FN", &person.given_names.to_uppercase());
        let (street, _) = person.address.split_once(',').unwrap_or((&person.address, ""));
        let Jurisdiction { city, code, .. } = self.jurisdiction;
        let address = format!("{street}, {city} {code} {}", self.postal_code()).to_uppercase();
        let narrow = Text { size: 2.2, ..Text::VALUE };
        page.text((32.0, 31.2), Text::CAPTION, "8 ADDRESS");
        page.value((32.0, 34.2), narrow, "address", &address);
        let born_on = printed_date(person.born_on, self.jurisdiction.country);
        page.field((32.0, 37.4), "birth_date", "3 DOB", &born_on);
        page.field((56.0, 37.4), "sex", "15 SEX", &person.sex.letter().to_string());
        page.field((64.0, 37.4), "eyes", "18 EYES", &person.eyes);
        page.field((73.0, 37.4), "height", "16 HGT", &self.height());
    }

    fn country(&self) -> &'static str {
        match self.jurisdiction.country {
            Country::Usa => "USA",
            Country::Canada => "CAN",
        }
    }

    /// Five digits in the United States, two groups in Canada.
    fn postal_code(&self) -> String {
        let code = self.jurisdiction.postal_code;
        match self.jurisdiction.country {
            Country::Usa => code[..5].to_owned(),
            Country::Canada => format!("{} {}", &code[..3], &code[3..]),
        }
    }

    fn height(&self) -> String {
        let centimetres = self.person.height_centimetres;
        match self.jurisdiction.country {
            Country::Usa => {
                let inches = (f32::from(centimetres) / 2.54).round() as u16;
                format!("{}'-{:02}\"", inches / 12, inches % 12)
            }
            Country::Canada => format!("{centimetres} cm"),
        }
    }
}

/// Month first in the United States, year first in Canada.
fn printed_date(date: Date, country: Country) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match country {
        Country::Usa => format!("{month:02}/{day:02}/{year:04}"),
        Country::Canada => format!("{year:04}/{month:02}/{day:02}"),
    }
}
