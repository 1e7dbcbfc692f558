//! Acquisition before the end user, over WEB and SDK (ours, not the contract's): what is to be
//! captured, a challenge, its frames, and the end.

use bonafide_domain::challenge::{ChallengeAnswer, ChallengeState, IssuedChallenge};
use bonafide_domain::credential::{Category, Channel, Classifier, Credential, Member, Part};
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{ChallengeId, CredentialId};
pub use bonafide_face::liveness::Action as Movement;
use bonafide_face::liveness::Challenge;
use bonafide_face::usability::{Defect, defect};
use bonafide_face::{Sample, Source};
use bonafide_store::Transaction;
use bonafide_vault::Binding;
use bytes::Bytes;
use jiff::Timestamp;

use crate::Engine;
use crate::caller::Journey;
use crate::capability::biometrics::Answer;
use crate::capability::{AnsweredChallenge, Faces};
use crate::enrolment::frames;
use crate::error::{Error, Kind};
use crate::sealing::Owner;

/// Most bytes of one frame: a burst has up to twenty.
pub const MOST_FRAME_BYTES: usize = 2 << 20;
/// Fewest frames of a burst.
pub const LEAST_FRAMES: usize = 8;
/// Challenges that one credential may have: who needs more is not the person, or needs help.
const MOST_CHALLENGES: i32 = 5;
/// Frames that are looked at for a selfie: a burst begins with the head at rest.
const SELFIE_CANDIDATES: usize = 5;
/// A head that is turned further makes no selfie.
const MOST_SELFIE_YAW_DEGREES: f32 = 12.0;

/// What an execution captures through a journey's channel.
#[derive(Debug)]
pub struct Acquisition {
    /// The execution.
    pub execution: Execution,
    /// Its credentials, with what was captured of each.
    pub members: Vec<(Member, Vec<Part>)>,
}

/// A challenge as the end user is told of it.
#[derive(Debug)]
pub struct IssuedMovements {
    /// Names it.
    pub id: ChallengeId,
    /// What to do, in order.
    pub movements: Vec<Movement>,
    /// From when.
    pub issued_at: Timestamp,
    /// Until when the answer must be there.
    pub expires_at: Timestamp,
}

/// What is said of a frame at once. It decides nothing.
#[derive(Debug)]
pub struct FrameFeedback {
    /// Whether it was looked at: not without the face pack.
    pub is_judged: bool,
    /// What is wrong with it.
    pub hint: Option<Hint>,
    /// Components of quality by their names in ISO/IEC 29794-5, 0 to 100.
    pub quality: Vec<(&'static str, u8)>,
}

/// What an end user can do better.
pub type Hint = Defect;

impl Engine {
    /// What is to be captured, and what was.
    pub async fn acquisition(&self, journey: &Journey) -> Result<Acquisition, Error> {
        let mut tx = self.store.read().await?;
        let execution = tx
            .find_execution(journey.tenant.id, journey.execution_id)
            .await?
            .ok_or_else(|| Error::not_found("workflow execution"))?;
        let parts = tx.list_parts(execution.tenant_id, execution.id).await?;
        let members = tx.list_members(execution.tenant_id, execution.id).await?;
        let members = members
            .into_iter()
            .filter(|member| member.channels.contains(&journey.channel))
            .map(|member| {
                let id = member.credential.id;
                let own = parts.iter().filter(|part| part.credential_id == id).cloned();
                (member, own.collect())
            })
            .collect();
        Ok(Acquisition { execution, members })
    }

