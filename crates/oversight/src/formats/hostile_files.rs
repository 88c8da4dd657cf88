//! The two files that people write by hand, `agents.toml` and the estate file, altered in every way that a hand or
//! an editor might. What is taken must be what TOML says it is; what is not must name its line.

use super::agents::{Attribution, Seen};
use crate::classify::Estate;
use crate::generated::{Generator, Sample, cases, try_inputs};
use crate::vocabulary::Environment;

const AGENTS: &str = include_str!("../../data/agents.example.toml");
const ESTATE: &str = include_str!("../../data/estate.example.toml");

/// Words that are apt to be read wrongly, as TOML or as a glob.
fn words() -> Vec<String> {
    let mut words: Vec<String> = [
        "\"*\"",
        "\"[\"",
        "\"[z-a]\"",
        "\"[!a]\"",
        "\"a{b,c\"",
        "\"{a,{b,c}}\"",
        "\"\\\\\"",
        "\"**/**\"",
        "\"\u{202e}?\"",
        "\"\"",
        "\" \"",
        "\"]\"",
        "\"[^\u{e9}-\u{ff}]*\"",
        "7",
        "true",
        "[]",
        "[\"a\"]",
        "{ a = 1 }",
        "1979-05-27",
        "0x7fffffffffffffffff",
        "nan",
        "'''\n'''",
        "\"production\"",
        "\"unknown\"",
        "\"billing\"",
        "\"111111111111\"",
        "[[account]]",
        "[[agent]]",
        "[resource]",
        "[[[",
        "a.b.c = 1\n",
        "match",
        "environment",
        "audit = true\n",
        "name = \"x\"\n",
        "\"\\uD800\"",
        "\"\\U0010FFFF\"",
        "\"\\u0007\"",
        "session",
        "owner",
    ]
    .map(str::to_owned)
    .into();
    words.push("[".repeat(400));
    words.push(format!("\"{}a{}\"", "{".repeat(300), "}".repeat(300)));
    words
}

/// Each table of an example as a sample of its own, and all of them.
fn samples(text: &str) -> Vec<Sample> {
    let start = text.find("[[").expect("a table");
    let tables = text[start..].split("\n[[").map(|table| format!("[[{}\n", table.trim_start_matches("[[")));
    tables.chain([text[start..].to_owned()]).map(|text| Sample::text(text, "\n")).collect()
}

fn says_where(text: &str, line: usize, field: &str, reason: &str, tables: &[&str]) {
    assert!((1..=text.split('\n').count()).contains(&line), "line {line}: {reason}");
    assert!(!reason.is_empty());
    let (table, _) = field.split_once('.').unwrap_or((field, ""));
    assert!(field.is_empty() || tables.contains(&table), "{field}: {reason}");
}

/// The tables of this name, as TOML has them.
fn tables(text: &str, name: &str) -> Vec<toml::Table> {
    let whole: toml::Table = toml::from_str(text).unwrap();
    let tables = whole.get(name).and_then(toml::Value::as_array).into_iter().flatten();
    tables.map(|table| table.as_table().unwrap().clone()).collect()
}

#[test]
fn an_agents_file_is_read_or_its_line_is_named() {
    let (samples, words) = (samples(AGENTS), words());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let make = |made: &mut Generator| made.altered_text(&samples, &words);
    try_inputs("agents.toml", cases(2_000), make, |text| match Attribution::parse(text) {
        Ok(table) => {
            let entries = tables(text, "agent");
            let mut uids: Vec<&str> = entries.iter().map(|entry| entry["uid"].as_str().unwrap()).collect();
            let named = table.agents();
            assert!(named.iter().all(|agent| uids.contains(&agent.as_str())));
            uids.sort_unstable();
            uids.dedup();
            assert_eq!(named.len(), uids.len());
            // A record that shows nothing is nobody's, whatever the globs; one that shows everything has an owner of the file.
            assert!(table.agent(Seen::default()).is_none());
            let (all, texts) = (Seen { user_agent: Some("[Terraform/1]"), ..Seen::default() }, ["a", "\u{202e}"]);
            let agent = table.agent(Seen { principals: &texts, sessions: &texts, ..all });
            assert!(agent.is_none_or(|agent| named.contains(&agent.uid) && !agent.name.trim().is_empty()));
            true
        }
        Err(error) => {
            says_where(text, error.line, &error.field, &error.reason, &["agent"]);
            false
        }
    });
}

#[test]
fn an_estate_file_is_read_or_its_line_is_named() {
    let (samples, words) = (samples(ESTATE), words());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let make = |made: &mut Generator| made.altered_text(&samples, &words);
    try_inputs("estate file", cases(2_000), make, |text| match Estate::parse(text) {
        Ok(estate) => {
            let (accounts, resources) = (tables(text, "account"), tables(text, "resource"));
            let alone = resources.is_empty() && tables(text, "region").is_empty();
            for account in &accounts {
                let standing =
                    estate.standing(&format!("arn:aws:ec2:xx-none-1:{}:instance/i-1", account["id"].as_str().unwrap()));
                assert!(!alone || standing.environment.as_str() == account["environment"].as_str().unwrap());
            }
            if let Some(first) = resources.first() {
                let uid = first["match"].as_str().unwrap();
                let plain = uid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-/".contains(&byte));
                let standing = estate.standing(uid);
                let environment = first.get("environment").and_then(toml::Value::as_str);
                assert!(!plain || environment.is_none_or(|environment| environment == standing.environment.as_str()));
                assert!(
                    !plain || standing.audit || first.get("audit").is_none_or(|audit| audit.as_bool() == Some(false))
                );
            }
            let nothing = accounts.is_empty() && resources.is_empty();
            assert!(!nothing || estate.standing("arn:aws:s3:::a").environment == Environment::Unknown);
            true
        }
        Err(error) => {
            says_where(text, error.line, &error.field, &error.reason, &["account", "region", "resource", "tag"]);
            false
        }
    });
}
