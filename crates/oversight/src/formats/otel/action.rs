//! What a GenAI span did: service, operation, access level, arguments, and what it touched. Who did it is `lineage`.
//!
//! | span | service | operation | touched |
//! | --- | --- | --- | --- |
//! | `execute_tool` | the tool's: of AWS where its name is one of AWS's operations, else its MCP server, its type, or `tool` | the tool's name | what its arguments name by ARN |
//! | `invoke_agent`, `invoke_workflow`, `plan` | `agent` | as named | not recorded: what a run touched, its tools' spans say |
//! | `create_agent` | `agent` | as named | the agent made |
//! | `chat` and the other calls of a model | the provider | as named | the model |
//! | `retrieval`, memory and others | the provider | as named | the data source |

use super::attributes::{Operation, Sort, tool};
use super::span::Span;
use crate::classify::ActionTable;
use crate::formats::imported::NOT_SAID;
use crate::formats::lax;
use crate::formats::touched::{self, Where};
use crate::missing::Field;
use crate::proposal::ProposedResource;
use crate::record::Action;
use crate::vocabulary::AccessLevel;
use serde_json::{Map, Value};

/// What was done, and to what.
pub struct Act {
    pub action: Action,
    pub touched: Vec<ProposedResource>,
}

/// Every GenAI span is an `execution`: something was called, at a time, with an end and an outcome. Calls of models and
/// runs of agents are no recommendations, since the span does not say that anybody was advised; they are what an audit
/// trail of the cloud has as `bedrock:InvokeModel` and `bedrock:InvokeAgent`.
pub fn of(span: &Span<'_>, operation: &Operation, table: &ActionTable) -> Act {
    let provider = span.said(&["gen_ai.provider.name", "gen_ai.system"]).unwrap_or(NOT_SAID);
    let plain = |service: &str, touched: Vec<ProposedResource>| Act {
        action: Action {
            service: service.to_owned(),
            operation: operation.name.clone(),
            access_level: Field::Is(operation.access_level()),
            arguments: Field::recorded(requested(span)),
        },
        touched,
    };
    match operation.sort {
        Sort::Tool => of_tool(span, table),
        Sort::Agent => plain("agent", Vec::new()),
        Sort::Creation => plain("agent", thing(span, &["gen_ai.agent.id", "gen_ai.agent.name"], "agent")),
        Sort::Model => plain(provider, thing(span, &["gen_ai.request.model", "gen_ai.response.model"], "model")),
        Sort::Other => plain(provider, thing(span, &["gen_ai.data_source.id"], "data source")),
    }
}

fn of_tool(span: &Span<'_>, table: &ActionTable) -> Act {
    let given = span.attributes.get("gen_ai.tool.call.arguments");
    let arguments = given.and_then(|given| lax::arguments(given, "arguments"));
    let name = tool(span).unwrap_or(NOT_SAID);
    let (service, operation) = match of_aws(name, table) {
        Some(of_aws) => of_aws,
        None => {
            let over_mcp = span.attributes.keys().any(|key| key.starts_with("mcp."));
            let server = span.said(&["server.address"]).filter(|_| over_mcp);
            (server.or(span.said(&["gen_ai.tool.type"])).unwrap_or("tool"), name)
        }
    };
    let facts = table.lookup(service, operation);
    let touched = arguments.as_ref().map_or(Vec::new(), |arguments| {
        let request = Map::from_iter([("requestParameters".to_owned(), Value::Object(arguments.clone()))]);
        // Of no service: names are not taken for resources, ARNs are.
        touched::by_request(&request, Where { service: "", account: "", region: "" })
    });
    let access_level = if facts.listed { facts.access_level } else { AccessLevel::Unknown };
    Act {
        action: Action {
            service: service.to_owned(),
            operation: operation.to_owned(),
            access_level: Field::Is(access_level),
            arguments: Field::recorded(arguments),
        },
        touched,
    }
}

/// `ec2:TerminateInstances` or `ec2.TerminateInstances`, where the action table lists it.
fn of_aws<'a>(tool: &'a str, table: &ActionTable) -> Option<(&'a str, &'a str)> {
    let (service, operation) = tool.split_once([':', '.'])?;
    table.lookup(service, operation).listed.then_some((service, operation))
}

/// What was asked of a model or an agent: the attributes `gen_ai.request.*`, without what is said in messages.
fn requested(span: &Span<'_>) -> Option<Map<String, Value>> {
    let request = span.attributes.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("gen_ai.request.")?;
        Some((name.to_owned(), value.clone()))
    });
    let request: Map<String, Value> = request.collect();
    (!request.is_empty()).then_some(request)
}

fn thing(span: &Span<'_>, names: &[&str], kind: &str) -> Vec<ProposedResource> {
    let uid = span.said(names);
    let thing = uid.map(|uid| ProposedResource {
        uid: uid.to_owned(),
        kind: Some(kind.to_owned()),
        account: None,
        region: None,
    });
    thing.into_iter().collect()
}
