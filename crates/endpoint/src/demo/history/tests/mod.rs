//! The past as a whole, made up once for all of these tests: that it is the same again, that every record can be read,
//! and what stands out in it. That each change of it took a course that it could take is `lifecycles`.

mod lifecycles;

use super::*;
use engine::ingest::scan::Scanner;
use engine::row::Row;
use oversight::missing::Field;
use oversight::record::AuditRecord;
use oversight::vocabulary::{AccessLevel, Asserter, Channel, Decision, Effect, Kind, OutcomeStatus, Tier};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const NOW: &str = "2026-11-25T13:26:53.589Z";

fn made_up(now: &str, seed: u64) -> Past {
    past(now.parse().unwrap(), &crate::command::credentials::everybody(true).unwrap(), seed).unwrap()
}

static PAST: LazyLock<Past> = LazyLock::new(|| made_up(NOW, crate::demo::SEED));

fn records() -> impl Iterator<Item = &'static AuditRecord> {
    PAST.records.iter().map(|one| &one.record)
}

fn of_kind(kind: Kind) -> impl Iterator<Item = &'static AuditRecord> {
    records().filter(move |record| record.kind == kind)
}

fn agent_of(record: &AuditRecord) -> Option<&str> {
    record.agent.value().map(|agent| agent.uid.as_str())
}

fn calendar() -> Calendar {
    Calendar::ending(NOW.parse::<Instant>().unwrap().plus_seconds(-ENDS_BEFORE).to_millis())
}

/// The day of the past that a record is of.
fn day(record: &AuditRecord) -> i64 {
    calendar().day(record.time.earliest().unix_micros() / 1_000)
}

#[test]
fn the_same_seed_and_time_give_the_same_past_and_others_another() {
    let texts = |past: &Past| -> Vec<String> {
        let records = past.records.iter().map(|one| serde_json::to_string(&one.record).unwrap());
        let changes = past.changes.iter().flat_map(|one| one.versions.iter().map(|built| built.canonical.clone()));
        records.chain(changes).collect()
    };
    let first = texts(&PAST);
    assert!(first == texts(&made_up(NOW, crate::demo::SEED)), "the same again");
    assert!(first != texts(&made_up(NOW, 1)), "another seed");
    // A week later the weekdays are the same, and so is all but the dates.
    let later = made_up("2026-12-02T13:26:53.589Z", crate::demo::SEED);
    let shape = |past: &Past| -> Vec<(Kind, Option<ChangeId>, Option<String>)> {
        past.records
            .iter()
            .map(|one| (one.record.kind, one.record.change_id, agent_of(&one.record).map(str::to_owned)))
            .collect()
    };
    assert!(shape(&PAST) == shape(&later), "a week later");
}

#[test]
fn every_record_stands_at_its_place_is_marked_and_is_read_by_decoder_and_scanner_alike() {
    let (mut scanner, mut decoded) = (Scanner::default(), BTreeSet::new());
    let mut uids = BTreeSet::new();
    for (index, record) in records().enumerate() {
        assert_eq!(record.sequence, Some(index as u64 + 1));
        assert_eq!(record.extra.get(MARK), Some(&true.into()), "{}", record.uid);
        assert!(uids.insert(record.uid.as_str()), "{} twice", record.uid);
        let text = oversight::canonical::joined(&oversight::canonical::members(&record.fields().unwrap()).unwrap());
        let row = scanner.scan(text.as_bytes()).unwrap_or_else(|| panic!("not taken by the scanner: {text}"));
        assert_eq!(row, Row::of(record), "{text}");
        // The decoder takes a hundred times as long: each kind of each agent, and every tenth.
        let first = decoded.insert((record.kind, agent_of(record).map(str::to_owned)));
        if first || index % 10 == 0 || std::env::var_os("COUNTERSIGN_FULL").is_some() {
            let read = AuditRecord::read(text.as_bytes()).unwrap_or_else(|fault| panic!("{fault}: {text}"));
            assert_eq!(read, *record);
        }
    }
    let count = uids.len();
    assert!((22_000..=28_000).contains(&count), "{count} records");
    let numbers = PAST.changes.iter().enumerate();
    assert!(numbers.clone().all(|(place, one)| one.versions[0].version.change.0 == place as u64 + 1));
    println!("{count} records, {} changes", PAST.changes.len());
}

