//! Texts of strangers: names, URIs, memos, logs, and whatever a node says.
//!
//! Such a text may hold bytes that move a terminal's cursor, letters that turn the direction of writing, and letters that nobody sees,
//! so that one name passes for another. [`Foreign`] has no way out that lets them through.

use {
    serde::{Deserialize, Serialize},
    std::fmt::{self, Debug, Display, Formatter},
};

/// A stranger's text. Shown, it is escaped ([`shown`]); serialized, it is the text itself, and [`in_json`] makes the result fit to
/// print.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Foreign(String);

impl Foreign {
    /// The text in the bytes of an account, without its padding.
    pub fn padded(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        Self(text.trim_end_matches('\0').to_owned())
    }
}

impl From<String> for Foreign {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Foreign {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Display for Foreign {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&shown(&self.0))
    }
}

impl Debug for Foreign {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// For people: `\u{202e}` in the place of a letter that controls, turns or hides; a space is the only white space that stays.
pub fn shown(text: &str) -> String {
    escape(text, |letter, out| out.extend(letter.escape_default()))
}

/// Lines for people: [`shown`] but for the ends of lines.
pub fn lines(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let (line, end) = ["\r\n", "\n"]
            .into_iter()
            .find_map(|end| Some((line.strip_suffix(end)?, end)))
            .unwrap_or((line, ""));
        shown(line) + end
    });
    lines.collect()
}

/// JSON that says the same, with `\u202e` in the place of such a letter: within JSON they stand in strings only.
pub fn in_json(json: &str) -> String {
    escape(json, |letter, out| {
        if letter == '\n' {
            out.push(letter);
            return;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    })
}

fn escape(text: &str, write: impl Fn(char, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if deceives(letter) {
            write(letter, &mut out);
        } else {
            out.push(letter);
        }
    }
    out
}

/// Control characters, white space but the space, what turns the direction of writing, and what has no look of its own: Unicode's
/// `Bidi_Control` and `Default_Ignorable_Code_Point`, annotations, and the empty Braille pattern.
fn deceives(letter: char) -> bool {
    letter.is_control()
        || (letter.is_whitespace() && letter != ' ')
        || matches!(
            letter,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every letter that a terminal or a reader could be deceived by.
    fn hostile() -> impl Iterator<Item = char> {
        let ranges = [
            '\0'..='\u{1f}',
            '\u{7f}'..='\u{a0}',
            '\u{200b}'..='\u{200f}',
            '\u{2028}'..='\u{202e}',
            '\u{2060}'..='\u{206f}',
        ];
        let single = ['\u{ad}', '\u{61c}', '\u{feff}', '\u{3164}', '\u{e0041}'];
        ranges.into_iter().flatten().chain(single)
    }

    #[test]
    fn no_letter_that_deceives_is_shown() {
        for letter in hostile() {
            let text = Foreign::from(format!("a{letter}b"));
            for told in [text.to_string(), format!("{text:?}")] {
                assert!(!told.contains(letter), "{letter:?}: {told:?}");
                assert!(told.contains("a\\"), "{told}");
            }
        }
        assert_eq!(
            shown("a\u{1b}[2J\u{202e}\n\u{200b}"),
            "a\\u{1b}[2J\\u{202e}\\n\\u{200b}"
        );
        for plain in ["a b", "Zürich GPU 3090", "日本", "שלום", "a\\b \"c\""] {
            assert_eq!(shown(plain), plain);
        }
    }

    #[test]
    fn json_keeps_what_it_says_and_prints_nothing_that_deceives() {
        for letter in hostile() {
            let value = serde_json::json!({ "uri": Foreign::from(format!("a{letter}b")) });
            for json in [value.to_string(), format!("{value:#}")] {
                let told = in_json(&json);
                assert_eq!(
                    told.contains(letter),
                    letter == '\n' && json.contains('\n'),
                    "{told:?}"
                );
                let read: serde_json::Value = serde_json::from_str(&told).unwrap();
                assert_eq!(read, value, "{letter:?}");
            }
        }
    }

    #[test]
    fn lines_end_where_they_ended() {
        assert_eq!(lines("a\tb\r\nc\rd\n\u{1b}e"), "a\\tb\r\nc\\rd\n\\u{1b}e");
    }

    #[test]
    fn padding_is_no_part_of_a_text() {
        assert_eq!(Foreign::padded(b"gpu\0\0").to_string(), "gpu");
        assert_eq!(
            Foreign::padded(b"g\0u\xff\0").to_string(),
            "g\\u{0}u\u{fffd}"
        );
    }
}
