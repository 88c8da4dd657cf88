//! Just enough of Rust's grammar for the checks: comments, strings and test modules blanked out without moving
//! a line, and the paths that code names, `use` trees opened up. Not a parser; what it can't tell it leaves.

/// Which parts of the text are blanked with spaces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    Comments,
    CommentsAndStrings,
}

/// The text at its old length and lines, with some of it blanked.
pub fn blanked(text: &str, blank: Blank) -> String {
    let bytes = text.as_bytes();
    let mut kept = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let (end, erase) = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => (end_of_line(bytes, at), true),
            b'/' if bytes[at..].starts_with(b"/*") => (end_of_block(bytes, at), true),
            b'"' => (end_of_string(bytes, at), blank == Blank::CommentsAndStrings),
            b'r' if !follows_word(bytes, at) => match raw_string(bytes, at) {
                Some(end) => (end, blank == Blank::CommentsAndStrings),
                None => (at + 1, false),
            },
            b'\'' => {
                let end = end_of_char(bytes, at);
                (end, end > at + 1 && blank == Blank::CommentsAndStrings)
            }
            _ => (at + 1, false),
        };
        if erase {
            kept[at..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
        at = end.max(at + 1);
    }
    String::from_utf8(kept).expect("whole comments and strings were replaced")
}

/// Where the next `#[cfg(test)]`, `#[cfg(all(test, …))]` or `#[cfg(any(test, feature = …))]` (what tests of other
/// crates use as well) begins and ends, from a place on.
pub fn test_mark(blanked: &str, from: usize) -> Option<(usize, usize)> {
    let marks = ["#[cfg(test)]", "#[cfg(all(test,", "#[cfg(any(test, feature ="];
    let start = marks.iter().filter_map(|mark| blanked[from..].find(mark)).min()? + from;
    let end = blanked[start..].find(']')? + start + 1;
    Some((start, end))
}

/// Also without what stands under `#[cfg(test)]`.
pub fn without_tests(blanked: &str) -> String {
    let mut text = blanked.to_owned();
    let mut from = 0;
    while let Some((start, after)) = test_mark(&text, from) {
        let Some(opening) = text[after..].find(['{', ';']).map(|offset| after + offset) else { break };
        let mut end = opening + 1;
        if text.as_bytes()[opening] == b'{' {
            let mut depth = 1;
            while depth > 0 && end < text.len() {
                match text.as_bytes()[end] {
                    b'{' => depth += 1,
                    b'}' => depth -= 1,
                    _ => {}
                }
                end += 1;
            }
        }
        let blank: String = text[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        text.replace_range(start..end, &blank);
        from = start + blank.len();
    }
    text
}

/// A path as code names it, with its line. `use a::{b, c::*}` yields `a::b` and `a::c`.
#[derive(Debug, PartialEq, Eq)]
pub struct NamedPath {
    pub segments: Vec<String>,
    pub line: usize,
}

/// Every path of two or more segments, and those of one segment in `use` declarations, in text whose comments
/// and strings are blanked.
pub fn paths(blanked: &str) -> Vec<NamedPath> {
    let tokens = tokens(blanked);
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_word(&tokens[at].0) {
            let in_use = at > 0 && tokens[at - 1].0 == "use";
            let before = paths.len();
            at = tree(&tokens, at, &[], &mut paths);
            if !in_use {
                let mut index = before;
                while index < paths.len() {
                    if paths[index].segments.len() < 2 {
                        paths.remove(index);
                    } else {
                        index += 1;
                    }
                }
            }
        } else {
            at += 1;
        }
    }
    paths
}

type Token = (String, usize);

fn tree(tokens: &[Token], mut at: usize, prefix: &[String], paths: &mut Vec<NamedPath>) -> usize {
    let mut segments = prefix.to_vec();
    let line = tokens[at].1;
    loop {
        match tokens.get(at).map(|(text, _)| text.as_str()) {
            Some(word) if is_word(word) => {
                segments.push(word.to_owned());
                at += 1;
            }
            Some("*") => {
                at += 1;
                break;
            }
            Some("{") => {
                at += 1;
                while let Some((text, _)) = tokens.get(at) {
                    match text.as_str() {
                        "}" => return at + 1,
                        text if is_word(text) || text == "*" || text == "{" => {
                            at = tree(tokens, at, &segments, paths);
                        }
                        _ => at += 1,
                    }
                }
                return at;
            }
            _ => break,
        }
        if tokens.get(at).is_some_and(|(text, _)| text == "::") {
            at += 1;
        } else {
            break;
        }
    }
    paths.push(NamedPath { segments, line });
    at
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut line = 1;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c == '\n' {
            line += 1;
        } else if c.is_alphanumeric() || c == '_' {
            let mut end = start + c.len_utf8();
            while let Some((at, next)) = chars.next_if(|(_, n)| n.is_alphanumeric() || *n == '_') {
                end = at + next.len_utf8();
            }
            tokens.push((text[start..end].to_owned(), line));
        } else if c == ':' && chars.next_if(|(_, n)| *n == ':').is_some() {
            tokens.push(("::".to_owned(), line));
        } else if !c.is_whitespace() {
            tokens.push((c.to_string(), line));
        }
    }
    tokens
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_') && token != "use"
}

