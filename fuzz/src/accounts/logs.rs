//! Events, and the logs they are read back from.

use {
    super::{discriminator, places::*},
    crate::pick::Pick,
    base64::{Engine, prelude::BASE64_STANDARD},
    sluice_client::{Event, event},
    std::sync::LazyLock,
};

/// The one event of no fixed length: each of its windows is an event.
const BATCH: &str = "BatchProven";
/// Bytes of a window, and of what stands before the windows.
const WINDOW: usize = 45;
const HEAD: usize = 8 + 32 + 2 + 4;

/// Name, discriminator and length of every event of fixed length.
static EVENTS: LazyLock<Vec<(&str, [u8; 8], usize)>> = LazyLock::new(|| {
    let names = Event::NAMES.iter().filter(|name| **name != BATCH);
    names
        .map(|name| {
            let head = discriminator("event", name);
            let read = |len: &usize| Event::read(&[&head[..], &vec![0; *len]].concat());
            let fits = |len: &usize| !read(len).is_empty();
            let len = (0..1_000).find(fits).expect("an event has a length");
            (*name, head, len)
        })
        .collect()
});

/// The bytes of some event, of its own length or one next to it, and what is read of them.
fn bytes(pick: &mut Pick) -> (Vec<u8>, Vec<&'static str>) {
    if pick.below(8) == 7 {
        return windows(pick);
    }
    let (name, head, len) = EVENTS[usize::from(pick.byte()) % EVENTS.len()];
    let fits = pick.below(4) != 3;
    let mut bytes = head.to_vec();
    bytes.extend_from_slice(pick.bytes(len));
    bytes.resize(8 + len, pick.byte());
    if !fits {
        bytes.resize(8 + len + 1 - usize::from(pick.below(3)), 0);
    }
    let fits = bytes.len() == 8 + len;
    (bytes, fits.then_some(name).into_iter().collect())
}

/// The bytes of windows that were proven from a batch: as many as they say, or one more or less.
fn windows(pick: &mut Pick) -> (Vec<u8>, Vec<&'static str>) {
    let (said, count) = (pick.below(4), pick.below(4));
    let mut bytes = discriminator("event", BATCH).to_vec();
    bytes.extend_from_slice(pick.bytes(34));
    bytes.resize(8 + 34, 0);
    bytes.extend_from_slice(&u32::from(said).to_le_bytes());
    let len = HEAD + usize::from(count) * WINDOW;
    bytes.extend_from_slice(pick.bytes(len - HEAD));
    bytes.resize(len, pick.byte());
    let read = if said == count { usize::from(count) } else { 0 };
    (bytes, vec![BATCH; read])
}

/// One event.
pub fn event(pick: &mut Pick) {
    let (bytes, names) = bytes(pick);
    let events = Event::read(&bytes);
    let read: Vec<_> = events.iter().map(Event::name).collect();
    assert_eq!(read, names);
    for event in events {
        EVENT.reach();
        assert!(event.fields().len() <= bytes.len());
    }
    let rest = pick.rest();
    let stranger = Event::read(rest);
    assert!(stranger.is_empty() || rest.len() >= 8);
}

/// A transaction's log: what counts is logged while this program runs.
pub fn log(pick: &mut Pick) {
    let ours = sluice::ID.to_string();
    let other = "11111111111111111111111111111111";
    let mut lines = vec![];
    // True for each program that runs, the called ones last, if it is ours.
    let mut running = vec![];
    let mut expected = vec![];
    let (mut over, mut truncated, mut is_plain) = (false, false, true);
    while !pick.is_empty() && lines.len() < 24 {
        let is_ours = pick.below(2) == 0;
        let program = if is_ours { ours.as_str() } else { other };
        let line = match pick.below(8) {
            0 | 1 => {
                if !over {
                    running.push(is_ours);
                }
                format!("Program {program} invoke [{}]", running.len())
            }
            2 => {
                if !over {
                    running.pop();
                }
                format!("Program {program} success")
            }
            3 | 4 => {
                let (bytes, names) = bytes(pick);
                let counts = running.last() == Some(&true);
                if !counts {
                    FOREIGN.reach();
                }
                if counts && !over {
                    expected.extend(names);
                }
                format!("Program data: {}", BASE64_STANDARD.encode(bytes))
            }
            5 => {
                let text = String::from_utf8_lossy(pick.bytes(24)).into_owned();
                format!("Program log: {text}")
            }
            6 => match pick.below(8) {
                0 if !over => {
                    (truncated, over) = (true, true);
                    "Log truncated".to_owned()
                }
                1 if !over => {
                    (expected, over) = (vec![], true);
                    format!("Program {program} failed: custom program error: 0x1")
                }
                2 => format!("Program return: {program} AQ=="),
                3 => format!("Program {program} consumed 5 of 9 compute units"),
                _ => "Program consumption: 7 units remaining".to_owned(),
            },
            _ => {
                is_plain = false;
                String::from_utf8_lossy(pick.bytes(48)).into_owned()
            }
        };
        lines.push(line);
    }
    let logged = event::decode(&lines);
    let names: Vec<&str> = logged.events.iter().map(Event::name).collect();
    if is_plain {
        assert_eq!(names, expected);
        assert_eq!(logged.truncated, truncated);
        if !names.is_empty() {
            LOGGED.reach();
        }
    }
}
