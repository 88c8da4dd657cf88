//! A figure whole: its value, what it counts, how it changed, its chart, and at the foot n of its denominator, its
//! unknowns, its records and its definition. Where there is no figure to show, the card says why in its place.

use leptos::context::Provider;
use leptos::prelude::*;

use super::definition::{Definition, DefinitionOf};
use super::figures::{Change, Direction, Figure, Foot, withheld};
use super::frame::{AsTable, TableButton};
use crate::ui::button::fresh_id;
use crate::ui::erased::{Show, live, memo, view};
use crate::ui::icon::{Icon, IconName};
use crate::ui::states::Skeleton;
use crate::ui::wording;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Loading,
    Is,
    Withheld,
    Unknowable,
}

#[component]
pub fn FigureCard(
    #[prop(into)] title: String,
    #[prop(into)] figure: Signal<Figure>,
    /// What it is compared with, after the change: `in the 30 days before`.
    #[prop(optional, into)]
    before: Signal<String>,
    #[prop(into)] foot: Signal<Foot>,
    definition: Definition,
    /// A newer answer is on its way.
    #[prop(optional, into)]
    stale: Signal<bool>,
    /// Over two columns.
    #[prop(optional)]
    wide: bool,
    /// The chart. It is drawn while there is a figure.
    children: ChildrenFn,
) -> impl IntoView {
    let table = AsTable::new();
    let kind = memo(move || {
        figure.with(|figure| match figure {
            Figure::Loading => Kind::Loading,
            Figure::Is { .. } => Kind::Is,
            Figure::Withheld { .. } => Kind::Withheld,
            Figure::Unknowable(_) => Kind::Unknowable,
        })
    });
    let id = fresh_id("figure");
    let children = StoredValue::new(children);
    let is = move || kind.get() == Kind::Is;
    let loading = format!("Loading {title}");
    // Built once for each kind: what an answer changes is the words within.
    let value = move || figure.with(|figure| figure.value().to_owned());
    let counts = move || figure.with(|figure| figure.counts().to_owned());
    let few = move || {
        figure.with(|figure| if let Figure::Withheld { of, .. } = figure { withheld(*of) } else { String::new() })
    };
    let why =
        move || figure.with(|figure| if let Figure::Unknowable(why) = figure { why.clone() } else { String::new() });
    let change = memo(move || figure.with(|figure| figure.change().cloned()));
    let head = live(move || match kind.get() {
        Kind::Loading => view! { <Skeleton lines=3 label=loading.clone() /> },
        Kind::Is => view! {
            <p class="fig">
                <b>{value}</b>
                " "
                <span>{counts}</span>
            </p>
            <ChangeOf change before />
        },
        Kind::Withheld => view! {
            <p class="fig none">
                <b>"Withheld"</b>
                " "
                <span>{counts}</span>
            </p>
            <p class="sm t2">{few} ": so few cases say nothing of how it usually is."</p>
        },
        Kind::Unknowable => view! {
            <p class="fig none">
                <Icon name=IconName::Question class="ink tone-unknown" />
                <b>"Can’t be known from this source"</b>
            </p>
            <p class="sm t2">{why}</p>
        },
    });
    let button = {
        let title = title.clone();
        move || view! { <TableButton name=title.clone() table /> }
    };
    let labelled = id.clone();
    view! {
        <section
            class="panel card"
            class:w2=wide
            class:stale=move || stale.get()
            aria-labelledby=labelled
            aria-busy=move || stale.get().then_some("true")
        >
            <div class="top">
                <h2 id=id>{title.clone()}</h2>
                <span class="again xs" aria-hidden="true">"recomputing"</span>
                <Show when=move || is() && table.offered.get()>{button()}</Show>
            </div>
            <div class="stands">{head}</div>
            <div class="slot">
                // For its own chart alone: a context would reach the cards beside it as well.
                <Provider value=table>
                    <Show when=is>{children.with_value(|children| children())}</Show>
                </Provider>
            </div>
            <footer>
                <FootOf foot />
                <span class="links">
                    <RecordsOf foot title=title.clone() />
                    <DefinitionOf title definition />
                </span>
            </footer>
        </section>
    }
}

#[component]
fn FootOf(foot: Signal<Foot>) -> impl IntoView {
    let of = move || foot.with(|foot| foot.of.clone());
    let unknown = memo(move || foot.with(|foot| foot.unknown));
    let is_counted = memo(move || unknown.get().is_some());
    let is_unknown = memo(move || unknown.get().is_some_and(|unknown| unknown > 0));
    let words = move || unknown.get().map(|unknown| format!("{} unknown", wording::count(unknown))).unwrap_or_default();
    view! {
        <span>{of}</span>
        {live(move || is_counted.get().then(|| view! { <span class:unknown=move || is_unknown.get()>{words}</span> }))}
    }
}

#[component]
fn RecordsOf(foot: Signal<Foot>, title: String) -> impl IntoView {
    let records = memo(move || foot.with(|foot| foot.records.clone()));
    let has = memo(move || records.with(Option::is_some));
    let label = format!("Records of {title}");
    live(move || {
        let label = label.clone();
        has.get().then(|| view! { <a class="btn s link" href=move || records.get() aria-label=label>"Records"</a> })
    })
}

/// Glyph and word; no colour, because whether more is better is not the card's to say.
#[component]
fn ChangeOf(change: Memo<Option<Change>>, before: Signal<String>) -> impl IntoView {
    let glyph = memo(move || {
        change.with(|change| match change {
            Some(Change::Moved(Direction::Up, _)) => Some("M8 13V3.5M4 7l4-4 4 4"),
            Some(Change::Moved(Direction::Down, _)) => Some("M8 3v9.5M4 9l4 4 4-4"),
            Some(Change::Moved(Direction::Level, _)) => Some("M3 6h10M3 10h10"),
            Some(Change::None(_)) | None => None,
        })
    });
    let moved = memo(move || glyph.get().is_some());
    let arrow = move || {
        view! {
            <svg class="i i-s" viewBox="0 0 16 16" aria-hidden="true">
                <path d=move || glyph.get() />
            </svg>
        }
    };
    let words = move || {
        change
            .with(|change| change.as_ref().map(|change| before.with(|before| change.words(before))).unwrap_or_default())
    };
    let is = memo(move || change.with(Option::is_some));
    live(move || {
        is.get().then(|| {
            view! {
                <p class="change">
                    {live(move || moved.get().then(arrow))}
                    <span>{words}</span>
                </p>
            }
        })
    })
}
