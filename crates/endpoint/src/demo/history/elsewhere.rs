//! What is in the past beside changes: the policy and who was enrolled, pauses, what agents suggested, and what was
//! imported from a source that knows neither policy nor reviews. What happened to changes is `course` and `telling`.

use super::HistoryError;
use super::calendar::{Calendar, DAYS, Hours, instant};
use super::cast::{ELSEWHERE, Player};
use super::chapters::{MANAGER, Stop};
use super::repertoire::Repertoire;
use super::telling::{Told, own, person};
use crate::desk::written;
use crate::policy::PolicyEngine;
use crate::store::principals::Enrolled;
use oversight::classify::{ActionTable, Estate, placed};
use oversight::contract::PauseView;
use oversight::id::{AgentUid, RecordUid};
use oversight::missing::Field;
use oversight::proposal::ProposedResource;
use oversight::record::{Action, Agent, AuditRecord, Outcome, Resource};
use oversight::review::Person;
use oversight::vocabulary::{Asserter, Environment, Kind, OutcomeStatus};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::Map;

/// Suggestions in a working week, in tenths.
const SUGGESTED: i64 = 200;
/// What the other source recorded in a working week, in tenths.
const RECORDED: i64 = 900;
/// The hour and minute of a Monday at which it is imported.
const IMPORTED: (i64, i64) = (6, 30);

/// What the other source's agent does: service, operation, resource and its type.
const DONE_ELSEWHERE: [(&str, &str, &str, &str); 8] = [
    ("ec2", "DescribeInstances", "arn:aws:ec2:eu-west-1:441720938816:instance/*", "instance"),
    ("ec2", "CreateTags", "arn:aws:ec2:eu-west-1:730335612904:instance/i-0build7", "instance"),
    ("s3", "PutBucketTagging", "arn:aws:s3:::northwind-prod-scans", "bucket"),
    ("s3", "GetBucketTagging", "arn:aws:s3:::northwind-prod-audit-2026", "bucket"),
    ("ecs", "RegisterTaskDefinition", "arn:aws:ecs:eu-west-1:730335612904:task-definition/depots", "task definition"),
    ("iam", "GetRole", "arn:aws:iam::441720938816:role/deploy", "role"),
    ("rds", "AddTagsToResource", "arn:aws:rds:eu-west-1:441720938816:db:catalogue", "database"),
    ("sqs", "SetQueueAttributes", "labels-waiting", "queue"),
];

fn told(at: i64, record: AuditRecord, origin: Asserter) -> Told {
    Told { at, record, origin, change: None, review: None }
}

/// The policy put in force and everybody enrolled, on the first day or on the first day of each.
pub fn beginnings(
    calendar: &Calendar,
    policy: &PolicyEngine,
    enrolled: &[(Enrolled, i64)],
    chance: &mut StdRng,
) -> Result<Vec<Told>, HistoryError> {
    let start = calendar.at(0, 0, 2);
    let loaded = written::policy_load(own(chance, start, Kind::PolicyLoad)?, policy);
    let mut all = vec![told(start, loaded, Asserter::Endpoint)];
    for (index, (one, since)) in enrolled.iter().enumerate() {
        let at = match since {
            0 => start + 40 + 35 * index as i64,
            day => calendar.at(calendar.working_day(*day), 8, 20) + 700 * index as i64,
        };
        all.push(told(at, written::enrolment(own(chance, at, Kind::Enrolment)?, one), Asserter::Endpoint));
    }
    Ok(all)
}

/// The records of pauses and resumes, and the pauses that still stand.
pub type Pauses = (Vec<Told>, Vec<(AgentUid, PauseView)>);

/// Every pause with its resume, and those that still stand.
pub fn pauses(stops: &[Stop], cast: &[Player], people: &[Person], chance: &mut StdRng) -> Result<Pauses, HistoryError> {
    let mut all = Vec::new();
    let mut standing = Vec::new();
    for stop in stops {
        let agent = cast.iter().map(|player| &player.profile).find(|agent| agent.uid.as_str() == stop.agent);
        let agent = agent.ok_or_else(|| HistoryError::Nobody(stop.agent.to_owned()))?;
        let mut add = |at: i64, kind: Kind, by: &str, reason: &str| {
            let mut record = own(chance, at, kind)?;
            record.agent = Field::Is(agent.clone());
            let record = written::reasoned(record, &person(people, by)?, reason);
            all.push(told(at, record, Asserter::Endpoint));
            Ok::<(), HistoryError>(())
        };
        add(stop.from, Kind::Pause, stop.by, stop.reason)?;
        match stop.to {
            Some((to, reason)) => add(to, Kind::Resume, MANAGER, reason)?,
            None => standing.push((
                agent.uid.clone(),
                PauseView { by: stop.by.to_owned(), at: instant(stop.from), reason: stop.reason.to_owned() },
            )),
        }
    }
    Ok((all, standing))
}

