//! A part of the app whose code is fetched by itself, after the first paint or when it is first shown. Which parts
//! there are is the views' to say; how the build makes files of them is in `crates/pack`.

use super::erased::{live, view};
use super::states::{Failure, Skeleton};
use futures::future::select;
use gloo_timers::future::TimeoutFuture;
use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::OnceLock;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

/// Draws a part whose code is here.
pub type Draw = fn() -> AnyView;

/// A part's code on its way.
pub type Fetching = Pin<Box<dyn Future<Output = Result<Draw, SplitLoaderError>>>>;

/// Puts the style sheets of these names to use, which the build left to be fetched later (`crates/pack`), and waits until
/// they are here or can't be had: what is drawn without them would be drawn twice.
pub async fn styled(names: &[&str]) {
    for name in names {
        let selector = format!("link[data-later={name}]");
        let Some(link) = document().query_selector(&selector).ok().flatten() else { continue };
        let over = Promise::new(&mut |resolve, _| {
            for event in ["load", "error"] {
                let _ = link.add_event_listener_with_callback(event, &resolve);
            }
        });
        let _ = link.remove_attribute("data-later");
        let _ = link.set_attribute("rel", "stylesheet");
        select(pin!(JsFuture::from(over)), pin!(TimeoutFuture::new(RETRY_MS))).await;
    }
}

/// After how long fetching is worth saying, in milliseconds.
const SLOW_MS: u64 = 300;

/// Between two tries to fetch, in milliseconds.
const RETRY_MS: u32 = 5_000;

pub struct Part {
    fetch: fn() -> Fetching,
    /// What it is, after "Loading": `the records`. None for what is not missed while it is on its way.
    what: Option<&'static str>,
    draw: OnceLock<Draw>,
}

#[derive(Clone, Copy)]
enum Standing {
    Fetching,
    Slow,
    Failed,
    Here(Draw),
}

impl Part {
    pub const fn new(what: &'static str, fetch: fn() -> Fetching) -> Part {
        Part { fetch, what: Some(what), draw: OnceLock::new() }
    }

    /// A part that leaves its place empty until its code is here.
    pub const fn quiet(fetch: fn() -> Fetching) -> Part {
        Part { fetch, what: None, draw: OnceLock::new() }
    }

    /// Fetches it, over and over until it is here: whatever is opened later is opened at once.
    pub async fn fetch_ahead(&'static self) {
        while !self.fetched().await {
            TimeoutFuture::new(RETRY_MS).await;
        }
    }

    async fn fetched(&'static self) -> bool {
        match (self.fetch)().await {
            Ok(draw) => {
                let _ = self.draw.set(draw);
                true
            }
            Err(_) => false,
        }
    }

    /// The part: at once where its code is here, and after fetching it otherwise.
    pub fn view(&'static self) -> AnyView {
        match self.draw.get() {
            Some(draw) => draw(),
            None => self.awaited(),
        }
    }

    fn awaited(&'static self) -> AnyView {
        let standing = RwSignal::new(Standing::Fetching);
        let slow = move || {
            if matches!(standing.try_get_untracked(), Some(Standing::Fetching)) {
                standing.set(Standing::Slow);
            }
        };
        set_timeout(slow, Duration::from_millis(SLOW_MS));
        spawn_local(async move {
            while !self.fetched().await {
                standing.try_set(Standing::Failed);
                TimeoutFuture::new(RETRY_MS).await;
            }
            if let Some(draw) = self.draw.get() {
                standing.try_set(Standing::Here(*draw));
            }
        });
        live(move || match (standing.get(), self.what) {
            (Standing::Here(draw), _) => draw(),
            (Standing::Fetching, _) | (_, None) => ().into_any(),
            (Standing::Slow, Some(what)) => {
                view! { <div class="page"><Skeleton label=format!("Loading {what}") /></div> }
            }
            (Standing::Failed, Some(what)) => view! {
                <div class="page">
                    <Failure
                        happened=format!("The code that shows {what} could not be fetched.")
                        kept="What is on the page stays as it is; nothing was changed."
                        to_do="It is asked for again every few seconds. If the endpoint was updated meanwhile, reload the page."
                    />
                </div>
            },
        })
    }
}
