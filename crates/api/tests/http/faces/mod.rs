//! Workflows with faces, through the journey's own addresses, on drawn people. They show that the
//! parts fit together; how often the nets err on real people is measured in `bench/`.

use std::io::Cursor;

use axum::http::StatusCode;
use bonafide_engine::testing::{installed, without_packs};
use bonafide_specimen::people::{BurstFrame, Movement, Sitter, View, burst, flat_burst};
use bonafide_specimen::{Issue, Passport, Person};
use image::codecs::jpeg::JpegEncoder;
use image::{RgbImage, imageops};
use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::{Value, json};

use crate::authorisation::web_token;
use crate::support::{Answer, TestApi, consenting, credential, execution_path, png};

mod pictures;
mod seen_before;

const SIDE: u32 = 400;
/// Drawn people blink, and look like others, more or less clearly for the nets: these two do as they
/// are asked whatever it is, and are told apart (bench/README.md has the rates of the others).
const OBEDIENT: u64 = 4;
const STRANGER: u64 = 31;

/// A server with the packs that are installed; none where one is missing.
async fn server() -> Option<TestApi> {
    let Some(capabilities) = installed() else {
        println!("skipped: the packs `documents` and `face-default` are not installed");
        return None;
    };
    Some(TestApi::with(capabilities).await)
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 92)).unwrap();
    bytes.into_inner()
}

fn selfie(seed: u64, grain: u32) -> RgbImage {
    Sitter::generate(seed).picture(&View { grain, ..View::default() }, SIDE, SIDE)
}

/// A challenge that was issued to the end user of an execution.
struct Issued {
    token: String,
    id: String,
    movements: Vec<Movement>,
}

async fn issue(api: &TestApi, created: &Value) -> Issued {
    let token = web_token(created);
    let credentials = created["workflowExecution"]["credentials"].as_array().unwrap();
    let facemap = credentials.iter().find(|credential| {
        let channels = credential["allowedChannels"].as_array().unwrap();
        credential["category"] == "FACEMAP" && channels.contains(&json!("WEB"))
    });
    let path = format!(
        "/websdk/v4/api/credentials/{}/challenge",
        facemap.unwrap()["id"].as_str().unwrap()
    );
    let answer = api.request("POST", &path).bearer(&token).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let issued = answer.json();
    let movements = issued["movements"].as_array().unwrap().iter();
    let movements = movements.map(|movement| match movement.as_str().unwrap() {
        "TURN_LEFT" => Movement::TurnLeft,
        "TURN_RIGHT" => Movement::TurnRight,
        "NOD" => Movement::Nod,
        "BLINK" => Movement::Blink,
        _ => Movement::MoveCloser,
    });
    Issued { token, id: issued["id"].as_str().unwrap().to_owned(), movements: movements.collect() }
}

impl Issued {
    async fn send(&self, api: &TestApi, number: usize, picture: &RgbImage) -> Answer {
        let path = format!("/websdk/v4/api/challenges/{}/frames/{number}", self.id);
        api.request("POST", &path).bearer(&self.token).file(&jpeg(picture)).await
    }

    async fn answer(&self, api: &TestApi, times: &[u32]) -> Answer {
        let path = format!("/websdk/v4/api/challenges/{}", self.id);
        let body = json!({"times": times, "camera": "Drawn camera"});
        api.request("POST", &path).bearer(&self.token).json(&body).await
    }

    async fn submit(&self, api: &TestApi) -> Answer {
        api.request("POST", "/websdk/v4/api/submit").bearer(&self.token).send().await
    }

    /// Sends a burst, twenty seconds long for the server, and answers.
    async fn perform(&self, api: &TestApi, frames: &[BurstFrame]) {
        for (index, frame) in frames.iter().enumerate() {
            let taken = self.send(api, index + 1, &frame.picture).await;
            assert_eq!(taken.status, StatusCode::OK, "{}", taken.text());
        }
        api.engine.clock.advance(SignedDuration::from_secs(20));
        let times: Vec<u32> = frames.iter().map(|frame| frame.at_milliseconds).collect();
        let answered = self.answer(api, &times).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text());
    }
}

/// Plays a journey to its end and gives the details.
async fn play(
    api: &TestApi,
    created: &Value,
    frames: impl FnOnce(&[Movement]) -> Vec<BurstFrame>,
) -> Value {
    let issued = issue(api, created).await;
    issued.perform(api, &frames(&issued.movements)).await;
    let submitted = issued.submit(api).await;
    assert_eq!(submitted.status, StatusCode::OK, "{}", submitted.text());
    api.work_until(created, "PROCESSED").await;
    api.get(&execution_path(created)).await.json()
}

