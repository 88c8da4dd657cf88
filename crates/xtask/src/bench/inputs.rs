//! What the pages are handed: the records in files under target/bench, in Arrow's format for the peer that has it, and
//! the peers themselves, from npm in the versions of `crates/xtask/bench/package-lock.json`, each in one file.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::oracle::fnv;
use super::records::{self, Records};
use crate::project::{version_line, which};
use crate::run::run;

/// The oldest Node.js that the driver was seen to run on.
const NODE: u32 = 18;

/// The folders of the comparison.
pub struct Inputs {
    /// What is checked in: the driver and the peers' pages.
    pub source: PathBuf,
    /// target/bench: packages, built pages, records, results.
    pub folder: PathBuf,
    pub node: PathBuf,
}

impl Inputs {
    /// # Errors
    /// Without Node.js and npm, or with too old a Node.js.
    pub fn find(root: &Path, target: &Path) -> Result<Inputs> {
        let by_hand = "install Node.js with npm, so that `node` and `npm` are on the PATH";
        let node = which("node").with_context(|| format!("there is no Node.js here; {by_hand}"))?;
        which("npm").with_context(|| format!("there is no npm here; {by_hand}"))?;
        let line = version_line(&node).unwrap_or_default();
        if major(&line).is_none_or(|major| major < NODE) {
            bail!("{} is {line:?}; {by_hand} in version {NODE} or newer", node.display());
        }
        let folder = target.join("bench");
        fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
        Ok(Inputs { source: root.join("crates/xtask/bench"), folder, node })
    }

    /// Whether the packages of the lock file are installed: npm writes its own list of them last.
    pub fn has_peers(&self) -> bool {
        let lock = |folder: &Path| fs::read(folder.join("package-lock.json")).ok();
        lock(&self.source) == lock(&self.folder) && self.modules().join(".package-lock.json").is_file()
    }

    /// Installs the peers where their lock file changed, and makes one file of each.
    ///
    /// # Errors
    /// When npm or the bundler fails.
    pub fn peers(&self) -> Result<()> {
        if !self.has_peers() {
            for name in ["package.json", "package-lock.json"] {
                let (from, to) = (self.source.join(name), self.folder.join(name));
                fs::copy(&from, &to).with_context(|| format!("{} can't be copied", from.display()))?;
            }
            // None of the packages needs a script of its own to be run.
            run(Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(&self.folder))?;
        }
        let mut bundle = Command::new(&self.node);
        bundle.arg(self.source.join("driver/bundle.mjs")).arg(self.modules());
        run(bundle.arg(self.source.join("pages")).arg(self.pages()))
    }

