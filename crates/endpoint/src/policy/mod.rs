//! The review policy: Cedar, loaded strictly and evaluated so that any doubt denies. Here is the engine;
//! how a policy text is checked is `load`, how facts become a request is `facts`. What the answer asks of
//! people is `oversight::policy`, who is asked when is the desk's.

mod facts;
mod load;
#[cfg(test)]
mod load_tests;
#[cfg(test)]
mod oracle;
mod words;

use cedar_policy::{Authorizer, Decision, PolicyId, PolicySet, Response, Schema};
use oversight::digest::Digest;
use oversight::policy::{Determining, PolicyFacts, PolicyOutcome, Requirement};
use oversight::vocabulary::Effect;
use std::collections::HashMap;

pub use load::{PolicyError, PolicyFault};

/// The default policy's text, as the design's table has it.
pub const DEFAULT: &str = include_str!("default.cedar");

/// What a policy may ask about, in Cedar's schema language.
pub const SCHEMA: &str = include_str!("schema.cedarschema");

/// One loaded policy set. Evaluating never fails: what goes wrong is a denial that says so.
pub struct PolicyEngine {
    uid: String,
    version: String,
    text: String,
    schema: Schema,
    policies: PolicySet,
    rules: HashMap<PolicyId, Rule>,
    authorizer: Authorizer,
}

/// What one policy's annotations say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub title: String,
    pub requirement: Requirement,
}

impl PolicyEngine {
    /// Reads, validates and takes over a policy text; `name` is what outcomes call it. Every fault that
    /// was found is in the error, each with the policy's id.
    pub fn load(text: &str, name: &str) -> Result<PolicyEngine, PolicyError> {
        let loaded = load::load(text, name)?;
        Ok(PolicyEngine {
            uid: name.to_owned(),
            version: Digest::of(text.as_bytes()).to_string()[..12].to_owned(),
            text: text.to_owned(),
            schema: loaded.schema,
            policies: loaded.policies,
            rules: loaded.rules,
            authorizer: Authorizer::new(),
        })
    }

    /// The policy that is in force unless another is given. A test holds its text to the schema.
    pub fn default_policy() -> PolicyEngine {
        PolicyEngine::load(DEFAULT, "default").unwrap_or_else(|error| panic!("{error}"))
    }

    /// The policy set's name.
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// The first 12 hexadecimal digits of the SHA-256 of the text.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The text as loaded.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the policy says of a version. Denied are: what a `forbid` applies to, what no `permit` applies
    /// to, and everything for which any policy could not be evaluated; Cedar alone would skip a `forbid`
    /// that fails and let the rest decide.
    pub fn evaluate(&self, facts: &PolicyFacts) -> PolicyOutcome {
        match facts::request(facts, &self.schema) {
            Ok((request, entities)) => {
                let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
                self.outcome(&response, facts)
            }
            Err(reason) => self.denied(Vec::new(), vec![format!("The facts could not be put to the policy: {reason}")]),
        }
    }

    fn outcome(&self, response: &Response, facts: &PolicyFacts) -> PolicyOutcome {
        let failed: Vec<_> = response.diagnostics().errors().collect();
        if !failed.is_empty() {
            let ids = failed.iter().map(|error| match error {
                cedar_policy::AuthorizationError::PolicyEvaluationError(inner) => inner.policy_id(),
            });
            let determining = self.determining(ids);
            return self.denied(determining, failed.iter().map(|error| sentence(&error.to_string())).collect());
        }
        let determining = self.determining(response.diagnostics().reason());
        if response.decision() == Decision::Deny {
            return self.denied(determining, Vec::new());
        }
        let requirement = response
            .diagnostics()
            .reason()
            .filter_map(|id| self.rules.get(id))
            .map(|rule| rule.requirement.clone())
            .reduce(Requirement::and)
            .unwrap_or_default();
        let decision = if requirement.slots.is_empty() { Effect::Allow } else { Effect::NeedsReview };
        if decision == Effect::Allow {
            // With nobody to look at it, a condition that isn't met can only be a denial.
            let mut unmet = Vec::new();
            if requirement.rollback_required && !facts.has_rollback {
                unmet.push("The policy requires a typed rollback or compensation plan, and there is none.".to_owned());
            }
            if requirement.canary_required {
                unmet.push("The policy requires a canary and asks nobody; a canary can't run unreviewed.".to_owned());
            }
            if !unmet.is_empty() {
                return self.denied(determining, unmet);
            }
        }
        self.answer(decision, determining, requirement, Vec::new())
    }

    fn determining<'a>(&self, ids: impl Iterator<Item = &'a PolicyId>) -> Vec<Determining> {
        let mut determining: Vec<Determining> = ids
            .map(|id| Determining {
                id: id.to_string(),
                title: self.rules.get(id).map(|rule| rule.title.clone()).unwrap_or_default(),
            })
            .collect();
        determining.sort_by(|a, b| a.id.cmp(&b.id));
        determining.dedup();
        determining
    }

    fn denied(&self, determining: Vec<Determining>, errors: Vec<String>) -> PolicyOutcome {
        self.answer(Effect::Deny, determining, Requirement::default(), errors)
    }

    fn answer(
        &self,
        decision: Effect,
        determining: Vec<Determining>,
        requirement: Requirement,
        errors: Vec<String>,
    ) -> PolicyOutcome {
        PolicyOutcome {
            uid: self.uid.clone(),
            version: self.version.clone(),
            decision,
            determining,
            requirement,
            errors,
        }
    }
}

impl std::fmt::Debug for PolicyEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PolicyEngine({} {})", self.uid, self.version)
    }
}

/// Cedar's message as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
