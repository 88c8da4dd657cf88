//! Records that others bring: agents their recommendations, executors what they did, importers what they import.
//! A batch is taken whole or not at all; an import keeps what it can't take in quarantine. The endpoint's own
//! records are written where the operation is.

use super::redeeming::redeemed_by;
use super::work::Work;
use super::written::{self, as_imported, origin};
use super::{Appended, Desk, Imported, Principal, Refused};
use crate::store::changes::{self, Change};
use crate::store::{principals, quarantine, records};
use oversight::canonical::canonical;
use oversight::capability::{Deed, role_allows};
use oversight::contract::LineFault;
use oversight::digest::Digest;
use oversight::json::Fault;
use oversight::missing::Field;
use oversight::record::{AuditRecord, Quarantined};
use oversight::vocabulary::{Asserter, Kind, Role};

/// Records in one transaction of an import: a decision made meanwhile waits for one of these.
const AT_ONCE: usize = 1_000;

impl Desk {
    /// Appends what a machine brings, whole or not at all. A record that is here already with the same content is
    /// passed over; the same uid with other content is a conflict.
    pub async fn append(&self, who: &Principal, records: Vec<AuditRecord>) -> Result<Appended, Refused> {
        role_allows(Deed::AppendRecords, who.role).map_err(Refused::Forbidden)?;
        let mut work = self.begin().await?;
        let mut appended = Appended { accepted: 0, known: 0, first: None, last: None };
        let mut faults = Vec::new();
        for (index, record) in records.into_iter().enumerate() {
            let line = index as u64 + 1;
            let handed_in = handed_in(&record, who)?;
            match standing(&mut work, &record, &handed_in).await? {
                Known::Same => appended.known += 1,
                Known::Other(sequence) => {
                    return Err(Refused::conflict("uid-taken", taken(&record, line, sequence)));
                }
                Known::New => match admitted(&mut work, who, record).await? {
                    Err(fault) => faults.push(LineFault { line, field: fault.path, reason: fault.reason }),
                    Ok(record) if faults.is_empty() => {
                        let sequence = work.append_from(record, origin(who.role), Some(handed_in)).await?;
                        appended.accepted += 1;
                        appended.first.get_or_insert(sequence);
                        appended.last = Some(sequence);
                    }
                    // Nothing of this batch will stay: the remaining lines are looked at for their faults alone.
                    Ok(_) => {}
                },
            }
        }
        if !faults.is_empty() {
            return Err(Refused::InvalidLines(faults));
        }
        work.commit().await?;
        Ok(appended)
    }

    /// Takes in what an import could decode and keeps what it couldn't, in batches of at most 1,000. A uid that
    /// stands for another record here is kept in quarantine too.
    pub async fn import(
        &self,
        source: &str,
        records: Vec<AuditRecord>,
        rejects: Vec<Quarantined>,
    ) -> Result<Imported, Refused> {
        let mut imported = Imported::default();
        for batch in rejects.chunks(AT_ONCE) {
            let mut work = self.begin().await?;
            let now = work.now;
            for item in batch {
                quarantine::insert(work.db(), item, now).await?;
                imported.quarantined += 1;
            }
            work.commit().await?;
        }
        let importer = Principal { uid: source.to_owned(), role: Role::Importer, groups: Vec::new(), owner: None };
        let mut position = 0;
        let mut left = records.into_iter().peekable();
        while left.peek().is_some() {
            let mut work = self.begin().await?;
            for record in left.by_ref().take(AT_ONCE) {
                position += 1;
                let refused = match handed_in(&record, &importer) {
                    Err(Refused::Invalid(fault)) => fault,
                    Err(other) => return Err(other),
                    Ok(handed_in) => match standing(&mut work, &record, &handed_in).await? {
                        Known::Same => {
                            imported.known += 1;
                            continue;
                        }
                        Known::New => {
                            work.append_from(as_imported(record), Asserter::Importer, Some(handed_in)).await?;
                            imported.accepted += 1;
                            continue;
                        }
                        Known::Other(sequence) => Fault::new("uid", taken(&record, position, sequence)),
                    },
                };
                let item = Quarantined {
                    source: source.to_owned(),
                    position,
                    field: refused.path,
                    reason: refused.reason,
                    bytes: serde_json::to_vec(&record).unwrap_or_default(),
                };
                let now = work.now;
                quarantine::insert(work.db(), &item, now).await?;
                imported.quarantined += 1;
            }
            work.commit().await?;
        }
        Ok(imported)
    }
}

fn taken(record: &AuditRecord, line: u64, sequence: u64) -> String {
    let uid: String = record.uid.as_str().chars().take(80).collect();
    format!("Line {line}: the uid {uid:?} stands for record {sequence}, which says something else.")
}

/// Digest of a record as it was handed in, and by whom: what importers bring is one source.
fn handed_in(record: &AuditRecord, who: &Principal) -> Result<String, Refused> {
    let by = if who.role == Role::Importer { "" } else { who.uid.as_str() };
    let mut bytes = by.as_bytes().to_vec();
    bytes.push(b'\n');
    bytes.extend(canonical(record)?);
    Ok(Digest::of(&bytes).to_string())
}

