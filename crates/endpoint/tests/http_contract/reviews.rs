//! Reviews and redemption: the contract's order of checks, saved answers, races, and what a change's tag says.

use crate::stand::{Answer, Stand, id, peer_reviewed};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_first_failure_wins() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let engineer = stand.person("engineer-1").await;
    let customer = stand.person("customer").await;
    let billing = stand.person("billing-owner").await;
    let change = agent.propose(peer_reviewed()).await;
    let path = format!("/v1/changes/{}/reviews", id(&change));
    let tag = format!("\"{}.1\"", id(&change));
    let good = json!({ "decision": "approve", "digest": change["digest"] });
    let wrong_digest = json!({ "decision": "approve", "digest": "0".repeat(64) });

    // Each request has every later fault too; it is answered by its first.
    let answer = Answer::of(stand.nobody().request(Method::POST, &path).body("{")).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (401, "unauthenticated"));
    let foreign = stand.nobody().request(Method::POST, &path).header("cookie", engineer.credential());
    let answer = Answer::of(foreign.header("origin", "https://evil.example").json(&good)).await;
    assert_eq!((answer.status.as_u16(), &answer.problem()["rule"]), (403, &json!("origin")));
    for (who, rule) in [(&customer, "role"), (&agent, "role"), (&billing, "group")] {
        let answer = who.post(&path, json!({})).await;
        assert_eq!((answer.status.as_u16(), &answer.problem()["rule"]), (403, &json!(rule)), "{answer:?}");
    }
    let answer = engineer.post(&path, wrong_digest.clone()).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (400, "key-missing"));
    let keyed = |key: &str| engineer.request(Method::POST, &path).header("idempotency-key", key.to_owned());
    let answer = Answer::of(keyed("k1").json(&wrong_digest)).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (428, "precondition-required"));
    let answer = Answer::of(keyed("k1").header("if-match", "\"CH-1.7\"").json(&wrong_digest)).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (412, "stale-version"));
    let answer =
        Answer::of(keyed("k1").header("if-match", "\"CH-1.7\"").header("content-type", "application/json").body("{"))
            .await;
    assert_eq!(answer.status, 412, "a stale version comes before a body's own fault");
    let answer = Answer::of(keyed("k1").header("if-match", &tag).json(&wrong_digest)).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (422, "digest-mismatch"));
    let answer = Answer::of(keyed("k1").header("if-match", &tag).json(&good)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let answer = Answer::of(keyed("k2").header("if-match", &tag).json(&good)).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (409, "already-reviewed"));
    let late = stand.person("engineer-2").await;
    let answer = late.review(&change, "approve", "k").await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (409, "already-decided"));
}

#[tokio::test]
async fn a_key_gives_its_answer_again_and_no_other() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let engineer = stand.person("engineer-1").await;
    let change = agent.propose(peer_reviewed()).await;
    let first = engineer.review(&change, "approve", "one").await;
    assert_eq!((first.status.as_u16(), first.header("idempotency-replayed")), (201, ""));
    let receipt = first.json();
    for (name, value) in
        [("reviewer", json!("engineer-1")), ("decision", json!("approve")), ("state", json!("approved"))]
    {
        assert_eq!(receipt[name], value, "{receipt}");
    }
    assert_eq!(receipt["digest"], change["digest"]);
    let sequence = stand.sequence().await;
    let again = engineer.review(&change, "approve", "one").await;
    assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (201, "true"));
    assert_eq!(again.text, first.text, "byte for byte");
    let other = engineer.review(&change, "reject", "one").await;
    assert_eq!((other.status.as_u16(), other.slug().as_str()), (422, "key-reused"));
    assert_eq!(stand.sequence().await, sequence);
    // Another person's same key is another key.
    let second = stand.person("engineer-2").await.review(&change, "approve", "one").await;
    assert_eq!(second.slug(), "already-decided");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_decision_comes_of_many_at_once() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let people = [stand.person("engineer-1").await, stand.person("engineer-2").await];
    for round in 0..5 {
        let change = agent.propose(peer_reviewed()).await;
        let all = (0..24).map(|n| {
            let (person, change) = (people[n % 2].clone(), change.clone());
            tokio::spawn(async move {
                let decision = if n % 3 == 0 { "reject" } else { "approve" };
                person.review(&change, decision, &format!("{round}-{n}")).await
            })
        });
        let answers: Vec<Answer> = futures::future::join_all(all).await.into_iter().map(Result::unwrap).collect();
        let taken: Vec<Value> = answers.iter().filter(|answer| answer.status == 201).map(Answer::json).collect();
        assert_eq!(taken.len(), 1, "{answers:?}");
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            assert!(matches!(refused.slug().as_str(), "already-decided" | "already-reviewed"), "{refused:?}");
        }
        let view = people[0].get(&format!("/v1/changes/{}", id(&change))).await.json();
        assert_eq!((view["reviews"].as_array().unwrap().len(), &view["state"]), (1, &taken[0]["state"]));
    }
}

