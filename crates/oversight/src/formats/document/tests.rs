//! Files of every format, and files of none, told apart. The door is one folder up; generated files are in
//! `hostile_logs`.

use super::*;
use crate::classify::{ActionTable, Estate};
use crate::formats::agents::Attribution;

const RECORD: &str = r#"{"uid":"r-1","time":"2026-01-01T00:00:00Z","kind":"execution"}"#;
const CLOUDTRAIL: &str = r#"{"eventID":"e-1","eventTime":"2026-01-01T00:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"RunInstances"}"#;
const OCSF: &str = r#"{"class_uid":6003,"time":1,"metadata":{"version":"1.1.0"},"api":{"operation":"Get"}}"#;
const OTLP: &str = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4a1b2c3d4e5f60718293a4b5c6d7e8f9","spanId":"0000000000000001","startTimeUnixNano":"1","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}]}]}]}"#;
const JAEGER: &str =
    r#"{"traceID":"a","spans":[{"traceID":"a","spanID":"1","startTime":1,"operationName":"GET"}],"processes":{}}"#;

/// Format, records, quarantined, apart.
fn read(file: &[u8]) -> Result<(Format, usize, usize, usize), String> {
    let (agents, estate) = (Attribution::default(), Estate::default());
    let reader = Reader { table: ActionTable::built_in(), agents: &agents, estate: &estate };
    let document = reader.document("a", file).map_err(|foreign| foreign.to_string())?;
    assert_eq!(recognise(file), Ok(document.format));
    Ok((document.format, document.records.len(), document.rejects.len(), document.apart.len()))
}

#[test]
fn each_format_is_recognised_and_read() {
    use Format::{CloudTrail, Jaeger, Native, NativeLines, Ocsf, Otlp};
    for (file, format, records, rejects, apart) in [
        (RECORD.to_owned(), Native, 1, 0, 0),
        (format!("[{RECORD},7]"), Native, 1, 1, 0),
        (format!("[7,{RECORD}]"), Native, 1, 1, 0),
        (format!("{{\"items\":[{RECORD}],\"next\":null}}"), Native, 1, 0, 0),
        ("{\"items\":[],\"next\":null}".to_owned(), Native, 0, 0, 0),
        ("[]".to_owned(), Native, 0, 0, 0),
        (format!("{RECORD}\n{RECORD}\n"), NativeLines, 2, 0, 0),
        (format!("{RECORD}\n{{\"trailer\":{{\"rows\":1}}}}\n"), NativeLines, 1, 1, 0),
        (format!("{{\"broken\":\n{RECORD}\n{RECORD}"), NativeLines, 2, 1, 0),
        (format!("{{\"Records\":[{CLOUDTRAIL}]}}"), CloudTrail, 1, 0, 0),
        ("{\"Records\":[]}".to_owned(), CloudTrail, 0, 0, 0),
        (format!("[{CLOUDTRAIL}]"), CloudTrail, 1, 0, 0),
        (format!("[{{\"eventID\":\"x\"}},{CLOUDTRAIL}]"), CloudTrail, 1, 1, 0),
        (CLOUDTRAIL.to_owned(), CloudTrail, 1, 0, 0),
        (format!("{CLOUDTRAIL}\n{CLOUDTRAIL}"), CloudTrail, 2, 0, 0),
        (OCSF.to_owned(), Ocsf, 1, 0, 0),
        (format!("\u{feff}[{OCSF}]"), Ocsf, 1, 0, 0),
        (format!("{{\"events\":[{OCSF}]}}"), Ocsf, 1, 0, 0),
        (format!("{{\"records\":[{OCSF}]}}"), Ocsf, 1, 0, 0),
        (format!("{{\"Records\":[{OCSF}]}}"), Ocsf, 1, 0, 0),
        (format!("{{\"data\":[{OCSF}]}}"), Ocsf, 1, 0, 0),
        (format!("{{\"event\":{OCSF}}}"), Ocsf, 1, 0, 0),
        (format!("{OCSF}\n{{\"event\":{OCSF}}}\n{{\"a\":1}}"), Ocsf, 2, 1, 0),
        ("[{\"class_uid\":2004}]".to_owned(), Ocsf, 0, 1, 0),
        (OTLP.to_owned(), Otlp, 1, 0, 0),
        (format!("{OTLP}\n{OTLP}"), Otlp, 2, 0, 0),
        (format!("[{OTLP}]"), Otlp, 1, 0, 0),
        (JAEGER.to_owned(), Jaeger, 0, 0, 1),
        (format!("{{\"data\":[{JAEGER}],\"total\":0}}"), Jaeger, 0, 0, 1),
        ("{\"data\":[],\"total\":0,\"errors\":null}".to_owned(), Jaeger, 0, 0, 0),
    ] {
        assert_eq!(read(file.as_bytes()), Ok((format, records, rejects, apart)), "{file}");
    }
}

