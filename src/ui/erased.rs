//! One type for what is drawn: every view, every row, every effect and memo passes here through a box, because each
//! distinct type and closure would be compiled into kilobytes of its own. Shadows the names of Leptos' prelude, which
//! are used in the same way; what blocks look like is in their own rooms.

use leptos::prelude::{
    AnyView, ArcMemo, ChildrenFn, Effect, For as Keyed, Get, IntoAny, IntoView, Memo, ViewFn, With, component,
};
use leptos::tachys::either::Either;
use std::sync::{Arc, Mutex};

/// Leptos' `view!`, erased: whatever the markup, it is an `AnyView`.
macro_rules! view {
    ($($markup:tt)*) => { ::leptos::prelude::IntoAny::into_any(::leptos::view! { $($markup)* }) };
}
pub(crate) use view;

/// What is drawn anew, in place, whenever what it reads changes.
pub fn live<V: IntoAny>(draw: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    let draw: Arc<Mutex<dyn FnMut() -> AnyView + Send>> = Arc::new(Mutex::new(move || draw().into_any()));
    draw.into_any()
}

/// A value worked out from signals; who reads it is told only when it differs.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let value: Box<dyn Fn() -> T + Send + Sync> = Box::new(value);
    boxed_memo(value)
}

#[inline(never)]
fn boxed_memo<T: PartialEq + Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| value())
}

/// Runs after drawing, and again whenever what it reads changes.
pub fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

#[inline(never)]
fn boxed_effect(run: Box<dyn FnMut()>) {
    Effect::new(run);
}

/// Draws the children while `when` holds, the fallback otherwise.
#[component(transparent)]
pub fn Show<W: Fn() -> bool + Send + Sync + 'static>(
    children: ChildrenFn,
    when: W,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView {
    either(Box::new(when), children, fallback)
}

#[inline(never)]
fn either(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let when = ArcMemo::new(move |_| when());
    let draw = move || if when.get() { Either::Left(children()) } else { Either::Right(fallback.run()) };
    draw.into_any()
}

/// Draws what stands at each place, once for as long as there is something: what moves moves within it. For lists of
/// which each answer brings another and whose rows are no one's but their place's; `For` keeps rows by their key.
pub fn places<T: Clone + PartialEq + Send + Sync + 'static>(
    items: Memo<Vec<T>>,
    draw: impl Fn(usize, Memo<Option<T>>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let many = memo(move || items.with(Vec::len));
    let item = move |place: usize| memo(move || items.with(|items| items.get(place).cloned()));
    live(move || (0..many.get()).map(|place| draw(place, item(place))).collect::<Vec<_>>())
}

/// A row and how it is drawn, should it be new.
struct Row {
    key: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// Draws a row for each item; a row stays as it is, and where the focus is, as long as its key is among them.
#[component]
pub fn For<E, I, T, K, F, C, V>(each: E, key: F, children: C) -> impl IntoView
where
    E: Fn() -> I + Send + 'static,
    I: IntoIterator<Item = T>,
    T: Send + 'static,
    F: Fn(&T) -> K + Send + 'static,
    K: ToString,
    C: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    rows(Box::new(move || {
        let mut rows = Vec::new();
        for item in each() {
            let (key, children) = (key(&item).to_string(), children.clone());
            rows.push(Row { key, draw: Box::new(move || children(item).into_any()) });
        }
        rows
    }))
}

#[inline(never)]
fn rows(each: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    view! { <Keyed each=move || each() key=|row| row.key.clone() children=|row| (row.draw)() /> }
}
