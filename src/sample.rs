//! A change to test with: pending, half approved, with a finding, a comment and an earlier version's rejection.

use oversight::contract::ChangeView;
use oversight::digest::Digest;
use serde_json::json;

/// The change `CH-<number>`, version 3, sealed, as `billing-owner` sees it.
pub fn view(number: u64) -> ChangeView {
    let none = Digest::of(b"");
    let mut view: ChangeView = oversight::json::decode(json!({
        "id": format!("CH-{number}"), "version": 3, "state": "pending", "sequence": 90, "digest": none,
        "reviewed": {
            "change": format!("CH-{number}"), "version": 3, "title": "Move billing exports to cold storage",
            "action": {"service": "s3", "operation": "PutLifecycleConfiguration", "arguments": {"rules": [{"prefix": "exports/cur/", "days": 30}]}},
            "resources": [{"uid": "arn:aws:s3:::billing-export-eu1", "type": "bucket", "account": "441720938816", "region": "eu-west-1", "environment": "production"}],
            "plan": {"steps": [{"type": "action", "service": "s3", "operation": "PutLifecycleConfiguration"}], "rollback": []},
            "action_digest": none,
            "agent": {"uid": "cost-optimizer", "name": "Cost optimizer", "version": "1.8", "owner": "finops-lead"},
            "on_behalf_of": {"uid": "month-end-close"}, "session": {"uid": "s-1", "started_by": "engineer-1"},
            "rationale": "Read 4 times in 90 days.",
            "classification": {"access_level": "write", "environment": "production", "critical_paths": ["billing"], "tier": "high",
                "reversibility": "compensable", "returns_credentials": false, "audit_or_guardrail": false, "widens_own_permissions": false, "reasons": []},
            "blast_radius": {"resources": 1, "customers": {"missing": "unknown"}},
            "policy": {"uid": "default", "version": "a1b2c3d4e5f6", "decision": "needs_review", "determining": [],
                "requirement": {"slots": [{"group": "billing-owners", "count": 1}, {"group": "sre", "count": 1}], "expires_seconds": 3600, "canary_required": false, "rollback_required": false}},
            "findings": [], "proposed_at": "2026-10-02T14:04:00Z", "expires_at": "2026-10-02T15:04:00Z", "nonce": "00112233445566778899aabbccddeeff"
        },
        "reviews": [{"version": 3, "reviewer": "engineer-2", "groups": ["sre"], "decision": "approve", "digest": none, "channel": "browser", "decided_at": "2026-10-02T14:11:32Z", "sequence": 88}],
        "may_review": {"allowed": true}, "mine": true,
        "slots": [
            {"group": "sre", "count": 1, "filled_by": ["engineer-2"], "could": []},
            {"group": "billing-owners", "count": 1, "filled_by": [], "could": ["billing-owner", "billing-owner-2"]}
        ],
        "never_counted": [{"person": "finops-lead", "why": "owns the agent"}],
        "agent_paused": false,
        "comments": [{"sequence": 87, "time": "2026-10-02T14:10:00Z", "author": "engineer-2", "role": "engineer", "text": "Why 30 days?"}]
    }))
    .expect("the sample decodes");
    reseal(&mut view);
    view
}

/// Makes both digests those of the content again.
pub fn reseal(view: &mut ChangeView) {
    view.reviewed.action_digest = Digest::of(&view.reviewed.action_canonical().expect("it has a canonical form"));
    view.digest = view.reviewed.digest().expect("it has a canonical form");
}