#[tokio::test]
async fn an_approval_is_redeemed_once_and_then_has_an_outcome() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let executor = stand.machine("executor-1").await;
    let change = agent.propose(peer_reviewed()).await;
    let path = format!("/v1/changes/{}/redemption", id(&change));
    let body = json!({ "action_digest": change["action_digest"] });
    let redeem = |key: &'static str, body: &Value| {
        Answer::of(executor.request(Method::POST, &path).header("idempotency-key", key).json(body))
    };
    assert_eq!(redeem("r", &body).await.slug(), "not-approved");
    assert_eq!(stand.person("engineer-1").await.review(&change, "approve", "k").await.status, 201);
    assert_eq!(executor.post(&path, body.clone()).await.slug(), "key-missing");
    assert_eq!(redeem("r", &json!({ "action_digest": "0".repeat(64) })).await.slug(), "digest-mismatch");
    let first = redeem("r", &body).await;
    assert_eq!(first.status, 201, "{first:?}");
    let action = oversight::canonical::canonical(&first.json()["action"]).unwrap();
    assert_eq!(
        oversight::digest::Digest::of(&action).to_string(),
        change["action_digest"],
        "what is handed out is what was approved"
    );
    assert_eq!(redeem("r", &body).await.text, first.text);
    assert_eq!(redeem("another", &body).await.slug(), "already-redeemed");
    let outcome = executor.post(&format!("/v1/changes/{}/outcome", id(&change)), json!({ "result": "verified" })).await;
    assert_eq!((outcome.status.as_u16(), &outcome.json()["state"]), (201, &json!("verified")));
}

#[tokio::test]
async fn the_bytes_behind_both_digests_are_served() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let change = agent.propose(peer_reviewed()).await;
    for (of, field) in [("", "digest"), ("?of=digest", "digest"), ("?of=action&version=1", "action_digest")] {
        let answer = agent.get(&format!("/v1/changes/{}/canonical{of}", id(&change))).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
        assert_eq!(oversight::digest::Digest::of(answer.text.as_bytes()).to_string(), change[field], "{of}");
    }
    for bad in ["?version=2", "?version=0"] {
        assert_eq!(agent.get(&format!("/v1/changes/{}/canonical{bad}", id(&change))).await.status, 404, "{bad}");
    }
}

#[tokio::test]
async fn a_tag_spares_the_body_only_while_nothing_has_happened() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let engineer = stand.person("engineer-1").await;
    let change = agent.propose(peer_reviewed()).await;
    let path = format!("/v1/changes/{}", id(&change));
    let first = agent.get(&path).await;
    let tag = first.header("etag").to_owned();
    assert_eq!((tag.as_str(), first.header("cache-control")), ("\"CH-1.1\"", "private, no-store"));
    let known = || Answer::of(agent.request(Method::GET, &path).header("if-none-match", &tag));
    let untouched = known().await;
    assert_eq!((untouched.status.as_u16(), untouched.text.as_str(), untouched.header("etag")), (304, "", tag.as_str()));
    assert_eq!(engineer.review(&change, "approve", "k").await.status, 201);
    let decided = known().await;
    assert_eq!((decided.status.as_u16(), &decided.json()["state"]), (200, &json!("approved")));
    let head = Answer::of(agent.request(Method::HEAD, &path)).await;
    assert_eq!((head.status.as_u16(), head.text.as_str(), head.header("etag")), (200, "", tag.as_str()));
}

