//! The policy in force over HTTP, and a dry run of it: what would it ask for an action like this? Nothing is
//! proposed or recorded by asking. Evaluating is `crate::policy`'s, classifying `oversight::classify`'s.

use super::caller::Caller;
use super::openapi::{POLICY, Problems};
use super::problem::{Answered, Denial};
use super::query::Query;
use super::{Endpoint, body, private_json};
use axum::extract::{Request, State};
use axum::http::Uri;
use oversight::capability::Deed;
use oversight::change::Origin;
use oversight::classify::{ActionTable, Subject, classify};
use oversight::id::AgentUid;
use oversight::json::Fault;
use oversight::missing::Field;
use oversight::policy::{Classification, PolicyFacts, PolicyOutcome};
use oversight::proposal::{Identity, Plan, Proposal, ProposedAction, ProposedResource, Session};
use oversight::vocabulary::{AccessLevel, CriticalPath, Environment, Reversibility, Tier};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The policy in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PolicyView {
    /// The policy set's name.
    pub uid: String,
    /// The first 12 hexadecimal digits of the SHA-256 of `text`.
    pub version: String,
    /// Cedar.
    pub text: String,
}

/// What a dry run is asked: an action as an agent would propose it, classified as a proposal would be, and
/// any classification that is to be taken as given instead.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunRequest {
    /// Whose action it is taken to be; "dry-run" unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub agent: Option<AgentUid>,
    pub service: String,
    pub operation: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub arguments: Map<String, Value>,
    #[serde(default)]
    pub resources: Vec<ProposedResource>,
    #[serde(default)]
    pub plan: Plan,
    #[serde(default)]
    #[schema(value_type = Option<Identity>)]
    pub on_behalf_of: Field<Identity>,
    #[serde(default)]
    #[schema(value_type = Option<Session>)]
    pub session: Field<Session>,
    #[serde(default)]
    pub classification: GivenClassification,
}

/// Values that take the place of what the endpoint would classify; what is not given is classified.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GivenClassification {
    pub access_level: Option<AccessLevel>,
    pub environment: Option<Environment>,
    pub critical_paths: Option<Vec<CriticalPath>>,
    pub tier: Option<Tier>,
    pub reversibility: Option<Reversibility>,
    pub returns_credentials: Option<bool>,
    pub audit_or_guardrail: Option<bool>,
    pub widens_own_permissions: Option<bool>,
}

/// What the policy would say, and on what.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DryRun {
    pub outcome: PolicyOutcome,
    pub classification: Classification,
    /// Whether who prompted the agent is a person enrolled here.
    pub prompter_known: bool,
    /// Whether who started the session is a person enrolled here.
    pub starter_known: bool,
    /// Whether the plan carries a typed rollback or compensation.
    pub has_rollback: bool,
}

/// The policy in force, whole.
#[utoipa::path(get, path = "/v1/policy", tag = POLICY, operation_id = "show_policy", responses((status = 200, description = "The policy", body = PolicyView), Problems))]
pub async fn in_force(State(endpoint): State<Endpoint>, caller: Caller, uri: Uri) -> Answered {
    caller.may(Deed::ReadPolicy)?;
    Query::none(&uri)?;
    let policy = endpoint.desk.policy();
    Ok(private_json(&PolicyView {
        uid: policy.uid().to_owned(),
        version: policy.version().to_owned(),
        text: policy.text().to_owned(),
    }))
}

/// What the policy in force would ask for an action, without proposing it.
#[utoipa::path(post, path = "/v1/policy/evaluate", tag = POLICY, operation_id = "evaluate_policy", request_body = DryRunRequest,
    responses((status = 200, description = "What the policy would ask", body = DryRun), Problems))]
pub async fn evaluate(State(endpoint): State<Endpoint>, caller: Caller, request: Request) -> Answered {
    caller.may(Deed::ReadPolicy)?;
    Query::none(request.uri())?;
    let asked: DryRunRequest = body::json(request).await?;
    let agent = asked.agent.map_or_else(|| "dry-run".to_owned(), String::from);
    let proposal = Proposal {
        title: None,
        action: ProposedAction { service: asked.service, operation: asked.operation, arguments: asked.arguments },
        resources: asked.resources,
        rationale: None,
        evidence: Vec::new(),
        claims: Vec::new(),
        plan: asked.plan,
        on_behalf_of: asked.on_behalf_of,
        session: asked.session,
        expires_in: None,
    };
    proposal.check().map_err(|fault| Denial::invalid(flat(fault)))?;
    let mut own_principals = endpoint.desk.cloud_principals(&agent).await?;
    own_principals.push(agent.clone());
    let subject = Subject::of(&proposal, &own_principals);
    let mut classification = classify(subject, ActionTable::built_in(), &endpoint.settings.estate);
    asked.classification.replace_in(&mut classification);
    let origin = Origin::of(&proposal.on_behalf_of, &proposal.session, &endpoint.desk.people().await?);
    let facts = PolicyFacts {
        agent: agent.clone(),
        service: proposal.action.service.clone(),
        operation: proposal.action.operation.clone(),
        classification: classification.clone(),
        prompter_known: origin.prompter_known,
        starter_known: origin.starter_known,
        has_rollback: !proposal.plan.rollback.is_empty(),
    };
    Ok(private_json(&DryRun {
        outcome: endpoint.desk.policy().evaluate(&facts),
        classification,
        prompter_known: facts.prompter_known,
        starter_known: facts.starter_known,
        has_rollback: facts.has_rollback,
    }))
}

/// Service and operation stand at the top here.
fn flat(fault: Fault) -> Fault {
    Fault { path: fault.path.trim_start_matches("action.").to_owned(), ..fault }
}

impl GivenClassification {
    fn replace_in(self, classification: &mut Classification) {
        fn set<T>(slot: &mut T, name: &str, given: Option<T>, names: &mut Vec<String>) {
            if let Some(given) = given {
                *slot = given;
                names.push(name.to_owned());
            }
        }
        let mut names = Vec::new();
        let mut paths = self.critical_paths;
        if let Some(paths) = &mut paths {
            paths.sort();
            paths.dedup();
        }
        set(&mut classification.access_level, "access level", self.access_level, &mut names);
        set(&mut classification.environment, "environment", self.environment, &mut names);
        set(&mut classification.critical_paths, "critical paths", paths, &mut names);
        set(&mut classification.tier, "tier", self.tier, &mut names);
        set(&mut classification.reversibility, "reversibility", self.reversibility, &mut names);
        set(
            &mut classification.returns_credentials,
            "whether it returns credentials",
            self.returns_credentials,
            &mut names,
        );
        set(
            &mut classification.audit_or_guardrail,
            "whether it stops audit or guardrails",
            self.audit_or_guardrail,
            &mut names,
        );
        set(
            &mut classification.widens_own_permissions,
            "whether it widens the agent's own permissions",
            self.widens_own_permissions,
            &mut names,
        );
        if !names.is_empty() {
            classification.reasons.push(format!("Taken as given, not classified: {}.", names.join(", ")));
        }
    }
}
