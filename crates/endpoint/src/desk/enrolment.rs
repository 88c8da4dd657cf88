//! Principals and how they sign in: enrolment, bearer tokens of machines, one-time codes and sessions of people.
//! Every secret is 256 random bits, kept as its SHA-256 alone. What a principal may do is `oversight::capability`.

use super::work::{Work, random_bytes};
use super::{Desk, Principal, Refused, principal::is_person, written};
use crate::store::StoreError;
use crate::store::principals::{self, Enrolled};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oversight::digest::Digest;
use oversight::id::AgentUid;
use oversight::missing::Field;
use oversight::record::Agent;
use oversight::review::Person;
use oversight::vocabulary::{Kind, Role};

/// For how long a one-time code signs in.
pub(super) const CODE_SECONDS: i64 = 24 * 3_600;

/// Most cloud principals of one machine.
const MAX_PRINCIPALS: usize = 100;

/// How long a session lasts.
const SESSION_SECONDS: i64 = 12 * 3_600;

impl From<Enrolled> for Principal {
    fn from(enrolled: Enrolled) -> Principal {
        Principal { uid: enrolled.uid, role: enrolled.role, groups: enrolled.groups, owner: enrolled.owner }
    }
}

impl Desk {
    /// Registers a principal, or puts its registration in the place of the one before. Recorded when anything in it
    /// is new. `profile` is an agent's; its owner is the principal's, whatever it says. Cloud principals stay.
    pub async fn enrol(&self, principal: Principal, profile: Option<Agent>) -> Result<(), Refused> {
        let mut enrolled = enrolled(principal, profile)?;
        let mut work = self.begin().await?;
        let before = principals::by_uid(work.db(), &enrolled.uid).await?;
        if let Some(before) = &before {
            enrolled.principals.clone_from(&before.principals);
        }
        register(work, before, enrolled).await
    }

    /// Gives a machine the cloud principals that it acts as, ARNs or bare names, in the place of those before: the
    /// rule on an agent's own permissions knows it by them. Recorded when they are new.
    pub async fn set_cloud_principals(&self, uid: &str, given: Vec<String>) -> Result<(), Refused> {
        for (index, one) in given.iter().enumerate() {
            if let Some(reason) = unfit(one) {
                return Err(Refused::invalid(&format!("principals[{index}]"), reason));
            }
        }
        if given.len() > MAX_PRINCIPALS {
            return Err(Refused::invalid("principals", format!("more than {MAX_PRINCIPALS}")));
        }
        let mut work = self.begin().await?;
        let before = principals::by_uid(work.db(), uid).await?.ok_or(Refused::NotFound("principal"))?;
        if is_person(before.role) {
            return Err(Refused::conflict("not-a-machine", "Only machines act as principals of a cloud."));
        }
        let enrolled = Enrolled { principals: given, ..before.clone() };
        register(work, Some(before), enrolled).await
    }

    /// The cloud principals that a machine acts as.
    pub async fn cloud_principals(&self, uid: &str) -> Result<Vec<String>, Refused> {
        let mut db = self.0.store.read().await?;
        Ok(principals::by_uid(&mut db, uid).await?.map(|enrolled| enrolled.principals).unwrap_or_default())
    }

    /// A machine's new bearer token; the one before dies.
    pub async fn rotate_token(&self, uid: &str) -> Result<String, Refused> {
        let mut work = self.begin().await?;
        let enrolled = principals::by_uid(work.db(), uid).await?.ok_or(Refused::NotFound("principal"))?;
        if is_person(enrolled.role) {
            return Err(Refused::conflict("not-a-machine", "People sign in with a one-time link, not with a token."));
        }
        let token = format!("{TOKEN_PREFIX}{}", secret()?);
        principals::set_token(work.db(), uid, Digest::of(token.as_bytes())).await?;
        work.commit().await?;
        Ok(token)
    }

    /// A person's new one-time code, good for 24 hours; older unused ones die.
    pub async fn issue_sign_in(&self, uid: &str) -> Result<String, Refused> {
        let mut work = self.begin().await?;
        let enrolled = principals::by_uid(work.db(), uid).await?.ok_or(Refused::NotFound("principal"))?;
        if !is_person(enrolled.role) {
            return Err(Refused::conflict("not-a-person", "Machines carry a bearer token; only people sign in."));
        }
        let code = secret()?;
        let now = work.now;
        principals::insert_code(work.db(), uid, Digest::of(code.as_bytes()), now).await?;
        work.commit().await?;
        Ok(code)
    }

