//! When the demonstration's agents do what: the opening that fills the queue, then something every 10 to 25
//! seconds, and an answer to whoever comments. What they say is `scenes` and `replies`.

use super::DemoError;
use super::replies::{self, Ask};
use super::scenes::{Drawn, Scene, Script};
use crate::client::{Client, ClientError};
use crate::desk::{Desk, Principal, Refused};
use oversight::change::Version;
use oversight::contract::{ChangeReceipt, ChangeView, CommentRequest, Page, ReasonRequest};
use oversight::id::{AgentUid, ChangeId};
use oversight::proposal::{PlanStep, Proposal, ProposedResource};
use oversight::state::State;
use oversight::vocabulary::Role;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

/// How many changes may wait for review before the fleet stops adding to them.
const MOST_PENDING: usize = 25;
/// With fewer than this waiting at the start, the opening is played.
const FEW_PENDING: usize = 8;
/// Between two proposals of the opening.
const OPENING_STEP: Duration = Duration::from_millis(150);
/// How often comments are looked for.
const LISTEN: Duration = Duration::from_secs(2);
/// Between two acts, in seconds.
const BETWEEN_ACTS: std::ops::RangeInclusive<u64> = 10..=25;
/// How long a pause of the demonstration lasts, in seconds.
const PAUSED_FOR: std::ops::RangeInclusive<u64> = 60..=150;
/// How long what is proposed after the opening may wait, in seconds, where its scene does not say.
const MAY_WAIT: std::ops::RangeInclusive<u64> = 300..=1_200;
/// Age from which an agent may withdraw a proposal to make room for another, in seconds.
const OLD: i64 = 20 * 60;
/// Begins the reason of every pause that nobody decided on.
const MADE_UP: &str = "Demonstration: ";

/// The fleet at work.
pub struct Stage {
    agents: BTreeMap<String, Client>,
    desk: Desk,
    script: Script,
    chance: StdRng,
    /// What an agent may still amend its change to.
    amendments: HashMap<ChangeId, Proposal>,
    /// Changes whose agent has said or added something unasked.
    spoken: HashSet<ChangeId>,
    /// Scenes that nobody was asked about: they add nothing to the queue.
    autonomous: HashSet<String>,
    /// Who is paused until when.
    paused: Option<(AgentUid, Instant)>,
    recommended: usize,
}

/// What can be done next.
#[derive(Debug, Clone, Copy)]
enum Act {
    Propose,
    Recommend,
    Remark,
    Amend,
    Withdraw,
    Pause,
}

/// How often each is drawn, of a hundred.
const ACTS: [(Act, u32); 6] =
    [(Act::Propose, 58), (Act::Recommend, 12), (Act::Remark, 10), (Act::Amend, 9), (Act::Withdraw, 6), (Act::Pause, 5)];

/// What an agent adds unasked.
const REMARKS: [&str; 5] = [
    "I looked again just now. The figures are as they were when I proposed it.",
    "Nothing has changed since I proposed it. It can wait until its time is over.",
    "One more thing: I checked that no other change of mine touches the same resources.",
    "I compared it with last month. The picture is the same.",
    "If you want to see it tried on one resource first, say so.",
];

impl Stage {
    pub(super) fn new(agents: BTreeMap<String, Client>, desk: Desk, seed: u64) -> Result<Stage, DemoError> {
        Ok(Stage {
            agents,
            desk,
            script: Script::embedded()?,
            chance: StdRng::seed_from_u64(seed),
            amendments: HashMap::new(),
            spoken: HashSet::new(),
            autonomous: HashSet::new(),
            paused: None,
            recommended: 0,
        })
    }

    /// Plays until it is dropped.
    pub(super) async fn run(mut self) {
        self.resume_left_over().await;
        self.opening().await;
        let mut next_act = Instant::now() + self.seconds(BETWEEN_ACTS);
        loop {
            tokio::time::sleep(LISTEN).await;
            self.listen().await;
            self.resume_when_due().await;
            if Instant::now() >= next_act {
                self.act().await;
                next_act = Instant::now() + self.seconds(BETWEEN_ACTS);
            }
        }
    }

    fn seconds(&mut self, range: std::ops::RangeInclusive<u64>) -> Duration {
        Duration::from_secs(self.chance.random_range(range))
    }

    /// Fills the queue, unless an earlier run has left enough in it.
    async fn opening(&mut self) {
        if self.pending().await.len() >= FEW_PENDING {
            return;
        }
        let scenes: Vec<Scene> = self.script.scenes.iter().filter(|scene| scene.opening).cloned().collect();
        for scene in scenes {
            self.propose(&scene, None).await;
            tokio::time::sleep(OPENING_STEP).await;
        }
        self.recommend().await;
    }

