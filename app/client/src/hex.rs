//! Bytes as hexadecimal digits.

/// Lower-case digits.
pub fn encode(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The 32 bytes that 64 digits of either case name; `None` for any other text.
pub fn decode32(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    let digit = char::from(character).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_sixty_four_digits() {
        let text = "0f".repeat(32);
        assert_eq!(decode32(&text), Some([15; 32]));
        assert_eq!(decode32(&text.to_uppercase()), Some([15; 32]));
        assert_eq!(encode(&[15; 32]), text);
        for wrong in ["0f", &"zz".repeat(32), &"0f".repeat(33), &text[1..]] {
            assert_eq!(decode32(wrong), None, "{wrong}");
        }
    }
}
