//! From a proposal to a version: classified, looked through for hostile text, compared with what was rejected
//! before, put to the policy, given its nonce and both digests. Storing it is `proposing`'s.

use super::enrolment::{own_principals, people};
use super::work::{Work, hex, random};
use super::{Desk, Refused};
use crate::policy::PolicyEngine;
use crate::store::changes::{self, NewVersion};
use oversight::canonical::canonical;
use oversight::change::{Origin, Version, action_canonical, blast_radius};
use oversight::classify::{ActionTable, Estate, Subject, classify, placed};
use oversight::contract::Settlement;
use oversight::digest::Digest;
use oversight::finding::Finding;
use oversight::id::ChangeId;
use oversight::policy::{Classification, PolicyFacts, PolicyOutcome, Requirement};
use oversight::proposal::{Plan, Proposal, ProposedAction, ProposedResource};
use oversight::record::{Agent, Resource};
use oversight::text::{Shape, analyse_json};
use oversight::time::Instant;
use oversight::vocabulary::{Effect, Severity};
use serde::Serialize;

/// Seconds that a proposal waits when it doesn't say.
const DEFAULT_WAIT: u64 = 3_600;

/// A version with the text and digests it is stored under.
#[derive(Debug)]
pub struct Built {
    pub version: Version,
    pub canonical: String,
    pub digest: Digest,
    pub content: Digest,
}

impl Built {
    /// Takes the digests of a version whose action digest is set.
    pub fn new(version: Version, content: Digest) -> Result<Built, Refused> {
        let bytes = version.canonical()?;
        let digest = Digest::of(&bytes);
        let canonical = String::from_utf8(bytes).map_err(|error| Refused::invalid("", error.to_string()))?;
        Ok(Built { version, canonical, digest, content })
    }

    /// As the store takes it.
    pub fn row(&self) -> NewVersion<'_> {
        NewVersion { version: &self.version, canonical: &self.canonical, digest: self.digest, content: self.content }
    }
}

/// Builds version `number` of change `id` from what `agent` proposes.
pub async fn build(
    desk: &Desk,
    work: &mut Work,
    id: ChangeId,
    number: u32,
    agent: Agent,
    proposal: Proposal,
) -> Result<Built, Refused> {
    let own = own_principals(work.db(), agent.uid.as_str()).await?;
    let mut judged = judge(&proposal, &own, &desk.0.settings.estate)?;
    let origin = Origin::of(&proposal.on_behalf_of, &proposal.session, &people(work.db()).await?);
    if let Some((before, settled)) = changes::rejected_before(work.db(), agent.uid.as_str(), judged.content).await? {
        judged.findings.push(rejected_before(before, &settled));
    }
    let occasion = Occasion { change: id, version: number, agent, origin, now: work.now, nonce: hex(&random()?) };
    compose(proposal, judged, occasion, |facts| outcome(&desk.policy(), facts))
}

/// What the endpoint makes of a proposal, whoever proposes it and whenever.
#[derive(Debug, Clone)]
pub struct Judged {
    pub classification: Classification,
    pub resources: Vec<Resource>,
    /// Digest of what is asked for, without the words around it: by it a repeated proposal is recognised.
    pub content: Digest,
    pub findings: Vec<Finding>,
}

/// Classifies a proposal of an agent known by `own`, and looks through its text.
pub fn judge(proposal: &Proposal, own: &[String], estate: &Estate) -> Result<Judged, Refused> {
    Ok(Judged {
        classification: classify(Subject::of(proposal, own), ActionTable::built_in(), estate),
        resources: placed(&proposal.resources, estate),
        content: content_digest(proposal)?,
        findings: text_findings(proposal)?,
    })
}

/// Which version of what is proposed by whom, and when.
#[derive(Debug, Clone)]
pub struct Occasion {
    pub change: ChangeId,
    pub version: u32,
    pub agent: Agent,
    pub origin: Origin,
    pub now: Instant,
    /// 128 random bits, hexadecimal.
    pub nonce: String,
}

