//! What a change of permissions says of principals: whether it concerns the acting agent itself, whether it
//! grants everything, whether it opens to everyone. Read from arguments and targets alone.

use crate::classify::arguments::{self, Text};
use serde_json::{Map, Value};

/// Managed policies that give all there is, or all of the permissions to give permissions.
const EVERYTHING: [&str; 4] = ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess", "AWSOrganizationsFullAccess"];

/// Names under which an argument is the bare name of a principal.
const NAMES_A_PRINCIPAL: [&str; 6] = ["role", "user", "principal", "grantee", "member", "profile"];

/// Whether one of the agent's own principals (ARNs or bare names, from its registration) is named in the
/// arguments or among the targets: as itself, as a session of its role, or inside a policy document.
pub fn concerns_itself(own: &[String], arguments: &Map<String, Value>, targets: &[&str]) -> bool {
    let own: Vec<Own> = own.iter().filter(|text| !text.trim().is_empty()).map(|text| Own::of(text)).collect();
    let texts =
        arguments::texts(arguments).into_iter().chain(targets.iter().map(|text| Text { name: "principal", text }));
    let texts: Vec<Text<'_>> = texts.collect();
    own.iter().any(|own| texts.iter().any(|text| own.is_named_by(*text)))
}

struct Own {
    /// Lower case: IAM keeps names unique without regard to case.
    arn: Option<String>,
    name: String,
    session_prefix: String,
}

impl Own {
    fn of(text: &str) -> Own {
        let lower = text.trim().to_lowercase();
        let mut parts = lower.split('/');
        let of_a_session = lower.contains(":assumed-role/");
        let name = if of_a_session { parts.nth(1) } else { parts.next_back() };
        let name = name.unwrap_or(&lower).to_owned();
        Own {
            arn: lower.starts_with("arn:").then(|| lower.clone()),
            session_prefix: format!(":assumed-role/{name}/"),
            name,
        }
    }

    fn is_named_by(&self, found: Text<'_>) -> bool {
        let text = found.text.trim().to_lowercase();
        let whole = |arn: &String| {
            // The ARN, not the beginning of a longer name.
            text.match_indices(arn.as_str()).any(|(at, _)| {
                !text[at + arn.len()..].starts_with(|next: char| next.is_alphanumeric() || "+=,.@_-/".contains(next))
            })
        };
        if self.arn.as_ref().is_some_and(whole) || text.contains(&self.session_prefix) {
            return true;
        }
        let names_a_principal = || {
            let name = found.name.to_lowercase();
            NAMES_A_PRINCIPAL.iter().any(|word| name.contains(word))
        };
        let last = text.rsplit('/').next().unwrap_or(&text);
        names_a_principal()
            && (text == self.name || (self.arn.is_none() && text.starts_with("arn:") && last == self.name))
    }
}

/// Why the change grants without limit, if it does: a clause.
pub fn grants_without_limit(arguments: &Map<String, Value>) -> Option<&'static str> {
    for found in arguments::texts(arguments) {
        if found.text.starts_with("arn:")
            && EVERYTHING.iter().any(|name| found.text.ends_with(&format!(":policy/{name}")))
        {
            return Some("it attaches a policy that allows everything");
        }
        if found.text.trim_start().starts_with('{')
            && let Ok(document) = serde_json::from_str::<Value>(found.text)
            && let Some(why) = document_without_limit(&document)
        {
            return Some(why);
        }
    }
    arguments.values().find_map(document_without_limit)
}

fn document_without_limit(value: &Value) -> Option<&'static str> {
    match value {
        Value::Object(object) => {
            statement_without_limit(object).or_else(|| object.values().find_map(document_without_limit))
        }
        Value::Array(items) => items.iter().find_map(document_without_limit),
        _ => None,
    }
}

