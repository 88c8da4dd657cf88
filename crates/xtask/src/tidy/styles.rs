//! Pages and style sheets belong together: one folder under src/views a page, one file of its name under style/,
//! and a link to every style sheet in index.html, as Trunk follows no `@import`.

use std::collections::BTreeSet;

use super::{Finding, Source, line_of};

/// Folders under src/views that are no page: what several pages share is dressed where it is used.
const NO_PAGES: [&str; 1] = ["parts"];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let has = |path: &str| sources.iter().any(|source| source.path == path);
    let mut findings = Vec::new();

    let pages: BTreeSet<&str> = sources
        .iter()
        .filter_map(|source| source.path.strip_prefix("src/views/")?.split_once('/'))
        .map(|(page, _)| page)
        .filter(|page| !NO_PAGES.contains(page))
        .collect();
    for page in pages {
        if !has(&format!("style/{page}.css")) {
            findings.push(Finding {
                path: format!("src/views/{page}/mod.rs"),
                line: 1,
                what: format!("the page has no style/{page}.css"),
                mend: "Write it and link it in index.html",
            });
        }
    }

    let index = sources.iter().find(|source| source.path == "index.html");
    for source in sources.iter().filter(|source| source.path.starts_with("style/") && source.is("css")) {
        if index.is_some_and(|index| !index.text.contains(&source.path)) {
            findings.push(Finding {
                path: source.path.clone(),
                line: 1,
                what: "index.html does not link this style sheet".to_owned(),
                mend: "Link it with `data-trunk rel=\"css\"`, or remove it",
            });
        }
        for (at, _) in source.text.match_indices("@import") {
            findings.push(Finding {
                path: source.path.clone(),
                line: line_of(&source.text, at),
                what: "an `@import`, which Trunk does not follow".to_owned(),
                mend: "Link the other file in index.html",
            });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        check(&sources).into_iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
    }

    #[test]
    fn a_page_and_its_style_sheet_go_together() {
        let page = ("src/views/queue/mod.rs", "");
        let other = ("src/views/mod.rs", "");
        let parts = ("src/views/parts/mod.rs", "");
        let sheet = ("style/queue.css", "/* a */");
        let index = ("index.html", "<link data-trunk rel=\"css\" href=\"style/queue.css\">");
        assert!(found(&[page, other, parts, sheet, index]).is_empty());
        assert_eq!(found(&[page, index]), ["src/views/queue/mod.rs:1"]);
        assert_eq!(found(&[page, sheet, ("index.html", "")]), ["style/queue.css:1"]);
        assert_eq!(
            found(&[("style/base.css", "/* a */\n@import 'b.css';"), index]),
            ["style/base.css:1", "style/base.css:2"]
        );
    }
}
