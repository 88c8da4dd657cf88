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
    let head = live(move || match figure.get() {
        Figure::Loading => view! { <Skeleton lines=3 label=loading.clone() /> },
        Figure::Is { value, counts, change } => view! {
            <p class="fig">
                <b>{value}</b>
                " "
                <span>{counts}</span>
            </p>
            {change.map(|change| view! { <ChangeOf change before /> })}
        },
        Figure::Withheld { of, counts } => view! {
            <p class="fig none">
                <b>"Withheld"</b>
                " "
                <span>{counts}</span>
            </p>
            <p class="sm t2">{withheld(of)} ": so few cases say nothing of how it usually is."</p>
        },
        Figure::Unknowable(why) => view! {
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
    let foot = memo(move || foot.get());
    live(move || {
        let Foot { of, unknown, .. } = foot.get();
        let unknown = unknown.map(|unknown| {
            let class = if unknown > 0 { "unknown" } else { "" };
            view! { <span class=class>{format!("{} unknown", wording::count(unknown))}</span> }
        });
        view! {
            <span>{of}</span>
            {unknown}
        }
    })
}

#[component]
fn RecordsOf(foot: Signal<Foot>, title: String) -> impl IntoView {
    let records = memo(move || foot.with(|foot| foot.records.clone()));
    let label = format!("Records of {title}");
    live(move || {
        let label = label.clone();
        records.get().map(|href| view! { <a class="btn s link" href=href aria-label=label>"Records"</a> })
    })
}

/// Glyph and word; no colour, because whether more is better is not the card's to say.
#[component]
fn ChangeOf(change: Change, before: Signal<String>) -> impl IntoView {
    let glyph = match &change {
        Change::Moved(Direction::Up, _) => Some("M8 13V3.5M4 7l4-4 4 4"),
        Change::Moved(Direction::Down, _) => Some("M8 3v9.5M4 9l4 4 4-4"),
        Change::Moved(Direction::Level, _) => Some("M3 6h10M3 10h10"),
        Change::None(_) => None,
    };
    let glyph = glyph.map(|d| {
        view! {
            <svg class="i i-s" viewBox="0 0 16 16" aria-hidden="true">
                <path d=d />
            </svg>
        }
    });
    view! {
        <p class="change">
            {glyph}
            <span>{move || before.with(|before| change.words(before))}</span>
        </p>
    }
}
