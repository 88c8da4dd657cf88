//! What a fresh endpoint without an agent shows: the lines that connect the first one.

use crate::ui::{FirstRun, view};
use leptos::prelude::*;

/// The curl lines, against the address that this page came from.
#[component]
pub fn ConnectAgent() -> impl IntoView {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let base = base.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/').to_owned();
    let token = "TOKEN=…   # of agent-1, from the file that --credentials names";
    let propose = format!(
        "{token}\ncurl {base}/v1/changes -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{{\n  \
         \"title\": \"Tag the build cache\",\n  \"action\": {{\"service\": \"s3\", \"operation\": \"PutBucketTagging\", \"arguments\": {{\"team\": \"build\"}}}},\n  \
         \"resources\": [{{\"uid\": \"arn:aws:s3:::build-cache\", \"type\": \"bucket\"}}],\n  \
         \"rationale\": \"The cost report can not attribute this bucket.\"\n}}'"
    );
    let learn = format!("curl \"{base}/v1/changes/CH-1?wait=30\" -H \"Authorization: Bearer $TOKEN\"");
    let steps = vec![
        ("Propose a change as your agent would.".to_owned(), propose),
        ("Let the agent wait for the decision.".to_owned(), learn),
        (
            "Let an executor act on it, once. The reference executor is crates/endpoint/src/demo/executor.rs."
                .to_owned(),
            format!("curl \"{base}/v1/changes?state=approved\" -H \"Authorization: Bearer $EXECUTOR_TOKEN\""),
        ),
    ];
    view! {
        <FirstRun title="No agent has proposed anything yet" why="Connect one; its first proposal appears here by itself." steps />
    }
}
