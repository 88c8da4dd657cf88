//! The figures of one filter, for ever other spans: an index that is built once from what the records tell, and asked on
//! each move of a brush. Its parts are in the files beside.

use super::agents::Decided;
use super::approvals::Reviews;
use super::around::{Found, Ways};
use super::ran::{Action, Actions};
use super::thing::{Thing, each};
use super::waits::{Opened, Ordered, Versions};
use super::{Figures, How, Known, Question};
use crate::column::Ids;
use crate::query::instants::Instants;
use crate::query::ranks::Sorted;
use crate::query::{Answer, Filter, Selection, Span};
use crate::row::Category;
use crate::store::{NONE, RowId, View};
use oversight::vocabulary::Kind;

/// What the figures of one filter are counted from. The filter's own figure is left out of it: that names rows.
#[derive(Debug, Clone)]
pub struct Index {
    selection: Selection,
    generation: u64,
    instants: Instants,
    /// The rows that the conditions let through; none where they are all.
    rows: Option<Sorted>,
    known: Known,
    actions: Actions,
    versions: Versions,
    reviews: Reviews,
    ways: Ways,
    decided: Decided,
}

impl Index {
    pub fn build(view: &View<'_>, filter: Filter) -> Index {
        Self::of(view, Selection::of(view, filter))
    }

    /// Of a selection that was made or extended for this view, as a brush has one.
    ///
    /// # Panics
    /// Where it was not.
    pub fn of(view: &View<'_>, selection: Selection) -> Index {
        assert_eq!(selection.rows(), view.len(), "the selection was not extended");
        let conditions = selection.conditions();
        let places = Places::in_time(view);
        let (mut known, mut lone) = (Vec::new(), Vec::new());
        let (mut opened, mut reviews, mut found) = (Vec::new(), Vec::new(), Found::default());
        each(view, &conditions, |thing, row, words| {
            let place = places.of(row);
            match thing {
                Thing::Ran { how: How::Unknown, rolled_back: false } if words == row => lone.push(place),
                Thing::Ran { how, rolled_back } => known.push(Action { place, words, how, rolled_back }),
                Thing::Opened { outcome, verdict } => opened.push(Opened { place, outcome, verdict }),
                Thing::Approval(took) => reviews.push((place, took)),
                Thing::BreakGlass(ratified) => found.glass.push((place, ratified)),
                Thing::Pause(stop) => found.pauses.push((place, stop)),
                Thing::Rollback => found.rollbacks.push(place),
            }
        });
        into_order(&mut known, |action| action.place);
        into_order(&mut lone, |place| *place);
        into_order(&mut opened, |version| version.place);
        into_order(&mut reviews, |review| review.0);
        into_order(&mut found.glass, |glass| glass.0);
        into_order(&mut found.pauses, |pause| pause.0);
        into_order(&mut found.rollbacks, |place| *place);

        let rows = (!conditions.are_none()).then(|| {
            let kept = || (0..view.len()).filter(|&place| conditions.hold(view.at(place)));
            Sorted::of(kept(), kept().count(), view.len())
        });
        let mut instants = Instants::default();
        instants.extend(view.len(), |place| view.time(view.at(place)));
        let ordered = Ordered::of(&opened);
        let decided = Decided::of(view, &conditions, &opened, &ordered);
        Index {
            generation: view.generation(),
            instants,
            rows,
            known: what_is_known(view),
            actions: Actions::of(view, &known, &lone),
            versions: Versions::of(view, &opened, ordered),
            reviews: Reviews::of(&reviews, view.len()),
            ways: Ways::of(&found, view.len()),
            decided,
            selection,
        }
    }

    /// The figures of the filter within a span. Where records came since it was built or asked, it is built anew first,
    /// since what comes late may settle what was put forward long ago.
    pub fn ask(&mut self, view: &View<'_>, span: Span, question: &Question) -> Answer<Figures> {
        if self.generation != view.generation() {
            let mut selection = self.selection.clone();
            selection.extend(view);
            *self = Self::of(view, selection);
        }
        self.reviews.bind(question.rubber_stamp);
        let conditions = self.selection.conditions();
        let place = |instant: i64| self.instants.place(instant, |place| view.time(view.at(place)));
        let start = span.from.map_or(0, place);
        let run = start..span.to.map_or(view.len(), place).max(start);
        let bins = &question.bins;
        let edges: Vec<u32> = match bins.bins {
            0 => Vec::new(),
            bins_there => (0..=bins_there).map(|at| place(bins.edge(at)).clamp(run.start, run.end)).collect(),
        };

        let (ran, rolled_back, tiers) = self.actions.within(view, &run);
        let figures = Figures {
            known: self.known.clone(),
            ran,
            tiers,
            bins: self.actions.bins(&edges),
            decisions: self.versions.decisions(&run, &question.probabilities, &question.waits),
            approvals: self.reviews.within(&run),
            approval_bins: edges.windows(2).map(|pair| self.reviews.within(&(pair[0]..pair[1]))).collect(),
            pending: self.versions.pending(view, &run, (question.now, &question.ages), place),
            around: self.ways.within(&run, rolled_back),
            agents: self.decided.within(view, &conditions, &self.actions, &self.versions.waits, &run, question.agents),
        };
        let of = self.rows.as_ref().map_or(run.len(), |rows| rows.within(&run).len()) as u32;
        Answer::new(view, of, figures)
    }

    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.selection.bytes()
            + self.instants.bytes()
            + self.rows.as_ref().map_or(0, Sorted::bytes)
            + self.actions.bytes()
            + self.versions.bytes()
            + self.reviews.bytes()
            + self.ways.bytes()
            + self.decided.bytes()
    }
}

fn into_order<T>(things: &mut [T], place: impl Fn(&T) -> u32) {
    // They mostly come in order.
    if !things.is_sorted_by_key(&place) {
        things.sort_unstable_by_key(place);
    }
}

/// Each row's place in time; none where they are the same number.
struct Places(Option<Vec<u32>>);

impl Places {
    fn in_time(view: &View<'_>) -> Places {
        let inverse = || {
            let mut places = vec![0; view.len() as usize];
            (0..view.len()).for_each(|place| places[view.at(place) as usize] = place);
            places
        };
        Places((!view.is_plain()).then(inverse))
    }

    #[inline]
    fn of(&self, row: RowId) -> u32 {
        self.0.as_ref().map_or(row, |places| places[row as usize])
    }
}

fn what_is_known(view: &View<'_>) -> Known {
    let words = view.words(Category::Kind);
    let mut counts = vec![0; words.codes() as usize];
    view.codes(Category::Kind).tally(Ids::Run(0..view.len()), 1, &mut counts);
    let of = |kind: &Kind| {
        let code = words.code(&crate::row::Cell::Is(kind.as_str().into()))?;
        Some((*kind, counts[code as usize])).filter(|known| known.1 > 0)
    };
    Known {
        kinds: Kind::ALL.iter().filter_map(of).collect(),
        unopened: view.versions().filter(|version| version.opening == NONE).count() as u32,
    }
}
