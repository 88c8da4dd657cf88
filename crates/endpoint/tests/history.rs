//! The demonstration's made-up history in a database: there at the first start and at no other, proven and readable like
//! everything else, and in the very words in which the endpoint itself would have written it. That it is consistent in
//! itself is tested in `demo::history`.

use endpoint::command::credentials::{enrol, everybody};
use endpoint::demo::{self, history};
use endpoint::desk::{ChangeFilter, Clock, Desk, DigestOf, Keyed, Past, PastChange, Principal, RecordFilter, Settings};
use endpoint::policy::PolicyEngine;
use oversight::classify::Estate;
use oversight::contract::{OutcomeRequest, RedemptionRequest, ResultOfChange, ReviewRequest, etag};
use oversight::digest::Digest;
use oversight::id::{AgentUid, ChangeId, Group, IdempotencyKey};
use oversight::log_entry::{Disclosure, disclosed};
use oversight::missing::Field;
use oversight::proposal::{Proposal, ProposedResource};
use oversight::record::{Action, AuditRecord};
use oversight::state::State;
use oversight::time::Instant;
use oversight::vocabulary::{Asserter, Kind, Role};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};

const NOW: &str = "2026-11-25T13:26:53.589Z";

fn past() -> Past {
    history::past(NOW.parse().unwrap(), &everybody(true).unwrap(), demo::SEED).unwrap()
}

fn who(uid: &str, role: Role) -> Principal {
    Principal { uid: uid.to_owned(), role, groups: Vec::new(), owner: None }
}

fn clock(micros: &Arc<AtomicI64>) -> Clock {
    let micros = micros.clone();
    Arc::new(move || Instant::from_unix_micros(micros.load(Ordering::SeqCst)).unwrap())
}

fn settings() -> Settings {
    Settings { demonstration: true, estate: Estate::parse(demo::ESTATE).unwrap() }
}

async fn opened(database: &str, at: Instant) -> (Desk, Arc<AtomicI64>) {
    let micros = Arc::new(AtomicI64::new(at.unix_micros()));
    let policy = PolicyEngine::default_policy();
    (Desk::open_with_clock(database, policy, settings(), clock(&micros)).await.unwrap(), micros)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_database_begins_with_it_and_goes_on_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("a.db").display().to_string();
    let start = std::time::Instant::now();
    let past = past();
    let made_up = start.elapsed();
    let (records, changes, pauses) = (past.records.len() as u64, past.changes.len() as u64, past.pauses.len());
    let expected: Vec<Value> =
        past.records.iter().step_by(97).map(|one| serde_json::to_value(&one.record).unwrap()).collect();
    let bodies: Vec<(ChangeId, u32, String, Digest)> = past
        .changes
        .iter()
        .step_by(41)
        .flat_map(|one| &one.versions)
        .map(|built| (built.version.change, built.version.version, built.canonical.clone(), built.digest))
        .collect();
    let start = std::time::Instant::now();
    Desk::open_new(&database).await.unwrap().unwrap().begin_with(past).await.unwrap();
    println!("{records} records made up in {made_up:?}, stored in {:?}", start.elapsed());
    assert!(Desk::open_new(&database).await.unwrap().is_none(), "only a database without records begins with it");

    let (desk, _) = opened(&database, NOW.parse().unwrap()).await;
    let manager = who("manager", Role::Manager);
    enrol(&desk, true).await.unwrap();
    assert_eq!(desk.sequence().await.unwrap(), records, "the policy is loaded and everybody is enrolled already");
    assert_eq!(desk.sweep().await.unwrap(), 0, "nothing of it is open");

    // Each record as it was made up, and proven by its log entry.
    for value in expected {
        let read = desk.record(&manager, &value["sequence"].to_string()).await.unwrap();
        assert_eq!(read, value);
    }
    let store = endpoint::store::Store::open(&database).await.unwrap();
    for sequence in (1..=records).step_by(89) {
        let mut db = store.read().await.unwrap();
        let (entry, disclosures) = endpoint::store::records::log_entry(&mut db, sequence).await.unwrap().unwrap();
        let disclosures: Vec<Disclosure> = disclosures.into_iter().map(Disclosure).collect();
        let read = desk.record(&manager, &sequence.to_string()).await.unwrap();
        assert_eq!(Value::Object(disclosed(&entry, &disclosures).unwrap()), read);
    }
    let found = RecordFilter { q: Some("PRICE CACHE".to_owned()), ..RecordFilter::default() };
    assert!(desk.records(&manager, found).await.unwrap().total >= 5, "it can be searched");

    // A link to a change of it leads to that change, with the bytes behind its digest.
    for (id, version, canonical, digest) in bodies {
        let body = desk.canonical(&manager, id, Some(version), DigestOf::Whole).await.unwrap();
        assert_eq!((Digest::of(body.as_bytes()), &body), (digest, &canonical), "{id}");
        let view = desk.change(&manager, id).await.unwrap();
        assert!(view.state.is_terminal() && view.settled.is_some() && view.reviewed.action_digest_holds(), "{id}");
        let filter = RecordFilter { change: Some(id), kind: vec![Kind::Review], ..RecordFilter::default() };
        let reviews = desk.records(&manager, filter).await.unwrap().items;
        assert_eq!(view.reviews.len(), reviews.len(), "{id}");
    }
    // What the queue asks for is not of it.
    let now: Instant = NOW.parse().unwrap();
    let queue = ChangeFilter { settled_since: Some(now.plus_seconds(-3_600)), limit: 200, ..ChangeFilter::default() };
    assert_eq!(desk.changes(&manager, queue).await.unwrap().items, []);

    // Its agents are there, and the one that is paused can be let go on.
    let agents = desk.agents(&manager).await.unwrap();
    let paused: Vec<&str> =
        agents.iter().filter(|agent| agent.paused.is_some()).map(|agent| agent.uid.as_str()).collect();
    assert_eq!((paused.as_slice(), pauses), (&["deploy-pilot"][..], 1));
    assert!(agents.iter().filter(|agent| !agent.used.is_empty() && agent.autonomy.denominator > 0).count() >= 10);
    desk.resume(&manager, &AgentUid::new("deploy-pilot").unwrap(), "We know why.".to_owned()).await.unwrap();

    // Numbers and positions go on behind it.
    let agent = who("log-compactor", Role::Agent);
    let scenes = demo::scenes::Script::embedded().unwrap().scenes;
    let scene = scenes.iter().find(|scene| scene.id == "tag-dev-logs").unwrap();
    let drawn = scene.draw(&mut <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(1)).unwrap();
    let receipt = desk.propose(&agent, drawn.proposal).await.unwrap();
    assert_eq!((receipt.change, receipt.state), (ChangeId(changes + 1), State::Approved));
    assert_eq!(receipt.sequence, records + 3, "a resume, a proposal and the policy's decision");
    let live = desk.record(&manager, &receipt.sequence.to_string()).await.unwrap();
    assert_eq!(live.get(history::MARK), None, "what is live is not of the past");
}

