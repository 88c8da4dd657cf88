//! The tones a mark can take. Each is three colours of `style/tokens.css` (text, tint, line), set by its class.
//! Which state or tier takes which tone is the views' to say.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    Low,
    Moderate,
    High,
    Critical,
    Pending,
    Approved,
    Rejected,
    Expired,
    Superseded,
    Redeemed,
    RolledBack,
    Failed,
    Denied,
    Unknown,
    Neutral,
    Accent,
}

impl Tone {
    /// The class that sets `--c`, `--ct` and `--cl` for everything inside.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Low => "tone-low",
            Tone::Moderate => "tone-moderate",
            Tone::High => "tone-high",
            Tone::Critical => "tone-critical",
            Tone::Pending => "tone-pending",
            Tone::Approved => "tone-approved",
            Tone::Rejected => "tone-rejected",
            Tone::Expired => "tone-expired",
            Tone::Superseded => "tone-superseded",
            Tone::Redeemed => "tone-redeemed",
            Tone::RolledBack => "tone-rolled-back",
            Tone::Failed => "tone-failed",
            Tone::Denied => "tone-denied",
            Tone::Unknown => "tone-unknown",
            Tone::Neutral => "tone-neutral",
            Tone::Accent => "tone-accent",
        }
    }
}
