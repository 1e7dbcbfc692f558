//! Each format: hand-made fixtures after the published layouts, and the real files where they are
//! present beside the repository (of the EU, the UK, OFAC's XML and `OpenSanctions` there are none).

use std::path::{Path, PathBuf};

use super::*;
use crate::entity::{Birth, EntityKind, Gender, NameKind, Topic};

fn entities(source: Source, files: &[(&str, &str)]) -> Result<(Header, Vec<Entity>), Error> {
    let inputs = files.iter().map(|(name, text)| Input::bytes(*name, text.as_bytes())).collect();
    let mut entities = Vec::new();
    let header = read(source, inputs, &mut |entity| {
        entities.push(entity);
        Ok(())
    })?;
    Ok((header, entities))
}

fn error(source: Source, files: &[(&str, &str)]) -> String {
    entities(source, files).expect_err("the list is broken").to_string()
}

fn names(entity: &Entity) -> Vec<&str> {
    entity.names.iter().map(|name| name.text.as_str()).collect()
}

const SDN: &str = "36,\"AEROCARIBBEAN AIRLINES\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"a.k.a. 'BNC'.\"\n\
99,\"DOE, John Q.\",\"individual\",\"SDGT] [IRAN\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 12 Aug 1962; alt. DOB 1960; nationality Iran; Gender Male; Passport A123 (Iraq)\"\n\x1a";
const ALT: &str = "99,12,\"aka\",\"DOW, Jon\",-0- \n\x1a";
const ADD: &str = "36,25,-0- ,\"Havana\",\"Cuba\",-0- \n\x1a";

#[test]
fn ofac_csv() {
    let (_, found) =
        entities(Source::OfacSdn, &[("alt.csv", ALT), ("sdn.csv", SDN), ("add.csv", ADD)]).unwrap();
    assert_eq!(names(&found[0]), ["AEROCARIBBEAN AIRLINES", "BNC"]);
    assert!(found[0].names[1].weak);
    assert_eq!(found[0].countries[0].as_str(), "CU");
    let doe = &found[1];
    assert_eq!(names(doe), ["John Q. DOE", "Jon DOW"]);
    assert_eq!((doe.kind, doe.gender), (EntityKind::Person, Some(Gender::Male)));
    let day = Birth { month_day: Some((8, 12)), ..Birth::years(1962, 1962) };
    assert_eq!(doe.births, [day, Birth::years(1960, 1960)]);
    assert_eq!(
        (doe.identifiers[0].number.as_str(), doe.identifiers[0].country.unwrap().as_str()),
        ("A123", "IQ")
    );
    assert_eq!(doe.topics, [Topic::Sanction]);
}