    /// As many records as NDJSON; written anew where they are not what this program would write.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn records(&self, rows: u32) -> Result<PathBuf> {
        let path = self.folder.join(format!("records-{rows}.ndjson"));
        if !self.is_up_to_date(&path, rows)? {
            let part = path.with_extension("part");
            let file = File::create(&part).with_context(|| format!("{} can't be written", part.display()))?;
            let mut out = BufWriter::with_capacity(1 << 20, file);
            let stamp = records::write(Records::new(rows), &mut out).and_then(|bytes| out.flush().map(|()| bytes));
            stamp.with_context(|| format!("{} can't be written", part.display()))?;
            fs::rename(&part, &path).with_context(|| format!("{} can't be written", path.display()))?;
        }
        // So that the first engine does not wait for a disk.
        let mut file = File::open(&path).with_context(|| format!("{} can't be read", path.display()))?;
        io::copy(&mut file, &mut io::sink()).with_context(|| format!("{} can't be read", path.display()))?;
        Ok(path)
    }

    /// Whether its first records are those that would be written, and it has its trailer. Making all of them again only
    /// to compare would take as long as writing them.
    fn is_up_to_date(&self, path: &Path, rows: u32) -> Result<bool> {
        let Ok(mut file) = File::open(path) else { return Ok(false) };
        let mut expected = Vec::new();
        for record in Records::new(rows).take(1_000) {
            record.write(&mut expected)?;
        }
        let mut start = vec![0; expected.len()];
        let mut end = Vec::new();
        let trailer = format!("{{\"trailer\":{{\"rows\":{rows},");
        let read = file
            .read_exact(&mut start)
            .and_then(|()| file.seek(SeekFrom::End(-256)))
            .and_then(|_| file.read_to_end(&mut end));
        Ok(read.is_ok() && start == expected && String::from_utf8_lossy(&end).contains(&trailer))
    }

    /// The same records in Arrow's format; written anew where the NDJSON is newer.
    ///
    /// # Errors
    /// When the script that writes it fails.
    pub fn arrow(&self, ndjson: &Path) -> Result<PathBuf> {
        let path = ndjson.with_extension("arrow");
        let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        let script = self.source.join("driver/arrow.mjs");
        let sources = [changed(ndjson), changed(&script)];
        if changed(&path).is_none_or(|at| sources.iter().flatten().any(|source| *source > at)) {
            let mut convert = Command::new(&self.node);
            run(convert.arg("--max-old-space-size=8192").arg(script).arg(self.modules()).arg(ndjson).arg(&path))?;
        }
        Ok(path)
    }

    pub fn modules(&self) -> PathBuf {
        self.folder.join("node_modules")
    }

    pub fn pages(&self) -> PathBuf {
        self.folder.join("pages")
    }

    /// The bytes of a file in brotli at its highest quality, noted by its content: DuckDB's take minutes.
    ///
    /// # Errors
    /// When the file can't be read or compressed.
    pub fn brotli(&self, path: &Path) -> Result<u64> {
        let bytes = fs::read(path).with_context(|| format!("{} can't be read", path.display()))?;
        let key = format!("{:016x}\t{}\t", fnv(&bytes), bytes.len());
        let notes = self.folder.join("brotli.tsv");
        let known = fs::read_to_string(&notes).unwrap_or_default();
        if let Some(size) = known.lines().find_map(|line| line.strip_prefix(&key)) {
            return size.parse().with_context(|| format!("{} has {size:?} for a size", notes.display()));
        }
        let script = self.source.join("driver/brotli.mjs");
        let output = Command::new(&self.node).arg(&script).arg(path).output().context("node could not be started")?;
        let size = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || size.parse::<u64>().is_err() {
            bail!("{} could not be compressed:\n{}", path.display(), String::from_utf8_lossy(&output.stderr));
        }
        fs::write(&notes, format!("{known}{key}{size}\n"))
            .with_context(|| format!("{} can't be written", notes.display()))?;
        size.parse().context("a number")
    }
}

/// The 20 of `v20.20.2`.
fn major(line: &str) -> Option<u32> {
    line.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(name: &str) -> Inputs {
        let folder = std::env::temp_dir().join(format!("xtask-bench-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Inputs { source: folder.clone(), folder, node: PathBuf::new() }
    }

    #[test]
    fn records_are_written_once_and_again_where_they_differ() {
        let inputs = inputs("records");
        let path = inputs.records(2_000).expect("written");
        let whole = fs::read(&path).expect("read");
        assert!(inputs.is_up_to_date(&path, 2_000).expect("compared"));
        let changed = String::from_utf8_lossy(&whole).replacen("deployer", "deplorer", 1);
        for other in [changed.as_bytes(), &whole[..whole.len() / 2], b""] {
            fs::write(&path, other).expect("written");
            assert!(!inputs.is_up_to_date(&path, 2_000).expect("compared"));
            assert_eq!(fs::read(inputs.records(2_000).expect("written")).expect("read"), whole);
        }
        fs::remove_dir_all(&inputs.folder).expect("removed");
    }

    #[test]
    fn node_says_its_version() {
        for (line, expected) in [("v20.20.2", Some(20)), ("v8.1.0\n", Some(8)), ("", None), ("node 20", None)] {
            assert_eq!(major(line), expected, "{line}");
        }
    }
}