async fn play_person(api: &TestApi, created: &Value, person: u64, grain: u64) -> Value {
    play(api, created, |movements| burst(&Sitter::generate(person), movements, SIDE, grain)).await
}

/// `TYPE/LABEL` of the first entry of a capability.
fn ended(details: &Value, capability: &str) -> String {
    let decision = &details["capabilities"][capability][0]["decision"];
    format!("{}/{}", decision["type"], decision["details"]["label"]).replace('"', "")
}

/// What is said of somebody who is not who they should be, for a failure's message.
async fn evidence(api: &TestApi, created: &Value) -> String {
    let evidence = api.get(&format!("{}/evidence", execution_path(created))).await.json();
    let entries = evidence["capabilities"].as_object().unwrap().iter();
    let signals =
        entries.flat_map(|(capability, entries)| {
            entries.as_array().unwrap().iter().flat_map(move |entry| {
                entry["evidence"].as_array().into_iter().flatten().map(move |signal| {
                    format!("{capability} {} {}", signal["signal"], signal["value"])
                })
            })
        });
    signals.collect::<Vec<_>>().join("\n")
}

async fn update(api: &TestApi, created: &Value, key: u32) -> Value {
    let answer = api.update(created, &consenting(key)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn who_enrolled_is_recognised_and_nobody_else() {
    let Some(api) = server().await else { return };
    let first = api.create(&consenting(6)).await;
    let refused = api.update(&first, &consenting(9)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "no facemap is on file yet");

    let details = play_person(&api, &first, OBEDIENT, 1).await;
    assert_eq!(ended(&details, "liveness"), "PASSED/OK", "{}", evidence(&api, &first).await);
    let facemap = &details["capabilities"]["liveness"][0]["validFaceMapForAuthentication"];
    let facemap = api.get(facemap.as_str().unwrap()).await;
    assert_eq!(facemap.status, StatusCode::OK);
    assert!(facemap.body.starts_with(b"BFMP"));
    let parts = credential_of(&details, "FACEMAP")["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 7, "the facemap and the six pictures that the contract names");

    let again = update(&api, &first, 9).await;
    let details = play_person(&api, &again, OBEDIENT, 7).await;
    assert_eq!(ended(&details, "authentication"), "PASSED/OK", "{}", evidence(&api, &again).await);
    let stranger = update(&api, &first, 9).await;
    let details = play_person(&api, &stranger, STRANGER, 8).await;
    assert_eq!(ended(&details, "authentication"), "REJECTED/FAILED");

    // The customer brings it back, on a new account of the same person.
    let elsewhere = api.create(&consenting(6)).await;
    let brought = update(&api, &elsewhere, 16).await;
    let upload = brought_facemap(&brought);
    let send = |bytes: Vec<u8>| {
        let (href, token) = (upload.0.clone(), upload.1.clone());
        let api = &api;
        async move { api.request("POST", &href).bearer(&token).file(&bytes).await }
    };
    let mut forged = facemap.body.to_vec();
    forged[200] ^= 1;
    for (what, bytes) in [("forged", forged), ("cut off", facemap.body[..300].to_vec())] {
        let (status, _, fields) = send(bytes).await.refusal();
        assert_eq!((status, fields), (400, vec!["file".to_owned()]), "{what}");
    }
    let early = issue(&api, &brought).await.submit(&api).await;
    assert_eq!(early.status, StatusCode::BAD_REQUEST, "the facemap was not brought yet");
    assert_eq!(send(facemap.body.to_vec()).await.status, StatusCode::OK);
    let details = play_person(&api, &brought, OBEDIENT, 9).await;
    assert_eq!(
        ended(&details, "authentication"),
        "PASSED/OK",
        "{}",
        evidence(&api, &brought).await
    );

    // Another tenant has nothing of it.
    let access = api.access_of(&api.engine.other).await;
    let create = api.request("POST", "/api/v1/accounts").bearer(&access);
    let foreign = create.json(&consenting(6)).await.json();
    let path = format!("/api/v1/accounts/{}", foreign["account"]["id"].as_str().unwrap());
    let foreign = api.request("PUT", &path).bearer(&access).json(&consenting(16)).await.json();
    let (href, token) = brought_facemap(&foreign);
    let taken = api.request("POST", &href).bearer(&token).file(&facemap.body).await;
    assert_eq!(taken.refusal().0, 400);

    // Three years later it is too old, and so is the consent.
    api.engine.clock.advance(SignedDuration::from_hours(24 * 366 * 3));
    let (status, _, fields) = api.update(&first, &consenting(9)).await.refusal();
    assert_eq!((status, fields), (400, vec!["userConsent".to_owned()]));
}

fn credential_of<'a>(details: &'a Value, category: &str) -> &'a Value {
    let credentials = details["credentials"].as_array().unwrap();
    credentials.iter().find(|credential| credential["category"] == category).unwrap()
}

/// Where the stored facemap of workflow 16 goes, and the token for it.
fn brought_facemap(created: &Value) -> (String, String) {
    let credentials = created["workflowExecution"]["credentials"].as_array().unwrap();
    let block = credentials.iter().find_map(|credential| credential.get("api")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&block["parts"]["facemap"]), text(&block["token"]))
}

