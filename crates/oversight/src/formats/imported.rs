//! What every record of a foreign log has in common: the event it was read from, as it came, and
//! `not_recorded` in whatever the log cannot say. What a log does say is read in a file a format.

use crate::classify::estate::Arn;
use crate::formats::Reader;
use crate::id::RecordUid;
use crate::json::Fault;
use crate::missing::Field;
use crate::proposal::ProposedResource;
use crate::record::{AuditRecord, Quarantined, Resource};
use crate::time::Instant;
use crate::vocabulary::{Asserter, Environment, Kind};
use serde_json::{Map, Value};

/// The field of a record that holds what it was read from, as it came: `{"format": "cloudtrail", "event": {…}}`.
/// In it, integers beyond 2^53 are strings; nothing else is changed.
pub const SOURCE: &str = "source";

/// What stands for a name that a record must have and the source does not give: a service, a provider.
pub const NOT_SAID: &str = "not recorded";

/// An `execution` of which nothing but uid and time is known yet.
pub fn record(uid: RecordUid, time: Instant) -> AuditRecord {
    let mut record = AuditRecord::new(uid, time, Kind::Execution);
    record.end_time = Field::not_recorded();
    record.agent = Field::not_recorded();
    record.on_behalf_of = Field::not_recorded();
    record.session = Field::not_recorded();
    record.action = Field::not_recorded();
    record.resources = Field::not_recorded();
    record.risk = Field::not_recorded();
    record.critical_paths = Field::not_recorded();
    record.reversibility = Field::not_recorded();
    record.blast_radius = Field::not_recorded();
    record.rationale = Field::not_recorded();
    record.evidence = Field::not_recorded();
    record.plan = Field::not_recorded();
    record.policy = Field::not_recorded();
    record.review = Field::not_recorded();
    record.outcome = Field::not_recorded();
    record.asserted_by.insert("record".to_owned(), Asserter::Importer);
    record
}

/// Keeps with the record what it was read from, each part under its name.
pub fn keep<'a>(record: &mut AuditRecord, format: &str, parts: impl IntoIterator<Item = (&'a str, Value)>) {
    let mut kept = Map::from_iter([("format".to_owned(), Value::from(format))]);
    kept.extend(parts.into_iter().map(|(name, part)| (name.to_owned(), part)));
    record.extra.insert(SOURCE.to_owned(), Value::Object(kept));
}

/// An item that could not be decoded. `position` counts from 1.
pub fn reject(source: &str, position: u64, fault: Fault, bytes: &[u8]) -> Quarantined {
    Quarantined { source: source.to_owned(), position, field: fault.path, reason: fault.reason, bytes: bytes.to_vec() }
}

impl Reader<'_> {
    /// The touched things as a record has them; their environment is the estate file's to say.
    pub(super) fn resources(&self, touched: Vec<ProposedResource>) -> Field<Vec<Resource>> {
        if touched.is_empty() {
            return Field::not_recorded();
        }
        let placed = touched.into_iter().map(|resource| {
            let environment = match self.estate.standing(&resource.uid).environment {
                Environment::Unknown => Field::not_recorded(),
                known => Field::Is(known),
            };
            Resource {
                uid: resource.uid,
                kind: Field::recorded(resource.kind),
                account: Field::recorded(resource.account),
                region: Field::recorded(resource.region),
                environment,
            }
        });
        Field::Is(placed.collect())
    }
}

/// A thing that an event lists. Its own ARN says best whose and where it is, then what the event says of it,
/// then, of a thing without an ARN, where the event happened.
pub fn listed(
    uid: String,
    kind: Option<String>,
    account: [Option<&str>; 2],
    region: [Option<&str>; 2],
) -> ProposedResource {
    let said = |text: Option<&str>| text.filter(|text| !text.trim().is_empty()).map(str::to_owned);
    let arn = Arn::parse(&uid);
    let [own_account, event_account] = account.map(said);
    let [own_region, event_region] = region.map(said);
    let of_arn = |part: fn(&Arn<'_>) -> String| said(arn.as_ref().map(part).as_deref());
    let region = of_arn(|arn| arn.region.to_owned()).or(own_region).or(event_region.filter(|_| arn.is_none()));
    let account = of_arn(|arn| arn.account.to_owned()).or(own_account).or(event_account);
    ProposedResource { uid, kind, account, region }
}
