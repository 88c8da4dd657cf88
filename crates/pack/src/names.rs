//! The final names: `NAME-HASH.js` and `.wasm`, the hash of all the app's files together, so that a file under a
//! name never changes and may be kept for ever. index.html and the files' references to each other follow.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha384};

use crate::build::Build;
use crate::split::{Files, LOADER, MAIN_JS, MAIN_WASM};

/// Puts the files into the staging folder instead of those that Trunk wrote.
///
/// # Errors
/// When index.html does not name what Trunk wrote, or a file can't be written.
pub fn put_in_place(build: &Build, files: Files) -> Result<()> {
    let (stem, files) = renamed(files)?;
    let index = build.staging.join("index.html");
    let html = std::fs::read_to_string(&index).with_context(|| format!("{} can't be read", index.display()))?;
    let html = follow(&html, &build.stem, &stem, &files)?;
    for old in [format!("{}.js", build.stem), format!("{}_bg.wasm", build.stem)] {
        let old = build.staging.join(old);
        std::fs::remove_file(&old).with_context(|| format!("{} can't be removed", old.display()))?;
    }
    for (name, bytes) in &files {
        let path = build.staging.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("{} can't be written", path.display()))?;
    }
    let html = styles_later(&html);
    std::fs::write(&index, html).with_context(|| format!("{} can't be written", index.display()))
}

/// Style sheets of what is drawn after the first paint, by the beginning of their names: the app puts them to use when it
/// draws that (`ui::part`), and until then they hold nothing up.
const LATER: [&str; 4] = ["agents-", "charts-", "overview-", "records-"];

/// `<link rel="stylesheet" href="./charts-….css">` becomes a prefetch that names its part.
fn styles_later(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for line in html.split_inclusive('>') {
        let begin = line.find("<link").unwrap_or(line.len());
        let (before, tag) = line.split_at(begin);
        let later = LATER.iter().find(|name| tag.contains("stylesheet") && tag.contains(&format!("./{name}")));
        out.push_str(before);
        match later {
            Some(name) => {
                let part = name.trim_end_matches('-');
                let tag = tag.replacen("rel=\"stylesheet\"", "rel=\"prefetch\"", 1);
                let tag = tag.replacen("rel=stylesheet", "rel=prefetch", 1);
                out.push_str(&tag.replacen("<link", &format!("<link data-later={part} as=style"), 1));
            }
            None => out.push_str(tag),
        }
    }
    out
}