#[tokio::test]
async fn who_waits_hears_the_decision() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let engineer = stand.person("engineer-1").await;
    let change = agent.propose(peer_reviewed()).await;
    let path = format!("/v1/changes/{}?wait=30", id(&change));
    let (waiting, asked) = (agent.clone(), path.clone());
    let waiting = tokio::spawn(async move { waiting.get(&asked).await });
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    assert!(!waiting.is_finished());
    assert_eq!(engineer.review(&change, "reject", "k").await.status, 201);
    let heard = tokio::time::timeout(std::time::Duration::from_secs(5), waiting).await.unwrap().unwrap();
    assert_eq!(heard.json()["state"], "rejected");
    let again = tokio::time::timeout(std::time::Duration::from_secs(2), agent.get(&path)).await.unwrap();
    assert_eq!(again.json()["state"], "rejected", "nothing more to wait for");
    assert_eq!(agent.get(&format!("/v1/changes/{}?wait=61", id(&change))).await.slug(), "invalid-query");

    let change = agent.propose(peer_reviewed()).await;
    let (waiting, asked) = (agent.clone(), format!("/v1/changes/{}?wait=30", id(&change)));
    let waiting = tokio::spawn(async move { waiting.get(&asked).await });
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    stand.stop.send(true).unwrap();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(2), waiting).await.unwrap().unwrap();
    assert_eq!(ended.json()["state"], "pending", "a wait ends with the endpoint");
}

#[tokio::test]
async fn a_dry_run_says_what_a_proposal_would_meet() {
    let stand = Stand::start().await;
    let engineer = stand.person("engineer-1").await;
    let agent = stand.machine("agent-1").await;
    let before = stand.sequence().await;
    let proposal = peer_reviewed();
    let asked = json!({
        "agent": "agent-1", "service": proposal["action"]["service"], "operation": proposal["action"]["operation"],
        "arguments": proposal["action"]["arguments"], "resources": proposal["resources"], "plan": proposal["plan"],
        "on_behalf_of": proposal["on_behalf_of"], "session": proposal["session"]
    });
    let run = engineer.post("/v1/policy/evaluate", asked.clone()).await;
    assert_eq!(run.status, 200, "{run:?}");
    assert_eq!(stand.sequence().await, before);
    let change = agent.propose(proposal).await;
    let view = engineer.get(&format!("/v1/changes/{}", id(&change))).await.json();
    assert_eq!(run.json()["outcome"], view["reviewed"]["policy"], "the same as for the proposal");
    assert_eq!(run.json()["classification"], view["reviewed"]["classification"]);

    let mut given = asked;
    given["classification"] = json!({ "tier": "critical", "critical_paths": ["billing", "billing"] });
    let run = engineer.post("/v1/policy/evaluate", given).await.json();
    let slots = run["outcome"]["requirement"]["slots"].to_string();
    assert!(
        slots.contains("billing-owners") && slots.contains("\"sre\",\"count\":2") || slots.contains("\"count\":2"),
        "{run}"
    );
    assert_eq!(run["outcome"]["requirement"]["rollback_required"], true);
    assert_eq!(run["classification"]["critical_paths"], json!(["billing"]));
    assert!(run["classification"]["reasons"].to_string().contains("Taken as given"));
    let policy = engineer.get("/v1/policy").await.json();
    assert_eq!(policy["version"], run["outcome"]["version"]);
    assert!(policy["text"].as_str().unwrap().contains("@id"));
}
