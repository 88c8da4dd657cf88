//! Records to test with, one of each kind and one that holds every field. Made of the domain's types without a default,
//! so that a field that is added there is missed here.

use oversight::id::{AgentUid, PersonUid, RecordUid};
use oversight::missing::{Field, Missing};
use oversight::policy::Determining;
use oversight::proposal::{Evidence, Identity, Plan, PlanStep, Session};
use oversight::record::{
    Action, Actor, Agent, AuditRecord, BlastRadius, CommentFact, Model, Outcome, PolicyFact, Resource,
    ReversibilityFact, ReviewFact, Risk,
};
use oversight::time::When;
use oversight::vocabulary::{
    AccessLevel, Asserter, Channel, CriticalPath, Decision, Effect, Environment, Kind, OutcomeStatus, Reversibility,
    Role, Tier,
};
use oversight::{digest::Digest, id::ChangeId};
use serde_json::{Value, json};

/// Every field that a record knows, with a value.
pub fn whole() -> AuditRecord {
    let map = |value: Value| value.as_object().unwrap().clone();
    let person = |name: &str| PersonUid::new(name).unwrap();
    AuditRecord {
        uid: RecordUid::new("rec-0d9c").unwrap(),
        time: When::At("2026-03-14T09:26:53.589Z".parse().unwrap()),
        end_time: Field::Is(When::At("2026-03-14T09:27:00Z".parse().unwrap())),
        sequence: Some(41),
        kind: Kind::Review,
        change_id: Some(ChangeId(2041)),
        version: Some(2),
        step: Some(1),
        agent: Field::Is(Agent {
            uid: AgentUid::new("cost-optimizer").unwrap(),
            name: "Cost optimizer".to_owned(),
            version: Field::Is("2.4.1".to_owned()),
            owner: Field::Is(person("finops-lead")),
            model: Field::Is(Model {
                provider: "fairlead".to_owned(),
                name: "fairlead-operator".to_owned(),
                version: Field::Is("2026-09".to_owned()),
            }),
        }),
        actor: Field::Is(Actor { uid: "engineer-1".to_owned(), role: Role::Engineer }),
        on_behalf_of: Field::Is(Identity { uid: person("finops-lead"), name: Some("Rosa Lindqvist".to_owned()) }),
        session: Field::Is(Session { uid: "pager-88219".to_owned(), started_by: Field::Is(person("incident-lead")) }),
        action: Field::Is(Action {
            service: "s3".to_owned(),
            operation: "PutLifecycleConfiguration".to_owned(),
            access_level: Field::Is(AccessLevel::Write),
            arguments: Field::Is(map(json!({"Bucket": "b\u{e9}", "Rules": [{"Days": 45, "On": true, "Off": null}]}))),
        }),
        resources: Field::Is(vec![
            Resource {
                uid: "arn:aws:s3:::exports".to_owned(),
                kind: Field::Is("bucket".to_owned()),
                account: Field::Is("441720938816".to_owned()),
                region: Field::Is("eu-west-1".to_owned()),
                environment: Field::Is(Environment::Production),
            },
            Resource {
                uid: "arn:aws:s3:::copies".to_owned(),
                kind: Field::Absent,
                account: Field::Missing(Missing::NotRecorded),
                region: Field::Missing(Missing::Redacted),
                environment: Field::Missing(Missing::Unobserved),
            },
        ]),
        risk: Field::Is(Risk { tier: Tier::High, reasons: vec!["It says \"high\".".to_owned(), String::new()] }),
        critical_paths: Field::Is(vec![CriticalPath::Billing, CriticalPath::Networking]),
        reversibility: Field::Is(ReversibilityFact {
            class: Reversibility::Compensable,
            assessed_by: Asserter::Endpoint,
        }),
        blast_radius: Field::Is(BlastRadius {
            resources: Field::Is(1),
            accounts: Field::Is(0),
            regions: Field::Is(17),
            customers: Field::Missing(Missing::Unknown),
        }),
        rationale: Field::Is("Two lines:\nand a \u{1f600}.".to_owned()),
        evidence: Field::Is(vec![Evidence { title: "Reads".to_owned(), uri: "https://a.example/d".to_owned() }]),
        plan: Field::Is(Plan {
            steps: vec![
                PlanStep::Check { note: "Nobody reads it".to_owned(), within_seconds: Some(60) },
                PlanStep::Action {
                    service: "s3".to_owned(),
                    operation: "PutLifecycleConfiguration".to_owned(),
                    arguments: map(json!({"Days": -1.5})),
                    note: Some("Moves them".to_owned()),
                },
            ],
            rollback: vec![PlanStep::Action {
                service: "s3".to_owned(),
                operation: "DeleteLifecycleConfiguration".to_owned(),
                arguments: map(json!({})),
                note: None,
            }],
        }),
        policy: Field::Is(PolicyFact {
            uid: "default".to_owned(),
            version: "2c53b500ec2f".to_owned(),
            decision: Effect::NeedsReview,
            determining: vec![Determining { id: "billing".to_owned(), title: "Touching billing".to_owned() }],
        }),
        review: Field::Is(ReviewFact {
            decision: Decision::Approve,
            reviewer: person("engineer-1"),
            slot: vec!["sre".to_owned()],
            reason: Some("Looks right".to_owned()),
            digest: Digest::of(b"version"),
            channel: Channel::Browser,
            opened_at: Field::Is("2026-03-14T09:20:00.5Z".parse().unwrap()),
            visible_ms: Field::Is(61_000),
            decided_at: "2026-03-14T09:26:53.589123Z".parse().unwrap(),
            sections_revealed: Field::Is(vec!["plan".to_owned()]),
            acknowledged: vec!["text-002 rationale".to_owned()],
        }),
        outcome: Field::Is(Outcome { status: OutcomeStatus::Failure, error: Field::Is("AccessDenied".to_owned()) }),
        comment: Field::Is(CommentFact { text: "Why now?".to_owned() }),
        reason: Field::Is("On leave".to_owned()),
        digest: Some(Digest::of(b"version")),
        asserted_by: [("action", Asserter::Agent), ("record", Asserter::Endpoint)]
            .map(|(part, by)| (part.to_owned(), by))
            .into(),
        extra: map(json!({
            "title": "Move old exports", "state": "pending", "groups": [], "zone": {"b": [1, {"c": 0.5}], "a": false}
        })),
    }
}

