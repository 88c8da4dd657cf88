//! How long a version was looked at and what of it came into view: what goes into the review's record as
//! evidence. Pure; the clock and the observer of the page are `evidence`'s.

/// A part of the open change. The names go into the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Findings,
    What,
    Where,
    Why,
    BehindIt,
    Changed,
    Plan,
    Rollback,
    BlastRadius,
    Classification,
    Reviewers,
    Comments,
    Canonical,
}

impl Section {
    pub const ALL: [Section; 13] = [
        Section::Findings,
        Section::What,
        Section::Where,
        Section::Why,
        Section::BehindIt,
        Section::Changed,
        Section::Plan,
        Section::Rollback,
        Section::BlastRadius,
        Section::Classification,
        Section::Reviewers,
        Section::Comments,
        Section::Canonical,
    ];

    /// The name in the record and in the page's `data-section`.
    pub const fn key(self) -> &'static str {
        match self {
            Section::Findings => "findings",
            Section::What => "what",
            Section::Where => "where",
            Section::Why => "why",
            Section::BehindIt => "behind_it",
            Section::Changed => "changed",
            Section::Plan => "plan",
            Section::Rollback => "rollback",
            Section::BlastRadius => "blast_radius",
            Section::Classification => "classification",
            Section::Reviewers => "reviewers",
            Section::Comments => "comments",
            Section::Canonical => "canonical",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Section::Findings => "findings",
            Section::What => "what",
            Section::Where => "where",
            Section::Why => "why",
            Section::BehindIt => "behind it",
            Section::Changed => "what changed",
            Section::Plan => "plan",
            Section::Rollback => "rollback",
            Section::BlastRadius => "blast radius",
            Section::Classification => "classification and policy",
            Section::Reviewers => "who reviews",
            Section::Comments => "comments",
            Section::Canonical => "canonical bytes",
        }
    }

    pub fn of(key: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|section| section.key() == key)
    }
}

/// One version being looked at. Times are milliseconds of any one clock.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Looking {
    before: f64,
    since: Option<f64>,
    revealed: Vec<Section>,
}

impl Looking {
    /// The page became visible, or hidden, at `now`.
    pub fn visible(&mut self, visible: bool, now: f64) {
        match (visible, self.since) {
            (true, None) => self.since = Some(now),
            (false, Some(since)) => {
                self.before += (now - since).max(0.0);
                self.since = None;
            }
            _ => {}
        }
    }

    /// A section came into view. One that does so while the page is hidden is not counted. Returns whether it is new.
    pub fn reveal(&mut self, section: Section) -> bool {
        let new = self.since.is_some() && !self.revealed.contains(&section);
        if new {
            let place = self.revealed.partition_point(|other| *other < section);
            self.revealed.insert(place, section);
        }
        new
    }

    /// For how long it was visible until `now`, in whole milliseconds.
    pub fn visible_ms(&self, now: f64) -> u64 {
        (self.before + self.since.map_or(0.0, |since| (now - since).max(0.0))) as u64
    }

    pub fn revealed(&self) -> &[Section] {
        &self.revealed
    }

    /// `6 of 7 sections revealed. Not yet: canonical bytes.`
    pub fn words(&self, present: &[Section]) -> String {
        let missing: Vec<&str> =
            present.iter().filter(|section| !self.revealed.contains(section)).map(|section| section.words()).collect();
        let head = format!("{} of {} sections revealed.", present.len() - missing.len(), present.len());
        if missing.is_empty() { head } else { format!("{head} Not yet: {}.", missing.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_time_counts() {
        let mut looking = Looking::default();
        assert_eq!(looking.visible_ms(500.0), 0);
        looking.visible(true, 1_000.0);
        looking.visible(true, 1_500.0);
        assert_eq!(looking.visible_ms(3_000.0), 2_000);
        looking.visible(false, 3_000.0);
        looking.visible(false, 9_000.0);
        assert_eq!(looking.visible_ms(10_000.0), 2_000);
        looking.visible(true, 10_000.0);
        assert_eq!(looking.visible_ms(10_250.0), 2_250);
        // A clock set back takes nothing away.
        assert_eq!(looking.visible_ms(9_000.0), 2_000);
    }

    #[test]
    fn a_section_counts_once_and_only_on_a_visible_page() {
        let mut looking = Looking::default();
        assert!(!looking.reveal(Section::Plan));
        looking.visible(true, 0.0);
        assert!(looking.reveal(Section::Plan) && !looking.reveal(Section::Plan) && looking.reveal(Section::What));
        assert_eq!(looking.revealed(), [Section::What, Section::Plan]);
        let present = [Section::What, Section::Plan, Section::Canonical];
        assert_eq!(looking.words(&present), "2 of 3 sections revealed. Not yet: canonical bytes.");
        assert_eq!(looking.words(&present[..2]), "2 of 2 sections revealed.");
    }

    #[test]
    fn every_name_reads_back() {
        for section in Section::ALL {
            assert_eq!(Section::of(section.key()), Some(section));
        }
        assert_eq!(Section::of("elsewhere"), None);
    }
}
