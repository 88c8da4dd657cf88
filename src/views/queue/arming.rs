//! When a decision may be committed and, where it may not, why: the order of the reasons, and the second for
//! which the controls stay disarmed after what they decide on has changed. Pure; the timer is `opened`'s.

use oversight::contract::{ChangeView, MAX_REASON, May};
use oversight::digest::Digest;
use oversight::review::SlotStanding;
use oversight::state::State;
use oversight::vocabulary::Decision;

/// How long the controls rest after a change of content, in milliseconds; `--arm-delay` in `style/tokens.css`.
pub const ARM_DELAY_MS: u64 = 1_000;

/// Why nothing can be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// This page can't decide anything.
    ReadOnly(String),
    /// A newer version is here.
    Superseded { shown: u32, latest: u32 },
    /// What is on the screen is not what the digest is of.
    Unsealed(String),
    /// The endpoint says that this person may not.
    MayNot(String),
    /// A decision on this version is on its way.
    OnItsWay,
    /// What is decided on changed less than `ARM_DELAY_MS` ago.
    JustChanged,
    /// Neither side is chosen.
    NothingChosen,
    /// The policy asks for something that the agent must add before anybody can approve.
    NotApprovable(String),
    /// High findings that are not acknowledged.
    Unacknowledged(usize),
    /// A rejection without a reason.
    NoReason,
    /// A reason of so many bytes.
    ReasonTooLong(usize),
}

impl Block {
    /// The reason in words, for the reader.
    pub fn words(&self) -> String {
        match self {
            Block::ReadOnly(reason)
            | Block::Unsealed(reason)
            | Block::MayNot(reason)
            | Block::NotApprovable(reason) => reason.clone(),
            Block::Superseded { shown, latest } => {
                format!("Version {shown} was superseded by version {latest}. Show version {latest} to decide on it.")
            }
            Block::OnItsWay => "Your decision on this version is on its way.".to_owned(),
            Block::JustChanged => "What you decide on has just changed; ready in a second.".to_owned(),
            Block::NothingChosen => "Choose Reject or Approve first.".to_owned(),
            Block::Unacknowledged(1) => "Acknowledge the finding of high severity first.".to_owned(),
            Block::Unacknowledged(n) => format!("Acknowledge the {n} findings of high severity first, one by one."),
            Block::NoReason => "A rejection needs a reason; the agent is told it.".to_owned(),
            Block::ReasonTooLong(bytes) => {
                format!("The reason has {bytes} bytes; at most {MAX_REASON} are kept. Shorten it.")
            }
        }
    }
}

/// What bears on the decision, whichever side is chosen.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub read_only: Option<String>,
    /// The version on the screen.
    pub shown: u32,
    /// The newest version there is.
    pub latest: u32,
    pub seal: &'a Result<(), String>,
    pub may: &'a May,
    /// A decision on this version is queued or sent.
    pub on_its_way: bool,
    /// The content has rested for `ARM_DELAY_MS`.
    pub rested: bool,
}

/// Why neither side can be chosen, if so. The lasting reasons come before the passing one.
pub fn panel_block(facts: &Facts<'_>) -> Option<Block> {
    if facts.latest > facts.shown {
        return Some(Block::Superseded { shown: facts.shown, latest: facts.latest });
    }
    if let Some(reason) = &facts.read_only {
        return Some(Block::ReadOnly(reason.clone()));
    }
    if let Err(reason) = facts.seal {
        return Some(Block::Unsealed(reason.clone()));
    }
    if facts.on_its_way {
        return Some(Block::OnItsWay);
    }
    if !facts.may.allowed {
        let reason =
            facts.may.reason.clone().unwrap_or_else(|| "The endpoint takes no review from you here.".to_owned());
        return Some(Block::MayNot(reason));
    }
    (!facts.rested).then_some(Block::JustChanged)
}

/// What the reader has put together so far.
#[derive(Debug, Clone, Default)]
pub struct Draft<'a> {
    pub decision: Option<Decision>,
    pub reason: &'a str,
    /// High findings not acknowledged yet.
    pub unacknowledged: usize,
    /// From the endpoint: why no approval can be taken.
    pub approval_blocked: Option<&'a str>,
}