    /// Issues a challenge for a facemap. A former one, and its frames, are gone.
    pub async fn issue_challenge(
        &self,
        journey: &Journey,
        credential_id: CredentialId,
    ) -> Result<IssuedMovements, Error> {
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        let execution = self.open_execution(&mut tx, journey).await?;
        let credential = self.journeys_facemap(&mut tx, journey, credential_id).await?;
        let former = tx.find_challenge_of(execution.tenant_id, credential.id).await?;
        let attempt = former.as_ref().map_or(0, |former| former.attempt) + 1;
        if attempt > MOST_CHALLENGES {
            return Err(Error::forbidden(
                "This credential has had all its challenges; start a new workflow execution.",
            ));
        }
        let blobs = self.discard_frames(&mut tx, &execution, &credential).await?;
        if let Some(former) = former {
            tx.destroy_data_key(former.tenant_id, former.record.data_key_id).await?;
        }
        let challenge =
            self.context.with_random(|random| Challenge::issue(random, now.as_millisecond()));
        let answered = AnsweredChallenge { challenge, answer: None };
        let id = self.context.id();
        let plain = serde_json::to_vec(&answered).map_err(Error::internal)?;
        let binding = binding(&execution, credential.id, id);
        let sealed = self.seal(Owner::of(&execution), &binding, &plain);
        let record = sealed.store(&mut tx).await?;
        tx.put_challenge(&IssuedChallenge {
            id,
            tenant_id: execution.tenant_id,
            execution_id: execution.id,
            credential_id: credential.id,
            attempt,
            state: ChallengeState::Open,
            record,
        })
        .await?;
        self.session_goes_on(&mut tx, journey, &execution, now).await?;
        tx.commit().await?;
        self.discard_blobs(blobs).await;
        let AnsweredChallenge { challenge, .. } = answered;
        Ok(IssuedMovements {
            id,
            movements: challenge.actions,
            issued_at: now,
            expires_at: instant(challenge.expires_at)?,
        })
    }

    /// Takes a frame, by its number from 1, and says at once how it looks.
    pub async fn take_frame(
        &self,
        journey: &Journey,
        challenge_id: ChallengeId,
        number: usize,
        bytes: Bytes,
    ) -> Result<FrameFeedback, Error> {
        let classifier = number
            .checked_sub(1)
            .and_then(|index| Classifier::FRAMES.get(index).copied())
            .ok_or_else(|| Error::not_found("frame: they are numbered from 1 to 20"))?;
        let (media_type, bytes) = self.check_content(classifier, bytes)?;
        let mut tx = self.store.read().await?;
        let execution = self.journeys_own(&mut tx, journey).await?;
        let issued = self.open_one(&mut tx, &execution, challenge_id).await?;
        drop(tx);
        let place = (issued.credential_id, classifier);
        let sealed = self.seal_part(Owner::of(&execution), place, &media_type, &bytes).await?;

        let mut tx = self.store.begin().await?;
        let execution = self.open_execution(&mut tx, journey).await?;
        self.open_one(&mut tx, &execution, challenge_id).await?;
        let former = sealed.store(&mut tx).await?;
        self.session_goes_on(&mut tx, journey, &execution, sealed.part.uploaded_at).await?;
        tx.commit().await?;
        self.discard_blobs(former).await;
        self.feedback(bytes).await
    }

    /// Answers a challenge: it is spent, whatever its frames show. The best of them becomes the selfie
    /// of an execution that captures one.
    pub async fn answer_challenge(
        &self,
        journey: &Journey,
        challenge_id: ChallengeId,
        answer: ChallengeAnswer,
    ) -> Result<Timestamp, Error> {
        let ChallengeAnswer { times, camera } = answer;
        let now = self.context.now();
        let mut tx = self.store.read().await?;
        let execution = self.journeys_own(&mut tx, journey).await?;
        let issued = self.open_one(&mut tx, &execution, challenge_id).await?;
        let credential = self.journeys_facemap(&mut tx, journey, issued.credential_id).await?;
        let opened = self.open_challenge(&mut tx, &execution, &issued).await?;
        let AnsweredChallenge { challenge, .. } =
            opened.ok_or_else(|| Error::not_found("challenge"))?;
        self.check_frames(&mut tx, &execution, &credential, &times).await?;
        let selfie = self.choose_selfie(&mut tx, journey, &execution, &credential).await?;
        drop(tx);

        let answer = Answer { times, received_at: now.as_millisecond(), camera };
        let answered = AnsweredChallenge { challenge, answer: Some(answer) };
        let plain = serde_json::to_vec(&answered).map_err(Error::internal)?;
        let binding = binding(&execution, credential.id, challenge_id);
        let sealed = self.seal(Owner::of(&execution), &binding, &plain);

        let mut tx = self.store.begin().await?;
        let execution = self.open_execution(&mut tx, journey).await?;
        let record = sealed.store(&mut tx).await?;
        if !tx.spend_challenge(execution.tenant_id, challenge_id, &record).await? {
            return Err(spent());
        }
        tx.destroy_data_key(execution.tenant_id, issued.record.data_key_id).await?;
        let former = match &selfie {
            Some(selfie) => selfie.store(&mut tx).await?,
            None => None,
        };
        self.session_goes_on(&mut tx, journey, &execution, now).await?;
        tx.commit().await?;
        self.discard_blobs(former).await;
        Ok(now)
    }

