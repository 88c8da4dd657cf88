//! Rows as a CSV file: held to a reader of RFC 4180 of its own, and to what spreadsheets take for a formula.

use super::super::{Host, csv_head, csv_rows, row_ids};
use crate::query::{Column, Sorting, Span};
use crate::row::{Category, Cell, Row};
use crate::store::Place;
use crate::talk::{RowsQuestion, Scoped};
use oversight::generated::{Generator, Sample, cases, try_inputs};
use oversight::missing::Missing;

/// RFC 4180: lines by CRLF, fields by commas, a field in quotes with its quotes doubled.
fn read(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                assert!(field.is_empty(), "a quote within a field without quotes: {text}");
                loop {
                    match (rest.next().expect("the field ends"), rest.peek()) {
                        ('"', Some('"')) => field.push(rest.next().unwrap()),
                        ('"', Some(',' | '\r')) => break,
                        ('"', other) => panic!("{other:?} after a field in quotes: {text}"),
                        (c, _) => field.push(c),
                    }
                }
            }
            ',' => line.push(std::mem::take(&mut field)),
            '\r' => {
                assert_eq!(rest.next(), Some('\n'), "{text}");
                line.push(std::mem::take(&mut field));
                lines.push(std::mem::take(&mut line));
            }
            c => field.push(c),
        }
    }
    assert!(line.is_empty() && field.is_empty(), "the last line has no end: {text}");
    lines
}

fn question(by: Column, span: Span) -> RowsQuestion {
    let sorting = Sorting { by, descending: false };
    let scoped = Scoped { span, ..Scoped::default() };
    RowsQuestion { scoped, cell: None, sorting, as_of: None, up_to: None, offset: 0, limit: 0 }
}

fn file(host: &mut Host, question: &RowsQuestion) -> String {
    let view = host.view();
    csv_head() + &csv_rows(&view, &row_ids(&view, question))
}

/// The field that a resource is written as, and what is read back.
fn field(resource: Cell<'static>) -> (String, String) {
    let mut host = Host::new(1);
    host.store.append(&Row { uid: "r".into(), resource, ..Row::default() }, Place::default());
    let text = file(&mut host, &question(Column::Time, Span::ALL));
    let line = text.split_once("\r\n").unwrap().1;
    let written = line.strip_prefix("1970-01-01T00:00:00Z,,r,,,,").unwrap().strip_suffix("\r\n").unwrap();
    let written = written.strip_suffix(&",".repeat(2 + Category::COUNT)).unwrap().to_owned();
    (written, read(&text)[1][6].clone())
}

#[test]
fn every_value_is_written_so_that_it_reads_back_and_is_no_formula() {
    let is = |word: &str| Cell::Is(word.to_owned().into());
    for (cell, written) in [
        (Cell::Absent, ""),
        (is(""), "\"\""),
        (Cell::Missing(Missing::NotRecorded), "(not recorded)"),
        (Cell::Missing(Missing::Redacted), "(redacted)"),
        (Cell::Missing(Missing::Unobserved), "(not observed long enough)"),
        (Cell::Missing(Missing::Unknown), "(unknown)"),
        // A word that reads like one of those is none of them.
        (is("(redacted)"), "\"'(redacted)\""),
        (is("redacted"), "redacted"),
        (is("arn:aws:s3:::exports-1/*"), "arn:aws:s3:::exports-1/*"),
        (is("a,b"), "\"a,b\""),
        (is("say \"no\""), "\"say \"\"no\"\"\""),
        (is("two\r\nlines"), "\"two\r\nlines\""),
        (is(" blank "), "\" blank \""),
        (is("=1+1"), "\"'=1+1\""),
        (is("+49"), "\"'+49\""),
        (is("-1"), "\"'-1\""),
        (is("@SUM(A1)"), "\"'@SUM(A1)\""),
        (is("\t=1"), "\"'\t'=1\""),
        (is("\r=1"), "\"'\r'=1\""),
        (is("\n=1"), "\"'\n'=1\""),
        (is("\0=1"), "\"'\0'=1\""),
        (is("  =1"), "\"  '=1\""),
        (is("\u{ff1d}1"), "\"'\u{ff1d}1\""),
        (is("\u{ff0b}1"), "\"'\u{ff0b}1\""),
        (is("\u{ff0d}1"), "\"'\u{ff0d}1\""),
        (is("\u{ff20}1"), "\"'\u{ff20}1\""),
        // Where another separator ends a cell.
        (is("x;=cmd|'/C calc'!A0"), "\"x;'=cmd|'/C calc'!A0\""),
        (is("x\t+1"), "\"x\t'+1\""),
        (is("a-b=c"), "\"a-b=c\""),
        (is("e\u{301}\u{202e}\u{1f600}\u{fffd}\u{ffff}"), "\"e\u{301}\u{202e}\u{1f600}\u{fffd}\u{ffff}\""),
    ] {
        let (text, back) = field(cell.clone());
        assert_eq!(text, written, "{cell:?}");
        if let Cell::Is(word) = &cell {
            assert_eq!(back.replace('\'', ""), word.replace('\'', ""), "{cell:?}");
        }
    }
}

