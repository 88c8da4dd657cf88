//! Signing in and out: once a link, a cookie that scripts and other sites can't use, and an end to guessing.

use crate::stand::{Answer, Stand};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_link_signs_in_once_and_a_head_does_not_use_it_up() {
    let stand = Stand::start().await;
    let code = stand.desk.issue_sign_in("engineer-1").await.unwrap();
    let path = format!("/sign-in/{code}");
    let head = Answer::of(stand.nobody().request(Method::HEAD, &path)).await;
    assert!(head.status == 200 && head.header("set-cookie").is_empty());

    let first = stand.nobody().get(&path).await;
    assert_eq!((first.status.as_u16(), first.header("location")), (303, "/"));
    let cookie = first.header("set-cookie").to_owned();
    let port = stand.url.rsplit(':').next().unwrap();
    assert!(cookie.starts_with(&format!("countersign-{port}=")), "{cookie}");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.split("; ").any(|given| given == part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "the endpoint is served without TLS here");

    let second = stand.nobody().get(&path).await;
    assert_eq!(second.status, 410);
    assert!(second.header("set-cookie").is_empty() && second.text.contains("signs in once"));
    assert!(!second.text.contains(&code), "a code is never repeated");

    let session = stand.with("cookie", cookie.split(';').next().unwrap().to_owned()).get("/v1/session").await;
    assert_eq!(session.json()["uid"], "engineer-1");
    assert_eq!(session.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn a_newer_link_voids_the_older() {
    let stand = Stand::start().await;
    let older = stand.desk.issue_sign_in("manager").await.unwrap();
    let newer = stand.desk.issue_sign_in("manager").await.unwrap();
    assert_eq!(stand.nobody().get(&format!("/sign-in/{older}")).await.status, 410);
    assert_eq!(stand.nobody().get(&format!("/sign-in/{newer}")).await.status, 303);
}

#[tokio::test]
async fn a_link_is_good_for_a_day_and_then_like_any_that_never_was() {
    let stand = Stand::start().await;
    let code = stand.desk.issue_sign_in("manager").await.unwrap();
    stand.pass(24 * 3_600).await;
    let expired = stand.nobody().get(&format!("/sign-in/{code}")).await;
    let unknown = stand.nobody().get("/sign-in/no-such-code-at-all-0000").await;
    assert_eq!((expired.status.as_u16(), &expired.text), (410, &unknown.text));
    assert!(expired.header("set-cookie").is_empty());
    assert!(expired.text.contains("24 hours") && expired.text.contains("start it again"), "{}", expired.text);
}

#[tokio::test]
async fn whoever_signs_out_is_out() {
    let stand = Stand::start().await;
    let engineer = stand.person("engineer-1").await;
    assert_eq!(engineer.get("/v1/session").await.status, 200);
    let out = Answer::of(engineer.request(Method::DELETE, "/v1/session")).await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let after = engineer.get("/v1/session").await;
    assert_eq!((after.status.as_u16(), after.slug().as_str()), (401, "unauthenticated"));
    let machine = stand.machine("agent-1").await;
    assert_eq!(Answer::of(machine.request(Method::DELETE, "/v1/session")).await.status, 403);
}

#[tokio::test]
async fn guessing_ends_and_those_who_know_go_on() {
    let stand = Stand::start().await;
    let agent = stand.machine("agent-1").await;
    let guesser = stand.with("authorization", "Bearer wrong".to_owned());
    let mut statuses = Vec::new();
    for guess in 0..30 {
        let answer = match guess % 2 {
            0 => guesser.get("/v1/session").await,
            _ => stand.nobody().get(&format!("/sign-in/no-such-code-{guess:04}")).await,
        };
        if answer.status == 429 {
            let seconds: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=6).contains(&seconds));
            assert_eq!(answer.slug(), "too-many-attempts");
        }
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(&statuses[..4], [401, 410, 401, 410]);
    assert!(statuses[25..].iter().all(|status| *status == 429), "{statuses:?}");
    assert_eq!(agent.get("/v1/session").await.status, 200, "a valid token from the same address");
    let code = stand.desk.issue_sign_in("engineer-1").await.unwrap();
    assert_eq!(stand.nobody().get(&format!("/sign-in/{code}")).await.status, 303);
}

#[tokio::test]
async fn a_session_lasts_twelve_hours() {
    let stand = Stand::start().await;
    let engineer = stand.person("engineer-1").await;
    stand.pass(12 * 3_600 - 1).await;
    assert_eq!(engineer.get("/v1/session").await.status, 200);
    stand.pass(2).await;
    assert_eq!(engineer.get("/v1/session").await.status, 401);
}

#[tokio::test]
async fn a_bearer_token_counts_alone() {
    let stand = Stand::start().await;
    let engineer = stand.person("engineer-1").await;
    let both = engineer.request(Method::GET, "/v1/session").header("authorization", "Bearer wrong");
    assert_eq!(Answer::of(both).await.status, 401, "a bad token is not made good by a cookie");
    for odd in ["Basic YTpi", "Bearer", "Bearer ", "bearer\ta"] {
        let answer = stand.with("authorization", odd.to_owned()).get("/v1/session").await;
        assert_eq!(answer.status, 401, "{odd:?}");
    }
}

#[tokio::test]
async fn a_browsers_write_must_come_from_the_endpoints_own_pages() {
    let stand = Stand::start().await;
    let engineer = stand.person("engineer-1").await;
    let before = stand.sequence().await;
    for origin in [None, Some("null"), Some("https://evil.example"), Some("http://127.0.0.1:1")] {
        let mut request = stand.nobody().request(Method::POST, "/v1/agents/agent-1/pause");
        request = request.header("cookie", engineer.credential()).json(&json!({ "reason": "Stop." }));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = Answer::of(request).await;
        let problem = answer.problem();
        assert_eq!((answer.status.as_u16(), &problem["rule"]), (403, &json!("origin")), "{origin:?}");
        assert_eq!(problem["field"], "Origin");
    }
    assert_eq!(stand.sequence().await, before);
    assert_eq!(engineer.post("/v1/agents/agent-1/pause", json!({ "reason": "Stop." })).await.status, 201);
}
