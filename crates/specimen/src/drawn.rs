use bonafide_imaging::Quad;
use image::{
    ExtendedColorType, ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder,
};
use serde::{Deserialize, Serialize};

use crate::{Error, Issue, Person, mrz};

/// A picture and what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The picture, upright unless a degradation turned it.
    pub picture: RgbImage,
    /// What it shows, and where.
    pub labels: Labels,
}

/// Which side of which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Data page of a TD3 passport.
    PassportPage,
    /// Front of a TD1 card.
    IdCardFront,
    /// Back of a TD1 card, with the MRZ.
    IdCardBack,
    /// Front of a TD2 card, with the MRZ.
    LargeIdCardFront,
    /// Visa of format A or B.
    VisaPage,
    /// Front of an AAMVA licence.
    LicenceFront,
    /// Back of an AAMVA licence, with the PDF417 symbol.
    LicenceBack,
}

/// Ground truth of a drawn document. All quads are in pixels of the picture and follow every degradation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Labels {
    /// What is shown.
    pub side: Side,
    /// Whose document it is.
    pub person: Person,
    /// Number and dates.
    pub issue: Issue,
    /// Outline of the document.
    pub page: Quad,
    /// The printed fields of the visual zone, in reading order.
    pub fields: Vec<Field>,
    /// The machine-readable zone, where this side has one.
    pub mrz: Option<Mrz>,
    /// The PDF417 symbol, where this side has one.
    pub barcode: Option<Barcode>,
    /// The holder's picture, where this side has one.
    pub portrait: Option<Quad>,
}

impl Labels {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Every quad replaced by what `map` makes of it.
    #[must_use]
    pub fn map_quads(mut self, map: impl Fn(&Quad) -> Quad) -> Self {
        let fields = self.fields.iter_mut().map(|field| &mut field.quad);
        let lines =
            self.mrz.iter_mut().flat_map(|mrz| mrz.lines.iter_mut().map(|line| &mut line.quad));
        let barcode = self.barcode.iter_mut().map(|barcode| &mut barcode.quad);
        let rest = std::iter::once(&mut self.page).chain(self.portrait.iter_mut());
        fields.chain(lines).chain(barcode).chain(rest).for_each(|quad| *quad = map(quad));
        self
    }
}

/// A printed value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Name in snake case, such as `document_number`.
    pub name: String,
    /// The value as printed.
    pub text: String,
    /// Its line box.
    pub quad: Quad,
}

/// A printed machine-readable zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mrz {
    /// Layout.
    pub format: mrz::Format,
    /// Lines from top to bottom.
    pub lines: Vec<MrzLine>,
}

/// One line of a machine-readable zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MrzLine {
    /// Its characters, as printed.
    pub text: String,
    /// Box around the ink.
    pub quad: Quad,
}

/// A printed PDF417 symbol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Barcode {
    /// What it encodes.
    pub payload: String,
    /// Box around the symbol without its quiet zone.
    pub quad: Quad,
}

impl Drawn {
    /// The picture as PNG.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let (width, height) = self.picture.dimensions();
        PngEncoder::new(&mut bytes).write_image(
            self.picture.as_raw(),
            width,
            height,
            ExtendedColorType::Rgb8,
        )?;
        Ok(bytes)
    }

    /// The picture as JPEG of a quality from 1 to 100.
    pub fn jpeg(&self, quality: u8) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&self.picture)?;
        Ok(bytes)
    }
}
