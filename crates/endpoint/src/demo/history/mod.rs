//! The past that a new demonstration begins with: 90 days, made up, the same on every machine but for its dates. The
//! days are `calendar`, who acts `cast`, what they propose `repertoire`, what stands out `chapters`, the course of each
//! change `course` and `reviewers`, its records `telling`, all other records `elsewhere`. Storing it is the desk's
//! (`Desk::begin_with`).

mod calendar;
mod cast;
mod chapters;
mod course;
mod elsewhere;
mod repertoire;
mod reviewers;
mod telling;
#[cfg(test)]
mod tests;
mod words;

use super::ESTATE;
use crate::desk::enrolment::enrolled;
use crate::desk::{Past, PastChange, PastRecord, Principal, Refused};
use crate::policy::PolicyEngine;
use crate::store::principals::Enrolled;
use calendar::{Calendar, DAYS, instant};
use cast::Player;
use chapters::Scripted;
use course::{Course, Courses, Ending};
use oversight::classify::{Estate, EstateError};
use oversight::contract::Settlement;
use oversight::digest::Digest;
use oversight::id::{BadId, ChangeId};
use oversight::json::Fault;
use oversight::record::Agent;
use oversight::review::Person;
use oversight::state::{Conflict, State};
use oversight::time::{BadInstant, Instant};
use oversight::vocabulary::{Asserter, Role};
use rand::SeedableRng;
use rand::rngs::StdRng;
use repertoire::{Bench, Piece, Repertoire};
use std::collections::HashMap;
use telling::{Parts, Told, tell};

/// Marks every record of it.
pub const MARK: &str = "demonstration";

/// How long before now it ends: what the queue shows of the last hour is not of it.
const ENDS_BEFORE: i64 = 62 * 60;