    /// Trades a one-time code for a session of 12 hours. None: the code is unknown, used or older than 24 hours.
    pub async fn redeem_sign_in(&self, code: &str) -> Result<Option<String>, Refused> {
        let mut work = self.begin().await?;
        let issued_after = work.now.plus_seconds(-CODE_SECONDS);
        let Some(uid) = principals::take_code(work.db(), Digest::of(code.as_bytes()), issued_after).await? else {
            return Ok(None);
        };
        let token = secret()?;
        let expires = work.now.plus_seconds(SESSION_SECONDS);
        principals::insert_session(work.db(), &uid, Digest::of(token.as_bytes()), expires).await?;
        work.commit().await?;
        Ok(Some(token))
    }

    /// Ends a session. One that is not there has ended.
    pub async fn sign_out(&self, session: &str) {
        let ended = async {
            let mut work = self.begin().await?;
            principals::delete_session(work.db(), Digest::of(session.as_bytes())).await?;
            work.commit().await
        };
        if let Err(error) = ended.await {
            tracing::error!(%error, "a session could not be ended");
        }
    }

    /// Whose session this is. None: unknown or over.
    pub async fn by_session(&self, token: &str) -> Result<Option<Principal>, Refused> {
        let mut db = self.0.store.read().await?;
        let found = principals::by_session(&mut db, Digest::of(token.as_bytes()), self.now()).await?;
        Ok(found.map(Principal::from))
    }

    /// Whose bearer token this is. None: nobody's.
    pub async fn by_bearer(&self, token: &str) -> Result<Option<Principal>, Refused> {
        let mut db = self.0.store.read().await?;
        Ok(principals::by_token(&mut db, Digest::of(token.as_bytes())).await?.map(Principal::from))
    }

    /// Everyone who signs in, by uid.
    pub async fn people(&self) -> Result<Vec<Person>, Refused> {
        let mut db = self.0.store.read().await?;
        Ok(people(&mut db).await?)
    }
}

/// A registration as it is stored, without principals of a cloud.
pub fn enrolled(principal: Principal, profile: Option<Agent>) -> Result<Enrolled, Refused> {
    let profile = match principal.role {
        Role::Agent => Some(registration(&principal, profile)?),
        _ => None,
    };
    if principal.person().is_none() {
        return Err(Refused::invalid("uid", "1 to 256 bytes without control characters"));
    }
    let Principal { uid, role, groups, owner } = principal;
    Ok(Enrolled { uid, role, groups, owner, profile, principals: Vec::new() })
}

/// Everyone who signs in, as the rules of review see them.
pub async fn people(db: &mut sqlx::SqliteConnection) -> Result<Vec<Person>, StoreError> {
    let all = principals::all(db).await?;
    Ok(all.into_iter().map(Principal::from).filter(Principal::is_person).filter_map(|one| one.person()).collect())
}

/// Stores and records a registration in which something is new.
async fn register(mut work: Work, before: Option<Enrolled>, enrolled: Enrolled) -> Result<(), Refused> {
    if before.as_ref() == Some(&enrolled) {
        return Ok(());
    }
    principals::upsert(work.db(), &enrolled).await?;
    let record = written::enrolment(work.record(Kind::Enrolment)?, &enrolled);
    work.append(record).await?;
    work.commit().await
}

/// What an agent is known by in what it proposes: its uid and the cloud principals of its registration.
pub async fn own_principals(db: &mut sqlx::SqliteConnection, agent: &str) -> Result<Vec<String>, StoreError> {
    let enrolled = principals::by_uid(db, agent).await?;
    let registered = enrolled.into_iter().flat_map(|enrolled| enrolled.principals);
    Ok(std::iter::once(agent.to_owned()).chain(registered).collect())
}

/// Why a text can't be a cloud principal.
fn unfit(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() || text.trim() != text {
        return Some("empty, or with space around it");
    }
    if text.len() > 2_048 || text.chars().any(char::is_control) {
        return Some("longer than 2,048 bytes, or with control characters");
    }
    // A pattern would match nothing: they are compared as they are.
    text.contains(['*', '?']).then_some("a pattern; name each principal")
}

fn registration(principal: &Principal, profile: Option<Agent>) -> Result<Agent, Refused> {
    let uid = AgentUid::new(principal.uid.clone()).map_err(|error| Refused::invalid("uid", error.to_string()))?;
    let owner = Field::recorded(principal.owner.clone());
    Ok(match profile {
        Some(profile) => Agent { uid, owner, ..profile },
        None => {
            let name = principal.uid.clone();
            Agent { uid, name, version: Field::not_recorded(), owner, model: Field::not_recorded() }
        }
    })
}

/// Opens every bearer token: a scanner of leaked secrets knows it, and no token looks like an option.
const TOKEN_PREFIX: &str = "countersign_";

/// 256 random bits as base64url.
fn secret() -> Result<String, Refused> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes(32)?))
}
