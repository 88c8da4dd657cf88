//! What the end-to-end tests need besides a build: Chromium with the driver of the same version, fonts for the
//! scripts that they put on screenshots, and axe-core. Debian's packages through apt where that can be done
//! here; elsewhere a sentence says what to install.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project::{Project, json_string, version_line, which};
use crate::run::run;
use crate::setup::{Install, Missing};

const CHROMIUM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const BY_HAND: &str = "install Chromium and the ChromeDriver of the same version (Debian: chromium and \
                       chromium-driver), so that `chromium` and `chromedriver` are on the PATH, or set \
                       COUNTERSIGN_CHROMIUM and COUNTERSIGN_CHROMEDRIVER to them; or leave the browser tests out \
                       with `cargo xtask test --skip-browser`";
/// Latin, Greek, Cyrillic, Arabic and Hebrew; Chinese and Japanese; Devanagari; emoji: 21 MB together.
const FONTS: [&str; 4] = ["fonts-dejavu-core", "fonts-droid-fallback", "fonts-lohit-deva", "fonts-noto-color-emoji"];

const AXE_BY_HAND: &str = "install Node.js with npm, or set COUNTERSIGN_AXE to an axe.min.js; or leave the browser \
                           tests out with `cargo xtask test --skip-browser`";
const AXE_VERSION: &str = "4.14.1";
/// npm's digest of that version's archive, so that another one is never run.
const AXE_INTEGRITY: &str =
    "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==";

/// The programs and files that the tests take from their environment.
pub struct BrowserTools {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
    pub axe: PathBuf,
    /// Their versions, for the screen.
    pub summary: String,
}

/// What is not there yet, in the order it has to be installed.
pub fn missing(project: &Project) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut packages = Vec::new();
    if chromium().is_none() {
        packages.push("chromium");
    }
    if chromedriver().is_none() {
        packages.push("chromium-driver");
    }
    let axe_missing = axe(project).is_none();
    if axe_missing && which("npm").is_none() {
        packages.extend(["nodejs", "npm"]);
    }
    // Fonts alone are no reason to fail where there is no apt: what lacks a glyph is drawn as a box.
    if can_use_apt().is_ok() {
        packages.extend(FONTS.into_iter().filter(|font| !has_package(font)));
    }
    if !packages.is_empty() {
        missing.push(Missing {
            what: packages.join(", "),
            how: match can_use_apt() {
                Ok(()) => "by apt-get, about 3 minutes".into(),
                Err(why) => by_hand(why, &packages),
            },
            install: can_use_apt().is_ok().then_some(Install::AptPackages(packages)),
        });
    }
    if axe_missing {
        missing.push(Missing {
            what: format!("axe-core {AXE_VERSION}"),
            how: "by npm, seconds".into(),
            install: Some(Install::AxeCore),
        });
    }
    missing
}

/// # Errors
/// When one of them is not there, or browser and driver do not belong together.
pub fn find(project: &Project) -> Result<BrowserTools> {
    let chromium = chromium().with_context(|| format!("Chromium is not there: {BY_HAND}"))?;
    let chromedriver = chromedriver().with_context(|| format!("ChromeDriver is not there: {BY_HAND}"))?;
    let axe = axe(project).with_context(|| format!("axe-core {AXE_VERSION} is not there; {AXE_BY_HAND}"))?;
    let browser_version = version_line(&chromium).unwrap_or_default();
    let driver_version = version_line(&chromedriver).unwrap_or_default();
    let (Some(browser), Some(driver)) = (major(&browser_version), major(&driver_version)) else {
        bail!("{} or {} does not say its version: {BY_HAND}", chromium.display(), chromedriver.display());
    };
    if browser != driver {
        bail!("Chromium is version {browser} and ChromeDriver is version {driver}: {BY_HAND}");
    }
    Ok(BrowserTools { chromium, chromedriver, axe, summary: format!("Chromium {browser}, axe-core {AXE_VERSION}") })
}