/// The version, with what the policy says of it and both digests.
pub fn compose(
    proposal: Proposal,
    judged: Judged,
    occasion: Occasion,
    policy: impl FnOnce(&PolicyFacts) -> PolicyOutcome,
) -> Result<Built, Refused> {
    let mut version = Version {
        change: occasion.change,
        version: occasion.version,
        title: proposal.title,
        action: proposal.action,
        blast_radius: blast_radius(&judged.resources),
        resources: judged.resources,
        plan: proposal.plan,
        step: None,
        action_digest: Digest::of(b""),
        agent: occasion.agent,
        on_behalf_of: proposal.on_behalf_of,
        session: proposal.session,
        origin: occasion.origin,
        rationale: proposal.rationale,
        evidence: proposal.evidence,
        claims: proposal.claims,
        classification: judged.classification,
        policy: undecided(),
        findings: judged.findings,
        proposed_at: occasion.now,
        expires_at: occasion.now,
        nonce: occasion.nonce,
    };
    version.policy = policy(&version.policy_facts());
    let wait = proposal.expires_in.unwrap_or(DEFAULT_WAIT);
    version.expires_at = expiry(occasion.now, wait, version.policy.requirement.expires_seconds);
    seal(&mut version)?;
    Built::new(version, judged.content)
}

/// The same content under another policy outcome: the next version, with a nonce of its own. Its clock is not set
/// back: it expires when the one before would have, or earlier.
pub fn rebuild(before: &Version, policy: PolicyOutcome, content: Digest, now: Instant) -> Result<Built, Refused> {
    let mut version = before.clone();
    version.version += 1;
    let sooner = policy.requirement.expires_seconds.map(|seconds| expiry(now, seconds, None));
    version.expires_at = sooner.map_or(before.expires_at, |sooner| sooner.min(before.expires_at));
    version.policy = policy;
    version.nonce = hex(&random()?);
    seal(&mut version)?;
    Built::new(version, content)
}

/// Whether two outcomes ask the same of people, whichever policy they are of.
pub fn same_outcome(one: &PolicyOutcome, other: &PolicyOutcome) -> bool {
    one.decision == other.decision
        && one.requirement == other.requirement
        && one.determining == other.determining
        && one.errors == other.errors
}

/// What the policy says of these facts.
pub fn outcome(policy: &PolicyEngine, facts: &PolicyFacts) -> PolicyOutcome {
    policy.evaluate(facts)
}

fn undecided() -> PolicyOutcome {
    PolicyOutcome {
        uid: String::new(),
        version: String::new(),
        decision: Effect::Deny,
        determining: Vec::new(),
        requirement: Requirement::default(),
        errors: Vec::new(),
    }
}

fn expiry(now: Instant, asked: u64, allowed: Option<u64>) -> Instant {
    let seconds = allowed.map_or(asked, |allowed| allowed.min(asked));
    now.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn seal(version: &mut Version) -> Result<(), Refused> {
    let bytes = action_canonical(&version.action, &version.resources, &version.plan, version.step, &version.nonce)?;
    version.action_digest = Digest::of(&bytes);
    Ok(())
}

#[derive(Serialize)]
struct Content<'a> {
    action: &'a ProposedAction,
    plan: &'a Plan,
    resources: &'a [ProposedResource],
}

fn content_digest(proposal: &Proposal) -> Result<Digest, Refused> {
    let content = Content { action: &proposal.action, plan: &proposal.plan, resources: &proposal.resources };
    Ok(Digest::of(&canonical(&content)?))
}

/// That the same was asked for before, and rejected.
pub fn rejected_before(id: ChangeId, settled: &Settlement) -> Finding {
    Finding {
        rule: "history-001".to_owned(),
        severity: Severity::Medium,
        title: format!("Rejected before by {}", settled.by),
        field: "action".to_owned(),
        position: None,
        code_points: Vec::new(),
        detail: format!("{id} asked for the same action, resources and plan and was rejected on {}.", settled.at),
    }
}

fn text_findings(proposal: &Proposal) -> Result<Vec<Finding>, Refused> {
    let value = serde_json::to_value(proposal).map_err(|error| Refused::invalid("", error.to_string()))?;
    Ok(analyse_json("", &value, shape))
}

/// Last names of fields that hold sentences, documents or programs, wherever they stand in the arguments.
const PROSE_ARGUMENTS: [&str; 10] =
    ["description", "comment", "document", "message", "body", "text", "userdata", "template", "query", "note"];

/// What the text at `path` of a proposal is for. Whatever is not known to be prose is compared by eye.
fn shape(path: &str) -> Shape {
    let last = path.rsplit('.').next().unwrap_or(path).to_lowercase();
    let prose = match path.split(['.', '[']).next().unwrap_or("") {
        "title" | "rationale" | "claims" => true,
        "evidence" => last == "title",
        "plan" | "action" => PROSE_ARGUMENTS.iter().any(|name| last.ends_with(name)),
        _ => false,
    };
    if prose { Shape::Prose } else { Shape::Identifier }
}
