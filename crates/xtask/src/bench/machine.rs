//! What a measurement has to be read with: the date, and the machine as its system describes it. What can't be known
//! here is left out.

use std::process::Command;

/// Today in UTC, as 2026-11-25.
pub fn date() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let stamp = super::records::Stamp(since.as_millis() as i64).to_string();
    stamp.split('T').next().unwrap_or_default().to_owned()
}

/// Processor, cores, memory, system, browser.
pub fn describe(browser: Option<&str>) -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cores = std::thread::available_parallelism().map(|cores| format!("{cores} cores")).ok();
    let system = Command::new("uname").arg("-sr").output().ok();
    let system = system.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let parts = [processor(&read("/proc/cpuinfo")), cores, memory(&read("/proc/meminfo")), system];
    let parts = parts.into_iter().flatten().chain(browser.map(|version| format!("{version} headless")));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn processor(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn memory(meminfo: &str) -> Option<String> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(format!("{:.0} GiB", kib / f64::from(1 << 20)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_read_from_what_its_system_says() {
        let cpuinfo = "processor\t: 0\nmodel name\t: Some  CPU @ 2.50GHz\nprocessor\t: 1\nmodel name\t: Other\n";
        assert_eq!(processor(cpuinfo).as_deref(), Some("Some CPU @ 2.50GHz"));
        assert_eq!(memory("MemTotal:       24684600 kB\nMemFree: 1 kB\n").as_deref(), Some("24 GiB"));
        assert_eq!((processor(""), memory("MemTotal: much")), (None, None));
        assert!(describe(Some("Chrome/156.0")).ends_with("Chrome/156.0 headless"));
    }

    #[test]
    fn the_date_is_a_day() {
        let date = date();
        assert!(date.len() == 10 && date.as_str() > "2026-01-01", "{date}");
    }
}