    async fn act(&mut self) {
        let Ok((act, _)) = ACTS.choose_weighted(&mut self.chance, |(_, weight)| *weight).copied() else { return };
        match act {
            Act::Propose => {
                let full = self.pending().await.len() >= MOST_PENDING;
                let scenes = self.script.scenes.iter();
                let fit: Vec<&Scene> =
                    scenes.filter(|scene| scene.again && (!full || self.autonomous.contains(&scene.id))).collect();
                if let Some(scene) = fit.choose(&mut self.chance).map(|scene| (*scene).clone()) {
                    let may_wait = self.chance.random_range(MAY_WAIT);
                    self.propose(&scene, Some(may_wait)).await;
                }
            }
            Act::Recommend => self.recommend().await,
            Act::Remark => self.remark().await,
            Act::Amend => self.amend_something().await,
            Act::Withdraw => self.withdraw().await,
            Act::Pause => self.pause_somebody().await,
        }
    }

    async fn propose(&mut self, scene: &Scene, may_wait: Option<u64>) {
        let Some(client) = self.agents.get(&scene.agent) else { return };
        let Drawn { mut proposal, amendment } = match scene.draw(&mut self.chance) {
            Ok(drawn) => drawn,
            Err(fault) => return tracing::warn!(scene = %scene.id, %fault, "a scene can't be drawn"),
        };
        proposal.expires_in = proposal.expires_in.or(may_wait);
        match client.post_patiently::<ChangeReceipt>("/v1/changes", &proposal).await {
            Ok(receipt) => {
                if receipt.state == State::Approved {
                    self.autonomous.insert(scene.id.clone());
                }
                if let Some(amendment) = amendment {
                    self.amendments.insert(receipt.change, amendment);
                }
            }
            Err(error) => logged(&scene.agent, "propose", &error),
        }
    }

    async fn recommend(&mut self) {
        let Some(one) = self.script.recommendations.get(self.recommended % self.script.recommendations.len().max(1))
        else {
            return;
        };
        self.recommended += 1;
        let Some(client) = self.agents.get(&one.agent) else { return };
        let record = json!({
            "uid": format!("recommendation-{:016x}", self.chance.random::<u64>() ^ self.desk.now().unix_micros().unsigned_abs()),
            "time": self.desk.now(),
            "kind": "recommendation",
            "action": {"service": one.service, "operation": one.operation},
            "resources": [{"uid": one.resource}],
            "rationale": one.rationale,
        });
        if let Err(error) = client.post_patiently::<Value>("/v1/records", &record).await {
            logged(&one.agent, "recommend", &error);
        }
    }

    /// Something said unasked, once a change.
    async fn remark(&mut self) {
        let quiet: Vec<_> =
            self.pending().await.into_iter().filter(|(_, change)| !self.spoken.contains(&change.id)).collect();
        let Some((agent, change)) = quiet.choose(&mut self.chance) else { return };
        let Some(text) = REMARKS.choose(&mut self.chance) else { return };
        self.spoken.insert(change.id);
        self.comment(agent, change.id, (*text).to_owned()).await;
    }

    /// A second thought: what the scene has in store, or one more check.
    async fn amend_something(&mut self) {
        let pending: Vec<_> =
            self.pending().await.into_iter().filter(|(_, change)| !self.spoken.contains(&change.id)).collect();
        if let Some((agent, change)) = pending.choose(&mut self.chance) {
            self.amend(agent, change).await;
        }
    }

    /// Whether there was something to amend, and it was taken.
    async fn amend(&mut self, agent: &str, change: &ChangeView) -> bool {
        let in_store = self.amendments.remove(&change.id).or_else(|| with_another_check(&change.reviewed));
        let (Some(amended), Some(client)) = (in_store, self.agents.get(agent)) else { return false };
        self.spoken.insert(change.id);
        let path = format!("/v1/changes/{}/versions", change.id);
        let sent: Result<ChangeReceipt, _> = client.post_patiently(&path, &amended).await;
        sent.map_err(|error| logged(agent, "amend", &error)).is_ok()
    }

    async fn withdraw(&mut self) {
        let now = self.desk.now();
        let old =
            self.pending().await.into_iter().find(|(_, change)| now.seconds_since(change.reviewed.proposed_at) >= OLD);
        let Some((agent, change)) = old else { return };
        let Some(client) = self.agents.get(&agent) else { return };
        let reason = ReasonRequest {
            reason: "Nobody has needed it so far, and the figures it rests on are getting old.".to_owned(),
        };
        let sent: Result<ChangeReceipt, _> =
            client.post_patiently(&format!("/v1/changes/{}/cancellation", change.id), &reason).await;
        if let Err(error) = sent {
            logged(&agent, "withdraw", &error);
        }
    }

    // ---- Listening ----