/// # Errors
/// What apt says.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    // Not quiet: it fetches some 250 MB first, and that should be seen.
    run(Command::new("apt-get")
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// # Errors
/// Without npm, or when what npm fetched is not the archive whose digest stands above.
pub fn install_axe(project: &Project) -> Result<()> {
    if which("npm").is_none() {
        bail!("there is no npm here; {AXE_BY_HAND}");
    }
    let folder = axe_folder(project);
    std::fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let output = Command::new("npm")
        .args(["pack", "--json", &format!("axe-core@{AXE_VERSION}")])
        .current_dir(&folder)
        .output()
        .context("npm could not be started")?;
    if !output.status.success() {
        bail!("npm pack failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let report = String::from_utf8_lossy(&output.stdout);
    let integrity = json_string(&report, "integrity").context("npm pack reported no digest")?;
    if integrity != AXE_INTEGRITY {
        bail!("npm fetched an axe-core {AXE_VERSION} with the digest {integrity}, not {AXE_INTEGRITY}");
    }
    let archive = json_string(&report, "filename").context("npm pack reported no file name")?;
    run(Command::new("tar").args(["-xzf", &archive, "package/axe.min.js"]).current_dir(&folder))?;
    std::fs::remove_file(folder.join(&archive)).with_context(|| format!("{archive} can't be removed"))
}

fn axe_folder(project: &Project) -> PathBuf {
    project.tools.join(format!("axe-core-{AXE_VERSION}"))
}

fn axe(project: &Project) -> Option<PathBuf> {
    let own = axe_folder(project).join("package/axe.min.js");
    from_environment("COUNTERSIGN_AXE").into_iter().chain([own]).find(|file| file.is_file())
}

fn chromium() -> Option<PathBuf> {
    from_environment("COUNTERSIGN_CHROMIUM").or_else(|| CHROMIUM_NAMES.into_iter().find_map(which))
}

fn chromedriver() -> Option<PathBuf> {
    from_environment("COUNTERSIGN_CHROMEDRIVER").or_else(|| which("chromedriver"))
}

fn from_environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_file())
}

/// Why packages can't be installed from here.
#[derive(Clone, Copy)]
enum NoApt {
    NotThere,
    NotRoot,
}

fn can_use_apt() -> Result<(), NoApt> {
    if which("apt-get").is_none() {
        return Err(NoApt::NotThere);
    }
    let id = Command::new("id").arg("-u").output().map(|output| output.stdout).unwrap_or_default();
    if id.trim_ascii() == b"0" { Ok(()) } else { Err(NoApt::NotRoot) }
}

fn by_hand(why: NoApt, packages: &[&str]) -> String {
    let todo = match why {
        NoApt::NotRoot => format!(
            "apt-get needs root, and this is run by somebody else; run `apt-get install --no-install-recommends {}` \
             as root",
            packages.join(" ")
        ),
        NoApt::NotThere => format!(
            "there is no apt here; install {} (these are Debian's names), so that their programs are on the PATH",
            packages.join(", ")
        ),
    };
    format!(
        "{todo}, or set COUNTERSIGN_CHROMIUM, COUNTERSIGN_CHROMEDRIVER and COUNTERSIGN_AXE to a browser, its driver \
         and an axe.min.js, or leave the browser tests out with `cargo xtask test --skip-browser`"
    )
}

fn has_package(name: &str) -> bool {
    let output = Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", name]).output();
    output.is_ok_and(|output| output.stdout == b"installed")
}

/// The major version in `Chromium 140.0.7339.80 built on …` or `ChromeDriver 140.0.7339.80 (…)`.
fn major(line: &str) -> Option<u32> {
    line.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

/// The variables under which the tests look for these.
pub fn environment(tools: &BrowserTools) -> [(&'static str, &Path); 3] {
    [
        ("COUNTERSIGN_CHROMIUM", &tools.chromium),
        ("COUNTERSIGN_CHROMEDRIVER", &tools.chromedriver),
        ("COUNTERSIGN_AXE", &tools.axe),
    ]
}

#[cfg(test)]
mod tests {
    use super::{NoApt, by_hand, major};

    #[test]
    fn what_to_install_by_hand_is_said_as_one_can_type_it() {
        let packages = ["chromium", "chromium-driver"];
        let not_root = by_hand(NoApt::NotRoot, &packages);
        assert!(
            not_root.contains("`apt-get install --no-install-recommends chromium chromium-driver` as root"),
            "{not_root}"
        );
        let no_apt = by_hand(NoApt::NotThere, &packages);
        assert!(no_apt.contains("install chromium, chromium-driver (these are Debian's names)"), "{no_apt}");
    }

    #[test]
    fn browser_and_driver_are_compared_by_major_version() {
        for (line, expected) in [
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)", Some(156)),
            ("ChromeDriver 156.0.8078.79 (a21ce95c24ce-refs/branch-heads/8078@{#1704})", Some(156)),
            ("Google Chrome 99.0.1 beta", Some(99)),
            ("", None),
            ("command not found", None),
        ] {
            assert_eq!(major(line), expected, "{line}");
        }
    }
}