fn end_of_line(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |offset| at + offset)
}

/// Block comments nest.
fn end_of_block(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut end) = (1, at + 2);
    while depth > 0 && end < bytes.len() {
        if bytes[end..].starts_with(b"/*") {
            (depth, end) = (depth + 1, end + 2);
        } else if bytes[end..].starts_with(b"*/") {
            (depth, end) = (depth - 1, end + 2);
        } else {
            end += 1;
        }
    }
    end
}

fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 2,
            b'"' => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// The end of `r"…"` or `r#"…"#`, if there is one here.
fn raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let end = bytes[open + 1..].windows(close.len()).position(|window| window == close);
    Some(end.map_or(bytes.len(), |offset| open + 1 + offset + close.len()))
}

/// `'x'` and `'\n'` are characters, `'a` is a lifetime.
fn end_of_char(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at + 1..];
    if rest.first() == Some(&b'\\') {
        return rest.iter().skip(2).position(|byte| *byte == b'\'').map_or(at + 1, |offset| at + 1 + 2 + offset + 1);
    }
    // One character of up to four bytes.
    let width = rest.iter().skip(1).take_while(|byte| **byte & 0xc0 == 0x80).count() + 1;
    if rest.get(width) == Some(&b'\'') { at + 1 + width + 1 } else { at + 1 }
}

/// `r` within a word, as in `for"`, opens nothing; the `b` of `br"` may stand before it.
fn follows_word(bytes: &[u8], at: usize) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let before = &bytes[..at];
    let before = before.strip_suffix(b"b").unwrap_or(before);
    before.last().is_some_and(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_blanked_in_place() {
        for (text, code, both) in [
            ("a // b\nc", "a     \nc", "a     \nc"),
            ("a /* b /* c */ */ d", "a                 d", "a                 d"),
            (r#"x("// no", 'y')"#, r#"x("// no", 'y')"#, "x(       ,    )"),
            (r##"r#"a"b"# c"##, r##"r#"a"b"# c"##, "         c"),
            (r#""a\"b" c"#, r#""a\"b" c"#, "       c"),
            ("fn f<'a>(x: &'a str) // z", "fn f<'a>(x: &'a str)     ", "fn f<'a>(x: &'a str)     "),
            ("'\\'' // q", "'\\''     ", "         "),
            ("'é' \"é\"", "'é' \"é\"", "         "),
        ] {
            assert_eq!(blanked(text, Blank::Comments), code, "{text}");
            assert_eq!(blanked(text, Blank::CommentsAndStrings), both, "{text}");
        }
    }

    #[test]
    fn tests_are_left_out() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { c() } }\nfn d() {}\n#[cfg(all(test, a))]\nmod e;\nfn f() {}\n\
                    #[cfg(any(test, feature = \"g\"))]\nmod h;\n#[cfg(any(test, not(i)))]\nmod j;";
        let kept = without_tests(text);
        assert!(kept.contains("fn a") && kept.contains("fn d") && kept.contains("fn f") && kept.contains("mod j"));
        assert!(!kept.contains("fn b") && !kept.contains("mod e") && !kept.contains("mod h"));
        assert_eq!(kept.lines().count(), text.lines().count());
    }

    #[test]
    fn use_trees_are_opened_up() {
        let named = |text: &str| -> Vec<String> {
            paths(text).iter().map(|path| format!("{} {}", path.segments.join("::"), path.line)).collect()
        };
        assert_eq!(named("use oversight;"), ["oversight 1"]);
        assert_eq!(
            named("use crate::{data::{Client, stream::*}, state};\nlet a = b::c(d);"),
            ["crate::data::Client 1", "crate::data::stream 1", "crate::state 1", "b::c 2"]
        );
        assert_eq!(named("use std::{fs, io::{self, Read}};"), ["std::fs 1", "std::io::self 1", "std::io::Read 1"]);
        assert_eq!(named("match x { A::B { y } => z, _ => {} }"), ["A::B 1"]);
        assert_eq!(named("pub use super::super::x as y;"), ["super::super::x 1"]);
    }
}