/// Why the past could not be made up.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("its repertoire: {0}")]
    Words(#[from] Fault),
    #[error("its repertoire: {0}")]
    Piece(String),
    #[error("its estate: {0}")]
    Estate(#[from] EstateError),
    #[error("there is no {0} in it")]
    Nobody(String),
    #[error("a change of it is not over")]
    Unsettled,
    #[error("a thread was lost")]
    Lost,
    #[error("a step of it: {0}")]
    Step(String),
    #[error(transparent)]
    Id(#[from] BadId),
    #[error(transparent)]
    Time(#[from] BadInstant),
    #[error(transparent)]
    State(#[from] Conflict),
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// The past of a demonstration that begins at `now`. `local` is everybody whom the endpoint enrols, with the
/// registrations of agents. The same seed and time give the same past.
pub fn past(now: Instant, local: &[(Principal, Option<Agent>)], seed: u64) -> Result<Past, HistoryError> {
    let calendar = Calendar::ending(now.plus_seconds(-ENDS_BEFORE).to_millis());
    let cast = cast::players();
    let people: Vec<Person> =
        local.iter().filter(|(one, _)| one.is_person()).filter_map(|(one, _)| one.person()).collect();
    let executor = local.iter().map(|(one, _)| one).find(|one| one.role == Role::Executor);
    let executor = executor.ok_or_else(|| HistoryError::Nobody("executor".to_owned()))?;
    let estate = Estate::parse(ESTATE)?;
    let policy = PolicyEngine::default_policy();
    let repertoire = Repertoire::read(Bench { cast: &cast, people: &people, estate: &estate, policy: &policy }, seed)?;
    let stops = chapters::stops(&calendar);
    let chance = &mut StdRng::seed_from_u64(seed);

    let mut courses = Courses {
        calendar: &calendar,
        people: &people,
        stops: &stops,
        chance: StdRng::seed_from_u64(seed.rotate_left(17)),
    };
    let courses = planned(&mut courses, &cast, &repertoire.pieces)?;
    let parts = Parts { cast: &cast, people: &people, executor, pieces: &repertoire.pieces };
    let (changes, mut all) = told(parts, &courses, seed)?;

    let enrolled = everybody(local, &cast)?;
    all.extend(elsewhere::beginnings(&calendar, &policy, &enrolled, chance)?);
    let (paused, pauses) = elsewhere::pauses(&stops, &cast, &people, chance)?;
    all.extend(paused);
    all.extend(elsewhere::suggestions(&calendar, &cast, &repertoire, chance)?);
    all.extend(elsewhere::imports(&calendar, &estate, chance)?);
    all.retain(|told| calendar.is_recorded(told.at));
    let (records, changes) = in_order(all, changes);
    Ok(Past { principals: enrolled.into_iter().map(|(one, _)| one).collect(), records, changes, pauses })
}

/// Everybody with their first day: the local ones are there from the start.
fn everybody(local: &[(Principal, Option<Agent>)], cast: &[Player]) -> Result<Vec<(Enrolled, i64)>, HistoryError> {
    let gone = cast.iter().filter(|player| !local.iter().any(|(one, _)| one.uid == player.principal.uid));
    let gone = gone.map(|player| (player.principal.clone(), Some(player.profile.clone()), player.since));
    let local = local.iter().map(|(one, profile)| (one.clone(), profile.clone(), 0));
    local.chain(gone).map(|(one, profile, since)| Ok((enrolled(one, profile)?, since))).collect()
}

/// Every course, in the order proposed.
fn planned(courses: &mut Courses<'_>, cast: &[Player], pieces: &[Piece]) -> Result<Vec<Course>, HistoryError> {
    let mut all = Vec::new();
    for day in 0..=DAYS {
        for (place, piece) in pieces.iter().enumerate() {
            if !(piece.from.max(cast[piece.player].since + 1)..piece.until).contains(&day) {
                continue;
            }
            for _ in 0..courses.calendar.times(day, piece.a_week, piece.hours, &mut courses.chance) {
                let at = courses.calendar.some_time(day, piece.hours, &mut courses.chance);
                let variant = piece.some_variant(&mut courses.chance);
                let ending = match piece.variants[variant].is_reviewed() {
                    true => courses.some_ending(piece),
                    false => Ending::CarriedOut,
                };
                all.extend(courses.of((place, piece), variant, at, ending));
            }
        }
    }
    for Scripted { piece: id, at, fails_for_good, broken } in chapters::scripted(courses.calendar) {
        let piece = pieces.iter().enumerate().find(|(_, piece)| piece.id == id);
        let piece = piece.ok_or_else(|| HistoryError::Piece(format!("{id}: not in it")))?;
        let ending = match broken {
            Some(broken) => Ending::BrokenGlass(broken),
            None if fails_for_good => Ending::FailedForGood,
            None => Ending::CarriedOut,
        };
        all.extend(courses.of(piece, 0, at, ending));
    }
    all.sort_by_key(|course| course.proposed);
    Ok(all)
}

/// The changes with their records.
fn told(parts: Parts<'_>, courses: &[Course], seed: u64) -> Result<(Vec<PastChange>, Vec<Told>), HistoryError> {
    let rejections = Rejections::of(parts, courses);
    let numbered: Vec<(usize, &Course)> = courses.iter().enumerate().collect();
    let tales = on_threads(numbered, |part| {
        let each = part.into_iter().map(|(place, course)| {
            let chance = StdRng::seed_from_u64(seed ^ (place as u64 + 1).rotate_left(32));
            tell(parts, place, course, |variant, now| rejections.before(variant, now), chance)
        });
        each.collect()
    })?;
    let (changes, records): (Vec<_>, Vec<Vec<_>>) = tales.into_iter().unzip();
    Ok((changes, records.into_iter().flatten().collect()))
}

/// Does with all of `items`, a part on each of as many threads as there are, what `each` does with a part; in order.
fn on_threads<T: Send, R: Send>(
    mut items: Vec<T>,
    each: impl Fn(Vec<T>) -> Result<Vec<R>, HistoryError> + Sync,
) -> Result<Vec<R>, HistoryError> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let share = items.len().div_ceil(threads).max(1);
    let mut parts = Vec::new();
    while !items.is_empty() {
        let rest = items.split_off(share.min(items.len()));
        parts.push(std::mem::replace(&mut items, rest));
    }
    let done: Vec<Result<Vec<R>, HistoryError>> = std::thread::scope(|scope| {
        let running: Vec<_> = parts.into_iter().map(|part| scope.spawn(|| each(part))).collect();
        running.into_iter().map(|one| one.join().unwrap_or(Err(HistoryError::Lost))).collect()
    });
    let mut all = Vec::new();
    for part in done {
        all.extend(part?);
    }
    Ok(all)
}

/// What was rejected, by agent and content: which change, and how it was settled.
struct Rejections(HashMap<(String, Digest), Vec<(ChangeId, Settlement)>>);

impl Rejections {
    fn of(parts: Parts<'_>, courses: &[Course]) -> Rejections {
        let mut all: HashMap<_, Vec<_>> = HashMap::new();
        for (place, course) in courses.iter().enumerate() {
            let Some((at, person)) = course.rejected() else { continue };
            let first = &parts.pieces[course.piece].variants[course.variant];
            let variant = first.amended.as_deref().filter(|_| course.is_amended()).unwrap_or(first);
            let settled = Settlement { at: instant(at), by: parts.people[person].uid.to_string(), reason: None };
            let of = (variant.version.agent.uid.to_string(), variant.judged.content);
            all.entry(of).or_default().push((ChangeId(place as u64 + 1), settled));
        }
        Rejections(all)
    }

    /// The newest change of the same content that was rejected by then.
    fn before(&self, variant: &repertoire::Variant, now: Instant) -> Option<(ChangeId, Settlement)> {
        let of = (variant.version.agent.uid.to_string(), variant.judged.content);
        self.0.get(&of)?.iter().rev().find(|(_, settled)| settled.at <= now).cloned()
    }
}

/// The log in the order in which its records came, and what depends on their places in it.
fn in_order(mut all: Vec<Told>, mut changes: Vec<PastChange>) -> (Vec<PastRecord>, Vec<PastChange>) {
    all.sort_by_key(|told| told.at);
    let mut records = Vec::with_capacity(all.len());
    for (index, mut told) in all.into_iter().enumerate() {
        let sequence = index as u64 + 1;
        told.record.sequence = Some(sequence);
        told.record.extra.insert(MARK.to_owned(), true.into());
        let endpoint = told.origin == Asserter::Endpoint;
        if let Some(change) = told.change.filter(|_| endpoint).and_then(|place| changes.get_mut(place)) {
            change.sequence = sequence;
            if let Some(review) = told.review.and_then(|place| change.reviews.get_mut(place)) {
                review.sequence = sequence;
            }
        }
        records.push(PastRecord { record: told.record, origin: told.origin });
    }
    debug_assert!(changes.iter().all(|change| change.state != State::Pending));
    (records, changes)
}
