//! Three servers and three workers on one PostgreSQL are killed at random (SIGKILL) while sandbox
//! executions run under load, and the customer's server fails half the time: no execution is lost,
//! none is decided twice, and every callback arrives. `cargo xtask chaos` runs it at length.

#![expect(clippy::unwrap_used, reason = "a test: it fails where it cannot go on")]

mod house;
mod load;
mod receiver;
mod verdict;

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::house::House;
use crate::load::Load;
use crate::receiver::Receiver;

const POSTGRES: &str = "BONAFIDE_TEST_POSTGRES_URL";
/// How many executions; a few unless `cargo xtask chaos` says more.
const EXECUTIONS: &str = "BONAFIDE_CHAOS_EXECUTIONS";
const A_FEW: usize = 80;

#[tokio::test(flavor = "multi_thread")]
async fn servers_and_workers_that_are_killed_lose_nothing() {
    let Ok(server) = std::env::var(POSTGRES) else {
        println!("skipped: {POSTGRES} is not set");
        return;
    };
    let executions =
        std::env::var(EXECUTIONS).map_or(A_FEW, |text| text.parse().expect("a number"));
    let database = bonafide_store::testing::fresh_database(&server).await;
    let receiver = Receiver::start().await;
    let mut house = House::start(&database).await;
    let begun = Instant::now();

    let load = Load::start(house.client(), house.bases(), receiver.url(), executions);
    let mut random = StdRng::seed_from_u64(20_261_127);
    while !load.is_done() {
        tokio::time::sleep(Duration::from_millis(random.random_range(150..600))).await;
        house.kill_one(&mut random);
    }
    let started = load.wait().await;
    let loaded = begun.elapsed();

    let verdict = verdict::reach(&database, &started, &receiver).await;
    let ended = begun.elapsed();
    println!(
        "{executions} executions in {:.1} s under load, all ended and called back after {:.1} s; \
         {} servers and {} workers killed; {} requests repeated, {} executions whose answer was lost",
        loaded.as_secs_f64(),
        ended.as_secs_f64(),
        house.servers_killed,
        house.workers_killed,
        started.repeated,
        receiver.unknown(&started),
    );
    println!(
        "each ended once and as told: {} runs in {} attempts; deliveries: {} refused by the receiver, \
         {} accepted, of which {} for the second time",
        verdict.runs,
        verdict.attempts,
        receiver.refused(),
        receiver.accepted(),
        receiver.accepted_again(),
    );
}
