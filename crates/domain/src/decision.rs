//! Capabilities, and the decisions and labels that each may come to (contract §7.3).

use serde::{Deserialize, Serialize};

use crate::wire_enum::wire_enum;

wire_enum! {
    /// One automatic check with its own decision; the key in `capabilities` on the wire.
    pub enum Capability {
        Usability = "usability",
        ImageChecks = "imageChecks",
        Extraction = "extraction",
        DataChecks = "dataChecks",
        Liveness = "liveness",
        Similarity = "similarity",
        Authentication = "authentication",
        WatchlistScreening = "watchlistScreening",
        AddressValidation = "addressValidation",
        ProofOfResidency = "proofOfResidency",
        DrivingLicenseVerification = "drivingLicenseVerification",
        BraCpfValidation = "braCpfValidation",
        BiometricVerification = "biometricVerification",
    }
}

wire_enum! {
    /// `decision.type`.
    pub enum DecisionType {
        NotExecuted = "NOT_EXECUTED",
        Passed = "PASSED",
        Rejected = "REJECTED",
        Warning = "WARNING",
    }
}

wire_enum! {
    /// `decision.details.label`.
    pub enum Label {
        Ok = "OK",
        Match = "MATCH",
        NoMatch = "NO_MATCH",
        NotPossible = "NOT_POSSIBLE",
        Failed = "FAILED",
        Alert = "ALERT",
        Deny = "DENY",
        TechnicalError = "TECHNICAL_ERROR",
        PreconditionNotFulfilled = "PRECONDITION_NOT_FULFILLED",
        NotUploaded = "NOT_UPLOADED",
        BadQuality = "BAD_QUALITY",
        Blurred = "BLURRED",
        BadQualityImage = "BAD_QUALITY_IMAGE",
        PartOfDocumentMissing = "PART_OF_DOCUMENT_MISSING",
        PartOfDocumentHidden = "PART_OF_DOCUMENT_HIDDEN",
        DamagedDocument = "DAMAGED_DOCUMENT",
        Glare = "GLARE",
        MissingMandatoryDatapoints = "MISSING_MANDATORY_DATAPOINTS",
        BlackWhite = "BLACK_WHITE",
        MissingPage = "MISSING_PAGE",
        MissingSignature = "MISSING_SIGNATURE",
        NotADocument = "NOT_A_DOCUMENT",
        Photocopy = "PHOTOCOPY",
        LivenessUndetermined = "LIVENESS_UNDETERMINED",
        UnsupportedCountry = "UNSUPPORTED_COUNTRY",
        UnsupportedState = "UNSUPPORTED_STATE",
        UnsupportedDocumentType = "UNSUPPORTED_DOCUMENT_TYPE",
        DigitalCopy = "DIGITAL_COPY",
        Watermark = "WATERMARK",
        ManipulatedDocument = "MANIPULATED_DOCUMENT",
        ManipulatedDocumentPhoto = "MANIPULATED_DOCUMENT_PHOTO",
        ManipulatedDocumentExpiry = "MANIPULATED_DOCUMENT_EXPIRY",
        ManipulatedDocumentName = "MANIPULATED_DOCUMENT_NAME",
        ManipulatedDocumentAddress = "MANIPULATED_DOCUMENT_ADDRESS",
        ManipulatedDocumentSecurityChecks = "MANIPULATED_DOCUMENT_SECURITY_CHECKS",
        ManipulatedDocumentSignature = "MANIPULATED_DOCUMENT_SIGNATURE",
        ManipulatedDocumentPersonalNumber = "MANIPULATED_DOCUMENT_PERSONAL_NUMBER",
        ManipulatedDocumentPlaceOfBirth = "MANIPULATED_DOCUMENT_PLACE_OF_BIRTH",
        ManipulatedDocumentGender = "MANIPULATED_DOCUMENT_GENDER",
        ManipulatedDocumentIssuingDate = "MANIPULATED_DOCUMENT_ISSUING_DATE",
        ManipulatedDocumentDocumentNumber = "MANIPULATED_DOCUMENT_DOCUMENT_NUMBER",
        ManipulatedDocumentDob = "MANIPULATED_DOCUMENT_DOB",
        OtherRejection = "OTHER_REJECTION",
        GhostImageDifferent = "GHOST_IMAGE_DIFFERENT",
        Punched = "PUNCHED",
        Sample = "SAMPLE",
        Fake = "FAKE",
        ChipMissing = "CHIP_MISSING",
        DigitalManipulation = "DIGITAL_MANIPULATION",
        MismatchFrontBack = "MISMATCH_FRONT_BACK",
        DifferentPerson = "DIFFERENT_PERSON",
        RepeatedFace = "REPEATED_FACE",
        NfcCertificate = "NFC_CERTIFICATE",
        MismatchingDatapoints = "MISMATCHING_DATAPOINTS",
        MrzChecksum = "MRZ_CHECKSUM",
        MismatchingDataRepeatedFace = "MISMATCHING_DATA_REPEATED_FACE",
        MismatchHrzMrzData = "MISMATCH_HRZ_MRZ_DATA",
        SuperimposedText = "SUPERIMPOSED_TEXT",
        HighFraudRisk = "HIGH_FRAUD_RISK",
        CustomerFeedback = "CUSTOMER_FEEDBACK",
        IdDataMismatch = "ID_DATA_MISMATCH",
        LookupsHighRiskSameData = "LOOKUPS_HIGH_RISK_SAME_DATA",
        DocumentExpiryWithinConfiguredLimit = "DOCUMENT_EXPIRY_WITHIN_CONFIGURED_LIMIT",
        LookupsMediumRiskIpAddress = "LOOKUPS_MEDIUM_RISK_IP_ADDRESS",
        LookupsMediumRiskDevice = "LOOKUPS_MEDIUM_RISK_DEVICE",
        IdUsedAsSelfie = "ID_USED_AS_SELFIE",
        MultiplePeople = "MULTIPLE_PEOPLE",
        Manipulated = "MANIPULATED",
        NoFacePresent = "NO_FACE_PRESENT",
        FaceNotFullyVisible = "FACE_NOT_FULLY_VISIBLE",
        AgeDifference = "AGE_DIFFERENCE",
        NotEnoughData = "NOT_ENOUGH_DATA",
        ValidationFailed = "VALIDATION_FAILED",
        InvalidMerchantSettings = "INVALID_MERCHANT_SETTINGS",
        ExtractionNotDone = "EXTRACTION_NOT_DONE",
        NoValidIdCredential = "NO_VALID_ID_CREDENTIAL",
        LowRisk = "LOW_RISK",
        MediumRisk = "MEDIUM_RISK",
        HighRisk = "HIGH_RISK",
        PermissionDenied = "PERMISSION_DENIED",
        BadRequest = "BAD_REQUEST",
    }
}

