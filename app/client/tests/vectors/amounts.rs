//! Amounts as text, good and bad.

use {
    crate::{check, json::object},
    serde_json::Value,
    sluice_client::{ClientError, amount},
};

const TEXTS: [(&str, u8); 27] = [
    ("0", 6),
    ("1", 6),
    ("0.000001", 6),
    ("12.34", 2),
    ("1.50", 2),
    (".5", 1),
    ("7", 0),
    ("007.070", 3),
    ("18446744073709551615", 0),
    ("18446744073709.551615", 6),
    ("0.1234567890123456789", 19),
    ("", 6),
    (".", 6),
    ("-1", 6),
    ("+1", 6),
    ("1e3", 6),
    ("1,5", 6),
    (" 1", 6),
    ("1 ", 6),
    ("1.", 6),
    ("1.2.3", 6),
    ("0x10", 6),
    ("\u{661}", 6),
    ("1.0000001", 6),
    ("1.0", 0),
    ("18446744073709.551616", 6),
    ("18446744073709551616", 0),
];

#[test]
fn amounts_are_read_and_written_so() {
    let cases = TEXTS.map(|(text, decimals)| {
        let (base, written, why) = match amount::parse(text, decimals) {
            Ok(base) => (Some(base), Some(amount::format(base, decimals)), None),
            Err(ClientError::BadAmount { why, .. }) => (None, None, Some(why)),
            Err(error) => panic!("{error}"),
        };
        object([
            ("text", &text),
            ("decimals", &decimals),
            ("base", &base),
            ("written", &written),
            ("why", &why),
        ])
    });
    check("amounts", &Value::Array(cases.into()));
}