#[tokio::test]
async fn who_is_not_there_is_not_live() {
    let Some(api) = server().await else { return };
    let liveness = async |frames: &dyn Fn(&[Movement]) -> Vec<BurstFrame>| {
        let created = api.create(&consenting(6)).await;
        let details = play(&api, &created, frames).await;
        let facemap = details["capabilities"]["liveness"][0].get("validFaceMapForAuthentication");
        assert_eq!(facemap, None, "nothing to authenticate with came of it");
        let refused = api.update(&created, &consenting(9)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        ended(&details, "liveness")
    };
    let flat = liveness(&|asked| flat_burst(&selfie(2, 3), asked, SIDE, 4)).await;
    assert!(flat.starts_with("REJECTED/"), "{flat}");

    let backwards = |asked: &[Movement]| {
        let mut other: Vec<Movement> = asked.iter().rev().copied().collect();
        // Read from its end it may be the same.
        if other == asked {
            other = vec![Movement::TurnLeft, Movement::TurnRight];
        }
        burst(&Sitter::generate(2), &other, SIDE, 5)
    };
    assert_eq!(liveness(&backwards).await, "REJECTED/LIVENESS_UNDETERMINED");

    let one_frame = |asked: &[Movement]| {
        let mut frames = burst(&Sitter::generate(2), asked, SIDE, 6);
        let picture = frames[0].picture.clone();
        frames.iter_mut().for_each(|frame| frame.picture = picture.clone());
        frames
    };
    assert_eq!(liveness(&one_frame).await, "REJECTED/LIVENESS_UNDETERMINED");

    let nobody = |asked: &[Movement]| {
        let mut frames = burst(&Sitter::generate(2), asked, SIDE, 7);
        for (index, frame) in frames.iter_mut().enumerate() {
            let level = |x: u32, y: u32| ((x * 3 + y * 5 + index as u32 * 17) % 200) as u8;
            frame.picture = RgbImage::from_fn(SIDE, SIDE, |x, y| {
                image::Rgb([level(x / 9, y / 9), level(y / 7, x / 8), 90])
            });
        }
        frames
    };
    assert_eq!(liveness(&nobody).await, "REJECTED/NO_FACE_PRESENT");

    let two = |asked: &[Movement]| {
        let frames = burst(&Sitter::generate(2), asked, SIDE, 8);
        let beside = burst(&Sitter::generate(4), asked, SIDE, 9);
        frames.iter().zip(&beside).map(|(left, right)| side_by_side(left, right)).collect()
    };
    assert_eq!(liveness(&two).await, "REJECTED/MULTIPLE_PEOPLE");
}

fn side_by_side(left: &BurstFrame, right: &BurstFrame) -> BurstFrame {
    let mut picture = RgbImage::new(2 * SIDE, SIDE);
    imageops::replace(&mut picture, &left.picture, 0, 0);
    imageops::replace(&mut picture, &right.picture, i64::from(SIDE), 0);
    BurstFrame { at_milliseconds: left.at_milliseconds, picture }
}

/// Frames that were recorded for one challenge, sent for another.
#[tokio::test]
async fn a_recording_answers_no_other_challenge() {
    let Some(api) = server().await else { return };
    let created = api.create(&consenting(6)).await;
    let first = issue(&api, &created).await;
    let recorded = burst(&Sitter::generate(2), &first.movements, SIDE, 1);
    first.perform(&api, &recorded).await;
    let (status, _, _) = first.answer(&api, &[]).await.refusal();
    assert_eq!(status, 409, "it is spent");
    let (status, _, _) = first.send(&api, 1, &recorded[0].picture).await.refusal();
    assert_eq!(status, 409);

    // A new one takes its place; four more are allowed.
    let mut later = issue(&api, &created).await;
    for _ in 0..2 {
        if later.movements != first.movements {
            break;
        }
        later = issue(&api, &created).await;
    }
    assert_eq!(first.answer(&api, &[]).await.refusal().0, 404, "the former one is gone");
    let (status, detail, _) = later.submit(&api).await.refusal();
    assert_eq!((status, detail.contains("challenge")), (400, true), "{detail}");
    later.perform(&api, &recorded).await;
    assert_eq!(later.submit(&api).await.status, StatusCode::OK);
    api.work_until(&created, "PROCESSED").await;
    let details = api.get(&execution_path(&created)).await.json();
    assert_ne!(ended(&details, "liveness"), "PASSED/OK");
}

#[tokio::test]
async fn a_challenge_has_its_time_and_its_number() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(6)).await;
    let issued = issue(&api, &created).await;
    let picture = RgbImage::from_pixel(SIDE, SIDE, image::Rgb([120, 130, 140]));
    assert_eq!(issued.send(&api, 0, &picture).await.refusal().0, 404);
    assert_eq!(issued.send(&api, 21, &picture).await.refusal().0, 404);
    let feedback = issued.send(&api, 2, &picture).await.json();
    assert_eq!(feedback, json!({"number": 2, "judged": false, "quality": []}));
    let (status, _, fields) = issued.answer(&api, &[0]).await.refusal();
    assert_eq!((status, fields), (400, vec!["times".to_owned()]), "too few, and a gap");
    for number in 1..=8 {
        assert_eq!(issued.send(&api, number, &picture).await.status, StatusCode::OK);
    }
    assert_eq!(issued.answer(&api, &[0, 1]).await.refusal().0, 400, "a time for each");
    api.engine.clock.advance(SignedDuration::from_secs(61));
    let times = [0, 1, 2, 3, 4, 5, 6, 7];
    assert_eq!(issued.answer(&api, &times).await.refusal().0, 409, "too late");
    for _ in 0..4 {
        issue(&api, &created).await;
    }
    let facemap = credential(&created, "FACEMAP")["id"].as_str().unwrap();
    let path = format!("/websdk/v4/api/credentials/{facemap}/challenge");
    let sixth = api.request("POST", &path).bearer(&issued.token).send().await;
    assert_eq!(sixth.refusal().0, 403);
}