#[test]
fn days_nights_and_week_ends_differ_one_week_is_quiet_and_one_day_is_without_records() {
    let calendar = calendar();
    let mut days: BTreeMap<i64, u32> = BTreeMap::new();
    let mut hours = [0u32; 24];
    for record in records() {
        *days.entry(day(record)).or_default() += 1;
        hours[record.time.earliest().to_string()[11..13].parse::<usize>().unwrap()] += 1;
    }
    let gaps: Vec<i64> = (0..=DAYS).filter(|day| !days.contains_key(day)).collect();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(calendar.weekday(gaps[0]) < 5);
    let mean = |chosen: &dyn Fn(i64) -> bool| {
        let chosen: Vec<u32> = days.iter().filter(|(day, _)| chosen(**day)).map(|(_, count)| *count).collect();
        chosen.iter().sum::<u32>() / chosen.len() as u32
    };
    // The first and the last are not whole.
    let ordinary = mean(&|day| (28..52).contains(&day) && calendar.weekday(day) < 5);
    let week_end = mean(&|day| (28..52).contains(&day) && calendar.weekday(day) >= 5);
    let monday = (14..21).find(|day| calendar.weekday(*day) == 0).unwrap();
    let quiet = mean(&|day| (monday..monday + 5).contains(&day));
    assert!(week_end * 2 < ordinary && quiet * 2 < ordinary, "{ordinary} {week_end} {quiet}");
    assert!(hours[9] > 3 * hours[19], "{hours:?}");
    let last = records().map(|record| record.time.earliest()).max().unwrap();
    let before_now = NOW.parse::<Instant>().unwrap().seconds_since(last);
    assert!((3_600..4 * 3_600).contains(&before_now), "it ends {before_now} s ago");
}

#[test]
fn everything_that_the_overview_shows_occurs() {
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    records().for_each(|record| *kinds.entry(record.kind).or_default() += 1);
    println!("{kinds:?}");
    let least = [
        (Kind::Recommendation, 100),
        (Kind::Proposal, 3_000),
        (Kind::Amendment, 30),
        (Kind::PolicyDecision, 3_000),
        (Kind::Review, 500),
        (Kind::Comment, 100),
        (Kind::Expiry, 50),
        (Kind::Supersession, 30),
        (Kind::Cancellation, 10),
        (Kind::Redemption, 2_500),
        (Kind::Lapse, 1),
        (Kind::Revocation, 5),
        (Kind::Execution, 2_500),
        (Kind::Verification, 2_500),
        (Kind::Rollback, 40),
        (Kind::Pause, 6),
        (Kind::Resume, 5),
        (Kind::BreakGlass, 2),
        (Kind::Ratification, 1),
        (Kind::PolicyLoad, 1),
        (Kind::Enrolment, 20),
    ];
    for (kind, least) in least {
        assert!(kinds.get(&kind).is_some_and(|count| *count >= least), "{kind}: {:?}", kinds.get(&kind));
    }
    assert_eq!((kinds[&Kind::BreakGlass], kinds[&Kind::Ratification]), (2, 1), "one of two was ratified");
    let agents: BTreeSet<&str> = records().filter_map(agent_of).collect();
    assert!((12..=16).contains(&agents.len()), "{agents:?}");
    let tiers: BTreeSet<Tier> =
        PAST.changes.iter().map(|change| change.versions[0].version.classification.tier).collect();
    assert_eq!(tiers.len(), Tier::ALL.len(), "{tiers:?}");
    let states: BTreeSet<State> = PAST.changes.iter().map(|change| change.state).collect();
    let over = [
        State::Rejected,
        State::Expired,
        State::Cancelled,
        State::DeniedByPolicy,
        State::Revoked,
        State::Lapsed,
        State::Verified,
        State::RolledBack,
        State::Failed,
    ];
    assert_eq!(states, over.into_iter().collect());
    let reasons: BTreeSet<&str> = of_kind(Kind::Review)
        .filter_map(|record| record.review.value())
        .filter(|review| review.decision == Decision::Reject)
        .map(|review| review.reason.as_deref().unwrap())
        .collect();
    assert!(reasons.len() >= 15, "{reasons:?}");
}

#[test]
fn for_two_weeks_one_reviewer_hardly_opens_what_is_approved_and_some_reviews_do_not_say() {
    let mut hasty = [(0, 0); 2];
    let mut unknown = 0;
    for record in of_kind(Kind::Review) {
        let review = record.review.value().unwrap();
        assert_eq!(review.opened_at.value().is_none(), review.channel == Channel::Api, "{}", record.uid);
        let Some(opened) = review.opened_at.value() else {
            unknown += 1;
            continue;
        };
        let took = review.decided_at.millis_since(*opened);
        assert!(took > 0 && *review.visible_ms.value().unwrap() <= took.unsigned_abs());
        if review.decision == Decision::Approve && review.reviewer.as_str() == chapters::HASTY {
            let within = chapters::HASTE.contains(&day(record));
            let (quick, all) = &mut hasty[usize::from(within)];
            *all += 1;
            *quick += u32::from(took < 10_000);
        }
    }
    let [(before_and_after, of), (meanwhile, of_those)] = hasty;
    assert!(meanwhile * 10 > of_those * 9 && of_those > 40, "{hasty:?}");
    assert!(before_and_after * 10 < of, "{hasty:?}");
    assert!(unknown > 20, "{unknown}");
}

