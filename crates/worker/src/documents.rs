//! Documents that are read whole: which format it is, and the records made of it, is `oversight::formats`' to say. Who is
//! an agent in them is in `agents.toml`, what is production in `estate.toml`, where these came with the source.

use crate::body::{Body, Held};
use engine::talk::Trouble;
use oversight::classify::{ActionTable, Estate};
use oversight::formats::{Attribution, Reader};

/// What foreign formats are read with, beside the table of actions.
#[derive(Default)]
pub struct Beside {
    pub agents: Attribution,
    pub estate: Estate,
}

impl Beside {
    /// Takes the file up, if it is one of the two by its name.
    ///
    /// # Errors
    /// Where it is, and can't be read.
    pub fn take(&mut self, name: &str, text: &str) -> Result<bool, Trouble> {
        let next = "Correct it, and open it again with the records.";
        match name.rsplit('/').next().unwrap_or(name) {
            "agents.toml" => {
                self.agents =
                    Attribution::parse(text).map_err(|error| Trouble::new(format!("{name}: {error}"), next))?;
            }
            "estate.toml" => {
                self.estate = Estate::parse(text).map_err(|error| Trouble::new(format!("{name}: {error}"), next))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Whether a stream that begins so is NDJSON of native records: its first line is one, or a snapshot's trailer.
pub fn is_native_lines(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let Ok(serde_json::Value::Object(object)) = serde_json::from_slice::<serde_json::Value>(line) else { return false };
    object.contains_key("trailer") || (object.contains_key("uid") && object.contains_key("kind"))
}

/// Reads a whole document into the host.
///
/// # Errors
/// Where it is nothing that is known.
pub fn read(body: &Body, beside: &Beside, name: &str, whole: &[u8]) -> Result<(), Trouble> {
    let reader = Reader { table: ActionTable::built_in(), agents: &beside.agents, estate: &beside.estate };
    let document = reader.document(name, whole).map_err(|foreign| {
        Trouble::new(
            format!("{name} can't be read. {foreign}"),
            "Audit records, AWS CloudTrail, OCSF API Activity and OpenTelemetry GenAI spans are read, as JSON.",
        )
    })?;
    let mut made = Vec::new();
    let mut records = Vec::with_capacity(document.records.len());
    for record in document.records {
        let start = made.len();
        serde_json::to_writer(&mut made, &record)
            .map_err(|error| Trouble::new(format!("{name}: {error}"), "It can't be shown."))?;
        records.push((record, start as u64, (made.len() - start) as u32));
    }
    let source = body.hold(Held::Made(made));
    body.with(|host| {
        host.note(|progress| {
            document.format.words().clone_into(&mut progress.format);
            progress.passed += document.apart.len() as u64;
        });
        host.take(source, &records, document.rejects);
    });
    Ok(())
}