/// A record of each kind, with the fields that the endpoint gives that kind, and imported ones that say what they lack.
pub fn each_kind() -> Vec<AuditRecord> {
    let mut all: Vec<AuditRecord> = Kind::ALL
        .iter()
        .map(|kind| {
            let whole = whole();
            let bare = AuditRecord::new(whole.uid.clone(), whole.time.earliest(), *kind);
            let about_a_change = AuditRecord {
                sequence: whole.sequence,
                change_id: whole.change_id,
                version: whole.version,
                digest: whole.digest,
                agent: whole.agent.clone(),
                actor: whole.actor.clone(),
                risk: whole.risk.clone(),
                critical_paths: whole.critical_paths.clone(),
                asserted_by: whole.asserted_by.clone(),
                extra: whole.extra.clone(),
                ..bare.clone()
            };
            match kind {
                Kind::Recommendation | Kind::Proposal | Kind::Amendment => AuditRecord {
                    action: whole.action,
                    resources: whole.resources,
                    on_behalf_of: whole.on_behalf_of,
                    session: whole.session,
                    reversibility: whole.reversibility,
                    blast_radius: whole.blast_radius,
                    rationale: whole.rationale,
                    evidence: whole.evidence,
                    plan: whole.plan,
                    ..about_a_change
                },
                Kind::PolicyDecision => AuditRecord { action: whole.action, policy: whole.policy, ..about_a_change },
                Kind::Review => AuditRecord { review: whole.review, ..about_a_change },
                Kind::Comment => AuditRecord { comment: whole.comment, ..about_a_change },
                Kind::Execution | Kind::Verification | Kind::Rollback => AuditRecord {
                    action: whole.action,
                    resources: whole.resources,
                    outcome: whole.outcome,
                    end_time: whole.end_time,
                    step: whole.step,
                    ..about_a_change
                },
                Kind::Pause | Kind::Resume | Kind::Revocation | Kind::Cancellation => {
                    AuditRecord { reason: whole.reason, ..about_a_change }
                }
                Kind::PolicyLoad | Kind::Enrolment => AuditRecord { actor: whole.actor, extra: whole.extra, ..bare },
                _ => about_a_change,
            }
        })
        .collect();
    let not_recorded = AuditRecord {
        agent: Field::not_recorded(),
        action: Field::Missing(Missing::Redacted),
        resources: Field::Missing(Missing::Unobserved),
        risk: Field::unknown(),
        reversibility: Field::not_recorded(),
        policy: Field::not_recorded(),
        review: Field::not_recorded(),
        outcome: Field::not_recorded(),
        actor: Field::unknown(),
        plan: Field::not_recorded(),
        evidence: Field::not_recorded(),
        end_time: Field::not_recorded(),
        ..all[Kind::ALL.iter().position(|kind| *kind == Kind::Execution).unwrap()].clone()
    };
    all.push(AuditRecord { resources: Field::Is(Vec::new()), ..not_recorded.clone() });
    all.push(not_recorded);
    all.push(whole());
    all
}

/// As the endpoint writes them: without white space, every object's members in the order of their names.
pub fn line(record: &AuditRecord) -> String {
    serde_json::to_value(record).unwrap().to_string()
}

/// As it came to be in the program's own order, not in that of the names.
pub fn line_in_declared_order(record: &AuditRecord) -> String {
    serde_json::to_string(record).unwrap()
}
