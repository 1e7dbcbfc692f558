use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// A movement that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Turn the head to the own left and back.
    TurnLeft,
    /// Turn the head to the own right and back.
    TurnRight,
    /// Nod: chin down and back.
    Nod,
    /// Close the eyes and open them.
    Blink,
    /// Come nearer to the camera.
    MoveCloser,
}

impl Action {
    const ALL: [Self; 5] =
        [Self::TurnLeft, Self::TurnRight, Self::Nod, Self::Blink, Self::MoveCloser];

    /// Its number in a facemap.
    pub(crate) fn number(self) -> u8 {
        Self::ALL.iter().position(|action| *action == self).expect("all are listed") as u8
    }

    /// The action with this number.
    pub(crate) fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// What one person is asked to do, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Names the challenge; nobody can guess it, and it serves once.
    pub nonce: [u8; 16],
    /// The movements in order; the last one is "move closer", if it is asked for.
    pub actions: Vec<Action>,
    /// When it was issued, in milliseconds of Unix time.
    pub issued_at: i64,
    /// When the frames must have arrived, in milliseconds of Unix time.
    pub expires_at: i64,
}

/// Movements in a challenge.
const LENGTH: usize = 3;
/// How long a person has.
const PATIENCE_MILLISECONDS: i64 = 60_000;

impl Challenge {
    /// A new challenge of three movements. At least one is a turn: only a turn shows depth.
    pub fn issue(random: &mut (impl Rng + ?Sized), now: i64) -> Self {
        let mut pool = Action::ALL.to_vec();
        let first = if random.random() { Action::TurnLeft } else { Action::TurnRight };
        pool.retain(|action| *action != first);
        let mut actions = vec![first];
        while actions.len() < LENGTH {
            actions.push(pool.swap_remove(random.random_range(0..pool.len())));
        }
        for last in (1..actions.len()).rev() {
            actions.swap(last, random.random_range(0..=last));
        }
        // Whoever has come nearer stays there: what follows would be measured in another size.
        actions.sort_by_key(|action| *action == Action::MoveCloser);
        let mut nonce = [0; 16];
        random.fill_bytes(&mut nonce);
        Self { nonce, actions, issued_at: now, expires_at: now + PATIENCE_MILLISECONDS }
    }
}