/// What agents suggested while they were there.
pub fn suggestions(
    calendar: &Calendar,
    cast: &[Player],
    repertoire: &Repertoire,
    chance: &mut StdRng,
) -> Result<Vec<Told>, HistoryError> {
    let mut all = Vec::new();
    for day in 0..=DAYS {
        for _ in 0..calendar.times(day, SUGGESTED, Hours::Work, chance) {
            let at = calendar.some_time(day, Hours::Work, chance);
            let Some(one) = repertoire.recommendations.choose(chance) else { return Ok(all) };
            let pieces = repertoire.pieces.iter().filter(|piece| cast[piece.player].profile.uid.as_str() == one.agent);
            let until = pieces.map(|piece| piece.until).max().unwrap_or_default();
            let player = cast.iter().find(|player| player.profile.uid.as_str() == one.agent);
            let Some(player) = player.filter(|player| (player.since + 1..until).contains(&day)) else { continue };
            let uid = RecordUid::new(format!("recommendation-{:016x}", chance.random::<u64>()))?;
            let mut record = AuditRecord::new(uid, instant(at), Kind::Recommendation);
            record.action = Field::Is(Action {
                service: one.service.clone(),
                operation: one.operation.clone(),
                access_level: Field::Absent,
                arguments: Field::Absent,
            });
            record.resources = Field::Is(vec![Resource {
                uid: one.resource.clone(),
                kind: Field::Absent,
                account: Field::Absent,
                region: Field::Absent,
                environment: Field::Absent,
            }]);
            record.rationale = Field::Is(one.rationale.clone());
            let record = written::of_machine(record, &player.principal, Field::Is(player.profile.clone()), None);
            all.push(told(at, record, Asserter::Agent));
        }
    }
    Ok(all)
}

/// What another source recorded by night, as it was imported on Mondays: nothing of it says what a policy decided or
/// who reviewed it, some of it not even which agent it was.
pub fn imports(calendar: &Calendar, estate: &Estate, chance: &mut StdRng) -> Result<Vec<Told>, HistoryError> {
    let mut all = Vec::new();
    let mut source = 4_100;
    for monday in (1..=DAYS).filter(|day| calendar.weekday(*day) == 0) {
        let (hour, minute) = IMPORTED;
        let imported =
            (monday..monday + 3).map(|day| calendar.at(day, hour, minute)).find(|at| calendar.is_recorded(*at));
        let Some(imported) = imported else { continue };
        let mut times = Vec::new();
        for day in (monday - 7).max(0)..monday {
            for _ in 0..calendar.times(day, RECORDED, Hours::Night, chance) {
                times.push(calendar.some_time(day, Hours::Night, chance));
            }
        }
        times.retain(|at| calendar.is_recorded(*at));
        times.sort_unstable();
        for at in times {
            source += chance.random_range(1..4);
            let record = foreign(at, source, estate, chance)?;
            all.push(told(imported, written::as_imported(record), Asserter::Importer));
        }
    }
    Ok(all)
}

fn foreign(at: i64, sequence: u64, estate: &Estate, chance: &mut StdRng) -> Result<AuditRecord, HistoryError> {
    let uid = RecordUid::new(format!("terraform-run-{sequence}"))?;
    let mut record = AuditRecord::new(uid, instant(at), Kind::Execution);
    record.sequence = Some(sequence);
    let (uid, name) = ELSEWHERE;
    record.agent = match chance.random_ratio(6, 100) {
        true => Field::not_recorded(),
        false => Field::Is(Agent {
            uid: AgentUid::new(uid)?,
            name: name.to_owned(),
            version: Field::not_recorded(),
            owner: Field::not_recorded(),
            model: Field::not_recorded(),
        }),
    };
    let (service, operation, uid, kind) = DONE_ELSEWHERE[chance.random_range(0..DONE_ELSEWHERE.len())];
    record.action = Field::Is(Action {
        service: service.to_owned(),
        operation: operation.to_owned(),
        access_level: Field::Is(ActionTable::built_in().lookup_with(service, operation, &Map::new()).access_level),
        arguments: Field::not_recorded(),
    });
    let touched = ProposedResource { uid: uid.to_owned(), kind: Some(kind.to_owned()), account: None, region: None };
    let mut resources = placed(&[touched], estate);
    for resource in &mut resources {
        if resource.environment == Field::Is(Environment::Unknown) {
            resource.environment = Field::not_recorded();
        }
    }
    record.resources = Field::Is(resources);
    record.outcome = Field::Is(match chance.random_ratio(4, 100) {
        true => Outcome { status: OutcomeStatus::Failure, error: Field::Is("AccessDenied".to_owned()) },
        false => Outcome { status: OutcomeStatus::Success, error: Field::Absent },
    });
    record.end_time = Field::not_recorded();
    record.on_behalf_of = Field::not_recorded();
    record.session = Field::not_recorded();
    record.risk = Field::not_recorded();
    record.critical_paths = Field::not_recorded();
    record.reversibility = Field::not_recorded();
    record.blast_radius = Field::not_recorded();
    record.rationale = Field::not_recorded();
    record.evidence = Field::not_recorded();
    record.plan = Field::not_recorded();
    record.policy = Field::not_recorded();
    record.review = Field::not_recorded();
    Ok(record)
}
