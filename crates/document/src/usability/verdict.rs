use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};

/// What usability comes to: one label of contract §7.3 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Nothing speaks against it.
    Usable,
    /// Not a picture that can be decoded, or far too dark or bright.
    BadQualityImage,
    /// Too few pixels for the print.
    BadQuality,
    /// Out of focus or moved.
    Blurred,
    /// A reflection covers print.
    Glare,
    /// Without colour: a copy, or a camera set to black and white.
    BlackWhite,
    /// Much of the page is outside of the picture.
    PartOfDocumentMissing,
    /// Nothing in the picture belongs to a document.
    NotADocument,
    /// The side that carries the data was not sent.
    MissingPage,
    /// The side that carries the data was sent, but they cannot be read on it.
    MissingMandatoryDatapoints,
    /// A document, but without a machine readable zone or a barcode that can be read.
    UnsupportedDocumentType,
}

impl Verdict {
    /// Its label.
    pub fn label(self) -> Label {
        match self {
            Self::Usable => Label::Ok,
            Self::BadQualityImage => Label::BadQualityImage,
            Self::BadQuality => Label::BadQuality,
            Self::Blurred => Label::Blurred,
            Self::Glare => Label::Glare,
            Self::BlackWhite => Label::BlackWhite,
            Self::PartOfDocumentMissing => Label::PartOfDocumentMissing,
            Self::NotADocument => Label::NotADocument,
            Self::MissingPage => Label::MissingPage,
            Self::MissingMandatoryDatapoints => Label::MissingMandatoryDatapoints,
            Self::UnsupportedDocumentType => Label::UnsupportedDocumentType,
        }
    }

    /// Its decision.
    pub fn decision(self) -> Decision {
        let decision_type = match self {
            Self::Usable => DecisionType::Passed,
            Self::UnsupportedDocumentType => DecisionType::Warning,
            _ => DecisionType::Rejected,
        };
        Decision::new(Capability::Usability, decision_type, self.label())
            .expect("every verdict is one of usability's labels in contract §7.3")
    }
}
