//! A list of dates as an iCalendar object (RFC 5545) that calendars subscribe to. Knows no office: plain entries in, text
//! out.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use icalendar::{Calendar, Class, Component, Event, EventLike, EventStatus, Property};

/// A date in a calendar: a whole day, since a legal day has no hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for good.
    pub uid: String,
    /// Raised whenever the date moves, ends or comes back.
    pub sequence: u32,
    /// When it was last told otherwise.
    pub changed_at: DateTime<Utc>,
    pub on: NaiveDate,
    pub summary: String,
    /// Where to read more.
    pub url: String,
    /// Done, or nobody's any more.
    pub cancelled: bool,
}

/// How often a calendar need look.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// The most octets of a line without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// The entries as a published calendar of this name. The same entries give the same bytes.
pub fn written(name: &str, entries: &[Entry]) -> String {
    let mut calendar = Calendar::empty();
    for (property, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Jianyi//Worklist//ZH"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property(Property::new(property, value));
    }
    calendar.name(&clean(name)).ttl(&FRESH);
    for entry in entries {
        calendar.push(event(entry));
    }
    folded(&calendar.to_string())
}

fn event(entry: &Entry) -> Event {
    let status = if entry.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed };
    // A start alone is that whole day; `all_day` of the crate would write an end that is not after it (3.8.2.2).
    let mut event = Event::new()
        .uid(&entry.uid)
        .sequence(entry.sequence)
        .timestamp(entry.changed_at)
        .last_modified(entry.changed_at)
        .starts(entry.on)
        .summary(&clean(&entry.summary))
        .url(&entry.url)
        .status(status)
        .class(Class::Private)
        .done();
    // A day on which something is due is no day on which one is busy.
    event.append_property(Property::new("TRANSP", "TRANSPARENT"));
    event
}

/// Without control characters, which a text has no escape for; a line's end stays and is escaped.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

/// Lines of at most 75 octets, cut between characters. The crate folds too, but its last piece may have 76.
fn folded(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 64);
    for line in text.replace("\r\n ", "").split_inclusive("\r\n") {
        let mut octets = 0;
        for c in line.trim_end_matches("\r\n").chars() {
            if octets + c.len_utf8() > LINE {
                lines.push_str("\r\n ");
                octets = 1;
            }
            lines.push(c);
            octets += c.len_utf8();
        }
        lines.push_str("\r\n");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(summary: &str) -> Entry {
        Entry {
            uid: "case.018d0fc8-4680-78a7-9053-95f06de1b2fb.reply.1@jianyi".to_owned(),
            sequence: 3,
            changed_at: "2024-02-22T02:00:00Z".parse().unwrap(),
            on: "2024-05-22".parse().unwrap(),
            summary: summary.to_owned(),
            url: "https://jianyi.example.cn/v1/cases/018d0fc8-4680-78a7-9053-95f06de1b2fb".to_owned(),
            cancelled: false,
        }
    }

    #[test]
    fn an_entry_is_written_as_the_standard_asks() {
        let text = written("建议办理", &[entry("答复代表：关于“一,二;三”\\的\r\n建议\u{7}")]);
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Jianyi//Worklist//ZH",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            "DTSTART;VALUE=DATE:20240522",
            "DTSTAMP:20240222T020000Z",
            "SEQUENCE:3",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
            "CLASS:PRIVATE",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        let lines: Vec<&str> = text.split("\r\n").collect();
        for line in expected {
            assert!(lines.contains(&line), "{line} in {text}");
        }
        assert!(!text.contains("DTEND"), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains("SUMMARY:答复代表：关于“一\\,二\\;三”\\\\的\\n建议\r\n"), "{unfolded}");
        assert_eq!(text, written("建议办理", &[entry("答复代表：关于“一,二;三”\\的\r\n建议\u{7}")]));
    }

    #[test]
    fn no_line_is_longer_than_75_octets_whatever_it_says() {
        for length in 0..200 {
            for text in ["字".repeat(length), "a".repeat(length), format!("{}字 ", "a ".repeat(length))] {
                let written = written("建议办理", &[entry(&text)]);
                assert!(written.ends_with("\r\n") && !written.replace("\r\n", "").contains(['\r', '\n']));
                assert!(written.split("\r\n").all(|line| line.len() <= LINE), "{written}");
                assert!(written.replace("\r\n ", "").contains(&format!("SUMMARY:{text}\r\n")), "{written}");
            }
        }
    }

    #[test]
    fn what_is_done_is_cancelled() {
        let done = Entry { cancelled: true, ..entry("答复代表") };
        assert!(written("建议办理", &[done]).contains("STATUS:CANCELLED\r\n"));
    }
}
