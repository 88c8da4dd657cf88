//! Hard-coded colours: style/tokens.css is the one place that names any. Looks at declarations in style sheets,
//! at strings and attributes in the app's code, and at index.html. Rust and CSS are read only as far as needed.

use super::code::{Blank, blanked};
use super::{Finding, Source, line_of};

const TOKENS: &str = "style/tokens.css";
const MEND: &str = "Use a custom property of style/tokens.css, or add one there";

/// Functions that make a colour out of numbers; `color-mix()` mixes others and is not among them.
const FUNCTIONS: [&str; 11] =
    ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(", "color(", "device-cmyk("];

/// The named colours of CSS Color 4. `transparent`, `currentcolor` and the system colours are roles and may stay.
const NAMES: &str = "aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet \
    brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan \
    darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred \
    darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue \
    dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray \
    green greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen \
    lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink \
    lightsalmon lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen \
    linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue \
    mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy \
    oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip \
    peachpuff peru pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown \
    seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal \
    thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen";

/// A name is a colour only where a property takes one: `animation-name: red` is no colour.
const COLOUR_PROPERTIES: [&str; 11] = [
    "color",
    "background",
    "border",
    "outline",
    "shadow",
    "fill",
    "stroke",
    "caret",
    "decoration",
    "column-rule",
    "--",
];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let tokens = sources.iter().find(|source| source.path == TOKENS).map_or("", |source| source.text.as_str());
    let mut findings = Vec::new();
    for source in sources {
        let found = match () {
            () if source.path == TOKENS => continue,
            () if source.is("css") => in_style_sheet(&source.text),
            () if source.is("rs") && source.path.starts_with("src/") => in_code(&source.text),
            () if source.is("html") => in_page(&source.text, tokens),
            () => continue,
        };
        findings.extend(found.into_iter().map(|(line, colour)| Finding {
            path: source.path.clone(),
            line,
            what: format!("a colour of its own, {colour}"),
            mend: MEND,
        }));
    }
    findings
}

type Found = Vec<(usize, String)>;

/// Declarations alone: what ends at a brace is a selector, in which `#add` is an element's id.
fn in_style_sheet(text: &str) -> Found {
    let text = without_css_comments_and_strings(text);
    let mut found = Vec::new();
    let mut start = 0;
    for (at, end) in text.match_indices(['{', '}', ';']) {
        if end != "{" {
            declaration(&text, start, &text[start..at], &mut found);
        }
        start = at + 1;
    }
    found
}

fn declaration(text: &str, start: usize, declaration: &str, found: &mut Found) {
    let Some((property, value)) = declaration.split_once(':') else { return };
    let at = start + property.len() + 1;
    let takes_colour = COLOUR_PROPERTIES.iter().any(|name| property.trim().contains(name));
    for (offset, colour) in colours(value, takes_colour) {
        found.push((line_of(text, at + offset), colour));
    }
}

/// Strings with a colour in them, and attributes that take one.
fn in_code(text: &str) -> Found {
    let text = blanked(text, Blank::Comments);
    let code = blanked(&text, Blank::CommentsAndStrings);
    let mut found = Vec::new();
    let mut at = 0;
    // Strings are where the two differ.
    while let Some(offset) = text.as_bytes()[at..].iter().zip(&code.as_bytes()[at..]).position(|(a, b)| a != b) {
        let start = at + offset;
        let length = code.as_bytes()[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let end = start + length;
        let takes_colour = attribute_before(&code[..start])
            .is_some_and(|name| COLOUR_PROPERTIES.iter().any(|property| name.contains(property)));
        let is_link = attribute_before(&code[..start]).is_some_and(|name| name.ends_with("href"));
        if !is_link {
            for (offset, colour) in colours(&text[start..end], takes_colour) {
                found.push((line_of(&text, start + offset), colour));
            }
        }
        at = end.max(start + 1);
    }
    found
}

/// `fill` in `fill="red"`, `style:color` in `style:color="red"`.
fn attribute_before(code: &str) -> Option<&str> {
    let name = code.strip_suffix('=')?;
    let start = name.rfind(|c: char| !(c.is_alphanumeric() || "_-:".contains(c))).map_or(0, |at| at + 1);
    Some(&name[start..])
}

/// A page's `theme-color` can't refer to a property; it may repeat a value that stands in tokens.css.
fn in_page(text: &str, tokens: &str) -> Found {
    colours(text, false)
        .into_iter()
        .filter(|(at, colour)| {
            let tag = text[..*at].rfind('<').map_or("", |open| &text[open..*at]);
            let repeats = tag.contains("theme-color") && tokens.contains(colour.as_str());
            let names_an_element = tag.ends_with("href=\"") || tag.ends_with(char::is_alphanumeric);
            !repeats && !names_an_element
        })
        .map(|(at, colour)| (line_of(text, at), colour))
        .collect()
}

/// Every colour in a value, with its place.
fn colours(value: &str, names_too: bool) -> Vec<(usize, String)> {
    let lower = value.to_ascii_lowercase();
    let mut found = Vec::new();
    for (at, _) in lower.match_indices('#') {
        let digits = lower[at + 1..].bytes().take_while(u8::is_ascii_hexdigit).count();
        let ends = !lower[at + 1 + digits..].starts_with(|c: char| c.is_alphanumeric() || "-_".contains(c));
        let is_entity = lower[..at].ends_with('&');
        if matches!(digits, 3 | 4 | 6 | 8) && ends && !is_entity {
            found.push((at, value[at..=at + digits].to_owned()));
        }
    }
    for function in FUNCTIONS {
        for (at, _) in lower.match_indices(function) {
            let in_word = lower[..at].ends_with(|c: char| c.is_alphanumeric() || "-_".contains(c));
            let argument = lower[at + function.len()..].trim_start();
            // A colour is made of numbers; a function of the same name in code is called with something else.
            if !in_word && argument.starts_with(|c: char| c.is_ascii_digit() || ".-{".contains(c) || c.is_alphabetic())
            {
                found.push((at, value[at..at + function.len() - 1].to_owned() + "()"));
            }
        }
    }
    if names_too {
        let mut at = 0;
        for word in lower.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')) {
            let name = word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
            if NAMES.split_whitespace().any(|colour| colour == name) {
                found.push((at, name.to_owned()));
            }
            at += word.len();
        }
    }
    found.sort();
    found
}

fn without_css_comments_and_strings(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut kept = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"/*") => {
                text[at + 2..].find("*/").map_or(bytes.len(), |offset| at + 2 + offset + 2)
            }
            quote @ (b'"' | b'\'') => {
                let close = bytes[at + 1..].iter().position(|byte| *byte == quote || *byte == b'\n');
                close.map_or(bytes.len(), |offset| at + 1 + offset + 1)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        kept[at..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        at = end;
    }
    String::from_utf8(kept).expect("whole comments and strings were replaced")
}

#[cfg(test)]
mod tests {
    use super::super::samples::table;
    use super::*;

    #[test]
    fn colours_in_style_sheets_are_found() {
        table(
            check,
            &[
                ("style/a.css", "a {\n color: #fff;\n}", Some(2)),
                ("style/a.css", "a { color: #FFaa00cc }", Some(1)),
                ("style/a.css", "a { border: 1px solid red }", Some(1)),
                ("style/a.css", "a { background: rgb(0 0 0 / 10%) }", Some(1)),
                ("style/a.css", "a { box-shadow: 0 1px oklch(50% 0 0) }", Some(1)),
                ("style/a.css", "a { --mine: teal }", Some(1)),
                ("style/a.css", "@media print { a { color: black } }", Some(1)),
                ("style/a.css", "#add { color: var(--red); background: transparent }", None),
                ("style/a.css", "a { color: color-mix(in oklch, var(--a), var(--b)) }", None),
                ("style/a.css", "a { color: currentColor; outline-color: Highlight } /* #fff red */", None),
                ("style/a.css", "a { animation-name: red; grid-area: tan; content: \"#fff\" }", None),
                ("style/a.css", "a:hover #bad b { color: inherit }", None),
                ("style/tokens.css", "a { color: #fff }", None),
            ],
        );
    }

    #[test]
    fn colours_in_code_are_found() {
        table(
            check,
            &[
                ("src/ui/a.rs", "let a = 1;\ncontext.set_fill_style_str(\"#0a0b0c\");", Some(2)),
                ("src/ui/a.rs", "view! { <path fill=\"red\"/> }", Some(1)),
                ("src/ui/a.rs", "view! { <p style:color=\"white\"> }", Some(1)),
                ("src/ui/a.rs", "let c = format!(\"rgb({r} {g} {b})\");", Some(1)),
                ("src/ui/a.rs", "view! { <path fill=\"currentColor\" stroke=\"var(--text)\"/> }", None),
                ("src/ui/a.rs", "let said = \"a red line\"; // #fff", None),
                ("src/ui/a.rs", "let link = \"#main\"; let n = \"&#123;\"; let issue = \"#12\";", None),
                ("src/ui/a.rs", "view! { <use href=\"#add\"/> }", None),
                ("crates/oversight/src/a.rs", "let a = \"#fff\";", None),
            ],
        );
    }

    #[test]
    fn a_page_may_repeat_a_token_as_its_theme_colour() {
        let tokens = Source::new(TOKENS, "/* a */ :root { --bg: #f5f7f9 }");
        let lines = |html: &str| -> Vec<usize> {
            check(&[Source::new("index.html", html), Source::new(TOKENS, &tokens.text)])
                .iter()
                .map(|f| f.line)
                .collect()
        };
        assert!(lines("<meta name=\"theme-color\" content=\"#f5f7f9\">").is_empty());
        assert_eq!(lines("<p>\n<meta name=\"theme-color\" content=\"#123456\">"), [2]);
        assert_eq!(lines("<path fill=\"#f5f7f9\"/>"), [1]);
        assert!(lines("<a href=\"#add\">a</a>").is_empty());
    }
}
