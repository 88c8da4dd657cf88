//! Who answers: the endpoint by its pages, or the worker that holds the records. Pure, a table of what is wanted and how
//! reading stands.

use super::asked::Needs;
use engine::talk::Finished;

/// By which way the rows come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Page by page from the endpoint, in the order of its log.
    Pages,
    /// From the records that the worker holds: any order, any place at once, with counts.
    Held,
    /// They will be held; the worker still reads.
    Reading,
    /// Nobody can say.
    Failed,
}

/// How reading stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// None while more is on its way.
    pub finished: Option<Finished>,
    /// Why nothing more will come, where that is so.
    pub is_over: bool,
}

/// The way for a query. Records of a file or an address are held or nothing; those of an endpoint are held once all of
/// them are, and in pages until then, unless it is asked for what pages don't have.
pub fn way(needs: Needs, is_endpoint: bool, standing: &Standing) -> Way {
    let is_whole = matches!(standing.finished, Some(Finished::Whole { .. }));
    let held = || match (&standing.finished, standing.is_over) {
        (Some(_), _) => Way::Held,
        (None, true) => Way::Failed,
        (None, false) => Way::Reading,
    };
    match needs {
        _ if !is_endpoint => held(),
        Needs::EveryField => Way::Pages,
        _ if is_whole => Way::Held,
        Needs::Pages => Way::Pages,
        // It is found in more fields than it would be later; better that than nothing.
        Needs::Search if standing.is_over || standing.finished.is_some() => Way::Pages,
        Needs::Search | Needs::Held => held(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::talk::Hashed;

    #[test]
    fn who_answers_what() {
        let standing = |finished, is_over| Standing { finished, is_over };
        let reading = standing(None, false);
        let broken = standing(None, true);
        let part = standing(Some(Finished::Incomplete), false);
        let stopped = standing(Some(Finished::Cancelled), false);
        let whole = standing(Some(Finished::Whole { hash: Hashed::Checking }), false);
        let lone = standing(Some(Finished::NoTrailer), false);
        use Needs::{EveryField, Held, Pages, Search};
        for (is_endpoint, standing, expected) in [
            (true, &reading, [Way::Pages, Way::Reading, Way::Pages, Way::Reading]),
            (true, &broken, [Way::Pages, Way::Pages, Way::Pages, Way::Failed]),
            (true, &part, [Way::Pages, Way::Pages, Way::Pages, Way::Held]),
            (true, &stopped, [Way::Pages, Way::Pages, Way::Pages, Way::Held]),
            (true, &whole, [Way::Held, Way::Held, Way::Pages, Way::Held]),
            (false, &reading, [Way::Reading; 4]),
            (false, &broken, [Way::Failed; 4]),
            (false, &part, [Way::Held; 4]),
            (false, &lone, [Way::Held; 4]),
        ] {
            let ways = [Pages, Search, EveryField, Held].map(|needs| way(needs, is_endpoint, standing));
            assert_eq!(ways, expected, "{is_endpoint} {standing:?}");
        }
    }
}