    /// Every agent answers the last comment of a person on each of its open changes, if it has not yet.
    async fn listen(&mut self) {
        for (agent, change) in self.changes(&[State::Pending, State::Approved]).await {
            let Some(last) = change.comments.last().filter(|comment| comment.role != Role::Agent) else { continue };
            let mut ask = replies::ask(&last.text);
            // A second request to amend what was amended already finds nothing more to add.
            if ask == Ask::Change && (change.state != State::Pending || !self.amend(&agent, &change).await) {
                ask = Ask::Why;
            }
            self.comment(&agent, change.id, replies::answer(ask, &change.reviewed)).await;
        }
    }

    async fn comment(&self, agent: &str, change: ChangeId, text: String) {
        let Some(client) = self.agents.get(agent) else { return };
        let sent: Result<Value, _> =
            client.post_patiently(&format!("/v1/changes/{change}/comments"), &CommentRequest { text }).await;
        if let Err(error) = sent {
            logged(agent, "comment", &error);
        }
    }

    /// What waits for review, of the whole fleet, oldest first.
    async fn pending(&self) -> Vec<(String, ChangeView)> {
        self.changes(&[State::Pending]).await
    }

    async fn changes(&self, states: &[State]) -> Vec<(String, ChangeView)> {
        let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        let path = format!("/v1/changes?state={}&limit=200", states.join(","));
        let mut found = Vec::new();
        for (agent, client) in &self.agents {
            match client.get::<Page<ChangeView>>(&path).await {
                Ok(page) => found.extend(page.items.into_iter().map(|change| (agent.clone(), change))),
                Err(error) => logged(agent, "read its changes", &error),
            }
        }
        found.sort_by_key(|(_, change)| change.id);
        found
    }

    // ---- Pausing: a manager's to do, and marked as nobody's decision ----

    async fn pause_somebody(&mut self) {
        let uids: Vec<&String> = self.agents.keys().collect();
        let Some(uid) = uids.choose(&mut self.chance).and_then(|uid| AgentUid::new(uid.as_str()).ok()) else { return };
        if self.paused.is_some() {
            return;
        }
        let reason = format!("{MADE_UP}this agent stands still for a moment, to show what a pause looks like.");
        match self.desk.pause(&manager(), &uid, reason).await {
            Ok(_) => self.paused = Some((uid, Instant::now() + self.seconds(PAUSED_FOR))),
            Err(refused) => tracing::info!(agent = %uid, %refused, "the demonstration did not pause it"),
        }
    }

    async fn resume_when_due(&mut self) {
        let Some((uid, _)) = self.paused.take_if(|(_, until)| Instant::now() >= *until) else { return };
        self.resume(&uid).await;
    }

    /// Ends what an earlier run paused.
    async fn resume_left_over(&self) {
        for uid in self.agents.keys().filter_map(|uid| AgentUid::new(uid.as_str()).ok()) {
            self.resume(&uid).await;
        }
    }

    /// Ends the demonstration's own pause, and no one else's.
    async fn resume(&self, uid: &AgentUid) {
        let own = async {
            let agent = self.desk.agent(&manager(), uid).await?;
            if agent.paused.is_some_and(|pause| pause.reason.starts_with(MADE_UP)) {
                self.desk.resume(&manager(), uid, format!("{MADE_UP}the moment is over.")).await?;
            }
            Ok::<(), Refused>(())
        };
        if let Err(refused) = own.await {
            tracing::warn!(agent = %uid, %refused, "the demonstration could not end its pause");
        }
    }
}

fn manager() -> Principal {
    Principal { uid: "manager".to_owned(), role: Role::Manager, groups: Vec::new(), owner: None }
}

/// What was proposed, with one more check at its end; nothing if that has been added before.
pub(super) fn with_another_check(version: &Version) -> Option<Proposal> {
    let mut plan = version.plan.clone();
    let note = "no alert of the same service goes off".to_owned();
    let check = PlanStep::Check { note, within_seconds: Some(600) };
    if plan.steps.contains(&check) {
        return None;
    }
    plan.steps.push(check);
    let named = |field: &oversight::missing::Field<String>| field.value().cloned();
    Some(Proposal {
        title: version.title.clone(),
        action: version.action.clone(),
        resources: version
            .resources
            .iter()
            .map(|resource| ProposedResource {
                uid: resource.uid.clone(),
                kind: named(&resource.kind),
                account: named(&resource.account),
                region: named(&resource.region),
            })
            .collect(),
        rationale: version.rationale.clone(),
        evidence: version.evidence.clone(),
        claims: version.claims.clone(),
        plan,
        on_behalf_of: version.on_behalf_of.clone(),
        session: version.session.clone(),
        expires_in: None,
    })
}

fn logged(agent: &str, what: &str, error: &ClientError) {
    tracing::info!(agent, what, %error, "the demonstration was refused");
}