fn statement_without_limit(statement: &Map<String, Value>) -> Option<&'static str> {
    let get =
        |wanted: &str| statement.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value);
    if !get("Effect")?.as_str()?.eq_ignore_ascii_case("allow") {
        return None;
    }
    let has = |value: Option<&Value>, test: &dyn Fn(&str) -> bool| match value {
        Some(Value::String(text)) => test(text),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).any(test),
        _ => false,
    };
    let principal = get("Principal");
    let everyone = match principal {
        Some(Value::Object(kinds)) => kinds.values().any(|value| has(Some(value), &|text| text == "*")),
        other => has(other, &|text| text == "*"),
    };
    if everyone && get("Condition").is_none() {
        return Some("it opens to everyone");
    }
    let everything = |text: &str| matches!(text.to_lowercase().as_str(), "*" | "*:*" | "iam:*");
    if has(get("Action"), &everything) || get("NotAction").is_some() && has(get("Resource"), &|text| text == "*") {
        // A statement with a principal is a resource's own policy: it reaches no further than that resource.
        return principal.is_none().then_some("it allows every action");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_agent_is_recognised_by_arn_name_session_and_inside_documents() {
        let own = ["arn:aws:iam::111111111111:role/agents/cost-optimizer".to_owned()];
        for (arguments, targets, itself) in [
            (json!({"roleName": "cost-optimizer"}), vec![], true),
            (json!({"RoleName": "Cost-Optimizer"}), vec![], true),
            (json!({"roleName": " cost-optimizer\n"}), vec![], true),
            (json!({"roleName": "cost-optimizer-2"}), vec![], false),
            (json!({"description": "cost-optimizer"}), vec![], false),
            (json!({"x": "arn:aws:iam::111111111111:role/agents/cost-optimizer"}), vec![], true),
            (json!({"x": "arn:aws:iam::111111111111:role/agents/cost-optimizer-2"}), vec![], false),
            (
                json!({"policy": "{\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:role/agents/cost-optimizer\"}}"}),
                vec![],
                true,
            ),
            (
                json!({"grantee": {"id": "arn:aws:sts::111111111111:assumed-role/cost-optimizer/session-7"}}),
                vec![],
                true,
            ),
            (json!({}), vec!["arn:aws:iam::111111111111:role/agents/cost-optimizer"], true),
            (json!({}), vec!["arn:aws:iam::111111111111:role/other"], false),
        ] {
            assert_eq!(
                concerns_itself(&own, arguments.as_object().unwrap(), &targets),
                itself,
                "{arguments} {targets:?}"
            );
            assert!(!concerns_itself(&[], arguments.as_object().unwrap(), &targets));
        }
        let by_name = ["cost-optimizer".to_owned()];
        assert!(concerns_itself(&by_name, &Map::new(), &["arn:aws:iam::111111111111:role/cost-optimizer"]));
        let session = ["arn:aws:sts::111111111111:assumed-role/cost-optimizer/s-1".to_owned()];
        assert!(concerns_itself(&session, json!({"roleName": "cost-optimizer"}).as_object().unwrap(), &[]));
    }

    #[test]
    fn grants_without_limit_are_seen_in_documents_of_either_form() {
        for (arguments, limitless) in [
            (json!({"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}), true),
            (json!({"policyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}), false),
            (
                json!({"policyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}),
                true,
            ),
            (
                json!({"policyDocument": {"Statement": {"Effect": "Allow", "Action": ["s3:Get*", "iam:*"], "Resource": "*"}}}),
                true,
            ),
            (json!({"policyDocument": {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}}), false),
            (
                json!({"policyDocument": "{\"Statement\":[{\"Action\":[\"ec2:Describe*\"],\"Effect\":\"Allow\",\"Resource\":\"*\"}]}"}),
                false,
            ),
            (
                json!({"bucketPolicy": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]}}),
                true,
            ),
            (
                json!({"bucketPolicy": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": "s3:GetObject"}]}}),
                true,
            ),
            (
                json!({"bucketPolicy": {"Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject"}]}}),
                false,
            ),
            (json!({"policyDocument": "{not json"}), false),
        ] {
            assert_eq!(grants_without_limit(arguments.as_object().unwrap()).is_some(), limitless, "{arguments}");
        }
    }
}