/// The binary itself: which starts of it make the past up.
#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_has_it_from_its_first_start_unless_told_otherwise() {
    for (options, has) in [(&["--demo"][..], true), (&["--demo", "--no-history"], false), (&[], false)] {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("a.db").display().to_string();
        let mut process = tokio::process::Command::new(env!("CARGO_BIN_EXE_countersign-endpoint"))
            .args(["serve", "--listen", "localhost:0", "--database", &database])
            .args(options)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said = async { while !lines.next_line().await.unwrap().expect("it ended").contains("customer") {} };
        tokio::time::timeout(Duration::from_secs(300), said).await.unwrap();
        process.kill().await.unwrap();
        let store = endpoint::store::Store::open(&database).await.unwrap();
        let mut db = store.read().await.unwrap();
        let first = endpoint::store::records::by_sequence(&mut db, 1).await.unwrap().unwrap();
        assert_eq!(first.contains(r#""demonstration":true"#), has, "{options:?}: {first}");
        let last = endpoint::store::records::last_sequence(&mut db).await.unwrap();
        assert_eq!(last > 20_000, has, "{options:?}: {last} records");
    }
}

/// What the desk is asked to do, one change after the other, with its clock at each record's time: every course that the
/// past has, but for the glass that was broken, which the endpoint does not offer yet.
#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_itself_writes_the_same_records() {
    let past = past();
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("a.db").display().to_string();
    let start = past.records[0].record.time.earliest();
    let (desk, clock) = opened(&database, start.plus_seconds(-1)).await;
    enrol(&desk, true).await.unwrap();
    for principal in past.principals.iter().filter(|one| one.role == Role::Agent) {
        desk.enrol(principal.clone().into(), principal.profile.clone()).await.unwrap();
    }
    let mut of_change: BTreeMap<ChangeId, Vec<&AuditRecord>> = BTreeMap::new();
    for one in &past.records {
        if let Some(id) = one.record.change_id {
            of_change.entry(id).or_default().push(&one.record);
        }
    }
    // The first change of each course: of each agent, what the policy said and which kinds of records came in turn.
    let mut courses = BTreeSet::new();
    let chosen = past.changes.iter().filter(|change| {
        let version = &change.versions[0].version;
        let kinds: Vec<Kind> = of_change[&version.change].iter().map(|record| record.kind).collect();
        !kinds.contains(&Kind::BreakGlass)
            && courses.insert((version.policy.determining.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), kinds))
    });
    let mut kinds = BTreeSet::new();
    let mut count = 0;
    for change in chosen.take(120) {
        let told = &of_change[&change.versions[0].version.change];
        let before = desk.sequence().await.unwrap();
        let id = replayed(&desk, &clock, change, told).await;
        let written = written(&desk, before).await;
        assert_eq!(written.len(), told.len(), "{id}: {written:?}");
        for (written, told) in written.iter().zip(told) {
            kinds.insert(told.kind);
            let told = without_identity(told);
            assert_eq!(without_identity(written), told, "{} of {id}", written.kind);
        }
        count += 1;
    }
    assert!(count >= 60, "{count} changes");
    let expected = [
        Kind::Proposal,
        Kind::Amendment,
        Kind::PolicyDecision,
        Kind::Review,
        Kind::Comment,
        Kind::Expiry,
        Kind::Supersession,
        Kind::Cancellation,
        Kind::Redemption,
        Kind::Lapse,
        Kind::Revocation,
        Kind::Execution,
        Kind::Verification,
        Kind::Rollback,
    ];
    assert_eq!(kinds, expected.into_iter().collect());

    // And what is of no change: registrations, the policy, suggestions, imports.
    for kind in [Kind::Enrolment, Kind::PolicyLoad] {
        let filter = RecordFilter { kind: vec![kind], limit: 500, ..RecordFilter::default() };
        let mut written = read(desk.records(&who("manager", Role::Manager), filter).await.unwrap().items);
        written.reverse();
        let told: Vec<&AuditRecord> =
            past.records.iter().map(|one| &one.record).filter(|record| record.kind == kind).collect();
        for told in told {
            let same = |one: &&AuditRecord| one.actor == told.actor;
            let written = written.iter().find(same).unwrap_or_else(|| panic!("{kind}: {told:?}"));
            let timed = AuditRecord { time: told.time, ..without_identity(written) };
            assert_eq!(timed, without_identity(told));
        }
    }
    let told = |kind: Kind, by: Asserter| {
        let found = past.records.iter().find(|one| one.record.kind == kind && one.origin == by);
        &found.unwrap().record
    };
    let suggested = told(Kind::Recommendation, Asserter::Agent);
    let before = desk.sequence().await.unwrap();
    let agent = who(&suggested.actor.value().unwrap().uid, Role::Agent);
    desk.append(&agent, vec![handed_in(suggested)]).await.unwrap();
    let imported = told(Kind::Execution, Asserter::Importer);
    let mut foreign = AuditRecord { sequence: None, ..imported.clone() };
    foreign.asserted_by.clear();
    foreign.extra.remove(history::MARK);
    foreign.sequence = foreign.extra.remove("source_sequence").and_then(|sequence| sequence.as_u64());
    desk.import("elsewhere.ndjson", vec![foreign], Vec::new()).await.unwrap();
    let written = written(&desk, before).await;
    assert_eq!(written.iter().map(without_identity).collect::<Vec<_>>(), [suggested, imported].map(without_identity));
}