/// A decision of one capability: a type and the label that explains it.
///
/// Made only through [`Decision::new`], so a pair that the contract does not know cannot exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Decision {
    decision_type: DecisionType,
    label: Label,
}

/// A pair of type and label that the contract does not give to a capability.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("contract §7.3 does not let {capability} decide {decision_type}/{label}")]
pub struct NotInContract {
    /// The capability.
    pub capability: Capability,
    /// The type that was asked for.
    pub decision_type: DecisionType,
    /// The label that was asked for.
    pub label: Label,
}

impl Decision {
    /// A decision, if contract §7.3 knows it for this capability.
    pub fn new(
        capability: Capability,
        decision_type: DecisionType,
        label: Label,
    ) -> Result<Self, NotInContract> {
        if labels(capability, decision_type).contains(&label) {
            Ok(Self { decision_type, label })
        } else {
            Err(NotInContract { capability, decision_type, label })
        }
    }

    /// What could not be judged because the server failed: never a pass (design §3).
    pub const TECHNICAL_ERROR: Self =
        Self { decision_type: DecisionType::NotExecuted, label: Label::TechnicalError };
    /// A predecessor did not succeed.
    pub const PRECONDITION_NOT_FULFILLED: Self =
        Self { decision_type: DecisionType::NotExecuted, label: Label::PreconditionNotFulfilled };
    /// Nothing was captured for the credential; only for usability.
    pub const NOT_UPLOADED: Self =
        Self { decision_type: DecisionType::NotExecuted, label: Label::NotUploaded };

    /// Its type.
    pub fn decision_type(self) -> DecisionType {
        self.decision_type
    }

    /// Its label.
    pub fn label(self) -> Label {
        self.label
    }
}

