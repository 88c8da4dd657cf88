//! The parser of a server-sent event stream (WHATWG HTML, 9.2.6), fed with text as it arrives. Pure;
//! where the text comes from is `stream`.

/// One dispatched event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SseEvent {
    /// `message` where the stream names none.
    pub name: String,
    pub data: String,
    /// The last id the stream gave, kept over events.
    pub id: String,
}

/// Takes text in pieces of any size and gives events as they are complete.
#[derive(Debug, Default)]
pub struct SseParser {
    rest: String,
    event: SseEvent,
    has_data: bool,
    last_id: String,
}

impl SseParser {
    /// The events that `piece` completes. A comment or an empty line without data completes none.
    pub fn feed(&mut self, piece: &str) -> Vec<SseEvent> {
        self.rest.push_str(piece);
        let mut events = Vec::new();
        // A carriage return at the very end may be half of a line end: it waits for the next piece.
        while let Some(end) = self.rest.find(['\n', '\r']) {
            let pair = self.rest[end..].starts_with("\r\n");
            if self.rest[end..] == *"\r" {
                break;
            }
            let line: String = self.rest.drain(..end + if pair { 2 } else { 1 }).collect();
            events.extend(self.line(line.trim_end_matches(['\n', '\r'])));
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<SseEvent> {
        if line.is_empty() {
            let mut event = std::mem::take(&mut self.event);
            if !std::mem::take(&mut self.has_data) {
                return None;
            }
            event.data.pop();
            event.id.clone_from(&self.last_id);
            if event.name.is_empty() {
                event.name = "message".to_owned();
            }
            return Some(event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.event.name = value.to_owned(),
            "data" => {
                self.event.data.push_str(value);
                self.event.data.push('\n');
                self.has_data = true;
            }
            "id" if !value.contains('\0') => self.last_id = value.to_owned(),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, cases, try_inputs};

    const TEXT: &str =
        ": heartbeat\n\nevent: change\r\nid: 7\r\ndata: {\"a\":\ndata: 1}\n\ndata:x\n\nevent: reset\n\nid: 9\ndata\n\n";

    #[test]
    fn events_are_the_same_however_the_text_is_cut() {
        let whole = SseParser::default().feed(TEXT);
        assert_eq!(
            whole,
            [
                SseEvent { name: "change".into(), data: "{\"a\":\n1}".into(), id: "7".into() },
                SseEvent { name: "message".into(), data: "x".into(), id: "7".into() },
                SseEvent { name: "message".into(), data: String::new(), id: "9".into() },
            ]
        );
        for cut in 0..TEXT.len() {
            let mut parser = SseParser::default();
            let mut events = parser.feed(&TEXT[..cut]);
            events.extend(parser.feed(&TEXT[cut..]));
            assert_eq!(events, whole, "cut at {cut}");
        }
    }

    /// The same by lines, of the whole text at once.
    fn by_lines(text: &str) -> Vec<SseEvent> {
        // What stands after the last line end, of which a carriage return may be half, is no line yet.
        let text = text.strip_suffix('\r').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
        let (mut events, mut event, mut data, mut last_id) =
            (Vec::new(), SseEvent::default(), Vec::new(), String::new());
        let Some((lines, _)) = text.rsplit_once('\n') else { return events };
        for line in lines.split('\n') {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "" if line.is_empty() => {
                    let name = if event.name.is_empty() { "message".to_owned() } else { event.name };
                    if !data.is_empty() {
                        events.push(SseEvent { name, data: data.join("\n"), id: last_id.clone() });
                    }
                    (event, data) = (SseEvent::default(), Vec::new());
                }
                "event" => event.name = value.to_owned(),
                "data" => data.push(value),
                "id" if !value.contains('\0') => last_id = value.to_owned(),
                _ => {}
            }
        }
        events
    }

    #[test]
    fn any_text_gives_the_events_of_its_lines_however_it_is_cut() {
        let samples = [TEXT, "retry: 1000\n: countersign\nid: 4\n\nevent: record\nid: 5\ndata: {}\n\n"]
            .map(|text| Sample::text(text, "\n"));
        let words = [
            "\r",
            "\r\n",
            "\n\n",
            "data",
            "data:",
            "data:\n\n",
            "id: \0\n",
            "id",
            ":",
            "event: \n",
            " ",
            "",
            "\u{feff}",
            "\u{2028}",
        ];
        let make = |made: &mut Generator| {
            let mut text = made.altered_text(&samples, &words);
            if made.one_in(2) {
                text.push_str("\n\ndata: end\r\n\r\n");
            }
            text
        };
        try_inputs("event streams", cases(5_000), make, |text| {
            let expected = by_lines(text);
            let mut parser = SseParser::default();
            let mut events = Vec::new();
            let mut cuts = Generator::new(text, 0);
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.ceil_char_boundary(1 + cuts.below((text.len() / 8).max(24))));
                events.extend(parser.feed(piece));
                rest = after;
            }
            assert_eq!(events, expected);
            !events.is_empty() && text.ends_with('\n')
        });
    }
}