/// Why the chosen decision can't be committed, if so.
pub fn commit_block(facts: &Facts<'_>, draft: &Draft<'_>) -> Option<Block> {
    if let Some(block) = panel_block(facts) {
        return Some(block);
    }
    if draft.reason.len() > MAX_REASON {
        return Some(Block::ReasonTooLong(draft.reason.len()));
    }
    match draft.decision {
        None => Some(Block::NothingChosen),
        Some(Decision::Reject) => draft.reason.trim().is_empty().then_some(Block::NoReason),
        Some(Decision::Approve) => match draft.approval_blocked {
            Some(reason) => Some(Block::NotApprovable(reason.to_owned())),
            None => (draft.unacknowledged > 0).then_some(Block::Unacknowledged(draft.unacknowledged)),
        },
    }
}

/// Whether what is on the screen is what both digests are of; otherwise a sentence why not.
pub fn seal(view: &ChangeView) -> Result<(), String> {
    let version = &view.reviewed;
    if version.change != view.id || version.version != view.version {
        return Err(
            "The endpoint sent the content of another version. Nothing can be signed; reload the page.".to_owned()
        );
    }
    let recomputed = version.digest().map_err(|error| format!("This version has no canonical form: {error}."))?;
    if recomputed != view.digest {
        return Err(format!(
            "The digest of what is shown, {}, is not the one the endpoint names, {}. Nothing can be signed.",
            recomputed.short(),
            view.digest.short()
        ));
    }
    if !version.action_digest_holds() {
        return Err(format!(
            "The action's digest, {}, is not that of the action shown. Nothing can be signed.",
            version.action_digest.short()
        ));
    }
    Ok(())
}

/// Whatever, when it changes, makes the controls rest: the version, its standing, and what is said about it.
/// A heartbeat that changes none of it disarms nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamp {
    latest: u32,
    digest: Digest,
    state: State,
    reviews: usize,
    slots: Vec<SlotStanding>,
    may: May,
    comments: usize,
    paused: bool,
    unmeetable: Option<String>,
    approval_blocked: Option<String>,
}

impl Stamp {
    /// Of the version on the screen, with the number of the newest one.
    pub fn of(view: &ChangeView, latest: u32) -> Stamp {
        Stamp {
            latest,
            digest: view.digest,
            state: view.state,
            reviews: view.reviews.len(),
            slots: view.slots.clone(),
            may: view.may_review.clone(),
            comments: view.comments.len(),
            paused: view.agent_paused,
            unmeetable: view.unmeetable.clone(),
            approval_blocked: view.approval_blocked.clone(),
        }
    }
}

/// The rest after a change: `touch` at each change starts one, and only the last one's end arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rest {
    turn: u32,
    over: bool,
}

impl Rest {
    /// The content changed. Returns the turn to hand to `end` after `ARM_DELAY_MS`.
    pub fn touch(&mut self) -> u32 {
        self.turn = self.turn.wrapping_add(1);
        self.over = false;
        self.turn
    }

    /// A rest has ended; it arms unless the content changed again meanwhile.
    pub fn end(&mut self, turn: u32) {
        self.over |= turn == self.turn;
    }

