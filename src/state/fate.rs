//! What became of a decision: queued, sent, receipted or refused. It is approved only when the receipt says
//! so. Sending and retrying are `tasks::decide`.

use oversight::contract::{Problem, Receipt, ReviewRequest};
use oversight::id::IdempotencyKey;
use oversight::time::Instant;

/// One decision on one version, on its way.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// Not sent yet; can still be withdrawn.
    Queued { since: Instant },
    /// Sent, and no answer: it may or may not be recorded. It is sent again under the same key, which the endpoint
    /// takes once; it can't be withdrawn any more.
    Unanswered { since: Instant, tries: u32 },
    /// On its way.
    Sending,
    /// The endpoint's receipt is here.
    Receipted(Receipt),
    /// The endpoint refused it.
    Refused(Box<Problem>),
    /// The receipt is not for what was signed.
    Mismatched(Receipt),
}

impl Fate {
    /// Whether the reader can still take it back.
    pub fn withdrawable(&self) -> bool {
        matches!(self, Fate::Queued { .. })
    }

    /// Whether it is still on its way: a second decision on the same version waits for it.
    pub fn open(&self) -> bool {
        matches!(self, Fate::Queued { .. } | Fate::Unanswered { .. } | Fate::Sending)
    }
}

/// What is sent, the same over every retry.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed {
    pub key: IdempotencyKey,
    pub request: ReviewRequest,
}

/// What an answer to a signed decision means.
pub fn judged(signed: &Signed, version: u32, receipt: Receipt) -> Fate {
    let same = receipt.digest == signed.request.digest
        && receipt.version == version
        && receipt.decision == signed.request.decision;
    if same { Fate::Receipted(receipt) } else { Fate::Mismatched(receipt) }
}

/// How long to wait before try number `tries`, in milliseconds: 1 s, doubled up to 15 s.
pub fn wait_ms(tries: u32) -> u32 {
    (1_000u32 << tries.min(4)).min(15_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::digest::Digest;
    use oversight::state::State;
    use oversight::vocabulary::Decision;

    #[test]
    fn a_receipt_counts_only_for_what_was_signed() {
        let digest = Digest::of(b"shown");
        let signed = Signed {
            key: IdempotencyKey::new("k").unwrap(),
            request: ReviewRequest { decision: Decision::Approve, reason: None, digest, evidence: Default::default() },
        };
        let receipt = Receipt {
            change: oversight::id::ChangeId(1),
            version: 2,
            digest,
            decision: Decision::Approve,
            reviewer: oversight::id::PersonUid::new("engineer-1").unwrap(),
            sequence: 9,
            time: Instant::from_unix_micros(0).unwrap(),
            state: State::Approved,
        };
        assert!(matches!(judged(&signed, 2, receipt.clone()), Fate::Receipted(_)));
        assert!(matches!(judged(&signed, 3, receipt.clone()), Fate::Mismatched(_)));
        let other = Receipt { digest: Digest::of(b"other"), ..receipt.clone() };
        assert!(matches!(judged(&signed, 2, other), Fate::Mismatched(_)));
        let turned = Receipt { decision: Decision::Reject, ..receipt };
        assert!(matches!(judged(&signed, 2, turned), Fate::Mismatched(_)));
    }

    #[test]
    fn only_what_was_never_sent_can_be_withdrawn() {
        let since = Instant::from_unix_micros(0).unwrap();
        assert!(Fate::Queued { since }.withdrawable());
        assert!(!Fate::Unanswered { since, tries: 1 }.withdrawable() && Fate::Unanswered { since, tries: 1 }.open());
        assert_eq!([0, 1, 2, 3, 4, 40].map(wait_ms), [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    }
}