enum Known {
    New,
    Same,
    Other(u64),
}

async fn standing(work: &mut Work, record: &AuditRecord, handed_in: &str) -> Result<Known, Refused> {
    Ok(match records::known(work.db(), record.uid.as_str()).await? {
        None => Known::New,
        Some((_, Some(before))) if before == handed_in => Known::Same,
        Some((sequence, _)) => Known::Other(sequence),
    })
}

/// The record as it will stand, or why it can't.
async fn admitted(
    work: &mut Work,
    who: &Principal,
    record: AuditRecord,
) -> Result<Result<AuditRecord, Fault>, Refused> {
    let (kinds, words): (&[Kind], &str) = match who.role {
        Role::Importer => return Ok(Ok(as_imported(record))),
        Role::Agent => (&[Kind::Recommendation], "an agent appends recommendations alone"),
        _ => (
            &[Kind::Execution, Kind::Verification, Kind::Rollback],
            "an executor appends executions, verifications and rollbacks alone",
        ),
    };
    if !kinds.contains(&record.kind) {
        return Ok(Err(Fault::new("kind", words)));
    }
    if let Some(fault) = claims_too_much(&record, who.role) {
        return Ok(Err(fault));
    }
    let change = match record.change_id {
        None => None,
        Some(id) => match changes::by_id(work.db(), id).await? {
            Some(change) if who.role != Role::Agent || change.reviewed.agent.uid.as_str() == who.uid => Some(change),
            _ => return Ok(Err(Fault::new("change_id", "there is no such change of yours"))),
        },
    };
    if who.role == Role::Executor
        && let Some(change) = &change
        && let Some(fault) = not_of_its_redemption(&record, change, who)
    {
        return Ok(Err(fault));
    }
    let agent = match (who.role, &change) {
        (_, Some(change)) => Field::Is(change.reviewed.agent.clone()),
        (Role::Agent, None) => {
            let enrolled = principals::by_uid(work.db(), &who.uid).await?;
            enrolled.and_then(|enrolled| enrolled.profile).map_or(Field::not_recorded(), Field::Is)
        }
        _ => Field::not_recorded(),
    };
    Ok(Ok(written::of_machine(record, who, agent, change.as_ref().map(|change| &change.reviewed))))
}

/// Why a record of an executor can't be of this change: another redeemed it, or nobody. What was done without a
/// redemption is a bypass, and belongs to no change.
fn not_of_its_redemption(record: &AuditRecord, change: &Change, who: &Principal) -> Option<Fault> {
    if redeemed_by(change) != Some(who.uid.as_str()) {
        let words = "you did not redeem this change; what was done without a redemption is recorded without change_id";
        return Some(Fault::new("change_id", words));
    }
    let other = record.version.is_some_and(|version| version != change.version);
    other.then(|| Fault::new("version", format!("version {} was redeemed", change.version)))
}

/// Fields that the endpoint writes beyond the record's own: said by anyone else they would pass for its word.
const EXTRA: [&str; 13] = [
    "action_digest",
    "demonstration",
    "groups",
    "owner",
    "policy_digest",
    "policy_uid",
    "policy_version",
    "principals",
    "requirement",
    "source_asserted_by",
    "source_change_id",
    "source_sequence",
    "state",
];

/// The first field that is not for this machine to say.
fn claims_too_much(record: &AuditRecord, role: Role) -> Option<Fault> {
    if let Some(agent) = record.agent.value() {
        let field = if agent.owner.is_absent() { "agent" } else { "agent.owner" };
        return Some(Fault::new(field, "comes from the token's registration; leave it out"));
    }
    let agents = role == Role::Agent;
    let resources = record.resources.value().map_or(&[][..], Vec::as_slice);
    let placed = resources.iter().position(|resource| agents && !resource.environment.is_absent());
    let given = [
        ("actor", !record.actor.is_absent()),
        ("agent", !record.agent.is_absent()),
        ("asserted_by", !record.asserted_by.is_empty()),
        ("comment", !record.comment.is_absent()),
        ("critical_paths", !record.critical_paths.is_absent()),
        ("digest", record.digest.is_some()),
        ("policy", !record.policy.is_absent()),
        ("review", !record.review.is_absent()),
        ("reversibility", !record.reversibility.is_absent()),
        ("risk", !record.risk.is_absent()),
        ("sequence", record.sequence.is_some()),
        // An executor says what it did of which version and how it ended; an agent that recommends did nothing yet.
        ("blast_radius", agents && !record.blast_radius.is_absent()),
        ("outcome", agents && !record.outcome.is_absent()),
        ("reason", agents && !record.reason.is_absent()),
        ("step", agents && record.step.is_some()),
        ("version", agents && record.version.is_some()),
    ];
    let field = given.iter().find(|(_, given)| *given).map(|(field, _)| (*field).to_owned());
    let field = field.or_else(|| placed.map(|index| format!("resources[{index}].environment")));
    let field = field.or_else(|| EXTRA.iter().find(|name| record.extra.contains_key(**name)).map(ToString::to_string));
    field.map(|field| Fault::new(&field, "is not yours to say; leave it out"))
}
