//! What the decision panel says it does: what stands behind the signature and what follows from it. Pure;
//! times come in already put into words.

use oversight::contract::ChangeView;
use oversight::state::State;
use oversight::text::visible;
use oversight::vocabulary::Decision;

/// `Needs two people`.
pub fn needs(people: u32) -> String {
    match people {
        0 => "Needs nobody".to_owned(),
        1 => "Needs one person".to_owned(),
        2 => "Needs two people".to_owned(),
        3 => "Needs three people".to_owned(),
        n => format!("Needs {n} people"),
    }
}

/// What is signed together with the digest: `1 finding, 3 + 2 steps, policy a1b2c3d4e5f6`.
pub fn with_it(view: &ChangeView) -> String {
    let version = &view.reviewed;
    let findings = match version.findings.len() {
        0 => "no finding".to_owned(),
        1 => "1 finding".to_owned(),
        n => format!("{n} findings"),
    };
    let (steps, back) = (version.plan.steps.len(), version.plan.rollback.len());
    let plan = match (steps, back) {
        (0, 0) => "no plan".to_owned(),
        (steps, 0) => format!("{steps} {}, no rollback", if steps == 1 { "step" } else { "steps" }),
        (steps, back) => format!("{steps} + {back} steps"),
    };
    format!("{findings}, {plan}, policy {}", version.policy.version)
}

/// What the decision of `me` brings about. `until` is the version's expiry in words.
pub fn effect(view: &ChangeView, me: &str, decision: Decision, until: &str) -> String {
    if decision == Decision::Reject {
        return format!("ends version {}, the agent is told why", view.version);
    }
    let people = view.reviewed.policy.requirement.people();
    let filled: u32 = view.slots.iter().map(|slot| slot.filled_by.len() as u32).sum();
    if !view.mine {
        return format!("{filled} of {people} stays: it fills no open seat, but is recorded");
    }
    if filled + 1 >= people {
        return format!("{people} of {people}: redeemable once, until {until}");
    }
    // The seat that this approval fills is the first open one in a group of the reader's.
    let mut mine = true;
    let still_open: Vec<&str> = view
        .slots
        .iter()
        .filter(|slot| {
            let open = (slot.count as usize).saturating_sub(slot.filled_by.len());
            let fills = mine && open > 0 && slot.could.iter().any(|person| person.as_str() == me);
            mine &= !fills;
            open > usize::from(fills)
        })
        .map(|slot| slot.group.as_str())
        .collect();
    format!("{} of {people}: then it still waits, for {}", filled + 1, still_open.join(" and "))
}

/// Who fills which slot, in one line for a narrow page: `sre: engineer-2. billing-owners: open, you can fill it.`
pub fn standing(view: &ChangeView, me: &str) -> String {
    let slots = view.slots.iter().map(|slot| {
        let names: Vec<String> = slot.filled_by.iter().map(|person| visible(person.as_str())).collect();
        let open = slot.filled_by.len() < slot.count as usize;
        let mine = open && view.mine && slot.could.iter().any(|person| person.as_str() == me);
        let open = match (open, mine) {
            (false, _) => None,
            (true, true) => Some("open, you can fill it".to_owned()),
            (true, false) => Some("open".to_owned()),
        };
        format!("{}: {}.", slot.group, names.into_iter().chain(open).collect::<Vec<_>>().join(", "))
    });
    slots.collect::<Vec<_>>().join(" ")
}

/// What the endpoint's state means after a receipt, for the reader.
pub fn after_receipt(state: State) -> String {
    match state {
        State::Pending => "It still waits for others.".to_owned(),
        State::Approved => "The change is approved; an executor can redeem it once.".to_owned(),
        State::Rejected => "The change is rejected; the agent is told why.".to_owned(),
        other => format!("The change is {}.", other.words()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::view;

    #[test]
    fn the_panel_says_what_it_signs_and_what_follows() {
        let mut view = view(41);
        assert_eq!(with_it(&view), "no finding, 1 step, no rollback, policy a1b2c3d4e5f6");
        assert_eq!(
            effect(&view, "billing-owner", Decision::Approve, "15:04 UTC"),
            "2 of 2: redeemable once, until 15:04 UTC"
        );
        assert_eq!(effect(&view, "billing-owner", Decision::Reject, ""), "ends version 3, the agent is told why");
        assert_eq!(standing(&view, "billing-owner"), "sre: engineer-2. billing-owners: open, you can fill it.");
        assert_eq!(standing(&view, "engineer-3"), "sre: engineer-2. billing-owners: open.");
        view.slots[0].filled_by.clear();
        assert_eq!(effect(&view, "billing-owner", Decision::Approve, ""), "1 of 2: then it still waits, for sre");
        view.mine = false;
        assert_eq!(
            effect(&view, "billing-owner", Decision::Approve, ""),
            "0 of 2 stays: it fills no open seat, but is recorded"
        );
        assert_eq!(
            (needs(1), needs(2), needs(7)),
            ("Needs one person".into(), "Needs two people".into(), "Needs 7 people".into())
        );
    }
}
