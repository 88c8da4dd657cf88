//! Reads what test programs print: how many tests passed and failed, and which. Running them is in `suite`.

/// The sum over several test programs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
    /// Names of failed tests, as `program: test`.
    pub failures: Vec<String>,
    program: String,
}

impl Tally {
    /// Takes one line of `cargo test`, with or without colours.
    pub fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(counts) = line.strip_prefix("test result:") {
            self.passed += count(counts, "passed");
            self.failed += count(counts, "failed");
            self.ignored += count(counts, "ignored");
        } else if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix("... FAILED")) {
            let name = name.trim();
            let program = &self.program;
            self.failures.push(if program.is_empty() { name.to_owned() } else { format!("{program}: {name}") });
        }
    }

    /// Takes one line of cargo's own output, which says whose tests come next.
    pub fn read_progress(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("Running ").or_else(|| line.strip_prefix("Doc-tests ")) {
            let file = rest.rsplit('(').next().unwrap_or(rest).trim_end_matches(')');
            let stem = file.rsplit('/').next().unwrap_or(file);
            self.program = stem.rsplit_once('-').map_or(stem, |(name, _)| name).to_owned();
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number before a word in ` ok. 12 passed; 0 failed; 1 ignored; …`.
fn count(counts: &str, word: &str) -> u64 {
    counts.split([';', '.']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok()).unwrap_or_default()
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // A colour is ESC [ digits m; everything up to its letter goes.
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn the_counts_of_several_programs_add_up() {
        let mut tally = Tally::default();
        for line in [
            "     Running unittests src/lib.rs (target/debug/deps/oversight-0123abcd)",
            "     Running tests/queue.rs (target/debug/deps/queue-4567)",
        ] {
            tally.read_progress(line);
        }
        for line in [
            "running 3 tests",
            "test change::quorum ... ok",
            "test result: \u{1b}[32mok\u{1b}[m. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
            "test keyboard_alone ... \u{1b}[31mFAILED\u{1b}[m",
            "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9.02s",
            "a test printed: 7 passed; 7 failed",
        ] {
            tally.read(line);
        }
        assert_eq!((tally.passed, tally.failed, tally.ignored), (15, 1, 1));
        assert_eq!(tally.failures, ["queue: keyboard_alone"]);
        assert_eq!(tally.to_string(), "15 passed, 1 failed");
    }
}
