//! Where a table of very many rows is scrolled to. Browsers draw no element higher than some 17 to 33 million pixels, so
//! that above a safe height the scrollbar's range is squeezed: small moves go pixel by pixel as anywhere, large ones go to
//! their part of the whole. Pure; the table is `table`.

/// The height that is safe anywhere, in pixels. Firefox ends at 17,895,697.
const SAFE: f64 = 8_000_000.0;
/// At both ends the scrollbar's range is not squeezed, so that the first rows and the last are where they would be.
const ENDS: f64 = 200_000.0;
/// A move that is larger than so many heights of the view is the scrollbar's, not a wheel's.
const JUMP: f64 = 2.0;
/// How near to an end of the range the pixels may run out.
const NARROW: f64 = 4_000.0;

/// The rows' height and what of it the element has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heights {
    /// Of all rows, in pixels.
    whole: f64,
    /// Of the element that stands for them.
    element: f64,
    /// Of the part of it that can be seen.
    view: f64,
}

/// Where the view is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place {
    /// The element's scroll position, in pixels.
    pub scrolled: f64,
    /// How far the rows at the view's top are from there; 0 where nothing is squeezed.
    pub shift: f64,
}

impl Place {
    /// The top of the view in pixels from the first row's.
    pub fn top(self) -> f64 {
        self.scrolled + self.shift
    }
}

impl Heights {
    pub fn of(rows: usize, row: f64, view: f64) -> Heights {
        let whole = rows as f64 * row;
        Heights { whole, element: whole.min(SAFE), view }
    }

    /// The element's height, in pixels.
    pub fn element(&self) -> f64 {
        self.element
    }

    fn is_squeezed(&self) -> bool {
        self.whole > self.element
    }

    fn last(&self) -> f64 {
        (self.whole - self.view).max(0.0)
    }

    /// Pixels of rows for each of the range between the ends.
    fn squeeze(&self) -> f64 {
        (self.whole - 2.0 * ENDS) / (self.element - 2.0 * ENDS)
    }

    /// The part of the whole that a scroll position stands for.
    fn top_at(&self, scrolled: f64) -> f64 {
        let from_end = self.element - scrolled;
        match () {
            () if !self.is_squeezed() || scrolled <= ENDS => scrolled,
            () if from_end <= ENDS => self.whole - from_end,
            () => ENDS + (scrolled - ENDS) * self.squeeze(),
        }
    }

    /// The scroll position that stands for a part of the whole.
    fn scrolled_for(&self, top: f64) -> f64 {
        let from_end = self.whole - top;
        match () {
            () if !self.is_squeezed() || top <= ENDS => top,
            () if from_end <= ENDS => self.element - from_end,
            () => ENDS + (top - ENDS) / self.squeeze(),
        }
    }

    /// The place with this top: where to scroll to. What the element then says goes into [`Heights::settled`].
    pub fn place_for(&self, top: f64) -> Place {
        let top = top.clamp(0.0, self.last());
        let scrolled = self.scrolled_for(top).round();
        self.settled(Place { scrolled, shift: top - scrolled }, scrolled)
    }

    /// The same part of the whole after the element was scrolled to a place by the table itself, and rounded it.
    pub fn settled(&self, place: Place, scrolled: f64) -> Place {
        let shift = if self.is_squeezed() { place.top() - scrolled } else { 0.0 };
        Place { scrolled, shift }
    }

    /// The place after the reader scrolled the element.
    pub fn moved(&self, before: Place, scrolled: f64) -> Place {
        let by = scrolled - before.scrolled;
        let top = if by.abs() > JUMP * self.view || !self.is_squeezed() {
            self.top_at(scrolled)
        } else {
            (before.top() + by).clamp(0.0, self.last())
        };
        self.settled(Place { scrolled, shift: top - scrolled }, scrolled)
    }

