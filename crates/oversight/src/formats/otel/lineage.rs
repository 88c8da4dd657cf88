//! Whose act a span is: the agent it names, or that of the span around it; for whom that agent ran; in which session.
//! Spans arrive children first and in pieces, so all of a file are looked at together. A parent that the file does not
//! hold is not guessed at.

use super::attributes::{Sort, tool};
use super::span::Span;
use crate::formats::Reader;
use crate::formats::agents::Seen;
use crate::formats::imported::NOT_SAID;
use crate::id::{AgentUid, PersonUid};
use crate::json::Fault;
use crate::missing::Field;
use crate::proposal::{Identity, Session};
use crate::record::{Agent, Model};
use std::collections::HashMap;

const AGENT: [&str; 2] = ["gen_ai.agent.id", "gen_ai.agent.name"];
/// `enduser.id` is what `user.id` was called.
const USER: [&str; 2] = ["user.id", "enduser.id"];
const CONVERSATION: &str = "gen_ai.conversation.id";
/// How many agents up a chain of runs is looked for one that is another agent.
const RUNS: usize = 64;

/// Of each span, the nearest one around it that says something.
pub struct Lineage {
    parents: Vec<Option<usize>>,
    /// The nearest GenAI operation around it.
    act: Vec<Option<usize>>,
    /// The nearest span around it that names an acting agent.
    agent: Vec<Option<usize>>,
    user: Vec<Option<usize>>,
    conversation: Vec<Option<usize>>,
}