/// Every file under its final name, its references to the others too. Returns the common beginning of the names.
fn renamed(files: Files) -> Result<(String, Files)> {
    let mut hash = Sha256::new();
    for (name, bytes) in &files {
        hash.update(name.as_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    let digest = hash.finalize();
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let stem = format!("countersign-{hash}");
    let name_of = |name: &str| match name {
        MAIN_JS => format!("{stem}.js"),
        MAIN_WASM => format!("{stem}_bg.wasm"),
        LOADER => format!("parts-{hash}.js"),
        part => part.replacen(".wasm", &format!("-{hash}.wasm"), 1),
    };
    let names: Vec<String> = files.keys().cloned().collect();
    let mut out = Files::new();
    for (name, bytes) in files {
        let bytes = if name.ends_with(".js") {
            let mut text = String::from_utf8(bytes).with_context(|| format!("{name} is no text"))?;
            for other in &names {
                text = text.replace(&format!("\"./{other}\""), &format!("\"./{}\"", name_of(other)));
                text = text.replace(&format!("'{other}'"), &format!("'{}'", name_of(other)));
            }
            // The wasm imports the loader under its first name; only where it is fetched from changes.
            text = text.replace(&format!("\"./{}\":", name_of(LOADER)), &format!("\"./{LOADER}\":"));
            text.into_bytes()
        } else {
            bytes
        };
        out.insert(name_of(&name), bytes);
    }
    Ok((stem, out))
}

/// index.html with the new names, and the digests of what is under them.
fn follow(html: &str, old: &str, new: &str, files: &Files) -> Result<String> {
    let mut out = String::with_capacity(html.len());
    let mut named = 0;
    for line in html.split_inclusive('>') {
        let mut line = line.to_owned();
        for ending in [".js", "_bg.wasm"] {
            let (before, after) = (format!("{old}{ending}"), format!("{new}{ending}"));
            if line.contains(&before) {
                named += 1;
                line = line.replace(&before, &after);
                if let Some(bytes) = files.get(&after) {
                    line = with_integrity(&line, bytes);
                }
            }
        }
        out.push_str(&line);
    }
    ensure!(named >= 2, "index.html does not name {old}.js and {old}_bg.wasm");
    // The module imports the loader, which a browser would learn only when it has read the module.
    let loader = files.keys().find(|name| name.starts_with("parts-")).context("there is no loader")?;
    let head = out.find("</head>").context("index.html has no </head>")?;
    out.insert_str(head, &format!("<link rel=\"modulepreload\" href=\"./{loader}\" crossorigin=\"anonymous\">"));
    Ok(out)
}

/// The tag with the subresource integrity of `bytes`, if it has one at all. Minified, it has no quotes.
fn with_integrity(tag: &str, bytes: &[u8]) -> String {
    const ATTRIBUTE: &str = "integrity=";
    let Some(begin) = tag.find(ATTRIBUTE).map(|at| at + ATTRIBUTE.len()) else { return tag.to_owned() };
    let begin = begin + usize::from(tag[begin..].starts_with('"'));
    let length = tag[begin..].find(['"', ' ', '>']).unwrap_or(tag.len() - begin);
    let digest = BASE64_STANDARD.encode(Sha384::digest(bytes));
    format!("{}sha384-{digest}{}", &tag[..begin], &tag[begin + length..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        Files::from([
            (MAIN_JS.to_owned(), b"import * as import1 from \"./__wasm_split.js\"\n{ \"./__wasm_split.js\": import1 }; new URL('main_bg.wasm', import.meta.url)".to_vec()),
            (MAIN_WASM.to_owned(), b"wasm".to_vec()),
            (LOADER.to_owned(), b"import { initSync } from \"./main.js\"; fetch(new URL(\"./split_agents.wasm\", import.meta.url))".to_vec()),
            ("split_agents.wasm".to_owned(), b"part".to_vec()),
        ])
    }

    #[test]
    fn every_reference_leads_to_a_file_and_the_import_keeps_its_name() {
        let (stem, out) = renamed(files()).unwrap();
        let hash = stem.strip_prefix("countersign-").unwrap();
        assert_eq!(hash.len(), 16);
        let text = |name: &str| String::from_utf8(out[name].clone()).unwrap();
        let main = text(&format!("{stem}.js"));
        assert!(main.contains(&format!("from \"./parts-{hash}.js\"")), "{main}");
        assert!(main.contains("\"./__wasm_split.js\": import1"), "{main}");
        assert!(main.contains(&format!("'{stem}_bg.wasm'")), "{main}");
        let loader = text(&format!("parts-{hash}.js"));
        assert!(
            loader.contains(&format!("\"./{stem}.js\"")) && loader.contains(&format!("./split_agents-{hash}.wasm"))
        );
        assert!(out.contains_key(&format!("split_agents-{hash}.wasm")));
    }

    #[test]
    fn the_name_changes_with_any_file() {
        let (before, _) = renamed(files()).unwrap();
        for name in files().keys() {
            let mut other = files();
            other.get_mut(name).unwrap().push(b' ');
            assert_ne!(renamed(other).unwrap().0, before, "{name}");
        }
        assert_eq!(renamed(files()).unwrap().0, before);
    }

    #[test]
    fn style_sheets_of_later_parts_hold_nothing_up() {
        let html = "<head><link href=./base-1.css integrity=sha384-a rel=stylesheet>\n\
                    <link href=./charts-2.css integrity=sha384-b rel=stylesheet>\
                    <link rel=\"stylesheet\" href=\"./records-3.css\" /><script src=./agents-4.js></script></head>";
        let expected = "<head><link href=./base-1.css integrity=sha384-a rel=stylesheet>\n\
                    <link data-later=charts as=style href=./charts-2.css integrity=sha384-b rel=prefetch>\
                    <link data-later=records as=style rel=\"prefetch\" href=\"./records-3.css\" /><script src=./agents-4.js></script></head>";
        assert_eq!(styles_later(html), expected);
    }

    #[test]
    fn index_names_the_new_files_with_their_digests() {
        let (stem, out) = renamed(files()).unwrap();
        let html = "<head><script>import init from './countersign-1.js'; init('./countersign-1_bg.wasm')</script>\
                    <link rel=\"preload\" href=\"./countersign-1_bg.wasm\" integrity=\"sha384-old\" as=\"fetch\"></head>";
        let html = follow(html, "countersign-1", &stem, &out).unwrap();
        let digest = BASE64_STANDARD.encode(Sha384::digest(b"wasm"));
        assert!(html.contains(&format!("href=\"./{stem}_bg.wasm\" integrity=\"sha384-{digest}\"")), "{html}");
        assert!(html.contains(&format!("'./{stem}.js'")) && !html.contains("countersign-1") && !html.contains("old"));
        assert!(html.ends_with("crossorigin=\"anonymous\"></head>") && html.contains("href=\"./parts-"), "{html}");
        let minified = "<head><script>import init from './countersign-1.js'</script>\
                        <link as=fetch href=./countersign-1_bg.wasm integrity=sha384-old rel=preload></head>";
        let minified = follow(minified, "countersign-1", &stem, &out).unwrap();
        assert!(minified.contains(&format!("{stem}_bg.wasm integrity=sha384-{digest} rel=preload>")), "{minified}");
        assert!(follow("<p>", "countersign-1", &stem, &out).is_err());
    }
}
