//! What the agents of the past proposed, read from `repertoire.json`: scenes of the live script with other variations,
//! and pieces of its own in a shorter form. Each variation is classified, looked through and put to the policy once, as
//! the endpoint would; how often and when it came is `course`.

use super::calendar::Hours;
use super::cast::Player;
use super::{HistoryError, on_threads};
use crate::demo::scenes::{Recommendation, Scene, Script};
use crate::demo::stage::with_another_check;
use crate::desk::versions::{Judged, Occasion, compose, judge};
use crate::policy::PolicyEngine;
use oversight::change::{Origin, Version};
use oversight::classify::Estate;
use oversight::id::ChangeId;
use oversight::json;
use oversight::policy::{PolicyFacts, PolicyOutcome};
use oversight::proposal::Proposal;
use oversight::review::Person;
use oversight::time::Instant;
use oversight::vocabulary::Effect;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

const REPERTOIRE: &str = include_str!("repertoire.json");

/// Variations of a piece, where it does not say.
const VARIANTS: usize = 8;
/// Seconds that a proposal of the past waits where its piece does not say: longer than the policy lets it.
const MAY_WAIT: u64 = 12 * 3_600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    pieces: Vec<WrittenPiece>,
    recommendations: Vec<Recommendation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPiece {
    /// The scene of the live script that it is like; all else is its own.
    like: Option<String>,
    id: Option<String>,
    agent: Option<String>,
    proposal: Option<Short>,
    /// How often in a working week.
    a_week: f64,
    hours: Hours,
    /// Days of the past, the last one not included.
    #[serde(default)]
    from: i64,
    until: Option<i64>,
    variants: Option<usize>,
    #[serde(default)]
    urgent: bool,
    /// In a hundred.
    #[serde(default)]
    rejected: u32,
    fails: Option<u32>,
    /// Values of the places in it, as a scene has them; `"a..b"` alone stands for numbers.
    #[serde(default)]
    vary: BTreeMap<String, Vec<Value>>,
    /// Why it is rejected, in words.
    #[serde(default)]
    no: Vec<String>,
}

/// A proposal in short: its one step is its action, the service of the way back its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Short {
    title: String,
    service: String,
    operation: String,
    arguments: Map<String, Value>,
    /// uid and type of each resource.
    on: Vec<(String, String)>,
    why: String,
    #[serde(default)]
    evidence: Vec<(String, String)>,
    check: Option<(String, u64)>,
    back: Option<Back>,
    /// uid and name of who prompted it and started its session.
    r#for: (String, String),
    session: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Back {
    operation: Option<String>,
    arguments: Map<String, Value>,
    note: Option<String>,
}

impl Short {
    fn proposal(self) -> Value {
        let mut steps = vec![json!({
            "type": "action", "service": self.service, "operation": self.operation, "arguments": self.arguments,
        })];
        steps.extend(self.check.map(|(note, within)| json!({"type": "check", "note": note, "within_seconds": within})));
        let rollback = self.back.map(|back| {
            let operation = back.operation.unwrap_or_else(|| self.operation.clone());
            let mut step = json!({
                "type": "action", "service": self.service, "operation": operation, "arguments": back.arguments,
            });
            if let Some(note) = back.note {
                step["note"] = note.into();
            }
            step
        });
        let on = self.on.iter().map(|(uid, kind)| json!({"uid": uid, "type": kind}));
        let evidence = self.evidence.iter().map(|(title, uri)| json!({"title": title, "uri": uri}));
        json!({
            "title": self.title,
            "action": {"service": self.service, "operation": self.operation, "arguments": self.arguments},
            "resources": on.collect::<Vec<_>>(),
            "rationale": self.why,
            "evidence": evidence.collect::<Vec<_>>(),
            "plan": {"steps": steps, "rollback": rollback.into_iter().collect::<Vec<_>>()},
            "on_behalf_of": {"uid": self.r#for.0, "name": self.r#for.1},
            "session": {"uid": self.session, "started_by": self.r#for.0},
        })
    }
}

/// Something that one agent proposes again and again.
#[derive(Debug)]
pub struct Piece {
    pub id: String,
    /// Its place in the cast.
    pub player: usize,
    /// Tenths of times in a working week.
    pub a_week: i64,
    pub hours: Hours,
    pub from: i64,
    pub until: i64,
    pub urgent: bool,
    pub rejected: u32,
    pub fails: u32,
    pub no: Vec<String>,
    pub variants: Vec<Variant>,
}

/// One variation, with what the endpoint makes of it.
#[derive(Debug)]
pub struct Variant {
    pub proposal: Proposal,
    pub judged: Judged,
    /// What it becomes when it is proposed, but for identity and times.
    pub version: Version,
    /// What it may be amended to.
    pub amended: Option<Box<Variant>>,
}

/// Everything that the agents of the past may propose or suggest.
pub struct Repertoire {
    pub pieces: Vec<Piece>,
    pub recommendations: Vec<Recommendation>,
}

/// What a variation is judged with.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    pub cast: &'a [Player],
    pub people: &'a [Person],
    pub estate: &'a Estate,
    pub policy: &'a PolicyEngine,
}

/// What the policy answered to the same facts before.
type Outcomes = HashMap<String, PolicyOutcome>;

impl Bench<'_> {
    /// The policy's answer. It knows nothing of why the facts are so.
    fn outcome(self, facts: &PolicyFacts, outcomes: &mut Outcomes) -> PolicyOutcome {
        let mut asked = facts.clone();
        asked.classification.reasons.clear();
        outcomes.entry(format!("{asked:?}")).or_insert_with(|| self.policy.evaluate(facts)).clone()
    }

