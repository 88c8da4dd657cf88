//! The browser's driver, `crates/xtask/bench/driver`, as a process that is handed one sample after the other: a line of
//! JSON each, answered by lines of words between tabs up to `end`. What samples amount to is in `results`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::options::Task;
use super::oracle::Expected;
use super::results::{Metric, Sample};

/// How much longer than twice a sample's limit the driver may take to answer: for its other limits, and for browsers to
/// start and to end.
const GRACE: Duration = Duration::from_secs(400);

pub struct Driver {
    child: Child,
    /// `None` once it was closed, at which the driver ends by itself.
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

/// What one sample is of.
#[derive(Debug)]
pub struct Request<'a> {
    pub task: Task,
    /// The engine's page.
    pub url: String,
    /// The page of the same server that has nothing on it, for the memory that any page takes.
    pub blank: String,
    /// The spans to brush, as [`super::spans::to_json`] writes them.
    pub spans: &'a str,
    /// Seconds to loading, after which the sample has failed.
    pub limit: u64,
    /// Whether the page paints what it counts; the bare stream does not.
    pub answers: bool,
}

impl Request<'_> {
    /// One line. Neither URLs of our server nor numbers need an escape.
    fn to_json(&self) -> String {
        format!(
            r#"{{"task":"{}","url":"{}","blank":"{}","limit":{},"answers":{},"spans":{}}}"#,
            self.task,
            self.url,
            self.blank,
            self.limit,
            self.answers,
            self.spans.trim_end(),
        )
    }
}

impl Driver {
    /// # Errors
    /// When node can't be started.
    pub fn start(node: &Path, script: &Path, modules: &Path, chromium: &Path) -> Result<Driver> {
        let mut child = Command::new(node)
            .arg(script)
            .arg(modules)
            .arg(chromium)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} could not be started", node.display()))?;
        let output = child.stdout.take().context("the driver has no output")?;
        let input = child.stdin.take();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Driver { child, input, lines })
    }

    /// # Errors
    /// When the driver is gone or does not answer, which is no fault of the engine's. What fails in the page is in
    /// the sample.
    pub fn sample(&mut self, request: &Request<'_>) -> Result<Sample> {
        let input = self.input.as_mut().context("the driver was closed")?;
        writeln!(input, "{}", request.to_json()).and_then(|()| input.flush()).context("the driver is gone")?;
        let patience = Duration::from_secs(request.limit) * 2 + GRACE;
        let mut sample = Sample::default();
        loop {
            match self.lines.recv_timeout(patience) {
                Ok(line) if line == "end" => return Ok(sample),
                Ok(line) => read(&line, &mut sample)?,
                Err(RecvTimeoutError::Timeout) => bail!("the driver said nothing for {} s", patience.as_secs()),
                Err(RecvTimeoutError::Disconnected) => bail!("the driver ended in the middle of a sample"),
            }
        }
    }
}

impl Drop for Driver {
    /// Closing its input ends it, and the browser with it; one that hangs is ended.
    fn drop(&mut self) {
        drop(self.input.take());
        for _ in 0..50 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `value METRIC NUMBER`, `answer ROWS HASH`, `browser VERSION` or `failed REASON`, with tabs between.
fn read(line: &str, sample: &mut Sample) -> Result<()> {
    let not_known = || format!("the driver said {line:?}");
    let (word, rest) = line.split_once('\t').with_context(not_known)?;
    match word {
        "value" => {
            let (name, number) = rest.split_once('\t').with_context(not_known)?;
            let metric = Metric::ALL.into_iter().find(|metric| metric.name() == name).with_context(not_known)?;
            let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite()).with_context(not_known)?;
            sample.values.push((metric, number));
        }
        "answer" => {
            let (rows, hash) = rest.split_once('\t').with_context(not_known)?;
            sample.answers.push(Expected { rows: rows.parse().with_context(not_known)?, hash: hash.to_owned() });
        }
        "browser" => sample.browser = Some(rest.to_owned()),
        // Node writes what its page's console said with a sign for each line's end.
        "failed" => sample.failure = Some(rest.replace('\u{23ce}', "\n    ")),
        _ => bail!(not_known()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_one_line() {
        let request = Request {
            task: Task::Brush,
            url: "http://127.0.0.1:1/peer.html?engine=x".to_owned(),
            blank: "http://127.0.0.1:1/blank.html".to_owned(),
            spans: "[[1,2]]\n",
            limit: 40,
            answers: true,
        };
        let value: serde_json::Value = serde_json::from_str(&request.to_json()).expect("JSON");
        assert_eq!(value["url"], "http://127.0.0.1:1/peer.html?engine=x");
        assert_eq!((&value["task"], &value["limit"]), (&"brush".into(), &40.into()));
        assert_eq!(value["spans"][0][1], 2);
        assert!(!request.to_json().contains('\n'));
    }

    #[test]
    fn what_the_driver_says_is_read_or_refused() {
        let mut sample = Sample::default();
        for line in
            ["value\tp95\t12.5", "answer\t7\t00ff", "browser\tChrome/156.0", "failed\ttimed out\u{23ce}console: x"]
        {
            read(line, &mut sample).expect(line);
        }
        assert_eq!(sample.values, [(Metric::P95, 12.5)]);
        assert_eq!(sample.answers, [Expected { rows: 7, hash: "00ff".to_owned() }]);
        assert_eq!(sample.browser.as_deref(), Some("Chrome/156.0"));
        assert_eq!(sample.failure.as_deref(), Some("timed out\n    console: x"));
        for bad in ["", "value\tp95", "value\tp96\t1", "value\tp95\tNaN", "answer\tmany\t0", "what\tever"] {
            let error = read(bad, &mut sample).expect_err(bad).to_string();
            assert!(error.contains(&format!("{bad:?}")), "{error}");
        }
    }
}