/// Does with the desk what the records tell; the change's number there.
async fn replayed(desk: &Desk, clock: &AtomicI64, change: &PastChange, told: &[&AuditRecord]) -> ChangeId {
    let mut id = ChangeId(0);
    let mut version = 0;
    for record in told {
        clock.store(record.time.earliest().unix_micros(), Ordering::SeqCst);
        let actor = record.actor.value().map(|actor| who(&actor.uid, actor.role));
        let by = || actor.clone().unwrap();
        let reason = || record.reason.value().cloned().unwrap_or_default();
        let executors = record.asserted_by.get("record") == Some(&Asserter::Executor);
        match record.kind {
            Kind::Proposal => {
                version = 1;
                id = desk.propose(&by(), proposed(change, version)).await.unwrap().change;
            }
            Kind::Amendment => {
                version += 1;
                desk.amend(&by(), id, proposed(change, version)).await.unwrap();
            }
            // They come with the version.
            Kind::PolicyDecision | Kind::Supersession => {}
            Kind::Comment => {
                desk.comment(&by(), id, record.comment.value().unwrap().text.clone()).await.unwrap();
            }
            Kind::Review => reviewed(desk, id, change, record).await,
            Kind::Cancellation => drop(desk.cancel(&by(), id, reason()).await.unwrap()),
            Kind::Revocation => drop(desk.revoke(&by(), id, reason()).await.unwrap()),
            Kind::Expiry | Kind::Lapse => assert_eq!(desk.sweep().await.unwrap(), 1, "{id}"),
            Kind::Redemption => {
                let view = desk.change(&who("manager", Role::Manager), id).await.unwrap();
                let request = RedemptionRequest { action_digest: view.reviewed.action_digest };
                desk.redeem(&by(), id, request, keyed(record)).await.unwrap();
            }
            Kind::Execution | Kind::Verification | Kind::Rollback if executors => {
                let mut step = handed_in(record);
                step.change_id = Some(id);
                desk.append(&by(), vec![step]).await.unwrap();
            }
            Kind::Execution => ended(desk, &by(), id, ResultOfChange::Failed, reason()).await,
            Kind::Verification => ended(desk, &by(), id, ResultOfChange::Verified, reason()).await,
            Kind::Rollback => ended(desk, &by(), id, ResultOfChange::RolledBack, reason()).await,
            other => panic!("{id}: {other}"),
        }
    }
    let view = desk.change(&who("manager", Role::Manager), id).await.unwrap();
    assert_eq!(view.state, change.state, "{id}");
    let settled = view.settled.unwrap();
    assert_eq!(settled, change.settled, "{id}");
    id
}

