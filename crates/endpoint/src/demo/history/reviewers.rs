//! How people took part in the courses of the past: who completes a quorum, how they looked before they decided, what
//! they asked and why they refused. When they got to it is `course`, what they say `words`.

use super::calendar::drawn;
use super::chapters::{HASTE, HASTY};
use super::course::{Courses, Looked, Reviewed, Running, What};
use super::repertoire::{Piece, Variant};
use super::words;
use oversight::policy::Requirement;
use oversight::vocabulary::{Channel, Decision};
use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

const SECOND: i64 = 1_000;

/// How long they look.
const LOOKING: [(u32, i64); 6] = [(2, 9), (12, 35), (50, 120), (80, 300), (96, 700), (100, 1_500)];
/// Within the days of haste, and less than ten seconds.
const HASTILY: [(u32, i64); 4] = [(5, 1), (30, 4), (80, 7), (100, 9)];
/// Who reviews by a program that does not say how it was looked at, in a hundred.
const BY_API: [(&str, u32); 3] = [("identity-owner", 40), ("network-owner", 15), ("engineer-1", 8)];
/// Sections of a change in the order of the page.
const SECTIONS: [&str; 9] =
    ["what", "where", "why", "behind_it", "plan", "rollback", "blast_radius", "classification", "reviewers"];

impl Courses<'_> {
    pub fn review(&mut self, piece: &Piece, person: usize, decision: Decision, since: i64, at: i64) -> Reviewed {
        let name = self.people[person].uid.as_str();
        let by_api = BY_API.iter().find(|(uid, _)| *uid == name).map_or(0, |(_, share)| *share);
        let hasty = name == HASTY && HASTE.contains(&self.calendar.day(at)) && decision == Decision::Approve;
        let reason = match decision {
            Decision::Reject => {
                let own: Vec<&str> = piece.no.iter().map(String::as_str).collect();
                let from =
                    if own.is_empty() || self.chance.random_ratio(15, 100) { &words::REJECTIONS[..] } else { &own };
                from.choose(&mut self.chance).map(|reason| (*reason).to_owned())
            }
            Decision::Approve if hasty => None,
            Decision::Approve => self.chance.random_ratio(9, 100).then(|| self.one_of(&words::APPROVALS).to_owned()),
        };
        if !hasty && self.chance.random_ratio(by_api, 100) {
            return Reviewed { person, decision, reason, channel: Channel::Api, looked: None };
        }
        let took = drawn(if hasty { &HASTILY } else { &LOOKING }, &mut self.chance).min(at - since - 500).max(400);
        let seen = if hasty { 1..=3 } else { 4..=SECTIONS.len() };
        let mut places: Vec<usize> = (0..SECTIONS.len()).collect();
        if hasty {
            // Nothing below the first screen.
            places.truncate(3);
        } else {
            places.shuffle(&mut self.chance);
        }
        places.truncate(self.chance.random_range(seen));
        places.sort_unstable();
        let sections = places.into_iter().map(|place| SECTIONS[place]).collect();
        let visible = took * self.chance.random_range(70..=100) / 100;
        let looked = Some(Looked { opened: at - took, visible, sections });
        Reviewed { person, decision, reason, channel: Channel::Browser, looked }
    }

    /// A question while it is looked at, and the agent's answer.
    pub fn perhaps_asked(&mut self, course: &mut Running, person: usize, reviewed: &Reviewed, decided: i64) {
        let Some(looked) = &reviewed.looked else { return };
        let long = decided - looked.opened;
        if long < 90 * SECOND || !self.chance.random_ratio(22, 100) {
            return;
        }
        let Some((_, question)) = words::QUESTIONS.choose(&mut self.chance).copied() else { return };
        let asked = looked.opened + long * self.chance.random_range(20..50) / 100;
        let answered = asked + self.chance.random_range(2 * SECOND..20 * SECOND);
        course.then(asked.max(course.at), What::Asked(person, question));
        course.then(answered.max(course.at + SECOND), What::Answered(question));
    }

    /// Who completes the quorum, in the order of their reviews; none where nobody here can.
    pub fn quorum(&mut self, one: &Variant) -> Option<Vec<usize>> {
        let Requirement { slots, .. } = &one.version.policy.requirement;
        let barred = one.version.never_counted();
        let mut chosen = Vec::new();
        for slot in slots {
            let mut able: Vec<usize> = (0..self.people.len())
                .filter(|place| self.people[*place].groups.contains(&slot.group) && !chosen.contains(place))
                .filter(|place| !barred.iter().any(|entry| entry.is(&self.people[*place].uid)))
                .collect();
            able.shuffle(&mut self.chance);
            if slot.count as usize > able.len() {
                return None;
            }
            chosen.extend(&able[..slot.count as usize]);
        }
        chosen.shuffle(&mut self.chance);
        Some(chosen)
    }

    pub fn some_reviewer(&mut self, one: &Variant) -> Option<usize> {
        self.quorum(one)?.first().copied()
    }

    pub fn person(&self, uid: &str) -> Option<usize> {
        self.people.iter().position(|person| person.uid.as_str() == uid)
    }
}
