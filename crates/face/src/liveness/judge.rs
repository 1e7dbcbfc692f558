use bonafide_domain::decision::{Capability, Decision, DecisionType, Label, NotInContract};
use bonafide_domain::evidence::{ModelIdentity, Signal};

use super::challenge::{Action, Challenge};
use super::events::{Rest, follows, movements};
use super::frame::{Frame, FrameFace};
use super::parallax;
use crate::Description;
use crate::passive::{LEAST_LIVE, Passive};

/// Fewest and most frames of a burst.
const FRAMES: std::ops::RangeInclusive<usize> = 8..=20;
/// A burst takes this long, in milliseconds: a person needs time, and nobody needs a minute.
const DURATION_MILLISECONDS: std::ops::RangeInclusive<u32> = 1_500..=60_000;
/// Most frames in which no face was found, as a share.
const MOST_WITHOUT_FACE: f32 = 0.25;
/// Most of a face that may lie outside of the picture in the median frame.
const MOST_OUTSIDE: f32 = 0.05;
/// Least spread of colours in the median frame.
const LEAST_COLOUR_SPREAD: f32 = 1.2;
/// A head turns no further between two frames.
const MOST_STEP_DEGREES: f32 = 60.0;
/// Two frames that differ less are one picture twice: a camera has noise, a hand trembles.
const LEAST_DIFFERENCE: f32 = 0.02;
/// Every frame is within this distance of the mean description: one person all along.
const MOST_DRIFT: f32 = 0.55;
/// Frames turned further are not held to it: the net was not made for them.
const MOST_DESCRIBED_YAW_DEGREES: f32 = 35.0;
/// What one plane must leave unexplained when a head is turned, in heights of the face. Pictures of
/// one person whose yaw differs by 15 degrees or more left 0.024 or more in 19 of 20 pairs (78
/// pairs, two photographs each); photographs turned in front of a simulated camera by 35 degrees
/// left 0.0145 or less as often (48), and hardly looked turned to the mesh at all.
const LEAST_PARALLAX: f32 = 0.02;

/// What a burst of frames comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A person was there and did what was asked. A pack against presentation attacks may still
    /// object.
    Live,
    /// It stays unclear, for whatever was found.
    Undetermined(Finding),
    /// A flat picture was turned in front of the camera.
    Flat,
    /// No face.
    NoFacePresent,
    /// More than one person takes part.
    MultiplePeople,
    /// The face reaches out of the picture.
    FaceNotFullyVisible,
    /// No colours.
    BlackWhite,
}

/// Why a burst says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Too few or too many frames, or times that do not fit.
    Frames,
    /// The frames came after the challenge had expired.
    Late,
    /// Two frames are the same picture.
    Duplicate,
    /// A jump that no head makes.
    Jump,
    /// Not one person all along.
    Identity,
    /// Not the movements that were asked for, in their order.
    Order,
    /// No frame that shows depth.
    Depth,
    /// The nets against presentation attacks object.
    Attack,
}

impl Finding {
    fn word(self) -> &'static str {
        match self {
            Self::Frames => "frames",
            Self::Late => "late",
            Self::Duplicate => "duplicate",
            Self::Jump => "jump",
            Self::Identity => "identity",
            Self::Order => "order",
            Self::Depth => "depth",
            Self::Attack => "attack",
        }
    }
}

impl Verdict {
    /// What goes on the wire (contract §7.3).
    pub fn decision(self) -> Result<Decision, NotInContract> {
        let (decision_type, label) = match self {
            Self::Live => (DecisionType::Passed, Label::Ok),
            Self::Undetermined(_) => (DecisionType::Rejected, Label::LivenessUndetermined),
            Self::Flat => (DecisionType::Rejected, Label::DigitalCopy),
            Self::NoFacePresent => (DecisionType::Rejected, Label::NoFacePresent),
            Self::MultiplePeople => (DecisionType::Rejected, Label::MultiplePeople),
            Self::FaceNotFullyVisible => (DecisionType::Rejected, Label::FaceNotFullyVisible),
            Self::BlackWhite => (DecisionType::Rejected, Label::BlackWhite),
        };
        Decision::new(Capability::Liveness, decision_type, label)
    }
}