impl Lineage {
    pub fn of(spans: &[Span<'_>]) -> Lineage {
        let mut by_id = HashMap::new();
        for (index, span) in spans.iter().enumerate() {
            by_id.entry((span.trace.as_str(), span.id.as_str())).or_insert(index);
        }
        let parent = |span: &Span<'_>| by_id.get(&(span.trace.as_str(), span.parent.as_deref()?)).copied();
        let parents = without_circles(spans.iter().map(parent).collect());
        Lineage {
            act: nearest(&parents, |index| matches!(spans[index].operation, Ok(Some(_)))),
            agent: nearest(&parents, |index| names_its_agent(&spans[index])),
            user: nearest(&parents, |index| spans[index].said(&USER).is_some()),
            conversation: nearest(&parents, |index| spans[index].said(&[CONVERSATION]).is_some()),
            parents,
        }
    }

    /// Of each span, the nearest one around it that `is`.
    pub fn nearest(&self, is: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
        nearest(&self.parents, is)
    }

    /// Whether a tool call is the one around it, seen by its MCP client or server. Instrumentation that can't tell that
    /// the call is traced already writes a span of its own.
    pub fn is_seen_again(&self, spans: &[Span<'_>], index: usize) -> bool {
        let is_call = |span: &Span<'_>| matches!(&span.operation, Ok(Some(operation)) if operation.sort == Sort::Tool);
        let span = &spans[index];
        self.act[index].is_some_and(|above| {
            let above = &spans[above];
            span.text("mcp.method.name").is_some() && is_call(span) && is_call(above) && tool(span) == tool(above)
        })
    }

    pub fn who<'a>(&self, spans: &'a [Span<'a>], index: usize) -> Who<'a> {
        let own_or = |own: bool, above: &[Option<usize>]| if own { Some(index) } else { above[index] };
        let span = &spans[index];
        let agent = own_or(names_its_agent(span), &self.agent);
        let of = |index: Option<usize>| index.map(|index| &spans[index]);
        let mut behind = None;
        let mut at = agent;
        for _ in 0..RUNS {
            at = at.and_then(|at| self.agent[at]);
            if at.is_none() || of(at).and_then(agent_uid) != of(agent).and_then(agent_uid) {
                behind = at;
                break;
            }
        }
        Who {
            span,
            agent: of(agent),
            behind: of(behind),
            user: of(own_or(span.said(&USER).is_some(), &self.user)),
            conversation: of(own_or(span.said(&[CONVERSATION]).is_some(), &self.conversation)),
        }
    }
}

/// Whether the span names the agent that acts in it; `create_agent` names the one it makes.
fn names_its_agent(span: &Span<'_>) -> bool {
    let makes = matches!(&span.operation, Ok(Some(operation)) if operation.sort == Sort::Creation);
    !makes && agent_uid(span).is_some()
}

/// The agent's id, or its name where it has none.
fn agent_uid<'a>(span: &'a Span<'_>) -> Option<&'a str> {
    span.said(&AGENT)
}

/// The parents, with a link taken out of each circle that they form.
fn without_circles(mut parents: Vec<Option<usize>>) -> Vec<Option<usize>> {
    // By which walk each was reached first; a walk that comes back to its own is a circle.
    let mut reached = vec![None; parents.len()];
    for walk in 0..parents.len() {
        let mut at = walk;
        while reached[at].is_none() {
            reached[at] = Some(walk);
            let Some(above) = parents[at] else { break };
            if reached[above] == Some(walk) {
                parents[at] = None;
                break;
            }
            at = above;
        }
    }
    parents
}

/// For each, the nearest ancestor that `is`. No parents form a circle.
fn nearest(parents: &[Option<usize>], is: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
    let mut found = vec![None; parents.len()];
    let mut done = vec![false; parents.len()];
    let mut path = Vec::new();
    for start in 0..parents.len() {
        let mut at = Some(start);
        while let Some(index) = at.filter(|index| !done[*index]) {
            path.push(index);
            at = parents[index];
        }
        while let Some(index) = path.pop() {
            done[index] = true;
            found[index] = parents[index].and_then(|parent| if is(parent) { Some(parent) } else { found[parent] });
        }
    }
    found
}

/// The spans that say who acted in one of them.
pub struct Who<'a> {
    span: &'a Span<'a>,
    agent: Option<&'a Span<'a>>,
    behind: Option<&'a Span<'a>>,
    user: Option<&'a Span<'a>>,
    conversation: Option<&'a Span<'a>>,
}

impl Who<'_> {
    /// The person that the agent ran for, or the agent that called it.
    pub fn behind(&self) -> Option<Identity> {
        if let Some(span) = self.user
            && let Some(uid) = USER.iter().find_map(|name| PersonUid::new(span.said(&[name])?).ok())
        {
            return Some(Identity { uid, name: span.said(&["user.full_name", "user.name"]).map(str::to_owned) });
        }
        let span = self.behind?;
        let uid = PersonUid::new(agent_uid(span)?).ok()?;
        let name = span.said(&["gen_ai.agent.name"]).filter(|name| *name != uid.as_str());
        Some(Identity { uid, name: name.map(str::to_owned) })
    }

    /// The conversation; who began it, the conventions do not say.
    pub fn session(&self) -> Option<Session> {
        let uid = self.conversation?.said(&[CONVERSATION])?;
        Some(Session { uid: uid.to_owned(), started_by: Field::not_recorded() })
    }
}

impl Reader<'_> {
    /// The agent that acted: by the attribution table (which sees `user_agent.original`, the agent's id and name,
    /// `service.name`, the user and the conversation), else as the span or the nearest one around it names it.
    /// `not_recorded` where nothing does: it was some agent's act, or some application's.
    pub(super) fn agent_of_span(&self, who: &Who<'_>) -> Result<Field<Agent>, Fault> {
        let of = |span: Option<&'_ Span<'_>>, names: &[&str]| span.and_then(|span| span.said(names)).map(str::to_owned);
        let (uid, name) = (of(who.agent, &AGENT), of(who.agent, &["gen_ai.agent.name"]));
        let principals = [uid.clone(), name.clone(), who.span.service.clone(), of(who.user, &USER)];
        let principals: Vec<&str> = principals.iter().flatten().map(String::as_str).collect();
        let session = of(who.conversation, &[CONVERSATION]);
        let sessions: Vec<&str> = session.as_deref().into_iter().collect();
        let user_agent = who.span.said(&["user_agent.original"]);
        let known = self.agents.agent(Seen { user_agent, principals: &principals, sessions: &sessions });
        let mut agent = match (known, &uid) {
            (Some(agent), _) => agent,
            (None, None) => return Ok(Field::not_recorded()),
            (None, Some(uid)) => Agent {
                uid: AgentUid::new(uid.as_str()).map_err(|error| Fault::new("gen_ai.agent", error.to_string()))?,
                name: name.unwrap_or_else(|| uid.clone()),
                version: Field::Absent,
                owner: Field::not_recorded(),
                model: Field::Absent,
            },
        };
        agent.version = Field::recorded(of(who.agent, &["gen_ai.agent.version"]));
        agent.model = Field::recorded(model(who.span).or_else(|| model(who.agent?)));
        Ok(Field::Is(agent))
    }
}

/// The model that answered, or the one that was asked.
fn model(span: &Span<'_>) -> Option<Model> {
    let name = span.said(&["gen_ai.response.model", "gen_ai.request.model"])?;
    let provider = span.said(&["gen_ai.provider.name", "gen_ai.system"]).unwrap_or(NOT_SAID);
    Some(Model { name: name.to_owned(), provider: provider.to_owned(), version: Field::not_recorded() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_ancestor_is_found_and_circles_are_cut() {
        let even = |index: usize| index.is_multiple_of(2);
        for (parents, expected) in [
            (vec![], vec![]),
            (vec![None, Some(0), Some(1), Some(2), Some(3)], vec![None, Some(0), Some(0), Some(2), Some(2)]),
            (vec![Some(3), Some(0), Some(1), None], vec![None, Some(0), Some(0), None]),
            (vec![Some(0), Some(0)], vec![None, Some(0)]),
            (vec![Some(2), Some(0), Some(0)], vec![Some(2), Some(0), None]),
            (vec![Some(1), Some(2), Some(0)], vec![Some(2), Some(2), None]),
        ] {
            assert_eq!(nearest(&without_circles(parents.clone()), even), expected, "{parents:?}");
        }
        let long = without_circles((0..100_000).map(|index: usize| index.checked_sub(1)).collect());
        assert_eq!(nearest(&long, |index| index == 0)[99_999], Some(0));
    }
}
