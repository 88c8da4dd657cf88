//! How reading the records goes, in words: how many there are so far, and what is to be known of how it ended. Pure;
//! drawing is the pages'.

use crate::words::{count, counted};
use engine::talk::{Finished, Progress};

/// `17 bytes`, `482 KB`, `17.2 MB`: powers of ten, as files are shown.
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => counted(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

/// `48 213 records, 17.2 MB of 40.1 MB, 3 can't be read`.
pub fn so_far(progress: &Progress) -> String {
    let of = progress.of_bytes.map(|of| format!(" of {}", size(of))).unwrap_or_default();
    let mut words = format!("{}, {}{of}", counted(progress.rows.into(), "record", "records"), size(progress.bytes));
    if progress.quarantined > 0 {
        words.push_str(&format!(", {} can’t be read", count(progress.quarantined)));
    }
    words
}

/// How much is read, from 0 to 1; none while nobody says how much there is.
pub fn part(progress: &Progress) -> Option<f64> {
    let of = progress.of_bytes.filter(|of| *of > 0)?;
    Some((progress.bytes as f64 / of as f64).min(1.0))
}

/// What is to be known of records that were read to an end other than the whole; none where there is nothing to say.
pub fn caution(progress: &Progress) -> Option<String> {
    let records = counted(progress.rows.into(), "record", "records");
    Some(match progress.finished.as_ref()? {
        Finished::Whole { .. } | Finished::NoTrailer => return None,
        Finished::Differs { what } => format!("What was read is not what its trailer says: {what}."),
        Finished::Incomplete => format!("Reading broke off: {records} came, and there may be more."),
        Finished::Cancelled => format!("Reading was stopped: {records} came before."),
    })
}

/// What was read and is in no list: `3 items can't be read`, `12 are no actions of agents`, `5 were there already`.
pub fn left_out(progress: &Progress) -> Vec<String> {
    let mut words = Vec::new();
    if progress.passed > 0 {
        words.push(format!("{} no action of an agent’s", counted(progress.passed, "item is", "items are")));
    }
    if progress.repeated > 0 {
        words.push(format!("{} there already", counted(progress.repeated, "record was", "records were")));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::talk::Hashed;

    #[test]
    fn sizes_have_one_unit() {
        for (bytes, words) in [
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 KB"),
            (999_999, "999 KB"),
            (17_290_000, "17.2 MB"),
            (359_000_000, "359.0 MB"),
            (2_050_000_000, "2.0 GB"),
        ] {
            assert_eq!(size(bytes), words);
        }
    }

    #[test]
    fn what_was_read_is_said_as_far_as_it_is_known() {
        let progress = Progress { rows: 48_213, bytes: 17_290_000, ..Progress::default() };
        assert_eq!((so_far(&progress).as_str(), part(&progress)), ("48\u{202f}213 records, 17.2 MB", None));
        let known = Progress { of_bytes: Some(34_580_000), quarantined: 3, ..progress.clone() };
        let words = "48\u{202f}213 records, 17.2 MB of 34.5 MB, 3 can’t be read";
        assert_eq!((so_far(&known).as_str(), part(&known)), (words, Some(0.5)));
        assert_eq!(part(&Progress { of_bytes: Some(0), ..progress.clone() }), None);
        assert_eq!(part(&Progress { of_bytes: Some(9), ..progress.clone() }), Some(1.0));
        assert_eq!(left_out(&progress), Vec::<String>::new());
        let passed = Progress { passed: 1, repeated: 2, ..progress };
        assert_eq!(left_out(&passed), ["1 item is no action of an agent’s", "2 records were there already"]);
    }

    #[test]
    fn every_end_but_the_whole_is_said() {
        let ended = |finished| caution(&Progress { rows: 1, finished, ..Progress::default() });
        for (finished, words) in [
            (None, None),
            (Some(Finished::Whole { hash: Hashed::Agrees }), None),
            (Some(Finished::Whole { hash: Hashed::Checking }), None),
            (Some(Finished::NoTrailer), None),
            (Some(Finished::Incomplete), Some("Reading broke off: 1 record came, and there may be more.")),
            (Some(Finished::Cancelled), Some("Reading was stopped: 1 record came before.")),
            (
                Some(Finished::Differs { what: "the trailer says 3 lines, and 2 came".into() }),
                Some("What was read is not what its trailer says: the trailer says 3 lines, and 2 came."),
            ),
        ] {
            assert_eq!(ended(finished.clone()).as_deref(), words, "{finished:?}");
        }
    }
}