/// Judges the frames of one challenge, which arrived at this instant (milliseconds of Unix time).
/// The first thing that is wrong is the verdict; the signals have everything that was measured.
pub fn judge(
    challenge: &Challenge,
    frames: &[Frame],
    received_at: i64,
    description_model: &ModelIdentity,
) -> (Verdict, Vec<Signal>) {
    let mut burst = Burst::new(challenge, frames, description_model);
    let verdict = burst
        .form(received_at)
        .or_else(|| burst.presence())
        .or_else(|| burst.continuity())
        .or_else(|| burst.obedience())
        .or_else(|| burst.depth())
        .or_else(|| burst.attack())
        .unwrap_or(Verdict::Live);
    if let Verdict::Undetermined(finding) = verdict {
        burst.signals.push(Signal::new("liveness.finding", finding.word()));
    }
    (verdict, burst.signals)
}

struct Burst<'a> {
    challenge: &'a Challenge,
    frames: &'a [Frame],
    faces: Vec<&'a FrameFace>,
    model: &'a ModelIdentity,
    signals: Vec<Signal>,
}

const fn undetermined(holds: bool, finding: Finding) -> Option<Verdict> {
    if holds { Some(Verdict::Undetermined(finding)) } else { None }
}

impl<'a> Burst<'a> {
    fn new(challenge: &'a Challenge, frames: &'a [Frame], model: &'a ModelIdentity) -> Self {
        let faces = frames.iter().filter_map(|frame| frame.face.as_ref()).collect();
        Self { challenge, frames, faces, model, signals: Vec::new() }
    }

    fn note(&mut self, signal: &str, value: f32, threshold: f32) {
        self.signals.push(Signal::new(signal, value).against(f64::from(threshold)));
    }

    /// Number of frames, times, and that none comes twice.
    fn form(&mut self, received_at: i64) -> Option<Verdict> {
        self.signals.push(Signal::new("liveness.frames", self.frames.len()));
        if !FRAMES.contains(&self.frames.len()) {
            return Some(Verdict::Undetermined(Finding::Frames));
        }
        let late = !(self.challenge.issued_at..=self.challenge.expires_at).contains(&received_at);
        let times: Vec<u32> = self.frames.iter().map(|frame| frame.at_milliseconds).collect();
        let duration = times[times.len() - 1].saturating_sub(times[0]);
        self.note(
            "liveness.duration_milliseconds",
            duration as f32,
            *DURATION_MILLISECONDS.start() as f32,
        );
        let in_order = times.is_sorted_by(|earlier, later| earlier < later);
        let fits = in_order
            && DURATION_MILLISECONDS.contains(&duration)
            && i64::from(duration) <= received_at - self.challenge.issued_at;
        let difference = self.least_difference();
        self.note("liveness.least_difference", difference, LEAST_DIFFERENCE);
        undetermined(late, Finding::Late)
            .or(undetermined(!fits, Finding::Frames))
            .or(undetermined(difference < LEAST_DIFFERENCE, Finding::Duplicate))
    }

    fn least_difference(&self) -> f32 {
        let mut least = f32::INFINITY;
        for (index, frame) in self.frames.iter().enumerate() {
            for other in &self.frames[index + 1..] {
                least = least.min(frame.fingerprint.difference(&other.fingerprint));
            }
        }
        least
    }

    /// One face, wholly visible, in colour.
    fn presence(&mut self) -> Option<Verdict> {
        let count = self.frames.len() as f32;
        let without = 1.0 - self.faces.len() as f32 / count;
        self.note("liveness.share_without_face", without, MOST_WITHOUT_FACE);
        let several = self.frames.iter().filter(|frame| frame.shows_several).count();
        self.signals.push(Signal::new("liveness.frames_with_several", several));
        if without > MOST_WITHOUT_FACE {
            return Some(Verdict::NoFacePresent);
        }
        let outside = self.median(|face| face.share_outside);
        let spread = self.median(|face| face.colour_spread);
        self.note("liveness.share_outside", outside, MOST_OUTSIDE);
        self.note("liveness.colour_spread", spread, LEAST_COLOUR_SPREAD);
        // Somebody may walk by in one frame, not in two.
        if several > 1 {
            Some(Verdict::MultiplePeople)
        } else if outside > MOST_OUTSIDE {
            Some(Verdict::FaceNotFullyVisible)
        } else if spread < LEAST_COLOUR_SPREAD {
            Some(Verdict::BlackWhite)
        } else {
            None
        }
    }

    fn median(&self, value: fn(&FrameFace) -> f32) -> f32 {
        super::events::median(self.faces.iter().map(|face| value(face)).collect())
    }