#[test]
fn whatever_a_record_says_the_file_has_its_lines_and_columns_and_no_formula() {
    let samples = ["=HYPERLINK(\"http://a\";\"b\")", "arn:aws:s3:::a/b-c", "x,y\r\nz", "-2+3+cmd|' /C calc'!A0"]
        .map(|text| Sample::text(text, ""));
    let words =
        ["=", "+", "-", "@", "\t", "\r", "\n", "\0", ",", ";", "|", "\"", "'", " ", "\u{ff1d}", "\u{1f600}", ""];
    let make = |made: &mut Generator| made.altered_text(&samples, &words);
    try_inputs("csv fields", cases(5_000), make, |text| {
        let mut host = Host::new(1);
        let mut row = Row { uid: format!("u{text}").into(), ..Row::default() };
        row.resource = Cell::Is(text.clone().into());
        row.categories[Category::Operation as usize] = Cell::Is(text.clone().into());
        host.store.append(&row, Place::default());
        let lines = read(&file(&mut host, &question(Column::Time, Span::ALL)));
        assert_eq!((lines.len(), lines[0].len(), lines[1].len()), (2, 9 + Category::COUNT, 9 + Category::COUNT));
        assert_eq!(lines[1][6].replace('\'', ""), text.replace('\'', ""));
        assert_eq!(lines[1][6], lines[1][9 + Category::Operation as usize]);
        let formula = |cell: &str| {
            cell.trim_start_matches(' ')
                .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
        };
        for cell in &lines[1] {
            assert!(!cell.split([';', '|', '\t', '\r', '\n']).any(formula), "{cell:?}");
            assert!(!cell.starts_with(['\t', '\r', '\n', '\0']), "{cell:?}");
        }
        text.contains(['=', '+', '-', '@'])
    });
}

#[test]
fn the_file_has_the_questions_rows_in_its_order() {
    let mut host = Host::new(1);
    let mut whole = Row {
        uid: "b".into(),
        time: 1_500_000,
        latest: 2_000_000,
        sequence: Some(41),
        change: Some(7),
        version: Some(2),
        opened_at: Some(1_000_000),
        decided_at: Some(3_000_000),
        ..Row::default()
    };
    for category in Category::ALL {
        whole.categories[category as usize] = Cell::Is(format!("a {}", category.name()).into());
    }
    for row in [whole, Row { uid: "a".into(), time: 2_500_000, latest: 2_500_000, ..Row::default() }] {
        host.store.append(&row, Place::default());
    }
    let lines = read(&file(&mut host, &question(Column::Uid, Span::ALL)));
    let names = "time,latest,uid,sequence,change,version,resource,opened_at,decided_at,kind,agent,actor,service,operation,\
                 access_level,tier,reversibility,policy_decision,review_decision,outcome,environment,account,region";
    assert_eq!(lines[0].join(","), names);
    assert_eq!(lines[1].join(","), format!("1970-01-01T00:00:02.500Z,,a{}", ",".repeat(20)));
    let expected =
        "1970-01-01T00:00:01.500Z,1970-01-01T00:00:02Z,b,41,CH-7,2,,1970-01-01T00:00:01Z,1970-01-01T00:00:03Z";
    assert_eq!(lines[2][..9].join(","), expected);
    assert!(lines[2][9..].iter().zip(Category::ALL).all(|(word, category)| *word == format!("a {}", category.name())));
    let one = read(&file(&mut host, &question(Column::Uid, Span::of(2_500_000, 2_500_001))));
    assert_eq!(one.len(), 2);
    assert_eq!(read(&file(&mut Host::new(1), &question(Column::Uid, Span::ALL))).len(), 1);
}
