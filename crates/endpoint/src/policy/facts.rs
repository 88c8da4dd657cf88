//! From the facts of a version to one Cedar request: principal, action, and the change as an entity with
//! its attributes. What the attributes mean is said in `schema.cedarschema`; the facts are classified in
//! `oversight::classify`.

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression, Schema,
};
use oversight::classify::short_service;
use oversight::policy::PolicyFacts;
use oversight::vocabulary::Tier;
use std::collections::{HashMap, HashSet};
use std::str::FromStr;

/// The request and the entities it is about, both checked against the schema. The error is one sentence.
pub fn request(facts: &PolicyFacts, schema: &Schema) -> Result<(Request, Entities), String> {
    let service = short_service(&facts.service);
    let operation = facts.operation.trim().to_lowercase();
    let agent = uid("Agent", &facts.agent)?;
    let change = uid("Change", &format!("{service}:{operation}"))?;
    let attributes = attributes(facts, service, operation);
    let entities = [
        Entity::new_no_attrs(agent.clone(), HashSet::new()),
        Entity::new(change.clone(), attributes, HashSet::new()).map_err(|error| error.to_string())?,
    ];
    let entities = Entities::from_entities(entities, Some(schema)).map_err(|error| error.to_string())?;
    let request = Request::new(agent, uid("Action", "propose")?, change, Context::empty(), Some(schema))
        .map_err(|error| error.to_string())?;
    Ok((request, entities))
}

fn attributes(facts: &PolicyFacts, service: String, operation: String) -> HashMap<String, RestrictedExpression> {
    let given = &facts.classification;
    let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
    let flag = RestrictedExpression::new_bool;
    let paths = given.critical_paths.iter().map(|path| text(path.as_str()));
    [
        ("service", text(&service)),
        ("operation", text(&operation)),
        ("access_level", text(given.access_level.as_str())),
        ("environment", text(given.environment.as_str())),
        ("production", flag(given.environment.counts_as_production())),
        ("critical_paths", RestrictedExpression::new_set(paths)),
        ("tier", text(given.tier.effective().as_str())),
        ("tier_unknown", flag(given.tier == Tier::Unknown)),
        ("reversibility", text(given.reversibility.effective().as_str())),
        ("returns_credentials", flag(given.returns_credentials)),
        ("audit_or_guardrail", flag(given.audit_or_guardrail)),
        ("widens_own_permissions", flag(given.widens_own_permissions)),
        ("prompter_known", flag(facts.prompter_known)),
        ("starter_known", flag(facts.starter_known)),
        ("has_rollback", flag(facts.has_rollback)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind = EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}
