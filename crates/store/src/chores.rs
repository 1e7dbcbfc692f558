use std::time::Duration;

use bonafide_domain::chore::Chore;
use bonafide_domain::task::Task;

use crate::error::Error;
use crate::sql::execute;
use crate::transaction::Transaction;

impl Transaction {
    /// Sets the timer of a chore's first turn, due at once, unless the chore is known already.
    pub async fn start_chore(&mut self, chore: Chore) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "INSERT INTO chores (chore, turn) VALUES ($1, 1) ON CONFLICT (chore) DO NOTHING",
            chore.as_str(),
        )?;
        if rows == 1 {
            self.enqueue_after(&Task::Chore { chore, turn: 1 }, Duration::ZERO).await?;
        }
        Ok(rows == 1)
    }

    /// Sets the timer of the turn after this one, unless a twin of the task did: false then.
    pub async fn set_next_turn(
        &mut self,
        chore: Chore,
        turn: i64,
        wait: Duration,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE chores SET turn = turn + 1 WHERE chore = $1 AND turn = $2",
            chore.as_str(),
            turn,
        )?;
        if rows == 1 {
            self.enqueue_after(&Task::Chore { chore, turn: turn + 1 }, wait).await?;
        }
        Ok(rows == 1)
    }
}