    pub fn rested(self) -> bool {
        self.over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::view;

    fn allowed() -> May {
        May { allowed: true, rule: None, reason: None }
    }

    #[test]
    fn each_reason_in_its_order() {
        let (yes, sealed) = (allowed(), Ok(()));
        let no = May { allowed: false, rule: Some("group".into()), reason: Some("You are in none of them.".into()) };
        let broken = Err("broken seal".to_owned());
        let facts =
            Facts { read_only: None, shown: 3, latest: 3, seal: &sealed, may: &yes, on_its_way: false, rested: true };
        let draft = Draft { decision: Some(Decision::Approve), ..Draft::default() };
        assert_eq!(commit_block(&facts, &draft), None);
        let cases: [(Facts<'_>, Block); 6] = [
            (Facts { latest: 4, may: &no, ..facts.clone() }, Block::Superseded { shown: 3, latest: 4 }),
            (Facts { read_only: Some("no endpoint".into()), ..facts.clone() }, Block::ReadOnly("no endpoint".into())),
            (Facts { seal: &broken, ..facts.clone() }, Block::Unsealed("broken seal".into())),
            (Facts { on_its_way: true, ..facts.clone() }, Block::OnItsWay),
            (Facts { may: &no, rested: false, ..facts.clone() }, Block::MayNot("You are in none of them.".into())),
            (Facts { rested: false, ..facts.clone() }, Block::JustChanged),
        ];
        for (facts, block) in cases {
            assert_eq!(panel_block(&facts), Some(block.clone()));
            assert_eq!(commit_block(&facts, &draft), Some(block));
        }
    }

    #[test]
    fn the_draft_has_reasons_of_its_own() {
        let (yes, sealed) = (allowed(), Ok(()));
        let facts =
            Facts { read_only: None, shown: 1, latest: 1, seal: &sealed, may: &yes, on_its_way: false, rested: true };
        let long = "x".repeat(MAX_REASON + 1);
        let cases = [
            (Draft::default(), Some(Block::NothingChosen)),
            (Draft { decision: Some(Decision::Reject), reason: " \n", ..Draft::default() }, Some(Block::NoReason)),
            (Draft { decision: Some(Decision::Reject), reason: "No.", unacknowledged: 2, ..Draft::default() }, None),
            (
                Draft { decision: Some(Decision::Approve), unacknowledged: 2, ..Draft::default() },
                Some(Block::Unacknowledged(2)),
            ),
            (
                Draft { decision: Some(Decision::Approve), approval_blocked: Some("no rollback"), ..Draft::default() },
                Some(Block::NotApprovable("no rollback".into())),
            ),
            (
                Draft { decision: Some(Decision::Approve), reason: &long, ..Draft::default() },
                Some(Block::ReasonTooLong(MAX_REASON + 1)),
            ),
        ];
        for (draft, block) in cases {
            assert_eq!(commit_block(&facts, &draft), block, "{draft:?}");
        }
    }

    #[test]
    fn only_the_last_rest_arms() {
        let mut rest = Rest::default();
        assert!(!rest.rested());
        let first = rest.touch();
        let second = rest.touch();
        rest.end(first);
        assert!(!rest.rested());
        rest.end(second);
        assert!(rest.rested());
        rest.touch();
        assert!(!rest.rested());
        rest.end(second);
        assert!(!rest.rested());
    }

    #[test]
    fn a_heartbeat_disarms_nothing_and_a_review_does() {
        let before = view(41);
        let mut beat = before.clone();
        beat.sequence += 1;
        assert_eq!(Stamp::of(&before, 3), Stamp::of(&beat, 3));
        assert_ne!(Stamp::of(&before, 3), Stamp::of(&before, 4));
        for change in [
            (|view: &mut ChangeView| view.state = State::Expired) as fn(&mut ChangeView),
            |view| view.slots[0].filled_by.clear(),
            |view| view.may_review.allowed = false,
            |view| view.reviews.clear(),
            |view| view.comments.clear(),
        ] {
            let mut after = before.clone();
            change(&mut after);
            assert_ne!(Stamp::of(&before, 3), Stamp::of(&after, 3));
        }
    }

    #[test]
    fn the_seal_breaks_with_any_content() {
        let sealed = view(41);
        assert_eq!(seal(&sealed), Ok(()));
        for tamper in [
            (|view: &mut ChangeView| view.reviewed.rationale = Some("Other words.".into())) as fn(&mut ChangeView),
            |view| view.reviewed.resources[0].uid.push('\u{200b}'),
            |view| view.version += 1,
            |view| view.digest = Digest::of(b"another"),
        ] {
            let mut tampered = sealed.clone();
            tamper(&mut tampered);
            assert!(seal(&tampered).is_err());
        }
        let mut other_action = sealed.clone();
        other_action.reviewed.action_digest = Digest::of(b"another");
        other_action.digest = other_action.reviewed.digest().unwrap();
        assert!(seal(&other_action).unwrap_err().starts_with("The action's digest"));
    }
}