    /// Where the element is to be scrolled so that there is room on both sides again; nothing moves in sight. None where
    /// it may stay. `at_rest` is when nobody is scrolling.
    pub fn mended(&self, place: Place, at_rest: bool) -> Option<Place> {
        if !self.is_squeezed() {
            return None;
        }
        let right = self.place_for(place.top());
        let off = (right.scrolled - place.scrolled).abs();
        let is_short = place.scrolled < NARROW || self.element - self.view - place.scrolled < NARROW;
        ((at_rest || is_short) && off >= 1.0).then_some(right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look drawn, the same each time: SplitMix64.
    struct Drawn(u64);

    impl Drawn {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
        }
    }

    const ROW: f64 = 28.0;
    const VIEW: f64 = 700.0;

    #[test]
    fn few_rows_are_scrolled_as_anywhere() {
        let heights = Heights::of(100_000, ROW, VIEW);
        assert_eq!(heights.element(), 2_800_000.0);
        let mut place = Place::default();
        for scrolled in [0.0, 100.0, 2_799_300.0, 17.0, 1_000_000.0] {
            place = heights.moved(place, scrolled);
            assert_eq!((place.top(), place.shift, heights.mended(place, true)), (scrolled, 0.0, None));
        }
        assert_eq!(heights.place_for(1e9).top(), 2_800_000.0 - VIEW);
        assert_eq!(Heights::of(3, ROW, VIEW).place_for(50.0).top(), 0.0);
    }

    #[test]
    fn the_scrollbar_reaches_every_part_of_ten_million_rows() {
        for rows in [300_000, 1_000_000, 10_000_000, 100_000_000] {
            let heights = Heights::of(rows, ROW, VIEW);
            assert_eq!(heights.element(), SAFE);
            let whole = rows as f64 * ROW;
            let end = SAFE - VIEW;
            let near = |a: f64, b: f64| (a - b).abs() < 1.0;
            assert_eq!(heights.moved(Place::default(), 100_000.0).top(), 100_000.0);
            assert!(near(heights.moved(Place::default(), end).top(), whole - VIEW));
            assert!(near(heights.moved(Place::default(), SAFE / 2.0).top(), whole / 2.0));
            let mut last = -1.0;
            for at in 0..=1_000 {
                let scrolled = end * f64::from(at) / 1_000.0;
                let top = heights.top_at(scrolled);
                assert!(top > last && near(heights.scrolled_for(top), scrolled), "{rows} {scrolled} {top}");
                last = top;
            }
        }
    }

    /// Whatever is done, each row can be reached exactly, a small move moves by just so much, and there is room for the
    /// rows above and below what is drawn.
    #[test]
    fn small_moves_are_exact_wherever_the_reader_is() {
        for number in 0..300 {
            let mut generator = Drawn(number);
            let rows = 285_800 + generator.below(20_000_000);
            let heights = Heights::of(rows, ROW, VIEW);
            let end = (heights.element() - VIEW).floor();
            let mut place = Place::default();
            for _ in 0..200 {
                let top = place.top();
                let wheel = generator.below(1_401) as f64 - 700.0;
                match generator.below(8) {
                    0 => {
                        let row = generator.below(rows);
                        place = heights.place_for(row as f64 * ROW);
                        let expected = (row as f64 * ROW).min(heights.last());
                        assert!((place.top() - expected).abs() < 1e-6, "row {row} of {rows}");
                    }
                    1 => place = heights.moved(place, generator.below(end as usize) as f64),
                    _ => {
                        place = heights.moved(place, (place.scrolled + wheel).clamp(0.0, end));
                        let expected = (top + wheel).clamp(0.0, heights.last());
                        assert!((place.top() - expected).abs() < 1e-6, "{top} by {wheel} is {}", place.top());
                    }
                }
                if let Some(mended) = heights.mended(place, generator.below(5) == 0) {
                    assert!((mended.top() - place.top()).abs() < 1e-6);
                    place = mended;
                }
                // A dozen rows are drawn above the view, and as many below it.
                let above = place.scrolled - (12.0 * ROW).min(place.top());
                let left = heights.whole - VIEW - place.top();
                let below = heights.element() - VIEW - place.scrolled - (12.0 * ROW).min(left);
                assert!(above > -1.0 && below > -1.0, "{place:?} {above} {below}");
            }
        }
    }
}
