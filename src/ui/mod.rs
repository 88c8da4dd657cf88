//! Building blocks of the page: they draw what they are given and know no type of the domain, no endpoint, no store.
//! What a change or a record means is in `crates/oversight`; which block stands where is in `views`.
//! Their classes are described at the head of `style/ui.css`.

pub mod charts;
pub mod heights;
pub mod wording;

#[cfg(target_arch = "wasm32")]
mod badge;
#[cfg(target_arch = "wasm32")]
mod button;
#[cfg(target_arch = "wasm32")]
mod chip;
#[cfg(target_arch = "wasm32")]
mod dialog;
#[cfg(target_arch = "wasm32")]
mod diff;
#[cfg(target_arch = "wasm32")]
mod digest;
#[cfg(target_arch = "wasm32")]
mod erased;
#[cfg(target_arch = "wasm32")]
mod escaped;
#[cfg(target_arch = "wasm32")]
mod field;
#[cfg(target_arch = "wasm32")]
mod icon;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod live;
#[cfg(target_arch = "wasm32")]
mod notices;
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(target_arch = "wasm32")]
mod part;
#[cfg(target_arch = "wasm32")]
mod segmented;
#[cfg(target_arch = "wasm32")]
mod states;
#[cfg(target_arch = "wasm32")]
mod table;
#[cfg(target_arch = "wasm32")]
mod theme;
#[cfg(target_arch = "wasm32")]
mod tone;

#[cfg(target_arch = "wasm32")]
pub use self::{
    badge::{Badge, Dot, SlotDots, TierBadge, TierBars},
    button::{Button, ButtonLook},
    chip::{Assertion, Chip},
    dialog::{Dialog, Popover},
    diff::{Diff, DiffRow, DiffSide, Piece},
    digest::{CopyButton, Digest},
    erased::{For, Show, effect, live, memo, places},
    escaped::{Escaped, Segment},
    field::{Check, SearchBox, Select, TextArea, TextField},
    icon::{Icon, IconName, Mark},
    keys::{Kbd, in_text_entry, plain_key},
    live::{Announcer, LiveRegions, provide_announcer},
    notices::{Notice, NoticeLog, Notices, Toasts, provide_notices},
    panel::{Disclosure, Panel, Share, ShareBar},
    part::{Draw, Part, styled},
    segmented::{Choice, ChoiceOption, ChoiceSide, Segmented},
    states::{CommandLines, Empty, Failure, FirstRun, LoadLine, Skeleton},
    table::{Column, Head, VirtualTable},
    theme::{Theme, apply_theme, stored_theme},
    tone::Tone,
};

#[cfg(target_arch = "wasm32")]
pub(crate) use self::erased::view;
