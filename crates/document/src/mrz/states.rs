//! The codes for states and organisations that issue documents or whose nationals hold them.

/// ISO 3166-1 alpha-3, with the codes that ICAO 9303-3 §5 adds: kinds of British nationality,
/// organisations, stateless persons and refugees, the fictional Utopia; and, from older documents,
/// codes no longer in use. Fillers as printed.
const CODES: &str = "\
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR \
    BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG \
    COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN \
    FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG \
    HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR \
    KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD \
    MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL \
    NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN \
    SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD \
    TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR \
    VNM VUT WLF WSM YEM ZAF ZMB ZWE \
    D<< GBD GBN GBO GBP GBS EUE IAO RKS UNA UNK UNO UTO XAA XBA XCC XCE XCO XCT XDC XEC XES XIM XMP XOM XPO \
    XXA XXB XXC XXX ANT NTZ ROM SCG SI< YUG ZAR ZIM";

/// All codes, as the zone prints them.
pub(super) fn printed() -> impl Iterator<Item = &'static [u8]> {
    CODES.split_ascii_whitespace().map(str::as_bytes)
}

/// Whether a code is one that the zone of a document may have for a state or organisation. Fillers
/// at its end may be left out.
pub fn is_state_code(code: &str) -> bool {
    printed().any(|known| known == format!("{code:<<3}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{is_state_code, printed};

    #[test]
    fn codes_are_three_places_long_and_listed_once() {
        let mut all: Vec<_> = printed().collect();
        assert!(all.iter().all(|code| code.len() == 3));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn known_and_unknown() {
        assert!(is_state_code("AUT") && is_state_code("D") && is_state_code("D<<"));
        assert!(!is_state_code("UT0") && !is_state_code(""));
    }
}