    /// Whether every facemap that the journey captures has its challenge answered.
    pub(crate) async fn require_answers(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
        execution: &Execution,
    ) -> Result<(), Error> {
        for member in tx.list_members(execution.tenant_id, execution.id).await? {
            if !is_journeys_facemap(&member, journey.channel) {
                continue;
            }
            let challenge = tx.find_challenge_of(execution.tenant_id, member.credential.id).await?;
            if challenge.is_none_or(|challenge| challenge.state != ChallengeState::Spent) {
                return Err(Error::new(
                    Kind::Invalid,
                    "Answer a challenge for the FACEMAP credential first.",
                ));
            }
        }
        Ok(())
    }

    /// Opens a challenge; none when its key was destroyed.
    pub(crate) async fn open_challenge(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        issued: &IssuedChallenge,
    ) -> Result<Option<AnsweredChallenge>, Error> {
        let binding = binding(execution, issued.credential_id, issued.id);
        let record = &issued.record;
        self.unseal(tx, issued.tenant_id, record.data_key_id, &binding, &record.bytes)
            .await?
            .map(|plain| serde_json::from_slice(&plain))
            .transpose()
            .map_err(|_| Error::internal("a challenge that cannot be understood"))
    }

    /// The journey's execution, locked and open, with the consent that a face needs.
    async fn open_execution(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
    ) -> Result<Execution, Error> {
        let execution = tx
            .lock_execution(journey.tenant.id, journey.execution_id)
            .await?
            .ok_or_else(|| Error::not_found("workflow execution"))?;
        self.must_be_open(&execution)?;
        self.require_consent(tx, &journey.tenant.settings, &execution).await?;
        Ok(execution)
    }

    async fn journeys_own(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
    ) -> Result<Execution, Error> {
        let execution = tx
            .find_execution(journey.tenant.id, journey.execution_id)
            .await?
            .ok_or_else(|| Error::not_found("workflow execution"))?;
        self.must_be_open(&execution)?;
        Ok(execution)
    }

    async fn journeys_facemap(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
        credential_id: CredentialId,
    ) -> Result<Credential, Error> {
        let member = tx
            .list_members(journey.tenant.id, journey.execution_id)
            .await?
            .into_iter()
            .find(|member| member.credential.id == credential_id)
            .ok_or_else(|| Error::not_found("credential in this workflow execution"))?;
        if !is_journeys_facemap(&member, journey.channel) {
            return Err(Error::forbidden(
                "Only a FACEMAP that this journey captures takes a challenge.",
            ));
        }
        Ok(member.credential)
    }

    /// A challenge that can still be answered.
    async fn open_one(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        challenge_id: ChallengeId,
    ) -> Result<IssuedChallenge, Error> {
        let issued = tx
            .find_challenge(execution.tenant_id, execution.id, challenge_id)
            .await?
            .ok_or_else(|| Error::not_found("challenge; a newer one took its place"))?;
        if issued.state != ChallengeState::Open {
            return Err(spent());
        }
        let opened = self.open_challenge(tx, execution, &issued).await?;
        let expires_at = opened.map_or(0, |opened| opened.challenge.expires_at);
        if self.context.now().as_millisecond() > expires_at {
            return Err(Error::new(
                Kind::Conflict,
                "The time for this challenge is over; ask for a new one.",
            ));
        }
        Ok(issued)
    }

    /// Frames from 1 on without a gap, and a time for each.
    async fn check_frames(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        credential: &Credential,
        times: &[u32],
    ) -> Result<(), Error> {
        let parts = tx.list_parts(execution.tenant_id, execution.id).await?;
        let frames = frames(&parts, credential);
        let without_gap =
            frames.iter().zip(Classifier::FRAMES).all(|(part, frame)| part.classifier == frame);
        if frames.len() < LEAST_FRAMES || !without_gap {
            let reason = format!(
                "needs frames 1 to {LEAST_FRAMES} at least, without a gap; there are {}",
                frames.len()
            );
            return Err(Error::field("times", &reason));
        }
        if times.len() != frames.len() {
            let reason = format!("must have one time for each of the {} frames", frames.len());
            return Err(Error::field("times", &reason));
        }
        Ok(())
    }

