mod id_card;
mod licence;
mod passport;
mod visa;

pub use id_card::{IdCard, LargeIdCard};
pub use licence::Licence;
pub use passport::Passport;
pub use visa::Visa;

use jiff::civil::Date;

use crate::guilloche::{self, Palette};
use crate::page::{Page, Sheet, Text};

/// A sheet with its printed ground, before anything stands on it.
fn ground(sheet: Sheet, seed: u64) -> (Page, Palette) {
    let palette = Palette::choose(seed);
    let mut page = Page::new(sheet);
    page.add(&guilloche::ground(sheet, palette, seed));
    page.add(&guilloche::watermark(sheet, palette));
    (page, palette)
}

/// The issuer's name and the document's, at the top left.
fn heading(
    page: &mut Page,
    palette: Palette,
    at: (f32, f32),
    size: f32,
    issuer: &str,
    title: &str,
) {
    let colour = &palette.strong();
    page.text(at, Text { size, bold: true, colour }, issuer);
    page.text((at.0, at.1 + size * 1.05), Text { size: size * 0.62, bold: false, colour }, title);
}

/// A date in the visual zone, such as `07 MAR 1984` (ICAO Doc 9303-3 §3.5).
fn printed_date(date: Date) -> String {
    const MONTHS: [&str; 12] =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let month = MONTHS[date.month() as usize - 1];
    format!("{:02} {month} {:04}", date.day(), date.year())
}
