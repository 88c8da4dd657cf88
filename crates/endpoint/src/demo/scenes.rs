//! The words of the demonstration: what its agents propose and recommend, read from `scenes.json` and drawn
//! with small variations. Who the agents are is `fleet`, when they act is `stage`.

use oversight::json::{self, Fault};
use oversight::proposal::Proposal;
use rand::Rng;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const SCENES: &str = include_str!("scenes.json");

/// Everything that can happen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub scenes: Vec<Scene>,
    pub recommendations: Vec<Recommendation>,
}

/// A proposal that one agent makes, with the places in it that vary.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    pub id: String,
    pub agent: String,
    /// Part of what fills the queue at the start.
    pub opening: bool,
    /// May come again later.
    pub again: bool,
    /// What `{name}` in a text may stand for. A text that is `{name}` alone becomes the value itself.
    #[serde(default)]
    pub(super) vary: BTreeMap<String, Vec<Value>>,
    pub(super) proposal: Value,
    /// Merged into the proposal (RFC 7396) when the agent amends it.
    #[serde(default)]
    amendment: Option<Value>,
}

/// What an agent suggests without proposing it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    pub agent: String,
    pub service: String,
    pub operation: String,
    pub resource: String,
    pub rationale: String,
}

/// A scene with its variations drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub proposal: Proposal,
    pub amendment: Option<Proposal>,
}

impl Script {
    /// The embedded script; a test holds it to its form.
    pub fn embedded() -> Result<Script, Fault> {
        json::read(SCENES.as_bytes())
    }
}

impl Scene {
    /// One that varies nothing and is never amended.
    pub fn of(id: String, agent: String, proposal: Value) -> Scene {
        Scene { id, agent, opening: false, again: true, vary: BTreeMap::new(), proposal, amendment: None }
    }

    /// One of its variations.
    pub fn draw(&self, chance: &mut impl Rng) -> Result<Drawn, Fault> {
        let drawn: BTreeMap<&str, &Value> = self
            .vary
            .iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(name, values)| (name.as_str(), &values[chance.random_range(0..values.len())]))
            .collect();
        let mut proposal = self.proposal.clone();
        fill(&mut proposal, &drawn);
        let amendment = self.amendment.clone().map(|mut patch| {
            fill(&mut patch, &drawn);
            let mut amended = proposal.clone();
            merge(&mut amended, patch);
            amended
        });
        Ok(Drawn { proposal: json::decode(proposal)?, amendment: amendment.map(json::decode).transpose()? })
    }
}

