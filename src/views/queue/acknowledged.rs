//! Which findings of a version the reader has acknowledged. Findings of high severity are acknowledged one by
//! one before an approval can be committed, and the names go into the review's record. Pure.

use oversight::change::Version;
use std::collections::BTreeSet;

/// `rule@field` of each finding acknowledged, for one version of one change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acknowledged(BTreeSet<String>);

impl Acknowledged {
    /// Notes one finding, or takes the note back.
    pub fn set(&mut self, name: String, on: bool) {
        if on {
            self.0.insert(name);
        } else {
            self.0.remove(&name);
        }
    }

    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// How many names of high findings are still open. Two findings of one rule on one field have one name.
    pub fn open(&self, version: &Version) -> usize {
        needed(version).difference(&self.0).count()
    }

    /// What goes into the record: only names that the version has, sorted.
    pub fn for_record(&self, version: &Version) -> Vec<String> {
        needed(version).intersection(&self.0).cloned().collect()
    }
}

fn needed(version: &Version) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    // Collecting would sort first, by code of its own for each type.
    needed.extend(version.to_acknowledge());
    needed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::view;
    use oversight::finding::Finding;
    use oversight::vocabulary::Severity;

    fn finding(rule: &str, field: &str, severity: Severity) -> Finding {
        Finding {
            rule: rule.into(),
            severity,
            title: "Hidden character in a target".into(),
            field: field.into(),
            position: None,
            code_points: vec![],
            detail: String::new(),
        }
    }

    #[test]
    fn every_high_finding_has_to_be_acknowledged_and_no_other() {
        let mut version = view(1).reviewed;
        version.findings = vec![
            finding("text-001", "title", Severity::High),
            finding("text-002", "resources[0].uid", Severity::High),
            finding("text-002", "resources[0].uid", Severity::High),
            finding("text-003", "title", Severity::Medium),
        ];
        let mut acknowledged = Acknowledged::default();
        assert_eq!(acknowledged.open(&version), 2);
        acknowledged.set("text-003@title".into(), true);
        acknowledged.set("of another version".into(), true);
        assert_eq!(acknowledged.open(&version), 2);
        acknowledged.set("text-001@title".into(), true);
        assert_eq!((acknowledged.open(&version), acknowledged.contains("text-001@title")), (1, true));
        acknowledged.set("text-002@resources[0].uid".into(), true);
        assert_eq!(acknowledged.open(&version), 0);
        assert_eq!(acknowledged.for_record(&version), ["text-001@title", "text-002@resources[0].uid"]);
        acknowledged.set("text-001@title".into(), false);
        assert_eq!(acknowledged.open(&version), 1);
    }
}