#[test]
fn after_its_incident_an_agent_does_less_alone() {
    let incident = chapters::incident(&calendar());
    let share = |days: std::ops::Range<i64>| {
        let ran = PAST.changes.iter().filter(|change| {
            let version = &change.versions[0].version;
            let day = calendar().day(version.proposed_at.unix_micros() / 1_000);
            version.agent.uid.as_str() == "cost-optimizer"
                && days.contains(&day)
                && matches!(change.state, State::Verified | State::RolledBack | State::Failed)
        });
        let (alone, all) = ran.fold((0, 0), |(alone, all), change| {
            (alone + u32::from(change.versions[0].version.policy.decision == Effect::Allow), all + 1)
        });
        assert!(all > 50, "{all}");
        alone * 100 / all
    };
    let (before, after) = (share(0..incident), share(incident + 1..DAYS + 1));
    assert!(before > 80 && after < 65, "{before}% and {after}%");
    let stopped = PAST.changes.iter().find(|change| {
        change.versions[0].version.title.as_deref().is_some_and(|title| title.contains("price cache, which nobody"))
    });
    assert_eq!(stopped.unwrap().state, State::Failed);
}

#[test]
fn a_deploy_agent_was_rolled_back_too_often_and_is_paused_to_the_end() {
    let (mut rolled_back, mut ran) = (0, 0);
    for change in &PAST.changes {
        let version = &change.versions[0].version;
        let late = calendar().day(version.proposed_at.unix_micros() / 1_000) >= 78;
        if version.agent.uid.as_str() == "deploy-pilot" && late && version.policy.decision == Effect::NeedsReview {
            rolled_back += u32::from(matches!(change.state, State::RolledBack | State::Failed));
            ran += u32::from(matches!(change.state, State::Verified | State::RolledBack | State::Failed));
        }
    }
    assert!(rolled_back * 4 >= ran && ran >= 8, "{rolled_back} of {ran}");
    let [(agent, pause)] = PAST.pauses.as_slice() else { panic!("{:?}", PAST.pauses) };
    let last = of_kind(Kind::Pause).last().unwrap();
    assert_eq!((agent.as_str(), agent_of(last)), ("deploy-pilot", Some("deploy-pilot")));
    assert_eq!((pause.at, Some(&pause.reason)), (last.time.earliest(), last.reason.value()));
    let later = records().filter(|record| record.sequence > last.sequence && agent_of(record) == Some("deploy-pilot"));
    let later: Vec<Kind> = later.map(|record| record.kind).collect();
    assert!(later.iter().all(|kind| matches!(kind, Kind::Expiry | Kind::Lapse | Kind::Comment)), "{later:?}");
}

#[test]
fn what_was_imported_says_neither_what_a_policy_decided_nor_who_reviewed_it() {
    let imported: Vec<&AuditRecord> =
        records().filter(|record| record.asserted_by.get("record") == Some(&Asserter::Importer)).collect();
    assert!(imported.len() > 300, "{}", imported.len());
    for record in &imported {
        assert!(record.change_id.is_none() && record.kind == Kind::Execution, "{}", record.uid);
        for missing in [record.policy.value().is_none(), record.review.value().is_none(), record.risk.value().is_none()]
        {
            assert!(missing, "{}", record.uid);
        }
        assert!(!record.policy.is_absent() && !record.risk.is_absent(), "not recorded, rather than absent");
        assert!(record.extra.contains_key("source_sequence"));
        let action = record.action.value().unwrap();
        assert_ne!(action.access_level, Field::Is(AccessLevel::Unknown), "{}", action.operation);
    }
    assert!(imported.iter().any(|record| record.agent.value().is_none()), "some don't say which agent");
    assert!(
        imported
            .iter()
            .any(|record| { record.outcome.value().is_some_and(|outcome| outcome.status == OutcomeStatus::Failure) })
    );
    // They came later than what they tell of: the log is in the order of coming.
    let place = |record: &AuditRecord| record.sequence.unwrap();
    let first = imported[0];
    let between =
        records().filter(|record| place(record) < place(first) && record.time.earliest() > first.time.earliest());
    assert!(between.count() > 10);
}

#[test]
fn nothing_that_the_live_fleet_proposes_was_rejected_in_the_past() {
    let rejected: BTreeSet<Digest> = PAST
        .changes
        .iter()
        .filter(|change| change.state == State::Rejected)
        .filter_map(|change| change.versions.last().map(|built| built.content))
        .collect();
    assert!(rejected.len() > 20);
    let estate = Estate::parse(ESTATE).unwrap();
    for scene in crate::demo::scenes::Script::embedded().unwrap().scenes {
        for seed in 0..60 {
            let drawn = scene.draw(&mut StdRng::seed_from_u64(seed)).unwrap();
            for proposal in [Some(drawn.proposal), drawn.amendment].into_iter().flatten() {
                let content = crate::desk::versions::judge(&proposal, &[], &estate).unwrap().content;
                assert!(!rejected.contains(&content), "{}: it would be proposed as rejected before", scene.id);
            }
        }
    }
}
