//! Streams: places, rejects and trailers, chunks that end anywhere, and a real log.

use super::records::{each_kind, line, whole};
use super::*;
use oversight::classify::{ActionTable, Estate};
use oversight::formats::Reader;
use oversight::formats::agents::Attribution;

/// What came of a stream, to be compared.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    rows: Vec<(String, i64, Place)>,
    rejects: Vec<Reject>,
}

impl Sink for Heard {
    fn row(&mut self, row: Row<'_>, place: Place) {
        self.rows.push((row.uid.into_owned(), row.time, place));
    }
    fn quarantined(&mut self, reject: Reject) {
        self.rejects.push(reject);
    }
}

fn hear<'a>(check: Check, chunks: impl IntoIterator<Item = &'a [u8]>) -> (Heard, Summary) {
    let (mut ingest, mut heard) = (Ingest::new(check), Heard::default());
    for chunk in chunks {
        ingest.feed(chunk, &mut heard);
    }
    let summary = ingest.finish(&mut heard);
    assert_eq!(summary.counts.rows as usize, heard.rows.len());
    assert_eq!(summary.counts.quarantined as usize, heard.rejects.len());
    assert_eq!(summary.counts.fast + summary.counts.slow, summary.counts.rows);
    (heard, summary)
}

fn record(uid: &str) -> String {
    format!(r#"{{"uid":"{uid}","time":"2026-01-01T00:00:00Z","kind":"execution"}}"#)
}

fn trailer(rows: u64, before: &str) -> String {
    format!("{{\"trailer\":{{\"rows\":{rows},\"sha256\":\"{}\"}}}}\n", Digest::of(before.as_bytes()))
}

#[test]
fn a_stream_is_whole_only_with_its_trailer() {
    let two = format!("{}\n{}\n", record("a"), record("b"));
    let bad = format!("{}\n{{\"uid\":7}}\n", record("a"));
    let long_record = format!("{two}{}", record("c"));
    let (hash, other) = (Some(Digest::of(two.as_bytes())), Digest::of(b"another"));
    let differs = |lines, sha256, after| Ending::Differs { lines, sha256, after };
    for (text, with_hash, without) in [
        (String::new(), Ending::NoTrailer, Ending::NoTrailer),
        (two.clone(), Ending::NoTrailer, Ending::NoTrailer),
        (long_record.clone(), Ending::NoTrailer, Ending::NoTrailer),
        (long_record[..long_record.len() - 1].to_owned(), Ending::Incomplete, Ending::Incomplete),
        (format!("{two}{}", &trailer(2, &two)[..60]), Ending::Incomplete, Ending::Incomplete),
        (trailer(0, ""), Ending::Whole, Ending::Whole),
        (format!("{two}{}", trailer(2, &two)), Ending::Whole, Ending::Whole),
        (format!("{two}{}", trailer(2, &two).trim_end()), Ending::Whole, Ending::Whole),
        // What could not be read is one of its lines all the same.
        (format!("{bad}{}", trailer(2, &bad)), Ending::Whole, Ending::Whole),
        (format!("{two}\r\n{}", trailer(2, &format!("{two}\r\n"))), Ending::Whole, Ending::Whole),
        (format!("{two}{}", trailer(3, &two)), differs(2, hash, 0), differs(2, None, 0)),
        (format!("{two}{}", trailer(2, "another")), differs(2, hash, 0), Ending::Whole),
        (
            format!("{two}{}{}\n{}", trailer(2, &two), record("c"), trailer(2, &two)),
            differs(2, hash, 2),
            differs(2, None, 2),
        ),
    ] {
        let (_, summary) = hear(Check::Trailer, [text.as_bytes()]);
        assert_eq!(summary.ending, with_hash, "{text}");
        assert_eq!(summary.counts.bytes, text.len() as u64);
        let (_, summary) = hear(Check::Off, [text.as_bytes()]);
        assert_eq!(summary.ending, without, "{text}");
        if let Some(trailer) = summary.trailer {
            let before = Digest::of(&text.as_bytes()[..trailer.before as usize]);
            assert_eq!(before == trailer.sha256, trailer.sha256 != other, "{text}");
        }
    }
}

#[test]
fn what_is_no_record_is_told_with_its_place_reason_and_bytes() {
    let long = format!("{{\"x\":\"{}\"}}", "x".repeat(2 * KEPT));
    let text = format!(
        "{}\n\n{{\"uid\":\"x\",\"uid\":\"y\"}}\r\n{long}\n{{\"trailer\":{{\"rows\":-1}}}}\n{}\n{}",
        record("a"),
        trailer(4, "").trim_end(),
        record("b"),
    );
    let (heard, summary) = hear(Check::Off, [text.as_bytes()]);
    assert_eq!(heard.rows.len(), 1);
    let told: Vec<(u64, &str, &str, usize)> = heard
        .rejects
        .iter()
        .map(|reject| (reject.place.line, &*reject.fault.path, &*reject.fault.reason, reject.bytes.len()))
        .collect();
    let shown = format!("{told:?}");
    assert_eq!(told.len(), 4, "{shown}");
    for ((line, path, reason, kept), expected) in told.into_iter().zip([
        (3, "uid", "given twice", 21),
        (4, "", "missing field", KEPT),
        (5, "trailer.rows", "not a count", 23),
        (7, "", "after the trailer", record("b").len()),
    ]) {
        assert_eq!((line, kept), (expected.0, expected.3), "{shown}");
        assert!(path.starts_with(expected.1) && reason.contains(expected.2), "{shown}");
    }
    for reject in &heard.rejects {
        let at = reject.place.offset as usize;
        let line = &text.as_bytes()[at..at + reject.place.length as usize];
        assert!(line.starts_with(&reject.bytes));
    }
    assert_eq!(summary.ending, Ending::Differs { lines: 4, sha256: None, after: 1 });
}

#[test]
fn a_line_too_long_is_quarantined_and_the_next_is_read() {
    let long = format!("{{\"uid\":\"{}\"}}", "x".repeat(LONGEST));
    let text = format!("{}\n{long}\n{}\n", record("a"), record("b"));
    let text = format!("{text}{}", trailer(3, &text));
    let (heard, summary) = hear(Check::Trailer, text.as_bytes().chunks(1 << 16));
    assert_eq!(heard.rows.iter().map(|row| row.2.line).collect::<Vec<_>>(), [1, 3]);
    let reject = &heard.rejects[0];
    assert!(reject.fault.reason.contains("8 MiB") && reject.bytes == long.as_bytes()[..KEPT], "{:?}", reject.fault);
    assert_eq!((reject.place.line, reject.place.length), (2, long.len() as u64));
    assert_eq!(summary.ending, Ending::Whole);
}

#[test]
fn where_a_chunk_ends_changes_nothing() {
    let mut sample = whole();
    sample.extra.insert("\u{e9}".to_owned(), Value::from("a\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\u{1f600}"));
    let rest =
        format!("{}\r\n\r\n{}\n{{\"\u{4e2d}\":\r\n{}\r\n", line(&sample), record("r\u{e9}\u{1f600}"), record("b"));
    let text = format!("{rest}{}", trailer(4, &rest));
    let bytes = text.as_bytes();
    let whole = hear(Check::Trailer, [bytes]);
    assert_eq!((whole.0.rows.len(), whole.0.rejects.len(), whole.1.ending), (3, 1, Ending::Whole));
    for at in 0..=bytes.len() {
        assert_eq!(hear(Check::Trailer, [&bytes[..at], &bytes[at..]]), whole, "cut at {at}");
    }
    for size in 1..64 {
        assert_eq!(hear(Check::Trailer, bytes.chunks(size)), whole, "chunks of {size}");
    }
}

#[test]
fn each_kind_is_read_in_a_stream() {
    let records = each_kind();
    let text: String = records.iter().map(|record| line(record) + "\n").collect();
    let (heard, summary) = hear(Check::Off, [text.as_bytes()]);
    assert_eq!((summary.counts.fast as usize, summary.counts.slow), (records.len(), 0));
    for (record, (uid, time, place)) in records.iter().zip(&heard.rows) {
        assert_eq!((record.uid.as_str(), record.time.earliest().unix_micros()), (&**uid, *time));
        let again = &text.as_bytes()[place.offset as usize..][..place.length as usize];
        assert_eq!(AuditRecord::read(again).unwrap(), *record);
    }
}

#[test]
fn the_real_log_is_ingested_as_the_decoder_has_it() {
    let Ok(folder) = std::env::var("COUNTERSIGN_REAL_DATA") else {
        eprintln!("skipped: COUNTERSIGN_REAL_DATA is not set");
        return;
    };
    let folder = std::path::Path::new(&folder).join("cloudtrail");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();

    let agents = "[[agent]]\nuid = \"terraform\"\nname = \"Terraform\"\nowner = \"platform-lead\"\nuser_agent = \"*Terraform*\"\n";
    let reader = Reader {
        table: ActionTable::built_in(),
        agents: &Attribution::parse(agents).unwrap(),
        estate: &Estate::default(),
    };
    let mut lines = Vec::new();
    for path in &paths {
        let (records, rejects) = reader.cloudtrail(&path.display().to_string(), &std::fs::read(path).unwrap());
        assert!(rejects.is_empty(), "{rejects:?}");
        lines.extend(records.iter().map(line));
    }
    let mut scanner = Scanner::default();
    let mut agents = 0;
    for line in &lines {
        let expected = Row::of(&AuditRecord::read(line.as_bytes()).unwrap());
        agents += usize::from(matches!(expected.categories[1], crate::row::Cell::Is(_)));
        if let Some(row) = scanner.scan(line.as_bytes()) {
            assert_eq!(row, expected, "{line}");
        }
    }
    assert!(agents > 100, "{agents}");
    let text: String = lines.iter().map(|line| line.clone() + "\n").collect();
    let text = format!("{text}{}", trailer(lines.len() as u64, &text));
    let (_, summary) = hear(Check::Trailer, text.as_bytes().chunks(10_007));
    println!("the real log: {summary:?}");
    assert_eq!((summary.counts.rows, summary.counts.quarantined, summary.ending), (1_448, 0, Ending::Whole));
    assert!(summary.counts.fast * 10 > summary.counts.rows * 9, "{summary:?}");
}