fn fill(value: &mut Value, drawn: &BTreeMap<&str, &Value>) {
    match value {
        Value::String(text) => {
            let whole = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            if let Some(one) = whole.and_then(|name| drawn.get(name)) {
                *value = (*one).clone();
                return;
            }
            for (name, one) in drawn {
                let words = one.as_str().map_or_else(|| one.to_string(), str::to_owned);
                *text = text.replace(&format!("{{{name}}}"), &words);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, drawn)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, drawn)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// RFC 7396, without the removal of fields by null, which no amendment here needs.
fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{ESTATE, fleet};
    use crate::policy::PolicyEngine;
    use oversight::change::Origin;
    use oversight::classify::{ActionTable, Estate, Subject, classify};
    use oversight::id::PersonUid;
    use oversight::policy::{PolicyFacts, PolicyOutcome};
    use oversight::review::Person;
    use oversight::vocabulary::{CriticalPath, Effect, Role, Tier};
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use std::collections::BTreeSet;

    /// Every scene, classified and evaluated as the endpoint would.
    fn judged() -> Vec<(Scene, Drawn, oversight::policy::Classification, PolicyOutcome)> {
        let engine = PolicyEngine::default_policy();
        let estate = Estate::parse(ESTATE).unwrap();
        let mut chance = StdRng::seed_from_u64(1);
        let script = Script::embedded().unwrap();
        let local = ["engineer-1", "engineer-2"].map(|uid| PersonUid::new(uid).unwrap());
        let local = local.map(|uid| Person { uid, role: Role::Engineer, groups: Vec::new() });
        let people: Vec<Person> = fleet::people().filter_map(|one| one.person()).chain(local).collect();
        script
            .scenes
            .into_iter()
            .map(|scene| {
                let drawn = scene.draw(&mut chance).unwrap();
                let proposal = &drawn.proposal;
                let classification = classify(Subject::of(proposal, &[]), ActionTable::built_in(), &estate);
                let origin = Origin::of(&proposal.on_behalf_of, &proposal.session, &people);
                let outcome = engine.evaluate(&PolicyFacts {
                    agent: scene.agent.clone(),
                    service: proposal.action.service.clone(),
                    operation: proposal.action.operation.clone(),
                    classification: classification.clone(),
                    prompter_known: origin.prompter_known,
                    starter_known: origin.starter_known,
                    has_rollback: !proposal.plan.rollback.is_empty(),
                });
                (scene, drawn, classification, outcome)
            })
            .collect()
    }

    #[test]
    fn every_scene_is_a_proposal_of_an_agent_of_the_fleet_with_nothing_left_to_fill_in() {
        let script = Script::embedded().unwrap();
        let agents: BTreeSet<String> = fleet::members().into_iter().map(|member| member.principal.uid).collect();
        let mut ids = BTreeSet::new();
        for scene in &script.scenes {
            assert!(ids.insert(&scene.id), "{} twice", scene.id);
            assert!(agents.contains(&scene.agent), "{}", scene.agent);
            for seed in 0..8 {
                let drawn = scene.draw(&mut StdRng::seed_from_u64(seed)).unwrap();
                for proposal in [Some(&drawn.proposal), drawn.amendment.as_ref()].into_iter().flatten() {
                    proposal.check().unwrap();
                    let text = serde_json::to_string(proposal).unwrap();
                    for name in scene.vary.keys() {
                        assert!(!text.contains(&format!("{{{name}}}")), "{}: {name} in {text}", scene.id);
                    }
                }
                assert!(drawn.amendment.is_none_or(|amended| amended != drawn.proposal));
            }
        }
        assert!(script.recommendations.iter().all(|one| agents.contains(&one.agent)));
        let speaking: BTreeSet<&String> = script.scenes.iter().map(|scene| &scene.agent).collect();
        assert_eq!(speaking.len(), agents.len(), "an agent that never proposes");
    }

    #[test]
    fn the_opening_shows_every_tier_path_and_outcome_and_fits_the_queue() {
        let opening: Vec<_> = judged().into_iter().filter(|(scene, ..)| scene.opening).collect();
        let waiting: Vec<_> = opening.iter().filter(|(.., outcome)| outcome.decision == Effect::NeedsReview).collect();
        let tiers: BTreeSet<Tier> = waiting.iter().map(|(_, _, class, _)| class.tier).collect();
        let paths: BTreeSet<CriticalPath> =
            waiting.iter().flat_map(|(_, _, class, _)| class.critical_paths.iter().copied()).collect();
        assert_eq!(tiers, Tier::ALL.iter().copied().collect(), "tiers that wait");
        assert_eq!(paths, CriticalPath::ALL.iter().copied().collect());
        assert!((15..=22).contains(&waiting.len()), "{} wait", waiting.len());
        let count = |effect| opening.iter().filter(|(.., outcome)| outcome.decision == effect).count();
        assert!(
            count(Effect::Allow) >= 2 && count(Effect::Deny) == 1,
            "{} allowed, {} denied",
            count(Effect::Allow),
            count(Effect::Deny)
        );
        let blocked = |drawn: &Proposal, outcome: &PolicyOutcome| {
            outcome.requirement.rollback_required && drawn.plan.rollback.is_empty()
        };
        assert!(
            waiting.iter().any(|(_, drawn, _, outcome)| blocked(&drawn.proposal, outcome)),
            "one without its way back"
        );
        assert!(waiting.iter().any(|(.., outcome)| outcome.requirement.people() == 3), "one of three people");
    }

    #[test]
    fn an_agent_whose_prompter_nobody_knows_is_not_let_go_on_its_own() {
        let judged = judged();
        let outcome_of = |id: &str| &judged.iter().find(|(scene, ..)| scene.id == id).unwrap().3;
        let unknown = outcome_of("flush-edge-cache");
        assert!(unknown.determining.iter().any(|policy| policy.id == "origin-unknown"), "{unknown:?}");
        let known = outcome_of("read-error-logs");
        assert_eq!(known.decision, Effect::Allow, "{known:?}");
    }

    #[test]
    fn hidden_and_reversed_characters_are_found_where_they_were_put() {
        for (id, part) in [("hidden-character-in-target", "resources"), ("reversed-text-in-rationale", "rationale")] {
            let script = Script::embedded().unwrap();
            let scene = script.scenes.iter().find(|scene| scene.id == id).unwrap();
            let drawn = scene.draw(&mut StdRng::seed_from_u64(0)).unwrap();
            let value = serde_json::to_value(&drawn.proposal).unwrap();
            let findings = oversight::text::analyse_json("", &value, |_| oversight::text::Shape::Prose);
            assert!(findings.iter().any(|finding| finding.field.starts_with(part)), "{id}: {findings:?}");
        }
    }
}