async fn ended(desk: &Desk, executor: &Principal, id: ChangeId, result: ResultOfChange, detail: String) {
    desk.outcome(executor, id, OutcomeRequest { result, detail: Some(detail) }).await.unwrap();
}

async fn reviewed(desk: &Desk, id: ChangeId, change: &PastChange, record: &AuditRecord) {
    let fact = record.review.value().unwrap();
    let kept = change.reviews.iter().find(|review| review.sequence == record.sequence.unwrap()).unwrap();
    let view = desk.change(&who("manager", Role::Manager), id).await.unwrap();
    let request = ReviewRequest {
        decision: fact.decision,
        reason: fact.reason.clone(),
        digest: view.digest,
        evidence: kept.evidence.clone(),
    };
    let actor = record.actor.value().unwrap();
    let groups: Vec<Group> = kept.groups.clone();
    let person = Principal { groups, ..who(&actor.uid, actor.role) };
    let version = Some(etag(id, view.version));
    desk.review(&person, id, Ok(request), keyed(record), version, fact.channel).await.unwrap();
}

fn keyed(record: &AuditRecord) -> Keyed {
    Keyed {
        key: Some(IdempotencyKey::new(record.uid.to_string()).unwrap()),
        route: "a route".to_owned(),
        payload: Digest::of(record.uid.as_str().as_bytes()),
    }
}

/// What the agent proposed, from the version that came of it.
fn proposed(change: &PastChange, version: u32) -> Proposal {
    let version = &change.versions[version as usize - 1].version;
    let said = |field: &Field<String>| field.value().cloned();
    let resource = |resource: &oversight::record::Resource| ProposedResource {
        uid: resource.uid.clone(),
        kind: said(&resource.kind),
        account: None,
        region: None,
    };
    Proposal {
        title: version.title.clone(),
        action: version.action.clone(),
        resources: version.resources.iter().map(resource).collect(),
        rationale: version.rationale.clone(),
        evidence: version.evidence.clone(),
        claims: version.claims.clone(),
        plan: version.plan.clone(),
        on_behalf_of: version.on_behalf_of.clone(),
        session: version.session.clone(),
        expires_in: Some(version.expires_at.seconds_since(version.proposed_at).unsigned_abs()),
    }
}

/// A machine's record as it handed it in: without what is the endpoint's to say.
fn handed_in(record: &AuditRecord) -> AuditRecord {
    let mut record = record.clone();
    // Of a check no action is handed in; the endpoint says which one it is of.
    if !record.asserted_by.contains_key("action.access_level") {
        record.action = Field::Absent;
    }
    if let Field::Is(Action { access_level, .. }) = &mut record.action {
        *access_level = Field::Absent;
    }
    record.sequence = None;
    record.agent = Field::Absent;
    record.actor = Field::Absent;
    record.asserted_by.clear();
    record.extra.clear();
    record
}

async fn written(desk: &Desk, after: u64) -> Vec<AuditRecord> {
    let posted = desk.events_after(after, 1_000).await.unwrap();
    posted.into_iter().map(|posted| AuditRecord::clone(&posted.record)).collect()
}

fn read(items: Vec<Value>) -> Vec<AuditRecord> {
    items.into_iter().map(|value| AuditRecord::decode(value).unwrap()).collect()
}

/// The record without what is drawn or counted anew: uid and position, the change's number, digests over the nonce.
fn without_identity(record: &AuditRecord) -> AuditRecord {
    let mut record = record.clone();
    record.uid = "rec-0".parse().unwrap();
    record.sequence = None;
    record.change_id = record.change_id.map(|_| ChangeId(1));
    let nothing = Digest::of(b"");
    record.digest = record.digest.map(|_| nothing);
    if let Field::Is(review) = &mut record.review {
        review.digest = nothing;
    }
    if let Some(digest) = record.extra.get_mut("action_digest") {
        *digest = nothing.to_string().into();
    }
    record.extra.remove(history::MARK);
    record
}
