//! The spans of time that are asked for one after the other, the same on every machine: twenty drags of a brush, each
//! from another place, in steps as a hand makes them. What is to come out is in `oracle`.

use super::records::Numbers;

/// Drags, and steps of each; the first step of a drag is a jump.
const DRAGS: usize = 20;
const STEPS: usize = 10;
const SEED: u64 = 0x05ba_2024;
/// No span is shorter: an hour, in milliseconds.
const SHORTEST: i64 = 3_600_000;

/// Milliseconds since 1970: from the first, up to but without the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

/// All of them, within the records' whole span.
pub fn spans(whole: Span) -> Vec<Span> {
    let mut numbers = Numbers(SEED);
    let range = whole.to - whole.from;
    let clamp = |span: Span| {
        let from = span.from.clamp(whole.from, whole.to - SHORTEST);
        Span { from, to: span.to.clamp(from + SHORTEST, whole.to) }
    };
    let mut spans = Vec::new();
    for _ in 0..DRAGS {
        // From one to 45 ninetieths of the whole, each nearly twice the one before.
        let widths = [1, 2, 4, 7, 13, 24, 45];
        let width = range * widths[numbers.below(widths.len() as u64) as usize] / 90 + numbers.below(60_000) as i64;
        let from = whole.from + numbers.below((range - width).max(1) as u64) as i64;
        let mut span = clamp(Span { from, to: from + width });
        spans.push(span);
        let edges = numbers.below(3);
        for _ in 1..STEPS {
            // At most a hundredth of the whole, either way.
            let step = numbers.below((range / 50) as u64) as i64 - range / 100;
            match edges {
                0 => span.from += step,
                1 => span.to += step,
                _ => span = Span { from: span.from + step, to: span.to + step },
            }
            span = clamp(span);
            // At the end of all there is a step aside: nobody asks the same twice running.
            if spans.last() == Some(&span) {
                span = clamp(Span { from: span.from + SHORTEST, to: span.to });
            }
            spans.push(span);
        }
    }
    spans
}

/// As the driver reads them.
pub fn to_json(spans: &[Span]) -> String {
    let pairs: Vec<String> = spans.iter().map(|span| format!("[{},{}]", span.from, span.to)).collect();
    format!("[{}]\n", pairs.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Span = Span { from: 1_767_225_600_123, to: 1_767_225_600_123 + 90 * 86_400_000 };

    #[test]
    fn two_hundred_lie_within_and_each_moves_little_but_for_the_jumps() {
        let spans = spans(WHOLE);
        assert_eq!(spans.len(), 200);
        for (at, span) in spans.iter().enumerate() {
            assert!(
                WHOLE.from <= span.from && span.to - span.from >= SHORTEST && span.to <= WHOLE.to,
                "{at}: {span:?}"
            );
        }
        let range = WHOLE.to - WHOLE.from;
        for (at, two) in spans.windows(2).enumerate().filter(|(at, _)| at % STEPS != STEPS - 1) {
            let moved = (two[0].from - two[1].from).abs().max((two[0].to - two[1].to).abs());
            assert!(moved <= range / 50, "{at}: {two:?}");
        }
        let widths: Vec<i64> = spans.iter().map(|span| (span.to - span.from) * 90 / range).collect();
        assert!(widths.iter().min() < Some(&3) && widths.iter().max() > Some(&40), "{widths:?}");
    }

    #[test]
    fn none_of_their_ends_is_the_edge_of_a_bin() {
        let width = i128::from(WHOLE.to - WHOLE.from) * 1_000;
        for span in spans(WHOLE) {
            for end in [span.from, span.to] {
                let at = i128::from(end - WHOLE.from) * 1_000;
                let on_edge = (0..=180).any(|edge| (width * edge + 179) / 180 == at);
                assert!(!on_edge || end == WHOLE.from || end == WHOLE.to, "{span:?}");
            }
        }
    }

    #[test]
    fn they_are_pairs_for_the_driver() {
        assert_eq!(to_json(&[Span { from: 1, to: 2 }, Span { from: 3, to: 4 }]), "[[1,2],[3,4]]\n");
    }
}