/// The labels that `capability` may give with `decision_type` (contract §7.3, all generations).
#[rustfmt::skip]
pub fn labels(capability: Capability, decision_type: DecisionType) -> &'static [Label] {
    use Capability as C;
    use DecisionType::{NotExecuted, Passed, Rejected, Warning};
    use Label as L;
    match (capability, decision_type) {
        (C::Usability, NotExecuted) => &[L::TechnicalError, L::NotUploaded],
        (C::Usability, Rejected) => &[
            L::BadQuality, L::Blurred, L::BadQualityImage, L::PartOfDocumentMissing,
            L::PartOfDocumentHidden, L::DamagedDocument, L::Glare, L::MissingMandatoryDatapoints,
            L::BlackWhite, L::MissingPage, L::MissingSignature, L::NotADocument, L::Photocopy,
        ],
        (C::Usability, Warning) => {
            &[L::LivenessUndetermined, L::UnsupportedCountry, L::UnsupportedDocumentType]
        }
        (C::ImageChecks | C::Extraction | C::DataChecks | C::Liveness | C::Similarity
            | C::Authentication, NotExecuted) => &[L::PreconditionNotFulfilled, L::TechnicalError],
        (C::Usability | C::ImageChecks | C::Extraction | C::DataChecks | C::Liveness
            | C::Authentication | C::WatchlistScreening | C::AddressValidation
            | C::ProofOfResidency | C::DrivingLicenseVerification | C::BraCpfValidation, Passed) => &[L::Ok],
        (C::ImageChecks, Rejected) => &[
            L::DigitalCopy, L::Watermark, L::ManipulatedDocument, L::ManipulatedDocumentPhoto,
            L::ManipulatedDocumentExpiry, L::ManipulatedDocumentName, L::ManipulatedDocumentAddress,
            L::ManipulatedDocumentSecurityChecks, L::ManipulatedDocumentSignature,
            L::ManipulatedDocumentPersonalNumber, L::ManipulatedDocumentPlaceOfBirth,
            L::ManipulatedDocumentGender, L::ManipulatedDocumentIssuingDate, L::OtherRejection,
            L::GhostImageDifferent, L::Punched, L::Sample, L::Fake, L::ChipMissing,
            L::DigitalManipulation, L::MismatchFrontBack, L::Failed,
            L::ManipulatedDocumentDocumentNumber, L::ManipulatedDocumentDob,
        ],
        (C::ImageChecks, Warning) => &[L::DifferentPerson, L::RepeatedFace],
        (C::DataChecks, Rejected) => &[
            L::NfcCertificate, L::MismatchingDatapoints, L::MrzChecksum,
            L::MismatchingDataRepeatedFace, L::MismatchHrzMrzData, L::MismatchFrontBack,
            L::SuperimposedText, L::HighFraudRisk, L::CustomerFeedback, L::IdDataMismatch,
            L::LookupsHighRiskSameData,
        ],
        (C::DataChecks, Warning) => &[
            L::DocumentExpiryWithinConfiguredLimit, L::LookupsMediumRiskIpAddress,
            L::LookupsMediumRiskDevice,
        ],
        (C::Liveness, Rejected) => &[
            L::LivenessUndetermined, L::IdUsedAsSelfie, L::MultiplePeople, L::DigitalCopy,
            L::Photocopy, L::Manipulated, L::NoFacePresent, L::FaceNotFullyVisible, L::BlackWhite,
        ],
        (C::Liveness, Warning) => &[L::AgeDifference, L::BadQuality],
        (C::Similarity, Passed) => &[L::Match],
        (C::Similarity, Rejected) => &[L::NoMatch],
        (C::Similarity, Warning) => &[L::NotPossible],
        (C::Authentication, Rejected) => &[L::Failed],
        (C::WatchlistScreening, NotExecuted) => &[
            L::NotEnoughData, L::ValidationFailed, L::InvalidMerchantSettings, L::TechnicalError,
            L::ExtractionNotDone, L::NoValidIdCredential, L::PreconditionNotFulfilled,
        ],
        (C::WatchlistScreening, Warning) => &[L::Alert],
        (C::AddressValidation | C::ProofOfResidency, NotExecuted) => &[
            L::NotEnoughData, L::TechnicalError, L::UnsupportedCountry, L::PreconditionNotFulfilled,
        ],
        (C::DrivingLicenseVerification, NotExecuted) => &[
            L::TechnicalError, L::UnsupportedCountry, L::UnsupportedState,
            L::PreconditionNotFulfilled, L::ValidationFailed,
        ],
        (C::BraCpfValidation, NotExecuted) => &[
            L::NotEnoughData, L::TechnicalError, L::InvalidMerchantSettings, L::ValidationFailed,
            L::PreconditionNotFulfilled,
        ],
        (C::AddressValidation | C::ProofOfResidency | C::DrivingLicenseVerification
            | C::BraCpfValidation, Rejected) => &[L::Deny],
        (C::AddressValidation | C::ProofOfResidency | C::DrivingLicenseVerification, Warning) => &[L::Alert],
        (C::BraCpfValidation, Warning) => &[L::UnsupportedCountry],
        (C::BiometricVerification, _) => &[
            L::LowRisk, L::MediumRisk, L::HighRisk, L::TechnicalError, L::PermissionDenied,
            L::BadRequest, L::PreconditionNotFulfilled,
        ],
        (C::Extraction, Rejected | Warning) | (C::WatchlistScreening, Rejected)
            | (C::Authentication, Warning) => &[],
    }
}
