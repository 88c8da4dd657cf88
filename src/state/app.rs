//! The root of what the app knows: made once, owned by the page, handed down as context. What the parts
//! hold is said in their own rooms.

use super::agents::Agents;
use super::changes::Changes;
use super::decisions::Decisions;
use super::records::Records;
use super::route;
use super::seen::Seen;
use super::source::Source;
use super::status::{Connection, Status};
use super::trail::Trail;
use crate::data::keep::{keep, kept};
use crate::data::lead::Channel;
use crate::paths::Route;
use crate::ui::{Announcer, Notices, provide_announcer, provide_notices};
use crate::words::Zone;
use leptos::prelude::*;
use oversight::capability::{Deed, role_allows};
use oversight::contract::SessionView;
use oversight::time::Instant;

#[derive(Clone, Copy)]
pub struct App {
    pub session: RwSignal<Status<SessionView>>,
    /// What the page shows the records of.
    pub source: RwSignal<Source>,
    pub connection: RwSignal<Connection>,
    /// Position of the newest record that this page has heard of.
    pub sequence: RwSignal<u64>,
    pub route: RwSignal<Route>,
    pub shortcuts_on: RwSignal<bool>,
    pub changes: Changes,
    pub decisions: Decisions,
    pub agents: Agents,
    pub records: Records,
    pub trail: Trail,
    pub seen: Seen,
    pub notices: Notices,
    pub announcer: Announcer,
    pub(super) channel: StoredValue<Option<Channel>, LocalStorage>,
    /// Milliseconds that the endpoint's clock is ahead of this browser's.
    pub(super) skew: RwSignal<i64>,
    settled: Memo<bool>,
    second: RwSignal<i64>,
    local: RwSignal<bool>,
}

/// How often the queue's groups are worked out anew for the passing of time alone, in seconds.
const REGROUP: i64 = 30;

impl App {
    /// Makes it and provides it as context. Call once, at the root.
    pub fn provide() -> App {
        let second = RwSignal::new(clock_ms());
        let skew = RwSignal::new(0);
        let regroup = Memo::new(move |_| second.get() / 1_000 / REGROUP);
        let minute = Signal::derive(move || {
            regroup.track();
            instant(second.get_untracked() + skew.get())
        });
        let session = RwSignal::<Status<SessionView>>::default();
        let source = RwSignal::<Source>::default();
        let changes = Changes::new(minute);
        let settled = Memo::new(move |before: Option<&bool>| {
            before.is_some_and(|before| *before)
                || !source.with(Source::is_endpoint)
                || over(&session.get(), || changes.status())
        });
        let app = App {
            session,
            source,
            connection: RwSignal::default(),
            sequence: RwSignal::new(0),
            route: route::follow(),
            shortcuts_on: RwSignal::new(kept("shortcuts").unwrap_or(true)),
            changes,
            decisions: Decisions::new(),
            agents: Agents::new(),
            records: Records::new(),
            trail: Trail::new(),
            seen: Seen::new(),
            notices: provide_notices(),
            announcer: provide_announcer(),
            channel: StoredValue::new_local(None),
            skew,
            settled,
            second,
            local: RwSignal::new(kept("local_time").unwrap_or(false)),
        };
        set_interval(move || second.set(clock_ms()), std::time::Duration::from_secs(1));
        Effect::new(move || keep("shortcuts", &app.shortcuts_on.get()));
        Effect::new(move || keep("local_time", &app.local.get()));
        provide_context(app);
        app
    }

    /// The app of this page.
    pub fn get() -> App {
        expect_context::<App>()
    }

    /// Who is signed in.
    pub fn me(self) -> Option<SessionView> {
        self.session.with(|session| session.ready().cloned())
    }

    /// Whether whoever is signed in may read changes at all; without that there is no stream.
    pub fn reads_changes(self) -> bool {
        self.session.with(|session| session.ready().is_some_and(may_read_changes))
    }

    /// Whether the first load is over, so that nothing competes with it: the queue is here, can't be loaded, or is not
    /// for whoever is signed in. It stays over.
    pub fn settled(self) -> bool {
        self.settled.get()
    }

    /// The endpoint's present, a new one each second.
    pub fn now(self) -> Instant {
        instant(self.second.get() + self.skew.get())
    }

    /// The endpoint's present, to the millisecond, without following it.
    pub fn now_exact(self) -> Instant {
        instant(clock_ms() + self.skew.get_untracked())
    }

    /// The zone that times are shown in.
    pub fn zone(self) -> Zone {
        if self.local.get() { Zone::Local(-(js_sys::Date::new_0().get_timezone_offset() as i32)) } else { Zone::Utc }
    }

    /// The same, without following it.
    pub fn zone_now(self) -> Zone {
        untrack(|| self.zone())
    }

    pub fn is_local(self) -> bool {
        self.local.get()
    }

    pub fn set_local(self, local: bool) {
        self.local.set(local);
    }

    /// Says `text` to those who can't see it happen.
    pub fn announce(self, text: impl Into<String>) {
        self.announcer.say(text);
    }

    /// Why nothing can be decided here, if so.
    pub fn read_only(self) -> Option<String> {
        if let Some(name) = self.source.with(Source::name) {
            return Some(format!("Records of {name} are shown; what is decided is an endpoint's."));
        }
        match self.session.get() {
            Status::Ready(_) => None,
            Status::Failed(trouble) => Some(trouble.what),
            _ => Some("The session is still loading.".to_owned()),
        }
    }
}

fn may_read_changes(me: &SessionView) -> bool {
    role_allows(Deed::ReadChanges, me.role).is_ok()
}

fn over(session: &Status<SessionView>, changes: impl FnOnce() -> Status<()>) -> bool {
    match session {
        Status::Loading | Status::Slow => false,
        Status::Failed(_) => true,
        Status::Ready(me) => !may_read_changes(me) || !matches!(changes(), Status::Loading | Status::Slow),
    }
}

fn clock_ms() -> i64 {
    js_sys::Date::now() as i64
}

fn instant(ms: i64) -> Instant {
    // A browser's clock is within the years 1 to 9999; the epoch stands in for one that isn't.
    Instant::from_unix_micros(ms * 1_000).or_else(|_| Instant::from_unix_micros(0)).unwrap_or_else(|_| unreachable!())
}
