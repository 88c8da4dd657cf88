//! Classification: what the endpoint says of an action whatever its agent says of it: access level,
//! environment, critical paths, tier, reversibility. Pure, from the action table and the estate file; what
//! is unknown stays unknown. What follows from it is the policy's (`crate::policy`).

pub mod action_table;
pub mod arguments;
pub mod estate;
pub mod names;
pub mod principals;
pub mod tier;

pub use action_table::{ActionFacts, ActionTable, TableError, short_service};
pub use estate::{Estate, EstateError};

use crate::missing::Field;
use crate::policy::Classification;
use crate::proposal::{PlanStep, Proposal, ProposedResource};
use crate::record::Resource;
use crate::vocabulary::{AccessLevel, CriticalPath, Environment, Reversibility};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use tier::Ingredients;

/// What is classified: an action, what it touches, and the typed steps approved with it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub service: &'a str,
    pub operation: &'a str,
    pub arguments: &'a Map<String, Value>,
    pub resources: &'a [ProposedResource],
    pub steps: &'a [PlanStep],
    pub rollback: &'a [PlanStep],
    /// The agent's own roles and users, ARNs or names, as its registration has them.
    pub own_principals: &'a [String],
}

impl<'a> Subject<'a> {
    pub fn of(proposal: &'a Proposal, own_principals: &'a [String]) -> Subject<'a> {
        Subject {
            service: &proposal.action.service,
            operation: &proposal.action.operation,
            arguments: &proposal.action.arguments,
            resources: &proposal.resources,
            steps: &proposal.plan.steps,
            rollback: &proposal.plan.rollback,
            own_principals,
        }
    }

    /// Every operation in it, the action first; whether it belongs to the rollback.
    fn operations(&self) -> Vec<Operation<'a>> {
        let mut all = vec![Operation {
            service: self.service,
            operation: self.operation,
            arguments: self.arguments,
            undoes: false,
        }];
        for (steps, undoes) in [(self.steps, false), (self.rollback, true)] {
            for step in steps {
                if let PlanStep::Action { service, operation, arguments, .. } = step {
                    all.push(Operation { service, operation, arguments, undoes });
                }
            }
        }
        all
    }
}

#[derive(Clone, Copy)]
struct Operation<'a> {
    service: &'a str,
    operation: &'a str,
    arguments: &'a Map<String, Value>,
    undoes: bool,
}

/// Classifies `subject`. The worst of the action, every step and every rollback step governs in everything: all of
/// them are approved together, and a step that can't be undone can't be undone in a rollback either.
///
/// Only ARNs and the estate file say where a thing is: the account, region and environment that the agent
/// gives for a resource count for nothing. Things named in arguments count as well as those listed, and what is named
/// as a target and neither listed nor known is unknown.
pub fn classify(subject: Subject<'_>, table: &ActionTable, estate: &Estate) -> Classification {
    let operations = subject.operations();
    let mut effect = Effect::default();
    for operation in &operations {
        effect.add(*operation, table, subject);
    }
    let mut place = Place::default();
    place.add_resources(subject.resources, estate);
    for operation in &operations {
        let facts = table.lookup_with(operation.service, operation.operation, operation.arguments);
        let changes = !facts.access_level.is_read_only();
        if changes {
            place.doubt_decoys(operation.service, subject.resources);
        }
        place.add_hints(*operation, subject.resources, estate, changes);
    }

    let changes = !effect.access_level.is_read_only();
    if changes {
        effect.critical_paths.extend(&place.critical_paths);
        if !place.critical_paths.is_empty() {
            effect
                .reasons
                .push(format!("Touches {}, which the estate file puts on that path.", listed(&place.critical_paths)));
        }
        if place.audit && !effect.audit_or_guardrail {
            effect.audit_or_guardrail = true;
            effect.reasons.push(
                "Changes something that the estate file marks as holding the audit trail or a guardrail.".to_owned(),
            );
        }
    }
    let ingredients = Ingredients {
        access_level: effect.access_level,
        environment: place.environment(),
        reversibility: effect.reversibility,
        on_critical_path: !effect.critical_paths.is_empty(),
        returns_credentials: effect.returns_credentials,
        removes_a_limit: effect.audit_or_guardrail || effect.widens_own_permissions || effect.without_limit,
    };
    let tier = tier::tier(ingredients);
    let limits = [
        (effect.audit_or_guardrail, "it stops, deletes or blinds audit or a guardrail"),
        (effect.widens_own_permissions, "it can widen the agent's own permissions"),
        (effect.without_limit, "it grants without limit"),
    ];
    let limit = limits.iter().find(|(holds, _)| *holds).map(|(_, clause)| *clause);
    let mut reasons = vec![tier::sentence(ingredients, tier, limit)];
    reasons.append(&mut effect.reasons);
    reasons.append(&mut place.reasons());
    // An action and the step of its plan that is the same action have the same reasons: each is said once.
    let mut said = BTreeSet::new();
    reasons.retain(|reason| said.insert(reason.clone()));
    Classification {
        access_level: effect.access_level,
        environment: ingredients.environment,
        critical_paths: effect.critical_paths.into_iter().collect(),
        tier,
        reversibility: effect.reversibility,
        returns_credentials: effect.returns_credentials,
        audit_or_guardrail: effect.audit_or_guardrail,
        widens_own_permissions: effect.widens_own_permissions,
        reasons,
    }
}