#[test]
fn a_line_that_is_no_text_spoils_no_other() {
    for (line, format) in
        [(RECORD, Format::NativeLines), (CLOUDTRAIL, Format::CloudTrail), (OCSF, Format::Ocsf), (OTLP, Format::Otlp)]
    {
        let file = [line.as_bytes(), b"\n{\"a\":\"\xff\"}\n", line.as_bytes()].concat();
        assert_eq!(read(&file), Ok((format, 2, 1, 0)), "{line}");
    }
}

#[test]
fn what_is_none_of_them_is_named() {
    for (file, sentence) in [
        (&b""[..], "The file is empty."),
        (b"\xef\xbb\xbf \n", "The file is empty."),
        (b"\x1f\x8b\x08\0", "The file is compressed with gzip; unpack it first."),
        (b"PK\x03\x04x", "The file is a ZIP archive; unpack it first."),
        (b"\x28\xb5\x2f\xfd", "The file is compressed with Zstandard; unpack it first."),
        (b"PAR1\x15", "The file is Apache Parquet, which is not read; save it as JSON."),
        (b"\xff\xfe{\0", "The file is text in UTF-16; save it as UTF-8."),
        (b"[\"\xff\"]", "The file is not text: byte 3 is not UTF-8."),
        (b"\xff{}\n\xff{}", "The file is not text: byte 1 is not UTF-8."),
        (b"<!DOCTYPE html><title>Sign in</title>", "The file is a web page (HTML), not JSON"),
        (b"\n<html lang=en>", "The file is a web page (HTML), not JSON"),
        (b"<?xml version=\"1.0\"?><a/>", "The file is XML, not JSON."),
        (b"time,agent,action\n1,2,3\n", "The file is a table, 3 columns separated by commas, not JSON."),
        (b"time;agent\n1;2", "The file is a table, 2 columns separated by semicolons, not JSON."),
        (b"time\tagent", "The file is a table, 2 columns separated by tabs, not JSON."),
        (b"Dear all,\nhere is the log", "The file is text, not JSON: it begins with \"Dear all,\"."),
        (b"uid: r-1\nkind: execution", "The file is text, not JSON: it begins with \"uid: r-1\"."),
        (b"{\"Records\":[{\"eventID\":\"e", "The JSON is cut short: it breaks off at line 1, column 25."),
        (b"[\n {\"uid\": 1},\n", "The JSON is cut short: it breaks off at line 3, column 0."),
        (b"{\"a\":1,}", "The file is not JSON: key must be a string at line 1 column 8."),
        (b"7", "The JSON is a number alone"),
        (b"\"x\"", "The JSON is a string alone"),
        (b"null", "The JSON is null alone"),
        (b"{\"resourceLogs\":[]}", "The file holds logs of OpenTelemetry; spans (resourceSpans) alone are read."),
        (b"{\"resourceMetrics\":[]}", "The file holds metrics of OpenTelemetry"),
        (b"{\"a\":1,\"b\":2}", "The JSON is of no format that is read: an object with \"a\", \"b\"."),
        (b"{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}", "an object with \"a\", \"b\", \"c\", \"d\", …."),
        (b"{}", "an object without fields."),
        (b"[{\"a\":1}]", "a list whose first item is an object with \"a\"."),
        (b"[{\"a\":1,\"a\":2}]", "a list whose first item is an object in which the key \"a\" is given twice."),
        (b"[1,2]", "a list whose first item is a number."),
        (b"{\"a\":1}\n{\"a\":2}", "each line is an object with \"a\"."),
        // A page of something else, and wrappers around what they are not for.
        (b"{\"items\":[{\"id\":\"CH-1\",\"state\":\"pending\"}]}", "an object with \"items\"."),
        (b"{\"events\":[{\"uid\":\"r-1\",\"kind\":\"claim\"}]}", "an object with \"events\"."),
        (
            b"{\"type\":\"/problems/sign-in\",\"title\":\"Sign in\",\"status\":401}",
            "an object with \"type\", \"title\", \"status\".",
        ),
        (b"{\"\\u0007\\u202e\":1}", "an object with \"\\u{7}\\u{202e}\"."),
        (b"{\"a\":1,\"a\":2}", "The JSON gives the key \"a\" twice in one object"),
    ] {
        let got = read(file).unwrap_err();
        assert!(got.contains(sentence), "{}: {got}", file.escape_ascii());
        assert!(got.starts_with("The ") && got.ends_with('.') && !got.contains(char::is_control), "{got}");
    }
}

#[test]
fn each_format_has_words_of_its_own() {
    let all = [Format::Native, Format::NativeLines, Format::CloudTrail, Format::Ocsf, Format::Otlp, Format::Jaeger];
    let words: std::collections::BTreeSet<String> = all.iter().map(Format::to_string).collect();
    assert_eq!(words.len(), all.len());
}
