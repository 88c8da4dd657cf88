//! The cells of a row: glyph and word of the kind, time, who, what, target, ending. Every text from outside
//! is escaped; what is missing says how. What stands in them is `summary`, which columns there are `table`.

use super::summary::{Ending, Target, What, Who, effect_words, kind_words};
use crate::state::App;
use crate::ui::{Badge, Icon, IconName, Tone, view};
use crate::views::parts::{Gone, Said};
use crate::words;
use leptos::prelude::*;
use oversight::time::When;
use oversight::vocabulary::{Decision, Effect, Kind, OutcomeStatus};

/// The glyph of a kind; its word is `kind_words`.
pub fn kind_icon(kind: Kind) -> IconName {
    match kind {
        Kind::Recommendation | Kind::IncidentUpdate => IconName::Info,
        Kind::Proposal => IconName::Plus,
        Kind::Amendment | Kind::Supersession => IconName::Superseded,
        Kind::PolicyDecision | Kind::PolicyLoad => IconName::Shield,
        Kind::Review | Kind::Acknowledgement | Kind::Ratification => IconName::Check,
        Kind::Comment | Kind::Claim => IconName::Comment,
        Kind::Expiry | Kind::Lapse => IconName::Clock,
        Kind::Cancellation => IconName::X,
        Kind::Redemption => IconName::Redeemed,
        Kind::Revocation => IconName::Revoked,
        Kind::Execution | Kind::Resume => IconName::Play,
        Kind::Verification => IconName::Verified,
        Kind::Rollback => IconName::RolledBack,
        Kind::Pause => IconName::Pause,
        Kind::BreakGlass | Kind::Anomaly => IconName::Warn,
        Kind::Suppression => IconName::EyeOff,
        Kind::Enrolment => IconName::Person,
    }
}

/// Glyph and word; a kind that this version does not know stands in quotes.
pub fn kind(kind: Result<Kind, String>) -> AnyView {
    match kind {
        Ok(kind) => view! {
            <span class="row kind">
                <Icon name=kind_icon(kind) />
                <span>{kind_words(kind)}</span>
            </span>
        }
        .into_any(),
        Err(word) => view! {
            <span class="row kind">
                <Icon name=IconName::Question label="kind not known" />
                <span>"“"<Said text=word />"”"</span>
            </span>
        }
        .into_any(),
    }
}

/// Date and time to the millisecond; an imprecise time as its two ends.
#[component]
pub fn Moment(when: Result<When, String>) -> impl IntoView {
    let app = App::get();
    match when {
        Ok(When::At(at)) => {
            let millis = at.moment().timestamp_subsec_millis();
            let millis = (millis > 0).then(|| view! { <span class="ms">{format!(".{millis:03}")}</span> });
            let text = move || words::date_time(at, app.zone());
            view! { <time datetime=at.to_string()>{text} {millis}</time> }.into_any()
        }
        Ok(when) => {
            let exact = move || format!("{} {}", words::when(when, app.zone()), app.zone().name());
            let text = move || words::ends(when.earliest(), when.latest(), app.zone());
            view! { <span class="imprecise" title=exact><span class="vh">"between "</span>{text}</span> }.into_any()
        }
        Err(text) => view! { <span class="odd">"“"<Said text />"”"</span> }.into_any(),
    }
}

pub fn who(who: Who) -> AnyView {
    match who {
        Who::Agent(uid) => view! {
            <span class="row">
                <Icon name=IconName::Bot small=true label="agent" />
                <Said text=uid />
            </span>
        }
        .into_any(),
        Who::Party(uid) => view! {
            <span class="row">
                <Icon name=IconName::Person small=true label="person or service" />
                <Said text=uid />
            </span>
        }
        .into_any(),
        Who::Gone(missing) => view! { <Gone missing quiet=true /> }.into_any(),
    }
}

/// What was done, and to what.
pub fn deed(done: What, to: Target) -> AnyView {
    let whole = matches!(done, What::Operation { .. });
    let title = match &to {
        Target::Is(uid) => Some(oversight::text::escape::visible(uid)),
        Target::Gone(_) => None,
    };
    view! {
        <span class="deed" class:whole=whole>
            <span>{what(done)}</span>
            <span class="to" title=title>{target(to)}</span>
        </span>
    }
}

pub fn what(what: What) -> AnyView {
    match what {
        What::Operation { service, operation } => {
            view! { <span class="op"><Said text=service />":"<Said text=operation /></span> }.into_any()
        }
        What::Change { id, version } => {
            let version = version.map(|version| format!(" version {version}"));
            view! { <span class="words">{id.to_string()} {version}</span> }.into_any()
        }
        What::Agent(uid) => view! { <span class="words">"agent " <Said text=uid /></span> }.into_any(),
        What::Gone(missing) => view! { <Gone missing quiet=true /> }.into_any(),
        What::Unreadable(why) => view! {
            <span class="row odd">
                <Icon name=IconName::Warn small=true />
                <span>"this version can't read it: "<Said text=why /></span>
            </span>
        }
        .into_any(),
    }
}

pub fn target(target: Target) -> AnyView {
    match target {
        Target::Is(uid) => view! { <Said text=uid /> }.into_any(),
        Target::Gone(missing) => view! { <Gone missing quiet=true /> }.into_any(),
    }
}

pub fn ending(ending: Ending) -> AnyView {
    let badge = |tone, icon, word: &'static str| view! { <Badge tone icon word /> }.into_any();
    match ending {
        Ending::Review(Decision::Approve) => badge(Tone::Approved, IconName::Ok, "approved"),
        Ending::Review(Decision::Reject) => badge(Tone::Rejected, IconName::X, "rejected"),
        Ending::Policy(effect) => match effect {
            Effect::Allow => badge(Tone::Neutral, IconName::Shield, effect_words(effect)),
            Effect::Deny => badge(Tone::Denied, IconName::Denied, effect_words(effect)),
            Effect::NeedsReview => badge(Tone::Pending, IconName::Pending, effect_words(effect)),
        },
        Ending::Outcome(OutcomeStatus::Success) => badge(Tone::Neutral, IconName::Check, "done"),
        Ending::Outcome(OutcomeStatus::Failure) => badge(Tone::Failed, IconName::Failed, "failed"),
        Ending::Outcome(OutcomeStatus::Unknown) => {
            view! { <Gone missing=Some(oversight::missing::Missing::Unknown) /> }.into_any()
        }
        Ending::Gone(missing) => view! { <Gone missing quiet=true /> }.into_any(),
    }
}