    fn variant(self, player: usize, proposal: Proposal, outcomes: &mut Outcomes) -> Result<Variant, HistoryError> {
        proposal.check()?;
        let agent = &self.cast[player].profile;
        let judged = judge(&proposal, &[agent.uid.to_string()], self.estate)?;
        let occasion = Occasion {
            change: ChangeId(1),
            version: 1,
            agent: agent.clone(),
            origin: Origin::of(&proposal.on_behalf_of, &proposal.session, self.people),
            now: Instant::from_unix_micros(0)?,
            nonce: String::new(),
        };
        let built = compose(proposal.clone(), judged.clone(), occasion, |facts| self.outcome(facts, outcomes))?;
        Ok(Variant { proposal, judged, version: built.version, amended: None })
    }
}

impl Repertoire {
    /// Reads it, draws the variations of each piece and judges them, on as many threads as there are.
    pub fn read(bench: Bench<'_>, seed: u64) -> Result<Repertoire, HistoryError> {
        let written: Written = json::read(REPERTOIRE.as_bytes())?;
        let script = Script::embedded()?;
        let numbered: Vec<(usize, WrittenPiece)> = written.pieces.into_iter().enumerate().collect();
        let pieces = on_threads(numbered, |part| {
            let mut outcomes = HashMap::new();
            let each = part.into_iter().map(|(index, piece)| {
                // A piece that is added at the end leaves the others as they were.
                let mut chance = StdRng::seed_from_u64(seed.wrapping_add(index as u64));
                prepared(piece, &script, bench, &mut outcomes, &mut chance)
            });
            each.collect()
        })?;
        let recommendations = script.recommendations.into_iter().chain(written.recommendations).collect();
        Ok(Repertoire { pieces, recommendations })
    }
}

fn prepared(
    piece: WrittenPiece,
    script: &Script,
    bench: Bench<'_>,
    outcomes: &mut Outcomes,
    chance: &mut StdRng,
) -> Result<Piece, HistoryError> {
    let mut scene = match (&piece.like, piece.id, piece.agent, piece.proposal) {
        (Some(like), None, None, None) => {
            let scene = script.scenes.iter().find(|scene| scene.id == *like).cloned();
            scene.ok_or_else(|| HistoryError::Piece(format!("{like}: no scene of the script")))?
        }
        (None, Some(id), Some(agent), Some(short)) => Scene::of(id, agent, short.proposal()),
        (like, id, ..) => return Err(HistoryError::Piece(format!("{like:?} {id:?}: neither one nor the other"))),
    };
    let variants = piece.variants.unwrap_or(VARIANTS);
    for (name, values) in piece.vary {
        scene.vary.insert(name, spread(values, variants, chance));
    }
    scene.proposal["expires_in"] = MAY_WAIT.into();
    let player = bench.cast.iter().position(|player| player.profile.uid.as_str() == scene.agent);
    let player = player.ok_or_else(|| HistoryError::Piece(format!("{}: nobody of the cast", scene.id)))?;
    let mut drawn = Vec::new();
    for _ in 0..variants {
        let one = scene.draw(chance)?;
        let mut variant = bench.variant(player, one.proposal, outcomes)?;
        if variant.version.policy.decision == Effect::NeedsReview {
            let amendment = one.amendment.or_else(|| with_another_check(&variant.version));
            let amendment = amendment.map(|amendment| Proposal { expires_in: Some(MAY_WAIT), ..amendment });
            variant.amended =
                amendment.map(|amended| bench.variant(player, amended, outcomes)).transpose()?.map(Box::new);
        }
        drawn.push(variant);
    }
    let reads = drawn.iter().all(|variant| variant.version.classification.access_level.is_read_only());
    Ok(Piece {
        id: scene.id,
        player,
        a_week: (piece.a_week * 10.0).round() as i64,
        hours: piece.hours,
        from: piece.from,
        until: piece.until.unwrap_or(i64::MAX),
        urgent: piece.urgent,
        rejected: piece.rejected,
        fails: piece.fails.unwrap_or(if reads { 1 } else { 3 }),
        no: piece.no,
        variants: drawn,
    })
}

/// The values, or as many numbers of a range as there are variations.
fn spread(values: Vec<Value>, count: usize, chance: &mut impl Rng) -> Vec<Value> {
    let range = match values.as_slice() {
        [Value::String(text)] => {
            text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?))
        }
        _ => None,
    };
    match range {
        Some(range) => {
            let range: std::ops::Range<u32> = range;
            (0..count).map(|_| chance.random_range(range.clone()).to_string().into()).collect()
        }
        None => values,
    }
}

impl Piece {
    /// One of its variations.
    pub fn some_variant(&self, chance: &mut impl Rng) -> usize {
        let places: Vec<usize> = (0..self.variants.len()).collect();
        places.choose(chance).copied().unwrap_or_default()
    }
}

impl Variant {
    /// Whether people are asked.
    pub fn is_reviewed(&self) -> bool {
        self.version.policy.decision == Effect::NeedsReview
    }
}
