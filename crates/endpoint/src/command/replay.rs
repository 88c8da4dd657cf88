//! `replay`: the mutating actions of agents in real logs, proposed as changes over HTTP, as the agents would
//! have. What becomes a proposal is `oversight::formats::replay`; nothing is decided or executed here.

use super::import::Format;
use super::input;
use crate::client::{Client, ClientError};
use anyhow::{Context, bail};
use clap::Args;
use oversight::classify::{ActionTable, Estate};
use oversight::contract::ChangeReceipt;
use oversight::formats::Reader;
use oversight::formats::replay::{Replayed, proposals};
use oversight::id::{AgentUid, PersonUid};
use oversight::missing::Field;
use oversight::proposal::{Identity, Proposal, Session};
use oversight::state::State;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// How often progress is said, in proposals.
const PROGRESS: usize = 100;

/// Proposes the mutating actions of agents in real logs as changes.
#[derive(Debug, Args)]
pub struct Replay {
    /// The endpoint's address.
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// An agent's bearer token: T, which proposes for every agent, or AGENT=T for one of the agents file.
    /// May be given several times.
    #[arg(long = "token", value_name = "T", required = true, allow_hyphen_values = true)]
    pub tokens: Vec<String>,
    /// What the files hold: cloudtrail. What the other formats hold can't be replayed.
    #[arg(long)]
    pub format: Format,
    /// Which records are an agent's (agents.toml).
    #[arg(long, value_name = "FILE")]
    pub agents: Option<PathBuf>,
    /// Who stands behind the replayed proposals, as the one who prompts the agents and starts their sessions: the uid
    /// of a person enrolled there. Without it they say what the logs say, which mostly names nobody enrolled, and
    /// nothing of an unknown origin is autonomous.
    #[arg(long, value_name = "PERSON")]
    pub on_behalf_of: Option<PersonUid>,
    /// At most so many proposals a second; without it, as fast as they are answered.
    #[arg(long, value_name = "N", value_parser = rate)]
    pub rate: Option<f64>,
    /// Files, or folders to search for .json files.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate <= 1_000.0 => Ok(rate),
        _ => Err("expected a number above 0, at most 1,000".to_owned()),
    }
}

/// What became of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many changes there are now, by the state they were answered with.
    pub proposed: BTreeMap<State, u64>,
    /// How many were not taken, by reason.
    pub refused: BTreeMap<String, u64>,
}

impl Outcome {
    /// `N proposed, M refused`, and a line for each state and each reason.
    pub fn summary(&self) -> String {
        let total = |counts: u64| input::counted(counts);
        let mut text =
            format!("{} proposed, {} refused", total(self.proposed.values().sum()), total(self.refused.values().sum()));
        for (state, count) in &self.proposed {
            text.push_str(&format!("\n  {} {}", input::counted(*count), state.words()));
        }
        for (reason, count) in &self.refused {
            text.push_str(&format!("\n  {} refused: {reason}", input::counted(*count)));
        }
        text
    }

    fn refuse(&mut self, reason: impl Into<String>) {
        *self.refused.entry(reason.into()).or_default() += 1;
    }
}

