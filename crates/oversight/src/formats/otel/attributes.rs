//! Which GenAI operation a span is, by the semantic conventions and by what was written before them. What becomes of
//! it is `action`.

use super::span::Span;
use crate::formats::imported::NOT_SAID;
use crate::json::Fault;
use crate::vocabulary::AccessLevel;
use serde_json::Value;

/// A GenAI operation, `gen_ai.operation.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub name: String,
    pub sort: Sort,
}

/// What an operation is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// `execute_tool`
    Tool,
    /// `invoke_agent`, `invoke_workflow`, `plan`: an agent's run, or a part of it.
    Agent,
    /// `create_agent`: the agent that the span names is made, it does not act.
    Creation,
    /// `chat`, `text_completion`, `generate_content`, `embeddings`
    Model,
    /// `retrieval`, the `memory` operations, and whatever the conventions do not name.
    Other,
}

const MODEL: [&str; 4] = ["chat", "text_completion", "generate_content", "embeddings"];
const AGENT: [&str; 3] = ["invoke_agent", "invoke_workflow", "plan"];
/// Those of the others that leave everything as it was.
const READS: [&str; 2] = ["retrieval", "search_memory"];
const WRITES: [&str; 6] =
    ["create_memory", "create_memory_store", "update_memory", "upsert_memory", "delete_memory", "delete_memory_store"];

impl Operation {
    fn named(name: &str) -> Operation {
        let sort = match name {
            "execute_tool" => Sort::Tool,
            "create_agent" => Sort::Creation,
            _ if AGENT.contains(&name) => Sort::Agent,
            _ if MODEL.contains(&name) => Sort::Model,
            _ => Sort::Other,
        };
        Operation { name: name.to_owned(), sort }
    }

    fn is_known(name: &str) -> bool {
        Operation::named(name).sort != Sort::Other || READS.contains(&name) || WRITES.contains(&name)
    }

    /// What the conventions say an operation does. A call of a model gives back text and changes nothing, as AWS's
    /// reference classes `bedrock:InvokeModel`. What a tool or a whole run does, they do not say.
    pub fn access_level(&self) -> AccessLevel {
        match (self.sort, self.name.as_str()) {
            (Sort::Model, _) | (Sort::Agent, "plan") => AccessLevel::Read,
            (Sort::Creation, _) => AccessLevel::Write,
            (_, name) if READS.contains(&name) => AccessLevel::Read,
            (_, name) if WRITES.contains(&name) => AccessLevel::Write,
            _ => AccessLevel::Unknown,
        }
    }
}

/// The GenAI operation that a span is; `None` of any other span, an agent's or not. Named by `gen_ai.operation.name`;
/// of spans without it, a tool call over MCP is one (`mcp.method.name`), and so is what a provider's client wrote
/// before the attribute was there (`gen_ai.system`, since 1.37 `gen_ai.provider.name`): by the first word of the
/// span's name, or else as a call of the model it names.
pub fn operation(span: &Span<'_>) -> Result<Option<Operation>, Fault> {
    match span.attributes.get("gen_ai.operation.name") {
        Some(Value::String(name)) if !name.trim().is_empty() => return Ok(Some(Operation::named(name))),
        None | Some(Value::Null | Value::String(_)) => {}
        Some(_) => return Err(Fault::new("gen_ai.operation.name", "the attribute is not a string")),
    }
    if span.text("mcp.method.name") == Some("tools/call") {
        return Ok(Some(Operation::named("execute_tool")));
    }
    let first = span.name.split_whitespace().next().unwrap_or_default();
    let of_provider = span.said(&["gen_ai.provider.name", "gen_ai.system"]).is_some();
    Ok(match () {
        () if span.said(&["gen_ai.tool.name"]).is_some() && first == "execute_tool" => Some(Operation::named(first)),
        () if of_provider && Operation::is_known(first) => Some(Operation::named(first)),
        () if of_provider && span.said(&["gen_ai.request.model"]).is_some() => {
            Some(Operation { name: NOT_SAID.to_owned(), sort: Sort::Model })
        }
        () => None,
    })
}

/// The tool of an `execute_tool` span: `gen_ai.tool.name`, or the second word of the span's name, which is to be
/// `execute_tool {gen_ai.tool.name}`, over MCP `tools/call {gen_ai.tool.name}`.
pub fn tool<'a>(span: &'a Span<'_>) -> Option<&'a str> {
    let of_name = || ["execute_tool ", "tools/call "].iter().find_map(|before| span.name.strip_prefix(before));
    span.said(&["gen_ai.tool.name"]).or_else(of_name).map(str::trim).filter(|name| !name.is_empty())
}
