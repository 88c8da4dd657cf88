//! Reading: how each source ends, several of them, what comes live meanwhile, what could not be read.

use super::super::{Host, KEPT_REJECTS, Part};
use super::{ask, record};
use crate::ingest::Check;
use crate::talk::{Answer, Finished, Hashed, Question, RejectAnswer, Rejects, RejectsQuestion, Slot};
use oversight::digest::Digest;
use oversight::record::{AuditRecord, Quarantined};

const DAY: &str = "2026-01-01T00:00:00Z";

fn trailer(rows: u64, before: &str) -> String {
    format!("{{\"trailer\":{{\"rows\":{rows},\"sha256\":\"{}\"}}}}\n", Digest::of(before.as_bytes()))
}

fn rejects(host: &mut Host, id: u32, offset: u32, limit: u32) -> Rejects {
    match ask(host, Slot::Rejects, id, Question::Rejects(RejectsQuestion { offset, limit })) {
        Answer::Rejects(rejects) => rejects,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_settled_is_what_the_trailers_hash_is_of() {
    let two = format!("{}\r\n\n{}\n", record("a", DAY), record("b", DAY));
    let whole = format!("{two}{}", trailer(2, &two));
    for text in [whole.as_str(), whole.trim_end()] {
        for cut in 0..=text.len() {
            let mut host = Host::new(1);
            host.open(7);
            host.begin(0, "here", Check::Off, true);
            let first = host.feed(&text.as_bytes()[..cut]);
            let line = text[..cut].rfind('\n').map_or(0, |at| at + 1).min(two.len());
            assert_eq!(first, line as u64, "cut at {cut}");
            assert_eq!(host.feed(&text.as_bytes()[cut..]), two.len() as u64, "cut at {cut}");
            let ended = host.end();
            assert_eq!(ended.to_check.as_ref().map(|(before, _)| *before), Some(two.len() as u64));
        }
    }
}

#[test]
fn a_hash_taken_beside_is_told_of_its_own_load_alone() {
    let checking = || Finished::Whole { hash: Hashed::Checking };
    for (load, before, came, after) in [
        (7, checking(), Some("aa"), Finished::Whole { hash: Hashed::Agrees }),
        (7, checking(), None, Finished::Whole { hash: Hashed::Unchecked }),
        (
            7,
            checking(),
            Some("bb"),
            Finished::Differs { what: "the trailer says SHA-256 aa, and what came has bb".to_owned() },
        ),
        (6, checking(), Some("bb"), checking()),
        (7, Finished::Cancelled, Some("aa"), Finished::Cancelled),
    ] {
        let mut host = Host::new(1);
        host.open(7);
        host.finish(before);
        host.hashed(load, "aa", came);
        assert_eq!(host.progress().finished, Some(after), "{load} {came:?}");
    }
}

#[test]
fn a_source_ends_in_one_of_all_ways() {
    let two = format!("{}\n{}\n", record("a", DAY), record("b", DAY));
    let hash = |text: &str| Digest::of(text.as_bytes()).to_string();
    let whole = format!("{two}{}", trailer(2, &two));
    let differs = |what: String| Finished::Differs { what };
    let agrees = Finished::Whole { hash: Hashed::Agrees };
    for (text, check, is_snapshot, expected, to_check) in [
        (whole.clone(), Check::Trailer, true, agrees.clone(), None),
        (whole.clone(), Check::Trailer, false, agrees, None),
        (
            whole.clone(),
            Check::Off,
            true,
            Finished::Whole { hash: Hashed::Checking },
            Some((two.len() as u64, hash(&two))),
        ),
        (two.clone(), Check::Trailer, true, Finished::Incomplete, None),
        (two.clone(), Check::Trailer, false, Finished::NoTrailer, None),
        (two[..two.len() - 4].to_owned(), Check::Trailer, false, Finished::Incomplete, None),
        (whole[..whole.len() - 9].to_owned(), Check::Trailer, true, Finished::Incomplete, None),
        (
            format!("{two}{}", trailer(3, &two)),
            Check::Trailer,
            true,
            differs("the trailer says 3 lines, and 2 came".to_owned()),
            None,
        ),
        (
            format!("{two}{}", trailer(2, "another")),
            Check::Trailer,
            true,
            differs(format!("the trailer says SHA-256 {}, and what came has {}", hash("another"), hash(&two))),
            None,
        ),
        (
            format!("{whole}{}\n", record("c", DAY)),
            Check::Trailer,
            true,
            differs("1 lines stand after the trailer, which is the last line".to_owned()),
            None,
        ),
    ] {
        for size in [1, 7, 1 << 20] {
            let mut host = Host::new(1);
            host.open(1);
            host.begin(0, "source", check, is_snapshot);
            for chunk in text.as_bytes().chunks(size) {
                host.feed(chunk);
            }
            let ended = host.end();
            assert_eq!((&ended.finished, &ended.to_check), (&expected, &to_check), "{text}");
            host.finish(ended.finished);
            let progress = host.progress();
            assert_eq!((progress.finished.as_ref(), progress.bytes), (Some(&expected), text.len() as u64));
            assert_eq!(progress.format, "NDJSON");
        }
    }
}

#[test]
fn what_was_read_before_it_was_stopped_stays() {
    let mut host = Host::new(1);
    host.open(3);
    host.begin(0, "source", Check::Trailer, true);
    host.feed(format!("{}\n{}", record("a", DAY), record("b", DAY)).as_bytes());
    assert_eq!(host.progress().finished, None);
    host.end();
    host.finish(Finished::Cancelled);
    let progress = host.progress();
    assert_eq!((progress.load, progress.rows, progress.finished), (3, 2, Some(Finished::Cancelled)));
    assert_eq!(host.end().finished, Finished::NoTrailer, "there is nothing more to end");
    host.feed(record("c", DAY).as_bytes());
    assert_eq!(host.progress().rows, 2);
}

#[test]
fn each_record_has_its_place_in_its_own_source() {
    let first = format!("{}\n{}\n", record("a", DAY), record("b", DAY));
    let second = format!("\n{}\n{}\nno record\n", record("b", DAY), record("c", "2026-01-02T00:00:00Z"));
    let mut host = Host::new(1);
    host.open(1);
    for (source, text) in [(0, &first), (1, &second)] {
        host.begin(source, &format!("file {source}"), Check::Off, false);
        host.feed(text.as_bytes());
        assert_eq!(host.end().finished, Finished::NoTrailer);
    }
    let made = AuditRecord::read(record("d", DAY).as_bytes()).unwrap();
    let spoilt = Quarantined {
        source: "trail.json".to_owned(),
        position: 4,
        field: "eventTime".to_owned(),
        reason: "not a time".to_owned(),
        bytes: "\u{e9}".repeat(5_000).into_bytes(),
    };
    host.take(2, &[(made.clone(), 1 << 40, 77), (made, 0, 1)], vec![spoilt]);
    let progress = host.progress();
    assert_eq!((progress.rows, progress.repeated, progress.quarantined), (4, 2, 2));
    let view = host.view();
    let part = |uid: &str| Part::of(view.place_of_record(view.find(uid).unwrap()));
    for (uid, source, text) in [("a", 0, &first), ("b", 0, &first), ("c", 1, &second)] {
        let Part { source: of, offset, length } = part(uid);
        let again = &text.as_bytes()[offset as usize..][..length as usize];
        assert_eq!((of, AuditRecord::read(again).unwrap().uid.as_str()), (source, uid));
    }
    assert_eq!(part("d"), Part { source: 2, offset: 1 << 40, length: 77 });

    let told = rejects(&mut host, 1, 0, 10);
    assert_eq!((told.of, told.kept), (2, 2));
    let words = |reject: &RejectAnswer| (reject.source.clone(), reject.position, reject.field.clone());
    assert_eq!(words(&told.items[0]), ("file 1".to_owned(), 4, String::new()));
    assert_eq!(told.items[0].text, "no record");
    assert_eq!(words(&told.items[1]), ("trail.json".to_owned(), 4, "eventTime".to_owned()));
    // Cut within a character, which is then no character.
    assert!(told.items[1].text.len() <= (4 << 10) + 2 && told.items[1].text.starts_with("\u{e9}\u{e9}"));
}

#[test]
fn what_comes_live_while_a_source_is_read_comes_after_it() {
    let mut host = Host::new(1);
    host.open(1);
    host.append(0, "live", &record("b", "2026-01-02T00:00:00Z"));
    host.begin(0, "snapshot", Check::Off, true);
    host.feed((record("a", DAY) + "\n").as_bytes());
    host.append(0, "live", &format!("{}\nspoilt", record("c", "2026-01-03T00:00:00Z")));
    assert_eq!((host.progress().rows, host.progress().quarantined), (1, 0));
    host.feed((record("b", "2026-01-02T00:00:00Z") + "\n").as_bytes());
    let ended = host.end();
    host.finish(ended.finished);
    let progress = host.progress();
    assert_eq!((progress.rows, progress.repeated, progress.quarantined), (3, 1, 1));
    host.append(0, "live", &record("d", DAY));
    let view = host.view();
    assert_eq!((0..4).map(|id| view.uid(id)).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    assert_eq!(rejects(&mut host, 1, 0, 1).items[0].source, "live");
}

#[test]
fn rejects_beyond_those_kept_are_counted() {
    let mut host = Host::new(1);
    host.open(1);
    host.begin(0, "spoilt.ndjson", Check::Off, false);
    let all = KEPT_REJECTS as u64 + 5;
    for at in 1..=all {
        host.feed(format!("spoilt {at}\n").as_bytes());
    }
    host.end();
    assert_eq!((host.progress().quarantined, host.progress().rows), (all, 0));
    for (id, offset, limit, first, len) in [
        (1, 0, 2, Some("spoilt 1"), 2),
        (2, 9_999, 10, Some("spoilt 10000"), 1),
        (3, 10_000, 10, None, 0),
        (4, u32::MAX, u32::MAX, None, 0),
    ] {
        let told = rejects(&mut host, id, offset, limit);
        assert_eq!((told.of, told.kept as usize, told.items.len()), (all, KEPT_REJECTS, len), "{offset}");
        assert_eq!(told.items.first().map(|reject| &*reject.text), first);
    }
}
