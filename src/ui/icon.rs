//! The glyphs, as strokes on a 16 px square in the colour of the text around them, and the product's mark.
//! A glyph never stands alone for a meaning: a word is beside it, or a `label` says it to those who can't see it.

use leptos::prelude::*;

use super::erased::view;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IconName {
    Back,
    Bot,
    Check,
    Clock,
    Comment,
    Copy,
    Denied,
    Down,
    External,
    EyeOff,
    Failed,
    Filter,
    Info,
    Keyboard,
    Link,
    Menu,
    Moon,
    Offline,
    Ok,
    Open,
    Pause,
    Pending,
    Person,
    Play,
    Plus,
    Question,
    Redeemed,
    Refresh,
    Revoked,
    RolledBack,
    Search,
    Shield,
    Signal,
    Sun,
    Superseded,
    Trash,
    Verified,
    Warn,
    X,
}

/// Class of the path (`""` strokes) and its outline.
type Stroke = (&'static str, &'static str);

const RING: &str = "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z";

impl IconName {
    fn strokes(self) -> &'static [Stroke] {
        match self {
            IconName::Back => &[("", "M10 3 5 8l5 5")],
            IconName::Bot => &[(
                "",
                "M5 5.5h6a2 2 0 0 1 2 2V11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7.5a2 2 0 0 1 2-2zM8 5.5V3M6 9v.6M10 9v.6",
            )],
            IconName::Check => &[("", "M3 8.5 6.5 12 13 4.5")],
            IconName::Clock => &[("", RING), ("", "M8 4.5V8l2.5 1.5")],
            IconName::Comment => &[("", "M3 3.5h10v7H8l-3 2.5v-2.5H3z")],
            IconName::Copy => &[(
                "",
                "M7 5.5h5A1.5 1.5 0 0 1 13.5 7v5a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 12V7A1.5 1.5 0 0 1 7 5.5zM10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2",
            )],
            IconName::Denied => &[("", RING), ("", "M3.8 12.2l8.4-8.4")],
            IconName::Down => &[("", "M4 6l4 4 4-4")],
            IconName::External => {
                &[("", "M9.5 2.5h4v4M13.5 2.5 8 8M11.5 9v3.5a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1H7")]
            }
            IconName::EyeOff => &[("", "M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4zM3 13 13 3")],
            IconName::Failed => &[("", "M5.5 2.3h5l3.2 3.2v5l-3.2 3.2h-5l-3.2-3.2v-5zM8 5v3.6M8 10.9v.1")],
            IconName::Filter => &[("", "M2.5 4h11M4.5 8h7M6.5 12h3")],
            IconName::Info => &[("", RING), ("", "M8 7.5v3.5M8 5v.1")],
            IconName::Keyboard => &[(
                "",
                "M3 4h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM5 6.5v.1M8 6.5v.1M11 6.5v.1M5.5 9.5h5",
            )],
            IconName::Link => {
                &[("", "M6.5 9.5l3-3M7 4.5l1-1a2.8 2.8 0 0 1 4.5 4.5l-1 1M9 11.5l-1 1A2.8 2.8 0 0 1 3.5 8l1-1")]
            }
            IconName::Menu => &[("", "M2.5 4.5h11M2.5 8h11M2.5 11.5h11")],
            IconName::Moon => &[("", "M13.3 9.6A5.7 5.7 0 0 1 6.4 2.7a5.7 5.7 0 1 0 6.9 6.9z")],
            IconName::Offline => &[("", "M2.5 6.5a8 8 0 0 1 11 0M4.8 9a4.8 4.8 0 0 1 6.4 0M8 12v.1M2.5 13.5l11-11")],
            IconName::Ok => &[
                ("solid", "M14.25 8A6.25 6.25 0 1 1 1.75 8a6.25 6.25 0 0 1 12.5 0z"),
                ("knock", "M5 8.3 7.2 10.4 11 6"),
            ],
            IconName::Open => &[("dashed", RING)],
            IconName::Pause => &[("", "M5.5 4v8M10.5 4v8")],
            IconName::Pending => &[("", RING), ("solid", "M9.6 8a1.6 1.6 0 1 1-3.2 0 1.6 1.6 0 0 1 3.2 0z")],
            IconName::Person => {
                &[("", "M10.5 5.2a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM3 13.5c.4-2.6 2.3-4 5-4s4.6 1.4 5 4")]
            }
            IconName::Play => &[("", "M5 3.5 12.5 8 5 12.5z")],
            IconName::Plus => &[("", "M8 3v10M3 8h10")],
            IconName::Question => &[("", "M5.8 6a2.3 2.3 0 1 1 3.5 2c-.8.5-1.3 1-1.3 2M8 12.6v.1")],
            IconName::Redeemed => &[("", "M8.5 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM8.5 8H14v3M11.5 8v2")],
            IconName::Refresh => &[("", "M13 3v3.5H9.5M12.7 6.5A5.3 5.3 0 1 0 13 9.5")],
            IconName::Revoked => &[("", RING), ("", "M5.5 8h5")],
            IconName::RolledBack => &[("", "M3 3v3.5h3.5M3.3 6.5A5.3 5.3 0 1 1 3 9.5")],
            IconName::Search => &[("", "M11.25 7a4.25 4.25 0 1 1-8.5 0 4.25 4.25 0 0 1 8.5 0zM10.2 10.2 14 14")],
            IconName::Shield => &[("", "M8 2l5 1.8v4C13 11 10.8 13 8 14c-2.8-1-5-3-5-6.2v-4zM5.8 8l1.6 1.6L10.3 6.5")],
            IconName::Signal => &[
                ("solid", "M11.5 8a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0z"),
                ("faint", "M14.5 8a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0z"),
            ],
            IconName::Sun => &[(
                "",
                "M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7",
            )],
            IconName::Superseded => &[("", "M3 4l4 4-4 4M9 4l4 4-4 4")],
            IconName::Trash => &[("", "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5 5 13h6l.5-8.5")],
            IconName::Verified => &[("", "M2 8.5 5.5 12 12 4.5M8 11l1 1 5.5-6.5")],
            IconName::Warn => &[("", "M8 2.2 14.3 13H1.7zM8 6.3v3.2M8 11.2v.1")],
            IconName::X => &[("", "M4 4l8 8M12 4l-8 8")],
        }
    }
}

/// A glyph. Hidden from assistive technology unless `label` gives it a name.
#[component]
pub fn Icon(
    name: IconName,
    /// 12 px instead of 16.
    #[prop(optional)]
    small: bool,
    #[prop(optional, into)] label: Option<String>,
    /// Further classes, such as `ink tone-critical`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = format!("i {} {class}", if small { "i-s" } else { "" });
    let hidden = label.is_none().then_some("true");
    let role = label.is_some().then_some("img");
    let paths = name.strokes().iter().map(|&(class, d)| view! { <path class=class d=d /> }).collect_view();
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden=hidden role=role aria-label=label>
            {paths}
        </svg>
    }
}

/// The product's mark: a signature over its line. Decoration beside the name.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M3 12.5c2.5-6 5-8.5 6-7.5s-2.5 7-1 8 3.5-6 5-5.5-1.5 5 .5 5c1.5 0 2.5-1.5 3.5-3M3 16.5h14" />
        </svg>
    }
}
