//! Hostile text in each field an agent can write: visible as escapes in the page's text, never as markup.

use super::person::Person;
use super::stage::{Stage, needs_a_peer, ready};
use anyhow::{Result, ensure};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_would_be_hidden_is_shown_in_each_field() -> Result<()> {
    if !ready() {
        return Ok(());
    }
    let stage = Stage::set().await?;
    let mut proposal = needs_a_peer("Tag\u{200b} the <b>build</b> cache");
    proposal["action"]["operation"] = json!("PutBucket\u{200c}Tagging");
    proposal["action"]["arguments"] = json!({"bucket\u{2060}": "build\u{00ad}cache", "note": "\u{1b}[31mred"});
    proposal["resources"][0]["uid"] = json!("arn:aws:s3:::exports/cur\u{202e}/gpj");
    proposal["resources"][0]["type"] = json!("buck\u{2066}et");
    proposal["rationale"] = json!("Harmless.\u{e0049}\u{e0047}<img src=x onerror=\"document.title='owned'\">");
    proposal["evidence"] = json!([{"title": "Read\u{feff} counts", "uri": "javascript:alert(1)"}]);
    proposal["claims"] = json!([{"label": "saves\u{3164}", "value": "310\u{2028}USD"}]);
    proposal["plan"]["steps"][0]["note"] = json!("quietly\u{061c} done");
    proposal["on_behalf_of"] = json!({"uid": "cost\u{202d}report"});
    let id = stage.propose(proposal).await?;
    let engineer = Person::signed_in(&stage, "engineer-1").await?;
    engineer.goes_to(&stage, &format!("#/queue/{id}")).await?;
    engineer.sees("heading", "Tag").await?;
    for code in [
        "U+200B", "U+200C", "U+2060", "U+00AD", "U+001B", "U+202E", "U+2066", "U+E0049", "U+FEFF", "U+3164", "U+2028",
        "U+061C", "U+202D",
    ] {
        engineer.says(code).await?;
    }
    let raw = engineer
        .script(
            "return Array.from(document.body.innerText).filter(c => /[\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\u061c\\ufeff\\u00ad\\u001b\\u{e0000}-\\u{e007f}]/u.test(c)).map(c => c.codePointAt(0).toString(16))",
        )
        .await?;
    ensure!(raw == json!([]), "hidden characters reached the page: {raw}");
    let marks = engineer.script("return document.querySelectorAll('main img, main b.injected').length").await?;
    ensure!(marks == 0, "text became markup");
    ensure!(!engineer.driver.title().await?.contains("owned"));
    let links = engineer
        .script("return [...document.querySelectorAll('a')].filter(a => a.protocol == 'javascript:').length")
        .await?;
    ensure!(links == 0, "a script address became a link");
    engineer.picture("queue-hostile-text").await?;
    engineer.goes_to(&stage, &format!("#/records?change={id}")).await?;
    engineer.says("U+202E").await?;
    engineer.leaves().await
}
