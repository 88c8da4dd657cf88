//! Which findings of a version are one thing said of several fields, and so stand on one card. Pure; each is still
//! acknowledged by itself (`acknowledged`), and the card is drawn in `finding`.

use oversight::finding::Finding;

/// The findings, gravest first, those that differ only in field and position together. In each heap, and among heaps
/// of one severity, the order is the version's.
pub fn gathered(findings: &[Finding]) -> Vec<Vec<Finding>> {
    let mut heaps: Vec<Vec<Finding>> = Vec::new();
    for finding in findings {
        match heaps.iter_mut().find(|heap| alike(&heap[0], finding)) {
            Some(heap) => heap.push(finding.clone()),
            None => {
                let place = heaps.partition_point(|heap| heap[0].severity >= finding.severity);
                heaps.insert(place, vec![finding.clone()]);
            }
        }
    }
    heaps
}

fn alike(one: &Finding, other: &Finding) -> bool {
    let said = |finding: &Finding| (finding.severity, finding.rule.clone(), finding.title.clone());
    said(one) == said(other) && one.detail == other.detail && one.code_points == other.code_points
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::vocabulary::Severity;

    fn finding(rule: &str, severity: Severity, field: &str, point: &str) -> Finding {
        Finding {
            rule: rule.into(),
            severity,
            title: "Hidden character in a target".into(),
            field: field.into(),
            position: Some(5),
            code_points: vec![point.into()],
            detail: "1 character can't be seen.".into(),
        }
    }

    #[test]
    fn one_thing_said_of_several_fields_is_one_heap_and_nothing_is_lost() {
        let (high, low) = (Severity::High, Severity::Low);
        let findings = [
            finding("text-005", low, "title", "U+00AD"),
            finding("text-002", high, "resources[0].uid", "U+200B"),
            finding("text-003", high, "title", "U+200B"),
            finding("text-002", high, "plan.steps[0].arguments.Name", "U+200B"),
            finding("text-002", high, "resources[1].uid", "U+202E"),
            Finding {
                detail: "2 characters can't be seen.".into(),
                ..finding("text-002", high, "rationale", "U+200B")
            },
            Finding { position: None, ..finding("text-002", high, "evidence[0].title", "U+200B") },
        ];
        let heaps = gathered(&findings);
        let fields: Vec<Vec<&str>> =
            heaps.iter().map(|heap| heap.iter().map(|finding| finding.field.as_str()).collect()).collect();
        assert_eq!(
            fields,
            [
                vec!["resources[0].uid", "plan.steps[0].arguments.Name", "evidence[0].title"],
                vec!["title"],
                vec!["resources[1].uid"],
                vec!["rationale"],
                vec!["title"],
            ]
        );
        assert_eq!(heaps.last().map(|heap| heap[0].severity), Some(low));
        assert_eq!(heaps.concat().len(), findings.len());
        assert_eq!(gathered(&[]), Vec::<Vec<Finding>>::new());
    }
}
