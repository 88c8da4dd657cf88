//! What stands out in the demonstration's past: who was paused, when and why; the morning on which an agent stopped what
//! production needed, and after which it may do less alone; two times the glass was broken; a reviewer who did not look.
//! What happens every day is `course`.

use super::calendar::Calendar;

/// An agent stopped, and let go on where it was.
#[derive(Debug, Clone)]
pub struct Stop {
    pub agent: &'static str,
    pub from: i64,
    pub by: &'static str,
    pub reason: &'static str,
    /// When a manager resumed it, and why.
    pub to: Option<(i64, &'static str)>,
}

impl Stop {
    /// Whether it stands at that time.
    pub fn holds(&self, at: i64) -> bool {
        self.from <= at && self.to.is_none_or(|(to, _)| at < to)
    }
}

/// Who resumes agents.
pub const MANAGER: &str = "manager";

/// The days on which `HASTY` approved what was hardly opened.
pub const HASTE: std::ops::Range<i64> = 34..48;
pub const HASTY: &str = "engineer-2";

/// The day on which `cost-optimizer` stopped the price cache of staging, which production read from.
pub fn incident(calendar: &Calendar) -> i64 {
    calendar.working_day(52)
}

/// A time of a day, not to the minute.
fn about(calendar: &Calendar, day: i64, hour: i64, minute: i64) -> i64 {
    calendar.at(day, hour, minute) + (day * 7_013 + minute * 1_409).rem_euclid(60_000)
}

/// Every pause, in order.
pub fn stops(calendar: &Calendar) -> Vec<Stop> {
    let on = |day: i64| calendar.working_day(day);
    let at = |day: i64, hour: i64, minute: i64| about(calendar, day, hour, minute);
    let incident = incident(calendar);
    let resumed = on(incident + 3);
    vec![
        Stop {
            agent: "dns-maintainer",
            from: at(on(11), 13, 20),
            by: "network-owner",
            reason: "It asked for the same name three times in an hour. I want to see why before it asks again.",
            to: Some((at(on(11), 15, 5), "A request was stuck in its queue. It is emptied.")),
        },
        Stop {
            agent: "incident-triage",
            from: at(on(24), 2, 14),
            by: "engineer-2",
            reason: "We are restarting services by hand. It should not do so at the same time.",
            to: Some((at(on(24), 2, 52), "The hand work is done.")),
        },
        Stop {
            agent: "deploy-pilot",
            from: at(on(31), 15, 40),
            by: "engineer-1",
            reason: "Nothing is deployed while the certificates are replaced.",
            to: Some((at(on(on(31) + 1), 8, 5), "The certificates are in place.")),
        },
        Stop {
            agent: "cost-optimizer",
            from: at(incident, 5, 58),
            by: MANAGER,
            reason: "It stopped the staging price cache, and production's checkout read from it. Nothing of it runs until we \
                     know what else the two share.",
            to: Some((
                at(resumed, 8, 30),
                "From now on it names what production could share with a thing in staging, so that such a change is \
                 reviewed.",
            )),
        },
        Stop {
            agent: "log-compactor",
            from: at(on(67), 22, 10),
            by: "engineer-2",
            reason: "It asks every night to stop the audit trail. The policy refuses, but who told it to?",
            to: Some((at(on(on(67) + 1), 9, 15), "An old setting. It is taken out, the owner has looked at the rest.")),
        },
        Stop {
            agent: "deploy-pilot",
            from: at(88, 9, 10),
            by: MANAGER,
            reason: "A third of what it has deployed since the new runtime was rolled back. People deploy until we know why.",
            to: None,
        },
    ]
}

/// A change that is told for itself: which piece, when, and how the glass was broken for it, if it was.
#[derive(Debug, Clone)]
pub struct Scripted {
    pub piece: &'static str,
    pub at: i64,
    /// What was done did not hold, and could not be undone.
    pub fails_for_good: bool,
    pub broken: Option<Broken>,
}

/// Going ahead without the quorum.
#[derive(Debug, Clone)]
pub struct Broken {
    pub by: &'static str,
    /// Milliseconds after the proposal.
    pub after: i64,
    pub reason: &'static str,
    /// For how long it could be ratified, in seconds.
    pub ttl: u64,
    /// Who did so, how many milliseconds later, and why.
    pub ratified: Option<(&'static str, i64, &'static str)>,
}

/// What is told for itself.
pub fn scripted(calendar: &Calendar) -> Vec<Scripted> {
    let incident = incident(calendar);
    const MINUTE: i64 = 60_000;
    vec![
        Scripted {
            piece: "stop-shared-cache",
            at: about(calendar, incident, 5, 31),
            fails_for_good: true,
            broken: None,
        },
        Scripted {
            piece: "reach-second-cache",
            at: about(calendar, incident, 6, 2),
            fails_for_good: false,
            broken: Some(Broken {
                by: "engineer-2",
                after: 4 * MINUTE + 11_000,
                reason: "Checkout answers one in four requests with an error, and none of the network owners answers \
                         before seven. I have read the plan: one port, between two groups of ours.",
                ttl: 4 * 3_600,
                ratified: Some((
                    MANAGER,
                    76 * MINUTE,
                    "It was the right call. I have read the plan and the graphs of the hour.",
                )),
            }),
        },
        Scripted {
            piece: "fail-over-dns",
            at: about(calendar, calendar.saturday(80), 22, 36),
            fails_for_good: false,
            broken: Some(Broken {
                by: "network-owner",
                after: 3 * MINUTE + 40_000,
                reason: "Tracking is down for everybody, it is Saturday night and nobody of sre answers.",
                ttl: 4 * 3_600,
                ratified: None,
            }),
        },
    ]
}
