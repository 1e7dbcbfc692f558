//! Pictures that are uploaded, without a journey.

use std::path::Path;

use bonafide_engine::testing::with_attack_nets;
use bonafide_specimen::IdCard;

use super::*;

#[tokio::test]
async fn two_pictures_show_one_person_or_two() {
    let Some(api) = server().await else { return };
    let similarity = async |categories: [&str; 2], pictures: [Vec<u8>; 2]| {
        let mut body = consenting(20);
        body["workflowDefinition"]["credentials"] =
            categories.iter().map(|category| json!({"category": category})).collect();
        let created = api.create(&body).await;
        let details = judged(&api, &created, &pictures).await;
        let word = details["capabilities"]["similarity"][0]["data"]["similarity"].clone();
        (ended(&details, "similarity"), word)
    };
    let face = |seed, grain| jpeg(&selfie(seed, grain));
    let same = similarity(["SELFIE", "SELFIE"], [face(OBEDIENT, 1), face(OBEDIENT, 9)]).await;
    assert_eq!(same, ("PASSED/MATCH".to_owned(), json!("MATCH")));
    let none = similarity(["SELFIE", "SELFIE"], [face(OBEDIENT, 1), png()]).await;
    assert_ne!(none.0, "PASSED/MATCH");
    for (holder, expected) in [(OBEDIENT, true), (STRANGER, false)] {
        let pictures = [passport(3, holder), face(OBEDIENT, 4)];
        let portrait = similarity(["ID", "SELFIE"], pictures).await;
        assert_eq!(portrait.0 == "PASSED/MATCH", expected, "{portrait:?}");
    }
}

/// A selfie alone is never live, whoever it shows, and one with a defect says so.
#[tokio::test]
async fn a_selfie_alone_is_never_live() {
    let Some(api) = server().await else { return };
    for (picture, expected) in [
        (jpeg(&selfie(2, 1)), "NOT_EXECUTED/PRECONDITION_NOT_FULFILLED"),
        (png(), "REJECTED/NO_FACE_PRESENT"),
    ] {
        let created = api.create(&consenting(6)).await;
        let details = judged(&api, &created, &[picture]).await;
        assert_eq!(ended(&details, "liveness"), expected);
    }
}

/// The optional nets refuse an attack, and call nobody live before they were measured. The pictures are
/// those that the nets' makers published: one live, one of a displayed face.
#[tokio::test]
async fn nets_against_attacks_refuse_and_pass_only_once_measured() {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata/pad");
    let picture = |name: &str| {
        let picture = image::open(files.join(name)).ok()?.into_rgb8();
        // Uploads are larger.
        Some(jpeg(&imageops::resize(&picture, 1280, 960, imageops::FilterType::Triangle)))
    };
    let (Some(live), Some(attack)) = (picture("image_T1.jpg"), picture("image_F1.jpg")) else {
        println!("skipped: ../shared/testdata/pad is not there");
        return;
    };
    for (measured, of_the_live_one) in
        [(false, "NOT_EXECUTED/PRECONDITION_NOT_FULFILLED"), (true, "PASSED/OK")]
    {
        let folder = tempfile::tempdir().unwrap();
        let Some(capabilities) = with_attack_nets(folder.path(), &files, measured) else {
            println!("skipped: the packs `documents` and `face-default` are not installed");
            return;
        };
        let api = TestApi::with(capabilities).await;
        for (picture, expected) in
            [(&live, of_the_live_one), (&attack, "REJECTED/LIVENESS_UNDETERMINED")]
        {
            let created = api.create(&consenting(6)).await;
            let details = judged(&api, &created, std::slice::from_ref(picture)).await;
            let told = evidence(&api, &created).await;
            assert_eq!(ended(&details, "liveness"), expected, "measured: {measured}\n{told}");
        }
    }
}

/// Whoever shows a document instead of themselves is told so: the page of a passport, or the front of
/// a card, which has no machine-readable zone.
#[tokio::test]
async fn a_document_is_no_selfie() {
    let Some(api) = server().await else { return };
    let today = date(2026, 6, 1);
    let card = IdCard::new(Person::generate(today, 5), Issue::generate(today, 5));
    let card = card.draw_front(5).with_sitter(&Sitter::generate(OBEDIENT));
    for picture in [passport(3, OBEDIENT), passport(8, STRANGER), jpeg(&card.picture)] {
        let created = api.create(&consenting(6)).await;
        let details = judged(&api, &created, &[picture]).await;
        let told = evidence(&api, &created).await;
        assert_eq!(ended(&details, "liveness"), "REJECTED/ID_USED_AS_SELFIE", "{told}");
    }
}

/// Workflow 5: the selfie is compared with an ID that was judged before.
#[tokio::test]
async fn a_person_is_compared_with_the_document_on_file() {
    let Some(api) = server().await else { return };
    let first = api.create(&consenting(2)).await;
    let mut compared = consenting(5);
    let id = credential(&first, "ID")["id"].clone();
    compared["workflowDefinition"]["credentials"] = json!([{"id": id, "category": "ID"}]);
    let refused = api.update(&first, &compared).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "the ID was not judged yet");
    let details = judged(&api, &first, &[passport(3, OBEDIENT)]).await;
    for capability in ["usability", "imageChecks", "dataChecks"] {
        assert_eq!(ended(&details, capability), "PASSED/OK", "{}", evidence(&api, &first).await);
    }
    for (who, expected) in [(OBEDIENT, "PASSED/MATCH"), (STRANGER, "REJECTED/NO_MATCH")] {
        let later = api.update(&first, &compared).await;
        assert_eq!(later.status, StatusCode::OK, "{}", later.text());
        let later = later.json();
        let details = judged(&api, &later, &[jpeg(&selfie(who, 5))]).await;
        assert_eq!(ended(&details, "similarity"), expected, "{}", evidence(&api, &later).await);
    }
}