/// The biometrics of an execution can be deleted, and with them what later ones build on.
#[tokio::test]
async fn a_facemap_is_deleted_with_the_biometrics() {
    let Some(api) = server().await else { return };
    let created = api.create(&consenting(6)).await;
    let details = play_person(&api, &created, OBEDIENT, 1).await;
    assert_eq!(ended(&details, "liveness"), "PASSED/OK", "{}", evidence(&api, &created).await);
    let access = api.access().await;
    let path = format!("{}/biometrics", execution_path(&created));
    let deleted = api.request("DELETE", &path).bearer(&access).send().await;
    assert_eq!(deleted.status, StatusCode::OK, "{}", deleted.text());
    let refused = api.update(&created, &consenting(9)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let details = api.get(&execution_path(&created)).await.json();
    assert_eq!(credential_of(&details, "FACEMAP").get("parts"), None);
}

/// Uploads a picture to each credential that takes one, in order, and lets a worker judge.
async fn judged(api: &TestApi, created: &Value, pictures: &[Vec<u8>]) -> Value {
    let mut pictures = pictures.iter();
    let mut last = None;
    for credential in created["workflowExecution"]["credentials"].as_array().unwrap() {
        let Some(block) = credential.get("api") else { continue };
        let token = block["token"].as_str().unwrap();
        let part = if credential["category"] == "ID" { "front" } else { "face" };
        let href = block["parts"][part].as_str().unwrap();
        let uploaded = api.request("POST", href).bearer(token).file(pictures.next().unwrap()).await;
        assert_eq!(uploaded.status, StatusCode::OK, "{}", uploaded.text());
        last = Some((block["workflowExecution"].as_str().unwrap(), token));
    }
    let (href, token) = last.unwrap();
    let finalized = api.request("PUT", href).bearer(token).send().await;
    assert_eq!(finalized.status, StatusCode::OK, "{}", finalized.text());
    api.work_until(created, "PROCESSED").await;
    api.get(&execution_path(created)).await.json()
}

/// A passport of somebody who looks like a sitter.
fn passport(seed: u64, sitter: u64) -> Vec<u8> {
    let today = date(2026, 6, 1);
    let drawn = Passport::new(Person::generate(today, seed), Issue::generate(today, seed));
    jpeg(&drawn.draw(seed).with_sitter(&Sitter::generate(sitter)).picture)
}

/// Workflow 3 over WEB: an ID and a person, who looks like it or does not.
#[tokio::test]
async fn a_person_is_compared_with_their_document() {
    let Some(api) = server().await else { return };
    for (holder, expected) in [(OBEDIENT, true), (STRANGER, false)] {
        let created = api.create(&consenting(3)).await;
        let id = credential(&created, "ID")["id"].as_str().unwrap();
        let path = format!("/websdk/v4/api/credentials/{id}/parts/FRONT");
        let token = web_token(&created);
        let uploaded = api.request("POST", &path).bearer(&token).file(&passport(3, holder)).await;
        assert_eq!(uploaded.status, StatusCode::OK, "{}", uploaded.text());
        let selfie = credential(&created, "SELFIE")["id"].as_str().unwrap();
        let path = format!("/websdk/v4/api/credentials/{selfie}/parts/FACE");
        let refused = api.request("POST", &path).bearer(&token).file(&passport(3, holder)).await;
        assert_eq!(refused.refusal().0, 403, "a face is no file");

        let details = play_person(&api, &created, OBEDIENT, 2).await;
        let told = evidence(&api, &created).await;
        assert_eq!(ended(&details, "liveness"), "PASSED/OK", "{told}");
        let matched = ended(&details, "similarity") == "PASSED/MATCH";
        assert_eq!(matched, expected, "{} {told}", ended(&details, "similarity"));
    }
}

/// A selfie that the customer uploads has to show the person of the burst: one of somebody else does
/// not, and one that shows nobody does not either.
#[tokio::test]
async fn a_burst_is_live_only_with_a_selfie_of_the_same_person() {
    let Some(api) = server().await else { return };
    for (picture, expected) in [
        (jpeg(&selfie(OBEDIENT, 3)), "PASSED/OK"),
        (jpeg(&selfie(STRANGER, 3)), "REJECTED/LIVENESS_UNDETERMINED"),
        (png(), "REJECTED/LIVENESS_UNDETERMINED"),
    ] {
        let created = api.create(&consenting(6)).await;
        let issued = issue(&api, &created).await;
        let sitter = Sitter::generate(OBEDIENT);
        issued.perform(&api, &burst(&sitter, &issued.movements, SIDE, 2)).await;
        // After the burst, whose own frame it takes the place of.
        let block = &credential(&created, "SELFIE")["api"];
        let (href, token) = (&block["parts"]["face"], &block["token"]);
        let call = api.request("POST", href.as_str().unwrap()).bearer(token.as_str().unwrap());
        assert_eq!(call.file(&picture).await.status, StatusCode::OK);
        assert_eq!(issued.submit(&api).await.status, StatusCode::OK);
        api.work_until(&created, "PROCESSED").await;
        let details = api.get(&execution_path(&created)).await.json();
        assert_eq!(ended(&details, "liveness"), expected, "{}", evidence(&api, &created).await);
    }
}

/// Without the packs everything about faces is not executed, and nothing passes.
#[tokio::test]
async fn without_the_pack_nothing_is_executed() {
    let folder = tempfile::tempdir().unwrap();
    let api = TestApi::with(without_packs(folder.path()).unwrap()).await;
    let created = api.create(&consenting(3)).await;
    let id = credential(&created, "ID")["id"].as_str().unwrap();
    let path = format!("/websdk/v4/api/credentials/{id}/parts/FRONT");
    let token = web_token(&created);
    api.request("POST", &path).bearer(&token).file(&png()).await;
    let frames = |_: &[Movement]| -> Vec<BurstFrame> {
        let frame = |index: u32| BurstFrame {
            at_milliseconds: 300 * index,
            picture: RgbImage::from_pixel(SIDE, SIDE, image::Rgb([index as u8 * 9, 130, 140])),
        };
        (0..8).map(frame).collect()
    };
    let details = play(&api, &created, frames).await;
    for (capability, entries) in details["capabilities"].as_object().unwrap() {
        for entry in entries.as_array().unwrap() {
            assert_eq!(entry["decision"]["type"], "NOT_EXECUTED", "{capability}");
        }
    }
}
