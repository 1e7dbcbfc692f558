//! `PREPARED_DATA` (contract §4.3). The domain reads it; this is its description.

use utoipa::ToSchema;

/// Facts about a person, all optional: which are needed depends on the workflow. Workflow 10010
/// screens the first and last name, better with date of birth and country.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "firstName": "Anna",
    "lastName": "Eriksson",
    "dateOfBirth": "1974-08-12",
    "address": {"country": "SWE"}
}))]
pub struct PreparedDataRequest {
    /// Of the name.
    #[schema(max_length = 255)]
    pub suffix: Option<String>,
    /// Given name.
    #[schema(max_length = 255)]
    pub first_name: Option<String>,
    /// Further given names.
    #[schema(max_length = 255)]
    pub middle_name: Option<String>,
    /// Family name.
    #[schema(max_length = 255)]
    pub last_name: Option<String>,
    /// As the customer has it.
    #[schema(max_length = 255)]
    pub sex: Option<String>,
    /// `YYYY-MM-DD`.
    #[schema(format = "date")]
    pub date_of_birth: Option<String>,
    /// USA.
    #[schema(max_length = 255)]
    pub social_security_number: Option<String>,
    /// As the customer has it.
    #[schema(max_length = 255)]
    pub nationality: Option<String>,
    /// E-mail address.
    #[schema(max_length = 255)]
    pub email: Option<String>,
    /// Telephone number.
    #[schema(max_length = 255)]
    pub phone_number: Option<String>,
    /// Another one.
    #[schema(max_length = 255)]
    pub phone_number2: Option<String>,
    /// The state's number for the person.
    #[schema(max_length = 255)]
    pub personal_number: Option<String>,
    /// Where the person lives.
    pub address: Option<AddressRequest>,
    /// A document that the customer has seen.
    pub id: Option<IdDocumentRequest>,
}

/// Where a person lives.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct AddressRequest {
    /// First line.
    #[schema(max_length = 255)]
    pub line1: Option<String>,
    /// Second line.
    #[schema(max_length = 255)]
    pub line2: Option<String>,
    /// Third line.
    #[schema(max_length = 255)]
    pub line3: Option<String>,
    /// Fourth line.
    #[schema(max_length = 255)]
    pub line4: Option<String>,
    /// Fifth line.
    #[schema(max_length = 255)]
    pub line5: Option<String>,
    /// Postal code.
    #[schema(max_length = 255)]
    pub postal_code: Option<String>,
    /// City.
    #[schema(max_length = 255)]
    pub city: Option<String>,
    /// State or province.
    #[schema(max_length = 255)]
    pub subdivision: Option<String>,
    /// ISO 3166-1 alpha-3.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub country: Option<String>,
}

/// A document that the customer has seen.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct IdDocumentRequest {
    /// Its number.
    #[schema(max_length = 255)]
    pub id_number: Option<String>,
    /// `YYYY-MM-DD`.
    #[schema(format = "date")]
    pub issuing_date: Option<String>,
    /// `YYYY-MM-DD`.
    #[schema(format = "date")]
    pub expiry_date: Option<String>,
    /// `PASSPORT`, `DRIVING_LICENSE` or `ID_CARD`.
    #[schema(rename = "type", examples("PASSPORT"))]
    pub document_type: Option<String>,
}
