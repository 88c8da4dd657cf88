//! An endpoint in the test's own process, on a port of its own and a database that goes with it. What is
//! asked of it is in the tests that use it.

// Each test binary has this module to itself and uses a part of it.
#![allow(dead_code)]

use endpoint::desk::{Desk, Principal, Settings};
use endpoint::http::assets::Assets;
use endpoint::http::doors::Doors;
use endpoint::http::origin::Origin;
use endpoint::http::{self, Endpoint, serving};
use endpoint::policy::PolicyEngine;
use oversight::classify::Estate;
use oversight::id::{AgentUid, Group, PersonUid};
use oversight::missing::Field;
use oversight::record::Agent;
use oversight::vocabulary::Role;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;

pub struct Served {
    pub url: String,
    pub desk: Desk,
    pub folder: TempDir,
    _stop: watch::Sender<bool>,
}

/// Opens a desk on a new database and serves it.
pub async fn serve(demonstration: bool, estate: &str) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let estate = Estate::parse(estate).unwrap();
    let database = folder.path().join("countersign.db").display().to_string();
    let settings = Settings { demonstration, estate: estate.clone() };
    let desk = Desk::open(&database, PolicyEngine::default_policy(), settings).await.unwrap();
    let doors = Doors::bind("127.0.0.1:0").await.unwrap();
    let address = doors.addresses().unwrap()[0];
    let (stop, stopping) = watch::channel(false);
    let settings = http::Settings {
        origin: Origin::http(address.to_string()),
        estate,
        heartbeat: Duration::from_secs(15),
        stopping: stopping.clone(),
    };
    let router = http::router(Endpoint::new(desk.clone(), Assets::embedded(), settings));
    tokio::spawn(serving::serve(doors, router, serving::PATIENCE, stopping));
    Served { url: format!("http://{address}"), desk, folder, _stop: stop }
}

impl Served {
    /// Enrols an agent and gives it a token.
    pub async fn agent(&self, uid: &str, owner: &str) -> String {
        let owner = PersonUid::new(owner).unwrap();
        let profile = Agent {
            uid: AgentUid::new(uid).unwrap(),
            name: uid.to_owned(),
            version: Field::not_recorded(),
            owner: Field::Is(owner.clone()),
            model: Field::not_recorded(),
        };
        let principal = Principal { uid: uid.to_owned(), role: Role::Agent, groups: Vec::new(), owner: Some(owner) };
        self.desk.enrol(principal, Some(profile)).await.unwrap();
        self.desk.rotate_token(uid).await.unwrap()
    }

    /// Enrols somebody or something else.
    pub async fn enrol(&self, uid: &str, role: Role, groups: &[&str]) -> Principal {
        let groups = groups.iter().map(|group| Group::new(*group).unwrap()).collect();
        let principal = Principal { uid: uid.to_owned(), role, groups, owner: None };
        self.desk.enrol(principal.clone(), None).await.unwrap();
        principal
    }
}
