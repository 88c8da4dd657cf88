//! The hash of an answer, by which engines that count the same records are compared: FNV-1a with 64 bits, of a text that
//! any of them can write.

use crate::row::{Category, Cell};
use crate::talk::{Backdrop, Overview};
use std::fmt::Write as _;

/// Of the text `heatmap`, `histogram`, then each category's name, each on a line of its own and followed by its lines:
/// `agent TAB service TAB access level TAB records` in the order of their bytes, `bin TAB records` of every bin of the
/// brushed timeline, `word TAB records` in the order of their bytes. A missing word is written in words.
pub fn hash(answer: &Overview, backdrop: &Backdrop) -> String {
    let mut text = String::from("heatmap\n");
    let brushed = backdrop.cells.iter().zip(&answer.cells).filter(|&(_, &count)| count > 0);
    let cells = brushed.map(|(&(agent, service, access_level, _), &count)| {
        let word = |list: &[Cell<'static>], at: u32| said(&list[at as usize]).to_owned();
        format!(
            "{}\t{}\t{}\t{count}\n",
            word(&backdrop.agents, agent),
            word(&backdrop.services, service),
            word(&backdrop.access_levels, access_level)
        )
    });
    sorted(cells.collect(), &mut text);
    text.push_str("histogram\n");
    for (at, count) in answer.timeline.iter().enumerate() {
        let _ = writeln!(text, "{at}\t{count}");
    }
    for counts in &answer.counts {
        text.push_str(name(counts.category));
        text.push('\n');
        sorted(counts.counts.iter().map(|(word, count)| format!("{}\t{count}\n", said(word))).collect(), &mut text);
    }
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

fn sorted(mut lines: Vec<String>, text: &mut String) {
    lines.sort_unstable();
    lines.iter().for_each(|line| text.push_str(line));
}

fn said<'a>(cell: &'a Cell<'_>) -> &'a str {
    match cell {
        Cell::Is(word) => word,
        Cell::Absent => "absent",
        Cell::Missing(why) => why.words(),
    }
}

fn name(category: Category) -> &'static str {
    category.name()
}