    /// One person who moves as a person does.
    fn continuity(&mut self) -> Option<Verdict> {
        let step = self
            .faces
            .windows(2)
            .map(|pair| (pair[1].pose.yaw_degrees - pair[0].pose.yaw_degrees).abs())
            .fold(0.0, f32::max);
        self.note("liveness.greatest_step_degrees", step, MOST_STEP_DEGREES);
        let described: Vec<&Description> = self
            .faces
            .iter()
            .filter(|face| face.pose.yaw_degrees.abs() <= MOST_DESCRIBED_YAW_DEGREES)
            .map(|face| &face.description)
            .collect();
        let centroid = Description::centroid(described.iter().copied());
        let drift = described.iter().map(|own| own.distance(&centroid)).fold(0.0, f32::max);
        let signal = Signal::new("liveness.greatest_drift", drift).against(f64::from(MOST_DRIFT));
        self.signals.push(signal.by(self.model.clone()));
        undetermined(step > MOST_STEP_DEGREES, Finding::Jump)
            .or(undetermined(described.is_empty() || drift > MOST_DRIFT, Finding::Identity))
    }

    /// The movements that were asked for, in their order.
    fn obedience(&mut self) -> Option<Verdict> {
        let rest = Rest::of(&self.faces);
        let found = movements(&rest, &self.faces, &self.challenge.actions);
        for (index, action) in found.iter().enumerate() {
            self.signals.push(Signal::new(format!("liveness.movement.{index}"), word(*action)));
        }
        for (index, action) in self.challenge.actions.iter().enumerate() {
            self.signals.push(Signal::new(format!("liveness.asked.{index}"), word(*action)));
        }
        let extremes = |from: f32, pick: fn(f32, f32) -> f32| {
            self.faces.iter().map(|face| rest.turn(face)).fold(from, pick)
        };
        let (least, most) = (extremes(0.0, f32::min), extremes(0.0, f32::max));
        self.note("liveness.turn_degrees.left", most, super::events::LEAST_TURN_DEGREES);
        self.note("liveness.turn_degrees.right", -least, super::events::LEAST_TURN_DEGREES);
        undetermined(!follows(&found, &self.challenge.actions), Finding::Order)
    }

    /// What the nets make of the frames that look ahead; the median, because a single picture may
    /// be blurred. They may object and not help: their error rates are not known, nor what their
    /// classes of attacks are, so that the label says no more than that it stays unclear.
    fn attack(&mut self) -> Option<Verdict> {
        let rest = Rest::of(&self.faces);
        let mut seen: Vec<&Passive> = self
            .faces
            .iter()
            .filter(|face| rest.turn(face).abs() < super::events::LEAST_TURN_DEGREES)
            .filter_map(|face| face.passive.as_ref())
            .collect();
        seen.sort_by(|left, right| left.likelihood.total_cmp(&right.likelihood));
        let median = seen.get(seen.len() / 2)?;
        self.signals.push(median.signal(LEAST_LIVE));
        // Written so that what is no number objects.
        let is_live = median.likelihood >= LEAST_LIVE;
        undetermined(!is_live, Finding::Attack)
    }

    /// The most turned frames against the most frontal one.
    fn depth(&mut self) -> Option<Verdict> {
        let rest = Rest::of(&self.faces);
        let turned: Vec<&FrameFace> = self
            .faces
            .iter()
            .copied()
            .filter(|face| rest.turn(face).abs() >= super::events::LEAST_TURN_DEGREES)
            .collect();
        let by_turn =
            |a: &&&FrameFace, b: &&&FrameFace| rest.turn(a).abs().total_cmp(&rest.turn(b).abs());
        let Some(frontal) = self.faces.iter().min_by(by_turn) else {
            return Some(Verdict::Undetermined(Finding::Depth));
        };
        let residuals: Vec<f32> = turned
            .iter()
            .filter_map(|face| parallax::residual(&frontal.points, &face.points))
            .collect();
        if residuals.is_empty() {
            return Some(Verdict::Undetermined(Finding::Depth));
        }
        // The median: one frame with a bad mesh is neither proof nor refutation.
        let residual = super::events::median(residuals);
        self.note("liveness.parallax", residual, LEAST_PARALLAX);
        (residual < LEAST_PARALLAX).then_some(Verdict::Flat)
    }
}

fn word(action: Action) -> &'static str {
    match action {
        Action::TurnLeft => "TURN_LEFT",
        Action::TurnRight => "TURN_RIGHT",
        Action::Nod => "NOD",
        Action::Blink => "BLINK",
        Action::MoveCloser => "MOVE_CLOSER",
    }
}
