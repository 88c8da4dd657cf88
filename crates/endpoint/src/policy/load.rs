//! From a policy text to a checked set: parsed, each policy known by its `@id`, annotations read, validated
//! against the schema, literals held against the words that can occur. Anything that doesn't pass stops the
//! load, all faults at once. Evaluating is `super`.

use super::{Rule, SCHEMA, words};
use cedar_policy::ffi::DetailedError;
use cedar_policy::{Effect, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};
use oversight::policy::Requirement;
use std::collections::HashMap;
use std::fmt;

/// The annotations a policy may carry.
const ANNOTATIONS: [&str; 6] = ["id", "title", "factor", "expires", "canary", "rollback"];
/// Those that say what is needed; on a `forbid` they would mean nothing.
const REQUIREMENTS: [&str; 4] = ["factor", "expires", "canary", "rollback"];

/// Deepest nesting of brackets in a text; what people write stays far below.
const DEEPEST: usize = 64;

/// Why a policy text was not loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// The name of the set: a file, or `default`.
    pub name: String,
    /// At least one.
    pub faults: Vec<PolicyFault>,
}

/// One thing wrong with one policy, or with the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFault {
    /// The policy's `@id`; `policy 3` for one without, counted from the top; absent for the whole text.
    pub policy: Option<String>,
    /// Line of the text, from 1, where it is known.
    pub line: Option<usize>,
    pub reason: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The policy {} was not loaded.", self.name)?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        match &self.policy {
            Some(policy) => write!(f, "{policy}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// A set that passed.
pub struct Loaded {
    pub schema: Schema,
    pub policies: PolicySet,
    pub rules: HashMap<PolicyId, Rule>,
}

/// Loads `text`, or says everything that is wrong with it.
pub fn load(text: &str, name: &str) -> Result<Loaded, PolicyError> {
    let refused = |faults| PolicyError { name: name.to_owned(), faults };
    let schema = match Schema::from_cedarschema_str(SCHEMA) {
        Ok((schema, _)) => schema,
        Err(error) => return Err(refused(vec![whole(format!("the schema can't be read: {error}"))])),
    };
    if let Some(line) = too_deep(text) {
        let reason = format!("brackets nest deeper than {DEEPEST} levels");
        return Err(refused(vec![PolicyFault { policy: None, line: Some(line), reason }]));
    }
    let parsed: PolicySet = text.parse().map_err(|error: cedar_policy::ParseErrors| {
        refused(error.iter().map(|error| located(text, None, &DetailedError::from(error))).collect())
    })?;

    let mut faults = Vec::new();
    if parsed.templates().next().is_some() {
        faults.push(whole("a template (?principal, ?resource) is never linked here; write the policy out"));
    }
    let mut policies = PolicySet::new();
    let mut rules = HashMap::new();
    // Cedar names them policy0, policy1, … in the order of the text, and hands them out in none.
    let mut in_order: Vec<&Policy> = parsed.policies().collect();
    in_order.sort_by_key(|policy| number(policy.id()));
    for policy in &in_order {
        match read(policy) {
            Ok((id, rule)) => {
                faults.extend(words::check(policy).into_iter().map(|reason| of(&id, reason)));
                if policies.add(policy.new_id(id.clone())).is_err() {
                    faults.push(of(&id, "another policy has the same @id"));
                }
                rules.insert(id, rule);
            }
            Err(reasons) => {
                let known = policy.annotation("id").map(str::trim).filter(|id| !id.is_empty());
                let label = known.map_or_else(|| format!("policy {}", number(policy.id()) + 1), str::to_owned);
                faults.extend(reasons.into_iter().map(|reason| of(&label, reason)));
            }
        }
    }
    if in_order.is_empty() {
        faults.push(whole("it holds no policy; everything would be denied"));
    }
    if !faults.is_empty() {
        return Err(refused(faults));
    }

    let result = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
    if !result.validation_passed_without_warnings() {
        let errors =
            result.validation_errors().map(|error| (error.policy_id().to_string(), DetailedError::from(error)));
        let warnings =
            result.validation_warnings().map(|error| (error.policy_id().to_string(), DetailedError::from(error)));
        return Err(refused(errors.chain(warnings).map(|(id, error)| located(text, Some(id), &error)).collect()));
    }
    Ok(Loaded { schema, policies, rules })
}

/// The line on which brackets nest too deep: Cedar follows them by recursion, and the stack ends before they do.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut line, mut quoted) = (0usize, 1, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            '\\' if quoted => drop(chars.next_if(|next| *next != '\n')),
            '"' => quoted = !quoted,
            _ if quoted => {}
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|next| *next != '\n').is_some() {},
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(line);
        }
    }
    None
}

fn read(policy: &Policy) -> Result<(PolicyId, Rule), Vec<String>> {
    let mut faults = Vec::new();
    let said = |name: &str| policy.annotation(name).map(str::trim).filter(|value| !value.is_empty());
    if said("id").is_none() {
        faults.push("it has no @id, by which records would name it".to_owned());
    }
    if said("title").is_none() {
        faults.push("it has no @title, which reviewers read".to_owned());
    }
    let mut unknown: Vec<&str> =
        policy.annotations().map(|(name, _)| name).filter(|name| !ANNOTATIONS.contains(name)).collect();
    unknown.sort_unstable();
    for name in unknown {
        faults.push(format!("@{name} is not an annotation; there are @{}", ANNOTATIONS.join(", @")));
    }
    let needs = REQUIREMENTS.iter().filter(|name| policy.annotation(name).is_some());
    if policy.effect() == Effect::Forbid {
        faults.extend(needs.map(|name| format!("@{name} on a forbid: it denies, whoever approves")));
    }
    let requirement = Requirement::from_annotations(|name| policy.annotation(name)).unwrap_or_else(|error| {
        faults.push(error.to_string());
        Requirement::default()
    });
    if policy.annotation("factor").is_some() && requirement.slots.is_empty() && faults.is_empty() {
        faults.push("@factor names nobody; leave it out if nobody is to be asked".to_owned());
    }
    match (faults.is_empty(), said("id"), said("title")) {
        (true, Some(id), Some(title)) => Ok((PolicyId::new(id), Rule { title: title.to_owned(), requirement })),
        _ => Err(faults),
    }
}

/// 3 of `policy3`, Cedar's name for the fourth policy of a text.
fn number(id: &PolicyId) -> usize {
    id.to_string().trim_start_matches("policy").parse().unwrap_or(usize::MAX - 1)
}

fn whole(reason: impl Into<String>) -> PolicyFault {
    PolicyFault { policy: None, line: None, reason: reason.into() }
}

fn of(policy: impl fmt::Display, reason: impl Into<String>) -> PolicyFault {
    PolicyFault { policy: Some(policy.to_string()), line: None, reason: reason.into() }
}

fn located(text: &str, policy: Option<String>, error: &DetailedError) -> PolicyFault {
    let start = error.source_locations.first().map(|label| label.loc.start);
    let line = start.map(|at| 1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count());
    let mut reason = error.message.clone();
    // The message already names the policy, in Cedar's words.
    if let Some(id) = &policy
        && let Some(rest) = reason.strip_prefix(&format!("for policy `{id}`, "))
    {
        reason = rest.to_owned();
    }
    if let Some(help) = &error.help {
        reason = format!("{reason} ({help})");
    }
    PolicyFault { policy, line, reason }
}