#[test]
fn errors_name_file_line_and_field() {
    let in_quotes = &SDN[..SDN.len() / 3];
    let between_rows = &SDN[..=SDN.find('\n').unwrap()];
    for (source, files, expected) in [
        (
            Source::OfacSdn,
            vec![("sdn.csv", in_quotes)],
            "sdn.csv, line 1, row: quotes that open here are not closed",
        ),
        (
            Source::OfacSdn,
            vec![("sdn.csv", between_rows), ("alt.csv", ALT)],
            "sdn.csv does not close with 0x1A",
        ),
        (
            Source::OfacSdn,
            vec![("sdn.csv", &format!("{SDN}\n{SDN}"))],
            "sdn.csv, line 4, row: stands after the mark",
        ),
        (Source::Own, vec![("own.csv", "name,id\nA B,1\n\"C D")], "own.csv, line 3, row"),
        (
            Source::Own,
            vec![("own.csv", "id,name\n1,\"A B\n2,C D\n")],
            "own.csv, line 2, row: quotes that open here are not closed",
        ),
        (
            Source::Eu,
            vec![("eu.csv", "Entity_LogicalId;Entity_SubjectType;NameAlias_WholeName\n1;P\n")],
            "2 columns; the header has 3",
        ),
        (Source::OfacSdn, vec![("alt.csv", ALT)], "primary names (12 columns) is missing"),
        (
            Source::OfacSdn,
            vec![("sdn.csv", "1,,-0-,,,,,,,,,\n")],
            "sdn.csv, line 1, SDN_Name: is empty",
        ),
        (
            Source::Un,
            vec![("un.xml", "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL>")],
            "un.xml, line 1",
        ),
        (Source::Un, vec![("un.xml", "<html></html>")], "is not CONSOLIDATED_LIST"),
        (
            Source::Un,
            vec![(
                "un.xml",
                "\n<CONSOLIDATED_LIST>\n<INDIVIDUAL><DATAID>1</DATAID></INDIVIDUAL></CONSOLIDATED_LIST>",
            )],
            "un.xml, line 3, FIRST_NAME",
        ),
        (Source::Eu, vec![("eu.csv", "a;b\n1;2\n")], "no column \u{201c}Entity_LogicalId\u{201d}"),
        (
            Source::Own,
            vec![("own.csv", "name,birth_date\nA B,soon\n")],
            "own.csv, line 2, birth_date",
        ),
        (Source::Own, vec![("own.csv", "")], "the file is empty"),
        (Source::OpenSanctions, vec![("e.json", "{\"id\":1}\n")], "e.json, line 1, JSON"),
        (Source::Uk, vec![], "no file was given"),
    ] {
        let error = error(source, &files);
        assert!(error.contains(expected), "{source}: {error}");
    }
}