/// Reads the logs, proposes, and returns what became of each action.
pub async fn run(replay: &Replay) -> anyhow::Result<Outcome> {
    let (mut actions, mut outcome) = read(replay)?;
    if let Some(person) = &replay.on_behalf_of {
        actions.iter_mut().for_each(|action| stand_behind(&mut action.proposal, person));
    }
    let tokens = Tokens::read(replay)?;
    let count = actions.len();
    eprintln!("{} mutating actions of agents to propose", input::counted(count as u64));
    let pause = replay.rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let mut ticks = pause.map(tokio::time::interval);
    for (done, action) in actions.into_iter().enumerate() {
        if let Some(ticks) = &mut ticks {
            ticks.tick().await;
        }
        let Some(client) = tokens.of(&action.agent) else {
            outcome.refuse(format!("not sent: there is no token for the agent {}", action.agent));
            continue;
        };
        match client.post_patiently::<ChangeReceipt>("/v1/changes", &action.proposal).await {
            Ok(receipt) => *outcome.proposed.entry(receipt.state).or_default() += 1,
            Err(error @ ClientError::Unreachable { .. }) => {
                return Err(error).with_context(|| format!("stopped after {}", outcome.summary()));
            }
            Err(error) if error.status() == Some(401) => {
                bail!("the endpoint does not know the token of {}; stopped after {}", action.agent, outcome.summary())
            }
            Err(error) => outcome.refuse(error.to_string()),
        }
        if (done + 1) % PROGRESS == 0 {
            eprintln!("{} of {}", input::counted(done as u64 + 1), input::counted(count as u64));
        }
    }
    Ok(outcome)
}

/// Names `person` as prompter and starter; the session's own uid stays as the log has it.
fn stand_behind(proposal: &mut Proposal, person: &PersonUid) {
    proposal.on_behalf_of = Field::Is(Identity { uid: person.clone(), name: None });
    let uid = proposal.session.value().map_or_else(|| "replay".to_owned(), |session| session.uid.clone());
    proposal.session = Field::Is(Session { uid, started_by: Field::Is(person.clone()) });
}

/// What the logs hold, in order of time; what can't be proposed is refused already.
fn read(replay: &Replay) -> anyhow::Result<(Vec<Replayed>, Outcome)> {
    if replay.format != Format::Cloudtrail {
        bail!("only CloudTrail logs can be replayed: the other formats do not hold the request that was made");
    }
    let files = input::files(&replay.paths)?;
    let agents = input::attribution(replay.agents.as_deref())?;
    // The environment is the endpoint's to say, from its own estate file; a proposal does not carry one.
    let reader = Reader { table: ActionTable::built_in(), agents: &agents, estate: &Estate::default() };
    let mut records = Vec::new();
    for file in &files {
        let bytes = fs::read(file).with_context(|| input::unreadable(file))?;
        let (read, rejects) = reader.cloudtrail(&file.display().to_string(), &bytes);
        records.extend(read);
        for reject in rejects {
            eprintln!("{}, item {}: {} {}", reject.source, reject.position, reject.field, reject.reason);
        }
    }
    if records.iter().all(|record| record.agent.value().is_none()) {
        bail!(
            "none of the {} records is an agent's; --agents FILE says which are",
            input::counted(records.len() as u64)
        );
    }
    let (actions, skipped) = proposals(&records, ActionTable::built_in());
    let mut outcome = Outcome::default();
    for one in skipped {
        outcome.refuse(format!("not sent: {}", one.reason));
    }
    Ok((actions, outcome))
}

/// Which client speaks for which agent.
struct Tokens {
    each: HashMap<AgentUid, Client>,
    all: Option<Client>,
}

impl Tokens {
    fn read(replay: &Replay) -> anyhow::Result<Tokens> {
        let known = input::attribution(replay.agents.as_deref())?.agents();
        let mut tokens = Tokens { each: HashMap::new(), all: None };
        for given in &replay.tokens {
            // A token may hold "=" itself: only an agent of the file makes it AGENT=T.
            let named = given.split_once('=').and_then(|(agent, token)| {
                let agent = known.iter().find(|uid| uid.as_str() == agent)?;
                Some((agent.clone(), token))
            });
            let again = match named {
                Some((agent, token)) => tokens.each.insert(agent, Client::new(&replay.url, token)?).is_some(),
                None => tokens.all.replace(Client::new(&replay.url, given)?).is_some(),
            };
            if again {
                bail!("--token is given twice for the same agent, or its agent is not in the agents file");
            }
        }
        Ok(tokens)
    }

    fn of(&self, agent: &AgentUid) -> Option<&Client> {
        self.each.get(agent).or(self.all.as_ref())
    }
}
