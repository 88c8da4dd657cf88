//! A person at a browser: signs in, finds things by role and name, presses keys, looks. Waiting is built in;
//! what is not there after ten seconds is an error that shows the page's text.

use super::stage::Stage;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::{Duration, Instant};
use thirtyfour::bidi::modules::browsing_context::Locator;
use thirtyfour::bidi::{BiDi, BrowsingContextId};
use thirtyfour::prelude::*;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many browsers run at once: each keeps a core busy.
static SEATS: Semaphore = Semaphore::const_new(4);

pub struct Person {
    pub driver: WebDriver,
    bidi: BiDi,
    context: BrowsingContextId,
    driver_port: u16,
    http: reqwest::Client,
    _driver_process: tokio::process::Child,
    _seat: SemaphorePermit<'static>,
    profile: tempfile::TempDir,
}

impl Person {
    /// Opens a browser of their own and signs in by the link.
    pub async fn signed_in(stage: &Stage, who: &str) -> Result<Person> {
        let person = Person::at_the_door().await?;
        person.driver.goto(stage.sign_in(who)?).await?;
        person.sees("button", who).await.with_context(|| format!("{who} is not signed in"))?;
        Ok(person)
    }

    /// Signed in, with a change open under its heading.
    pub async fn reading(stage: &Stage, who: &str, change: &str, heading: &str) -> Result<Person> {
        let person = Person::signed_in(stage, who).await?;
        person.goes_to(stage, &format!("#/queue/{change}")).await?;
        person.sees("heading", heading).await?;
        Ok(person)
    }