#[test]
fn un_xml() {
    let (header, found) = entities(Source::Un, &[("un.xml", r#"<?xml version="1.0"?>
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS><INDIVIDUAL>
<DATAID>1</DATAID><FIRST_NAME>ERIC &amp;</FIRST_NAME><SECOND_NAME>BADEGE</SECOND_NAME><REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER>
<NAME_ORIGINAL_SCRIPT>إريك</NAME_ORIGINAL_SCRIPT><GENDER>Male</GENDER><NATIONALITY><VALUE>Rwanda</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Rumuli</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1970</FROM_YEAR><TO_YEAR>1972</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>X1</NUMBER></INDIVIDUAL_DOCUMENT>
</INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>ADF</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>"#)]).unwrap();
    assert_eq!(header.published.as_deref(), Some("2026-02-27T00:00:09.554Z"));
    assert_eq!(names(&found[0]), ["ERIC & BADEGE", "إريك", "Rumuli"]);
    assert!(found[0].names[2].weak);
    assert_eq!(found[0].births, [Birth::years(1970, 1972)]);
    assert_eq!((found[1].kind, found[1].id.as_str()), (EntityKind::Organisation, "2"));
}

/// Hand-made after the published schema; no real file was at hand.
#[test]
fn eu_xml_and_csv() {
    let xml = r#"<export generationDate="2026-10-01T00:00:00"><sanctionEntity logicalId="13"><regulation programme="IRQ"/>
<subjectType code="person" classificationCode="P"/><nameAlias wholeName="Sadam Example Al-Tikriti" gender="M" strong="true"/>
<nameAlias firstName="Abu" lastName="Example" wholeName="" strong="false"/><citizenship countryIso2Code="IQ"/>
<birthdate circa="false" birthdate="1937-04-28" year="1937"/><identification number="N1" identificationTypeCode="passport" countryIso2Code="IQ"/>
</sanctionEntity></export>"#;
    let csv = "fileGenerationDate;Entity_LogicalId;Entity_SubjectType;NameAlias_WholeName;NameAlias_Gender;BirthDate_BirthDate;Citizenship_CountryIso2Code;Identification_Number;Identification_TypeCode\n\
01/10/2026;13;P;Sadam Example Al-Tikriti;M;;;;\n01/10/2026;13;P;;;1937-04-28;IQ;N1;passport\n";
    for files in [("eu.xml", xml), ("eu.csv", csv)] {
        let (header, found) = entities(Source::Eu, &[files]).unwrap();
        assert!(header.published.is_some());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].names[0].text, "Sadam Example Al-Tikriti");
        assert_eq!((found[0].kind, found[0].gender), (EntityKind::Person, Some(Gender::Male)));
        assert_eq!(found[0].births[0].month_day, Some((4, 28)));
        assert_eq!(found[0].identifiers[0].number, "N1");
    }
}

/// Hand-made after the published layout; no real file was at hand.
#[test]
fn uk_csv_and_xml() {
    let csv = "Report Date: 01-Feb-2026\nLast Updated,Unique ID,Name 6,Name 1,Name 2,Name type,Alias strength,Regime Name,Designation Type,D.O.B,Nationality(/ies),Gender\n\
01/01/2026,AFG0001,EXAMPLE,Abdul,Karim,Primary Name,,Afghanistan,Individual,dd/mm/1963,Afghanistan,Male\n\
01/01/2026,AFG0001,EXAMPEL,Abdul,,Alias,Low,Afghanistan,Individual,,,\n";
    let xml = "<Designations><DateGenerated>2026-02-01</DateGenerated><Designation><UniqueID>AFG0001</UniqueID><Names>\
<Name><Name6>EXAMPLE</Name6><Name1>Abdul</Name1><Name2>Karim</Name2><NameType>Primary Name</NameType></Name>\
<Name><Name6>EXAMPEL</Name6><Name1>Abdul</Name1><NameType>Alias</NameType><AliasStrength>Low</AliasStrength></Name></Names>\
<RegimeName>Afghanistan</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>\
<IndividualDetails><Individual><DOBs><DOB>dd/mm/1963</DOB></DOBs><Genders><Gender>Male</Gender></Genders>\
<Nationalities><Nationality>Afghanistan</Nationality></Nationalities></Individual></IndividualDetails></Designation></Designations>";
    for files in [("uk.csv", csv), ("uk.xml", xml)] {
        let (header, found) = entities(Source::Uk, &[files]).unwrap();
        assert!(header.published.is_some());
        assert_eq!(found.len(), 1, "{}", files.0);
        assert_eq!(names(&found[0]), ["Abdul Karim EXAMPLE", "Abdul EXAMPEL"]);
        assert!(found[0].names[1].weak && found[0].names[1].kind == NameKind::Alias);
        assert_eq!(found[0].births, [Birth::years(1963, 1963)]);
        assert_eq!(found[0].countries[0].as_str(), "AF");
    }
}

/// Hand-made after the published schema; no real file was at hand.
#[test]
fn ofac_advanced() {
    let (header, found) = entities(Source::OfacSdn, &[("sdn.xml", r#"<Sanctions xmlns="x"><DateOfIssue><Year>2026</Year><Month>3</Month><Day>4</Day></DateOfIssue>
<ReferenceValueSets><Country ID="1" ISO2="IQ">Iraq</Country><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="10">Nationality Country</FeatureType>
<IDRegDocType ID="7">Passport</IDRegDocType><NamePartType ID="20">Last Name</NamePartType><NamePartType ID="21">First Name</NamePartType><PartySubType ID="4">Unknown</PartySubType></ReferenceValueSets>
<Locations><Location ID="5"><LocationCountry CountryID="1"/></Location></Locations>
<IDRegDocuments><IDRegDocument ID="1" IDRegDocTypeID="7" IdentityID="70" IssuedBy-CountryID="1"><IDRegistrationNo>A1</IDRegistrationNo></IDRegDocument></IDRegDocuments>
<DistinctParties><DistinctParty FixedRef="99"><Profile ID="99" PartySubTypeID="4"><Identity ID="70">
<Alias Primary="true" LowQuality="false"><DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="100">DOE</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="101">John</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<Alias Primary="false" LowQuality="true"><DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="101">Johnny</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="100" NamePartTypeID="20"/></MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID="101" NamePartTypeID="21"/></MasterNamePartGroup></NamePartGroups></Identity>
<Feature FeatureTypeID="8"><FeatureVersion><DatePeriod><Start><From><Year>1962</Year><Month>8</Month><Day>12</Day></From><To><Year>1962</Year><Month>8</Month><Day>12</Day></To></Start></DatePeriod></FeatureVersion></Feature>
<Feature FeatureTypeID="10"><FeatureVersion><VersionLocation LocationID="5"/></FeatureVersion></Feature></Profile></DistinctParty></DistinctParties>
<SanctionsEntries><SanctionsEntry ProfileID="99"><SanctionsMeasure><Comment>SDGT</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries></Sanctions>"#)]).unwrap();
    assert_eq!(header.published.as_deref(), Some("2026-03-04"));
    let doe = &found[0];
    assert_eq!(names(doe), ["John DOE", "Johnny"]);
    assert!(doe.names[1].weak);
    assert_eq!(doe.births[0].month_day, Some((8, 12)));
    assert_eq!((doe.kind, doe.countries[0].as_str()), (EntityKind::Person, "IQ"));
    assert_eq!((doe.identifiers[0].number.as_str(), doe.programs[0].as_str()), ("A1", "SDGT"));
}

/// Hand-made after the published formats; no real file was at hand.
#[test]
fn opensanctions() {
    let csv = "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,dataset,first_seen,last_seen,last_change\n\
NK-1,Person,John Doe,Jon Dow;J. Doe,1962-08-12,ir;iq,,A1,SDGT,,,US-1,x,,,\n";
    let json = "{\"id\":\"NK-1\",\"caption\":\"John Doe\",\"schema\":\"Person\",\"properties\":{\"name\":[\"John Doe\"],\"alias\":[\"Jon Dow\"],\"birthDate\":[\"1962-08-12\"],\"country\":[\"ir\"],\"topics\":[\"sanction\"],\"passportNumber\":[\"A1\"]},\"target\":true}\n\
{\"id\":\"a\",\"schema\":\"Address\",\"properties\":{},\"target\":false}\n";
    for files in [("targets.simple.csv", csv), ("entities.ftm.json", json)] {
        let (_, found) = entities(Source::OpenSanctions, &[files]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(names(&found[0])[..2], ["John Doe", "Jon Dow"]);
        assert_eq!(found[0].births[0].month_day, Some((8, 12)));
        assert_eq!(found[0].topics, [Topic::Sanction]);
    }
    let delta = "{\"op\":\"DEL\",\"entity\":{\"id\":\"NK-2\"}}\n\
{\"op\":\"MOD\",\"entity\":{\"id\":\"NK-1\",\"caption\":\"John Doe\",\"schema\":\"Person\",\"properties\":{\"name\":[\"John Doe\"]}}}\n";
    let mut changes = Vec::new();
    read_delta(Input::bytes("entities.delta.json", delta.as_bytes()), &mut |change| {
        changes.push(change);
        Ok(())
    })
    .unwrap();
    assert_eq!(changes[0], Change::Remove("NK-2".to_owned()));
    assert!(matches!(&changes[1], Change::Put(entity) if entity.id == "NK-1"));
}

fn shared(folder: &str) -> Option<PathBuf> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata/lists").join(folder);
    if !path.exists() {
        eprintln!("SKIPPED: {} is not there", path.display());
    }
    path.exists().then_some(path)
}

#[test]
fn real_lists_are_read_whole() {
    for (source, folder, least, births) in [
        (Source::OfacSdn, "ofac-sdn", 8_976, 3_000),
        (Source::OfacConsolidated, "ofac-consolidated", 440, 50),
        (Source::Un, "un", 900, 500),
    ] {
        let Some(folder) = shared(folder) else { continue };
        let mut inputs = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            inputs.push(Input::open(&file.unwrap().path()).unwrap());
        }
        let mut count = 0;
        let mut born = 0;
        read(source, inputs, &mut |entity| {
            count += 1;
            born += usize::from(!entity.births.is_empty());
            Ok(())
        })
        .unwrap();
        assert!(count >= least, "{source}: {count} entities");
        assert!(born >= births, "{source}: {born} with a date of birth");
    }
}
