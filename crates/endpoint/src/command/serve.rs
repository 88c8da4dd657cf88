//! `serve`: opens the database, enrols who is local, listens, and keeps going until it is told to stop. What
//! is served is `http`, what is decided `desk`; links and tokens are `credentials`.

use super::credentials::{self, Credentials};
use super::{input, say};
use crate::demo;
use crate::desk::{Desk, Refused, Settings};
use crate::http::assets::Assets;
use crate::http::doors::Doors;
use crate::http::origin::Origin;
use crate::http::{self, Endpoint, serving};
use crate::policy::PolicyEngine;
use anyhow::{Context, anyhow};
use clap::Args;
use oversight::classify::Estate;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How often what is due is settled.
const SWEEP: Duration = Duration::from_millis(250);
/// How long requests that are being answered may take once the endpoint has to stop.
const FAREWELL: Duration = Duration::from_millis(1_500);
/// Silence on a stream before a heartbeat.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Runs the endpoint.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port; port 0 takes one that is free. `localhost` is both 127.0.0.1 and ::1.
    #[arg(long, value_name = "ADDR", default_value = "localhost:8787")]
    pub listen: String,
    /// The database: a file, or sqlite:FILE. It is created if it is not there.
    #[arg(long, value_name = "URL")]
    pub database: String,
    /// Where people reach it, if not where it listens: behind a proxy, https://countersign.example.
    #[arg(long, value_name = "URL")]
    pub url: Option<Origin>,
    /// The built app, a folder with an index.html; the one in the binary unless given.
    #[arg(long, value_name = "DIR")]
    pub app: Option<PathBuf>,
    /// The review policy, a Cedar file; the default policy unless given. SIGHUP reads it again.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Which accounts, regions and resources are which environment.
    #[arg(long, value_name = "FILE")]
    pub estate: Option<PathBuf>,
    /// Gives everybody new links and tokens and writes them to this file, for its owner alone. The `principals` of
    /// its machines, the cloud's roles and users that an agent acts as, are read back from it first.
    #[arg(long, value_name = "FILE")]
    pub credentials: Option<PathBuf>,
    /// Adds a made-up fleet of agents and an executor, and gives a database without records 90 made-up days of history;
    /// every view says so.
    #[arg(long)]
    pub demo: bool,
    /// Leaves out the made-up history.
    #[arg(long, requires = "demo")]
    pub no_history: bool,
}

/// Runs until it is told to stop by SIGINT or SIGTERM.
pub async fn run(serve: &Serve) -> anyhow::Result<()> {
    let policy = policy(serve.policy.as_deref())?;
    let estate = estate(serve)?;
    let assets = app(serve.app.as_deref())?;
    let doors = Doors::bind(&serve.listen).await.with_context(|| format!("can't listen on {}", serve.listen))?;
    let addresses = doors.addresses()?;
    let origin = serve.url.clone().unwrap_or_else(|| reached_at(addresses[0]));

    if serve.demo && !serve.no_history {
        begin(&serve.database).await?;
    }
    let settings = Settings { demonstration: serve.demo, estate: estate.clone() };
    let desk = Desk::open(&serve.database, policy, settings)
        .await
        .with_context(|| format!("the database {} can't be opened", serve.database))?;
    let principals = credentials::enrol(&desk, serve.demo).await?;
    if let Some(file) = &serve.credentials {
        credentials::take_principals(&desk, file).await?;
    }
    let people = credentials::sign_in_links(&desk, &principals, &origin.to_string()).await?;
    let machines = if serve.credentials.is_some() || serve.demo {
        credentials::tokens(&desk, &principals).await?
    } else {
        Vec::new()
    };
    let demo_tokens = credentials::demo_tokens(&machines);
    let written = Credentials { endpoint: origin.to_string(), people, machines };
    if let Some(file) = &serve.credentials {
        written.write(file)?;
    }

    let (stop, stopping) = watch::channel(false);
    let endpoint = Endpoint::new(
        desk.clone(),
        assets,
        http::Settings { origin: origin.clone(), estate, heartbeat: HEARTBEAT, stopping: stopping.clone() },
    );
    // What came due while nobody ran is settled before anybody asks.
    settle(&endpoint, true).await?;
    // Heard before anybody can reach the endpoint: whoever sees it ready may tell it to stop, or to read its policy again.
    let (told, hangups) = (Told::listen()?, Hangups::listen()?);
    let serving = serving::serve(doors, http::router(endpoint.clone()), serving::PATIENCE, stopping);
    let serving = tokio::spawn(serving);
    let sweeping = tokio::spawn(sweep(endpoint));
    let reloading = tokio::spawn(reload(desk.clone(), serve.policy.clone(), hangups));
    let acting = serve.demo.then(|| {
        // The fleet reaches the endpoint as it listens, whatever people call it.
        let url = format!("http://{}", addresses[0]);
        tokio::spawn(async move {
            if let Err(error) = demo::run(&url, desk, demo_tokens).await {
                tracing::error!(%error, "the demonstration could not begin");
            }
        })
    });

    say(&credentials::table(&origin.to_string(), &written.people));
    drop(written);
    told.stop().await;
    tracing::info!("stopping");
    if let Some(acting) = acting {
        acting.abort();
    }
    reloading.abort();
    let _ = stop.send(true);
    if tokio::time::timeout(FAREWELL, serving).await.is_err() {
        tracing::warn!("requests that were still being answered were broken off");
    }
    sweeping.abort();
    Ok(())
}