    /// Opens a browser and goes nowhere.
    pub async fn at_the_door() -> Result<Person> {
        let seat = SEATS.acquire().await?;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let driver = std::env::var("COUNTERSIGN_CHROMEDRIVER").context("COUNTERSIGN_CHROMEDRIVER is not set")?;
        let mut process = tokio::process::Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        let port = loop {
            let line = lines.next_line().await?.context("the driver ended before it named its port")?;
            if let Some((_, rest)) = line.split_once("on port ")
                && let Ok(port) = rest.trim_end_matches('.').parse::<u16>()
                && port != 0
            {
                break port;
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let profile = tempfile::tempdir()?;
        let mut capabilities = DesiredCapabilities::chrome();
        if let Some(binary) = std::env::var_os("COUNTERSIGN_CHROMIUM") {
            capabilities.set_binary(&binary.to_string_lossy())?;
        }
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1440,900",
            "--force-color-profile=srgb",
        ] {
            capabilities.add_arg(argument)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        capabilities.enable_bidi()?;
        let driver = WebDriver::new(format!("http://localhost:{port}"), capabilities).await?;
        let bidi = driver.bidi().await?;
        let context = BrowsingContextId::from(driver.window().await?.to_string());
        Ok(Person {
            driver,
            bidi,
            context,
            driver_port: port,
            http: reqwest::Client::new(),
            _driver_process: process,
            _seat: seat,
            profile,
        })
    }

    /// Goes to a fragment of the app: `#/queue/CH-1`.
    pub async fn goes_to(&self, stage: &Stage, fragment: &str) -> Result<()> {
        self.driver.goto(stage.url(fragment)).await?;
        Ok(())
    }

    /// Every visible thing with this role and accessible name (exact). An empty name matches any.
    pub async fn all(&self, role: &str, name: &str) -> Result<Vec<WebElement>> {
        let name = (!name.is_empty()).then(|| name.to_owned());
        let locator = Locator::accessibility(Some(role.to_owned()), name);
        let found = self.bidi.browsing_context().locate_nodes(self.context.clone(), locator).await?;
        let mut elements = Vec::new();
        for node in found.nodes {
            let id = node["sharedId"].as_str().context("a node without an id")?;
            let value = json!({ "element-6066-11e4-a52e-4f735466cecf": id });
            elements.push(WebElement::from_json(value, std::sync::Arc::clone(&self.driver))?);
        }
        Ok(elements)
    }

    /// Waits for one thing with this role whose name is `name`, or holds it where none is exactly that.
    pub async fn sees(&self, role: &str, name: &str) -> Result<WebElement> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(element) = self.all(role, name).await.unwrap_or_default().into_iter().next() {
                return Ok(element);
            }
            for element in self.all(role, "").await.unwrap_or_default() {
                if self.name_of(&element).await.is_ok_and(|full| full.contains(name)) {
                    return Ok(element);
                }
            }
            if Instant::now() > until {
                bail!("no {role} named {name:?} on the page:\n{}", self.text().await.unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The accessible name, as the browser computes it.
    pub async fn name_of(&self, element: &WebElement) -> Result<String> {
        let (session, id) = (self.driver.session_id(), element.element_id());
        let address = format!("http://localhost:{}/session/{session}/element/{id}/computedlabel", self.driver_port);
        let answer: Value = self.http.get(address).send().await?.json().await?;
        Ok(answer["value"].as_str().context("the element is gone")?.to_owned())
    }

    /// Presses one, once it can be pressed.
    pub async fn presses(&self, role: &str, name: &str) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let element = self.sees(role, name).await?;
            let armed = element.attr("aria-disabled").await.is_ok_and(|disabled| disabled.as_deref() != Some("true"));
            if armed && element.click().await.is_ok() {
                return Ok(());
            }
            if Instant::now() > until {
                bail!("{role} {name:?} can't be pressed:\n{}", self.text().await?);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Presses keys, wherever the focus is.
    pub async fn types(&self, keys: impl Into<TypingData>) -> Result<()> {
        self.driver.action_chain().send_keys(keys.into()).perform().await?;
        Ok(())
    }

    /// Decision controls arm a second after the content under them changed.
    pub async fn waits_for_arming(&self) {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }

    /// Ctrl and Enter together.
    pub async fn signs_by_key(&self) -> Result<()> {
        self.driver.action_chain().key_down(Key::Control).send_keys(Key::Enter).key_up(Key::Control).perform().await?;
        Ok(())
    }

    /// What the page reads.
    pub async fn text(&self) -> Result<String> {
        Ok(self.script("return document.body.innerText").await?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page's text holds `words`.
    pub async fn says(&self, words: &str) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        loop {
            let text = self.text().await.unwrap_or_default();
            if flat(&text).contains(&flat(words)) {
                return Ok(());
            }
            if Instant::now() > until {
                bail!("the page does not say {words:?}:\n{text}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// That the page's text does not hold `words` now.
    pub async fn does_not_say(&self, words: &str) -> Result<()> {
        let text = self.text().await?;
        ensure!(!text.contains(words), "the page says {words:?}:\n{text}");
        Ok(())
    }

    /// The name of what has the focus.
    pub async fn focus(&self) -> Result<String> {
        let focused = self.driver.active_element().await?;
        self.name_of(&focused).await
    }

    pub async fn script(&self, script: &str) -> Result<Value> {
        Ok(self.driver.execute(script, Vec::new()).await?.json().clone())
    }

    /// Light or dark, and the size of the screen in CSS pixels.
    pub async fn screen(&self, width: u32, height: u32, dark: bool) -> Result<()> {
        let cdp = self.driver.cdp();
        let theme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        cdp.send_raw("Emulation.setEmulatedMedia", media).await?;
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 720});
        cdp.send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// A picture of the screen, kept under `target/screens` for people to look at.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screens");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{name}.png")), self.driver.screenshot_as_png().await?)?;
        Ok(())
    }

    /// The folder of this browser's profile, by which its processes are known.
    pub fn profile(&self) -> &std::path::Path {
        self.profile.path()
    }

    pub async fn leaves(self) -> Result<()> {
        self.driver.clone().quit().await?;
        Ok(())
    }
}