/// The resources as the agent names them, each with the environment that the estate file gives it, and with
/// account and region from its ARN where that has them.
pub fn placed(resources: &[ProposedResource], estate: &Estate) -> Vec<Resource> {
    let place = |resource: &ProposedResource| {
        let arn = estate::Arn::parse(&resource.uid);
        let from_arn = |part: fn(&estate::Arn<'_>) -> String| arn.as_ref().map(part).filter(|text| !text.is_empty());
        let field = |arn: Option<String>, given: &Option<String>| {
            arn.or_else(|| given.clone()).map_or(Field::Absent, Field::Is)
        };
        Resource {
            uid: resource.uid.clone(),
            kind: resource.kind.clone().map_or(Field::Absent, Field::Is),
            account: field(from_arn(|arn| arn.account.to_owned()), &resource.account),
            region: field(from_arn(|arn| arn.region.to_owned()), &resource.region),
            environment: Field::Is(estate.standing(&resource.uid).environment),
        }
    };
    resources.iter().map(place).collect()
}

/// What the operations do, the worst of all.
struct Effect {
    access_level: AccessLevel,
    reversibility: Reversibility,
    critical_paths: BTreeSet<CriticalPath>,
    returns_credentials: bool,
    audit_or_guardrail: bool,
    widens_own_permissions: bool,
    without_limit: bool,
    reasons: Vec<String>,
}

impl Default for Effect {
    fn default() -> Self {
        Effect {
            access_level: AccessLevel::List,
            reversibility: Reversibility::Reversible,
            critical_paths: BTreeSet::new(),
            returns_credentials: false,
            audit_or_guardrail: false,
            widens_own_permissions: false,
            without_limit: false,
            reasons: Vec::new(),
        }
    }
}

impl Effect {
    fn add(&mut self, operation: Operation<'_>, table: &ActionTable, subject: Subject<'_>) {
        let facts = table.lookup_with(operation.service, operation.operation, operation.arguments);
        let name = shown(&format!("{}:{}", short_service(operation.service), operation.operation));
        let of_rollback = if operation.undoes { ", a step of the rollback," } else { "" };
        let because = if facts.because.is_empty() { String::new() } else { format!(": {}", facts.because.join("; ")) };
        self.reasons.push(match facts.access_level {
            AccessLevel::Unknown if !facts.listed => format!(
                "{name}{of_rollback} is not in the action table of {}: its access level and what it touches are unknown{because}.",
                table.date()
            ),
            level => {
                let class = match (facts.reversibility, level.is_read_only()) {
                    (_, true) => String::new(),
                    (Reversibility::Unknown, _) if facts.because.is_empty() => ", reversibility not assessed".to_owned(),
                    (Reversibility::Unknown, _) => ", reversibility unknown".to_owned(),
                    (class, _) => format!(", {class}"),
                };
                format!("{name}{of_rollback} is {}{class}{because}.", described(level))
            }
        });
        if !facts.because_of_path.is_empty() {
            let paths = listed(&facts.critical_paths.iter().copied().collect());
            self.reasons.push(format!("{name} touches {paths}: {}.", facts.because_of_path.join("; ")));
        }
        if facts.returns_credentials {
            self.reasons.push(format!("The answer to {name} can hold credentials or secrets."));
        }
        self.access_level = graver(self.access_level, facts.access_level);
        self.reversibility = self.reversibility.worse(facts.reversibility);
        self.critical_paths.extend(&facts.critical_paths);
        self.returns_credentials |= facts.returns_credentials;
        self.audit_or_guardrail |= facts.audit_or_guardrail;

        let of_identity =
            facts.critical_paths.contains(&CriticalPath::Authentication) && facts.access_level == AccessLevel::Tagging;
        let about_permissions = matches!(facts.access_level, AccessLevel::PermissionsManagement | AccessLevel::Unknown);
        if about_permissions || of_identity {
            let targets: Vec<&str> = subject.resources.iter().map(|resource| resource.uid.as_str()).collect();
            if principals::concerns_itself(subject.own_principals, operation.arguments, &targets)
                && !self.widens_own_permissions
            {
                self.widens_own_permissions = true;
                self.reasons
                    .push(format!("{name} names the agent's own role: it can widen the agent's own permissions."));
            }
        }
        if about_permissions && let Some(why) = principals::grants_without_limit(operation.arguments) {
            self.without_limit = true;
            self.reasons.push(format!("{name} grants without limit: {why}."));
        }
    }
}

/// Where it lands, the gravest of all.
#[derive(Default)]
struct Place {
    found: Vec<(Environment, String)>,
    critical_paths: BTreeSet<CriticalPath>,
    audit: bool,
}

/// Services that act on the things of another: service, and whose things.
const ACTS_ON: &[(&str, &str)] = &[("ssm", "ec2"), ("application-autoscaling", "ecs")];

impl Place {
    fn add_resources(&mut self, resources: &[ProposedResource], estate: &Estate) {
        if resources.is_empty() {
            self.found.push((Environment::Unknown, "No resource is named, so where it lands is unknown".to_owned()));
        }
        // What belongs to the provider itself, a managed policy, stands in no environment.
        let ours =
            |resource: &&ProposedResource| estate::Arn::parse(&resource.uid).is_none_or(|arn| arn.account != "aws");
        if !resources.iter().any(|resource| ours(&resource)) && !resources.is_empty() {
            self.found.push((
                Environment::Unknown,
                "Only things of the provider's own are named, so where it lands is unknown".to_owned(),
            ));
        }
        for resource in resources.iter().filter(ours) {
            let standing = estate.standing(&resource.uid);
            self.critical_paths.extend(standing.critical_paths);
            self.audit |= standing.audit;
            let sentence = match standing.environment {
                Environment::Unknown => {
                    format!("The environment of {} is unknown: {}", shown(&resource.uid), standing.because)
                }
                known => format!("{} is in {known}: {}", shown(&resource.uid), standing.because),
            };
            self.found.push((standing.environment, sentence));
        }
    }

    /// A resource of another service says nothing of where an operation lands, the action or a step: what it acts on
    /// may stand in its arguments under a name that nobody here knows.
    fn doubt_decoys(&mut self, service: &str, resources: &[ProposedResource]) {
        let service = action_table::short_service(service);
        let named: Vec<estate::Arn<'_>> = resources.iter().filter_map(|one| estate::Arn::parse(&one.uid)).collect();
        let own = |arn: &estate::Arn<'_>| {
            arn.service.eq_ignore_ascii_case(&service) || ACTS_ON.contains(&(service.as_str(), arn.service))
        };
        if !named.is_empty() && !named.iter().any(own) {
            let sentence = format!("Nothing named belongs to {service}, so where it acts is unknown");
            self.found.push((Environment::Unknown, sentence));
        }
    }

    fn add_hints(&mut self, operation: Operation<'_>, resources: &[ProposedResource], estate: &Estate, changes: bool) {
        let arguments = operation.arguments;
        let hints = estate.hints(arguments);
        if changes {
            let service = action_table::short_service(operation.service);
            for name in names::unlisted(&service, operation.operation, arguments, resources) {
                if hints.iter().any(|hint| hint.of.trim() == name) {
                    continue;
                }
                let sentence = format!("The arguments name {}, which is none of the resources listed", shown(name));
                self.found.push((Environment::Unknown, sentence));
            }
        }
        for hint in hints {
            if resources.iter().any(|resource| resource.uid == hint.of) {
                continue;
            }
            self.critical_paths.extend(hint.critical_paths);
            self.audit |= hint.audit;
            if let Some(environment) = hint.environment {
                let sentence = match environment {
                    Environment::Unknown => format!(
                        "The arguments name {}, whose environment is unknown: {}",
                        shown(&hint.of),
                        hint.because
                    ),
                    known => format!("The arguments name {}, in {known}: {}", shown(&hint.of), hint.because),
                };
                self.found.push((environment, sentence));
            }
        }
        for id in arguments::provider_ids(arguments) {
            let listed = |resource: &ProposedResource| {
                let rest = resource.uid.trim().strip_suffix(id);
                rest.is_some_and(|before| before.is_empty() || before.ends_with(['/', ':']))
            };
            if !resources.iter().any(listed) {
                let sentence = format!("The arguments name {}, which is none of the resources listed", shown(id));
                self.found.push((Environment::Unknown, sentence));
            }
        }
    }

    fn environment(&self) -> Environment {
        estate::worst(self.found.iter().map(|(environment, _)| *environment)).unwrap_or(Environment::Unknown)
    }

    /// What makes it the environment it is; at most three things, and how many more there are.
    fn reasons(&self) -> Vec<String> {
        const SHOWN: usize = 3;
        let governing = self.environment();
        let mut sentences: Vec<&String> = Vec::new();
        for (_, sentence) in self.found.iter().filter(|(environment, _)| *environment == governing) {
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
        let mut reasons: Vec<String> = sentences.iter().take(SHOWN).map(|sentence| format!("{sentence}.")).collect();
        if sentences.len() > SHOWN {
            reasons.push(format!("The same holds for {} more.", sentences.len() - SHOWN));
        }
        if governing == Environment::Unknown {
            reasons.push("An unknown environment counts as production.".to_owned());
        }
        reasons
    }
}

/// The graver of two access levels. Tags are changed more lightly than what they are on.
fn graver(one: AccessLevel, other: AccessLevel) -> AccessLevel {
    let rank = |level: AccessLevel| match level {
        AccessLevel::List => 0,
        AccessLevel::Read => 1,
        AccessLevel::Tagging => 2,
        AccessLevel::Write => 3,
        AccessLevel::PermissionsManagement => 4,
        AccessLevel::Unknown => 5,
    };
    if rank(other) > rank(one) { other } else { one }
}

fn described(level: AccessLevel) -> &'static str {
    match level {
        AccessLevel::List => "a list",
        AccessLevel::Read => "a read",
        AccessLevel::Write => "a write",
        AccessLevel::Tagging => "a change of tags",
        AccessLevel::PermissionsManagement => "a change of permissions",
        AccessLevel::Unknown => "of unknown access level",
    }
}

fn listed(paths: &BTreeSet<CriticalPath>) -> String {
    paths.iter().map(|path| path.as_str()).collect::<Vec<_>>().join(", ")
}

/// A text of the agent's inside a sentence of the endpoint's: printable ASCII only and not long, so that it
/// can't pose as part of the sentence; anything else is given by its length.
fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    let plain = !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
    if plain {
        text.to_owned()
    } else {
        format!("(a name of {} characters that is not plain text)", text.chars().count())
    }
}

#[cfg(test)]
mod tests;