/// Gives a database without records the demonstration's history.
async fn begin(database: &str) -> anyhow::Result<()> {
    let started = Instant::now();
    let opened = Desk::open_new(database).await;
    let Some(desk) = opened.with_context(|| format!("the database {database} can't be opened"))? else { return Ok(()) };
    let now = desk.now();
    let making = tokio::task::spawn_blocking(move || -> anyhow::Result<_> {
        Ok(demo::history::past(now, &credentials::everybody(true)?, demo::SEED)?)
    });
    let past = making.await?.context("the demonstration's history")?;
    let (records, changes) = (past.records.len(), past.changes.len());
    desk.begin_with(past).await.context("the demonstration's history can't be stored")?;
    let seconds = started.elapsed().as_secs_f32();
    tracing::info!(records, changes, seconds, "the demonstration was given its history");
    Ok(())
}

/// The policy of the file, or the default one. What is wrong with a file is said whole.
fn policy(file: Option<&Path>) -> anyhow::Result<PolicyEngine> {
    let Some(file) = file else { return Ok(PolicyEngine::default_policy()) };
    let text = std::fs::read_to_string(file).with_context(|| input::unreadable(file))?;
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("policy");
    PolicyEngine::load(&text, name).map_err(|error| anyhow!("{error}"))
}

/// The estate of the file; a demonstration has one of its own.
fn estate(serve: &Serve) -> anyhow::Result<Estate> {
    if serve.demo && serve.estate.is_none() {
        return Estate::parse(demo::ESTATE).context("the demonstration's estate");
    }
    input::estate(serve.estate.as_deref())
}

fn app(folder: Option<&Path>) -> anyhow::Result<Assets> {
    if let Some(folder) = folder {
        return Assets::from_folder(folder).with_context(|| {
            format!("{} holds no app that can be read; build one with `cargo xtask app`", folder.display())
        });
    }
    let assets = Assets::embedded();
    if !assets.is_there() {
        tracing::warn!("there is no app to serve: build one with `cargo xtask app`, or name a folder with --app");
    }
    Ok(assets)
}

/// How people on this machine reach what listens on `address`: by name where that is the machine itself, for
/// browsers give passkeys to names only.
fn reached_at(address: SocketAddr) -> Origin {
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        Origin::http(format!("localhost:{}", address.port()))
    } else {
        Origin::http(address.to_string())
    }
}

/// Settles what is due, four times a second, and looks each second whether the database takes writes.
async fn sweep(endpoint: Endpoint) {
    let mut ticks = tokio::time::interval(SWEEP);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut failing = false;
    for tick in 0u64.. {
        ticks.tick().await;
        match settle(&endpoint, tick.is_multiple_of(4)).await {
            Ok(()) => failing = false,
            // Once, not four times a second.
            Err(error) if !failing => {
                tracing::error!(error = &error as &dyn std::error::Error, "what is due could not be settled");
                failing = true;
            }
            Err(_) => {}
        }
    }
}

async fn settle(endpoint: &Endpoint, try_a_write: bool) -> Result<(), Refused> {
    endpoint.desk.sweep().await?;
    if try_a_write {
        endpoint.desk.can_write().await?;
        endpoint.health.writable(Instant::now());
    }
    Ok(())
}

/// Reads the policy file again on each SIGHUP. One that does not load changes nothing.
#[cfg(unix)]
async fn reload(desk: Desk, file: Option<PathBuf>, mut hangups: Hangups) {
    while hangups.0.recv().await.is_some() {
        let Some(file) = &file else {
            tracing::warn!("SIGHUP: there is no policy file to read again; --policy names one");
            continue;
        };
        match policy(Some(file)) {
            Ok(engine) => {
                let version = engine.version().to_owned();
                match desk.load_policy(engine).await {
                    Ok(changed) => tracing::info!(version, changed, "the policy was loaded"),
                    Err(error) => tracing::error!(%error, "the policy was not loaded; the one before stays in force"),
                }
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(error, "the policy was not loaded; the one before stays in force");
            }
        }
    }
}

#[cfg(not(unix))]
async fn reload(_: Desk, _: Option<PathBuf>, _: Hangups) {}

/// SIGHUP, kept from when it is listened for.
struct Hangups(#[cfg(unix)] Signal);

/// SIGTERM and SIGINT, kept from when they are listened for.
struct Told {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    interrupt: Signal,
}

#[cfg(unix)]
impl Hangups {
    fn listen() -> anyhow::Result<Hangups> {
        Ok(Hangups(signal(SignalKind::hangup()).context("SIGHUP can't be listened for")?))
    }
}

#[cfg(unix)]
impl Told {
    fn listen() -> anyhow::Result<Told> {
        let heard = |kind| signal(kind).context("SIGTERM and SIGINT can't be listened for");
        Ok(Told { terminate: heard(SignalKind::terminate())?, interrupt: heard(SignalKind::interrupt())? })
    }

    async fn stop(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Hangups {
    fn listen() -> anyhow::Result<Hangups> {
        Ok(Hangups())
    }
}

#[cfg(not(unix))]
impl Told {
    fn listen() -> anyhow::Result<Told> {
        Ok(Told {})
    }

    async fn stop(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_to_a_name_where_there_is_one() {
        for (address, origin) in [
            ("127.0.0.1:8787", "http://localhost:8787"),
            ("[::1]:8787", "http://localhost:8787"),
            ("0.0.0.0:80", "http://localhost:80"),
            ("192.0.2.7:8787", "http://192.0.2.7:8787"),
        ] {
            assert_eq!(reached_at(address.parse().unwrap()).to_string(), origin);
        }
    }
}
