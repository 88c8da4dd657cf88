//! The demonstration: a made-up fleet whose agents act over HTTP with tokens of their own, as real ones
//! would, and the reference executor. Words are in `scenes`, registrations in `fleet`, the order of events in
//! `stage`; what a new one begins with is `history`. Only pausing and resuming go through the desk: they are a person's to do, and no person is here.

pub mod cloud;
pub mod executor;
pub mod fleet;
pub mod history;
pub mod replies;
pub mod scenes;
pub mod stage;

use crate::client::{Client, ClientError};
use crate::desk::Desk;
use cloud::PretendCloud;
use executor::Executor;
use std::collections::BTreeMap;

/// The estate file of the demonstration.
pub const ESTATE: &str = include_str!("estate.toml");

/// One seed, one sequence of events; when each happens is the clock's to say.
pub const SEED: u64 = 0x6e77_6f72_7468;

/// The bearer tokens that the demonstration's machines act with.
#[derive(Clone, Default)]
pub struct Tokens {
    /// Of each member of `fleet::members`, by uid. An agent without one stays silent.
    pub agents: BTreeMap<String, String>,
    pub executor: String,
}

/// Runs fleet and executor against the endpoint at `endpoint` until it is dropped. The fleet must have been
/// enrolled. Fails only at the start; what goes wrong later is logged and tried again.
pub async fn run(endpoint: &str, desk: Desk, tokens: Tokens) -> Result<(), DemoError> {
    let executor = Executor::new(endpoint, &tokens.executor, PretendCloud::new(SEED));
    let agents = tokens.agents.iter().map(|(uid, token)| Ok((uid.clone(), Client::new(endpoint, token)?)));
    let stage = stage::Stage::new(agents.collect::<Result<_, ClientError>>()?, desk, SEED)?;
    tokio::join!(executor.run(), stage.run());
    Ok(())
}

/// Why the demonstration could not begin.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the demonstration's script can't be read: {0}")]
    Script(#[from] oversight::json::Fault),
    #[error(transparent)]
    Client(#[from] ClientError),
}