    /// Deletes the frames of a former challenge; gives their blobs.
    async fn discard_frames(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        credential: &Credential,
    ) -> Result<Vec<String>, Error> {
        let parts = tx.list_parts(execution.tenant_id, execution.id).await?;
        let mut blobs = Vec::new();
        for part in frames(&parts, credential) {
            tx.delete_parts(part.tenant_id, &[(part.credential_id, part.classifier)]).await?;
            tx.destroy_data_key(part.tenant_id, part.data_key_id).await?;
            blobs.push(part.blob);
        }
        Ok(blobs)
    }

    /// The selfie of a journey is a frame of its burst, so that both show one person.
    async fn choose_selfie(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
        execution: &Execution,
        credential: &Credential,
    ) -> Result<Option<crate::sealing::SealedPart>, Error> {
        let members = tx.list_members(execution.tenant_id, execution.id).await?;
        let Some(member) = members.iter().find(|member| {
            member.credential.category == Category::Selfie
                && member.channels.contains(&journey.channel)
        }) else {
            return Ok(None);
        };
        let parts = tx.list_parts(execution.tenant_id, execution.id).await?;
        let mut candidates = Vec::new();
        for part in frames(&parts, credential).into_iter().take(SELFIE_CANDIDATES) {
            if let Some(plain) = self.open_part(tx, &part).await? {
                candidates.push((part.media_type, plain));
            }
        }
        let faces = self.capabilities.faces().cloned();
        let chosen = tokio::task::spawn_blocking(move || {
            let best = faces.and_then(|faces| {
                candidates.iter().position(|(_, bytes)| makes_a_selfie(&faces, bytes))
            });
            let index = best.unwrap_or(0);
            (index < candidates.len()).then(|| candidates.swap_remove(index))
        });
        let Some((media_type, bytes)) = chosen.await.map_err(Error::internal)? else {
            return Ok(None);
        };
        let place = (member.credential.id, Classifier::Face);
        self.seal_part(Owner::of(execution), place, &media_type, &bytes).await.map(Some)
    }

    async fn feedback(&self, bytes: Bytes) -> Result<FrameFeedback, Error> {
        let Some(faces) = self.capabilities.faces().cloned() else {
            return Ok(FrameFeedback { is_judged: false, hint: None, quality: Vec::new() });
        };
        let looked = tokio::task::spawn_blocking(move || {
            faces.sample(&bytes, Source::Selfie, Classifier::Face)
        });
        Ok(match looked.await.map_err(Error::internal)? {
            Ok(sample) => FrameFeedback {
                is_judged: true,
                hint: defect(&sample),
                quality: components(&sample),
            },
            Err(_) => FrameFeedback {
                is_judged: false,
                hint: Some(Hint::BadQuality),
                quality: Vec::new(),
            },
        })
    }
}

fn makes_a_selfie(faces: &Faces, bytes: &[u8]) -> bool {
    faces.sample(bytes, Source::Selfie, Classifier::Face).is_ok_and(|sample| {
        defect(&sample).is_none()
            && sample.subject.as_ref().is_some_and(|subject| {
                subject.face.pose.yaw_degrees.abs() <= MOST_SELFIE_YAW_DEGREES
            })
    })
}

fn components(sample: &Sample) -> Vec<(&'static str, u8)> {
    sample
        .subject
        .iter()
        .flat_map(|subject| subject.quality.components())
        .map(|c| (c.name, c.score))
        .collect()
}

fn is_journeys_facemap(member: &Member, channel: Channel) -> bool {
    member.credential.category == Category::Facemap && member.channels.contains(&channel)
}

fn spent() -> Error {
    Error::new(Kind::Conflict, "This challenge was answered; ask for a new one.")
}

fn instant(milliseconds: i64) -> Result<Timestamp, Error> {
    Timestamp::from_millisecond(milliseconds).map_err(Error::internal)
}

fn binding(execution: &Execution, credential: CredentialId, challenge: ChallengeId) -> Binding {
    Binding::Challenge {
        tenant: execution.tenant_id,
        account: execution.account_id,
        credential,
        challenge,
    }
}
