//! Changes to bytes that were right.

use crate::pick::Pick;

/// Makes up to three changes; none when the input is at its end.
pub fn bend(pick: &mut Pick, bytes: &mut Vec<u8>) {
    for _ in 0..pick.below(4) {
        change(pick, bytes);
    }
}

fn change(pick: &mut Pick, bytes: &mut Vec<u8>) {
    let kind = pick.below(8);
    let at = usize::from(pick.short()).checked_rem(bytes.len().max(1));
    let at = at.unwrap_or_default();
    let until = |len: usize| at.saturating_add(len).min(bytes.len());
    match kind {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = pick.byte();
            }
        }
        1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << pick.below(8);
            }
        }
        // A field of two bytes, as offsets, indices and lengths are.
        2 => {
            let value = pick.short().to_le_bytes();
            for (byte, value) in bytes.iter_mut().skip(at & !1).zip(value) {
                *byte = value;
            }
        }
        3 => {
            let len = pick.byte().into();
            let added = pick.bytes(len);
            bytes.splice(at..at, added.iter().copied());
        }
        4 => {
            let end = until(pick.byte().into());
            bytes.drain(at..end);
        }
        5 => bytes.truncate(at),
        // One stretch over another: a record, a key, a message.
        6 => {
            let from = usize::from(pick.short()) % bytes.len().max(1);
            let len = usize::from(pick.byte()).min(bytes.len() - from.max(at).min(bytes.len()));
            bytes.copy_within(from..from + len, at);
        }
        _ => {
            let len = pick.byte().into();
            bytes.extend_from_slice(pick.bytes(len));
        }
    }
}
