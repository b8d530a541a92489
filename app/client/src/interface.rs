//! The program's interface as it is published: its IDL, where explorers and Anchor's clients look for it.

use {flate2::read::ZlibDecoder, solana_account::Account, solana_address::Address, std::io::Read};

/// The Program Metadata program.
pub const METADATA_PROGRAM: Address =
    Address::from_str_const("ProgM6JCCvbYkfKqJYHePx4xxSUSqJp7rh8Lyv7nk7S");

/// Seed of a program's IDL there.
const SEED: [u8; 16] = *b"idl\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// The first byte of an account with metadata.
const KIND: u8 = 2;

/// Behind kind, program, authority, two flags and the seed: how the text is written, packed and laid out, and that it is in the
/// account itself.
const FORM: usize = 1 + 32 + 32 + 2 + 16;
const PLAIN: [u8; 4] = [1, 0, 1, 0];
const ZLIB: [u8; 4] = [1, 2, 1, 0];

/// Behind the form: the length of what is packed, and five bytes of nothing.
const LENGTH: usize = FORM + 4;
const PACKED: usize = LENGTH + 4 + 5;

/// Bytes that an IDL has at most: a few packed ones can unpack to gigabytes.
const MOST: u64 = 4 << 20;

/// Where the IDL is that the program's own authority publishes.
pub fn address() -> Address {
    // The authority's place is empty in the canonical account's seeds.
    Address::find_program_address(&[sluice::ID.as_ref(), &[], &SEED], &METADATA_PROGRAM).0
}

/// The IDL in the account at [`address`], a stranger's text; `None` if it is none, or packed in a way that no tool uses for it.
pub fn text(account: &Account) -> Option<String> {
    let data = &account.data;
    if account.owner != METADATA_PROGRAM || data.first() != Some(&KIND) {
        return None;
    }
    let length = data.get(LENGTH..LENGTH + 4)?.try_into().ok()?;
    let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
    let packed = data.get(PACKED..)?.get(..length)?;
    let form: [u8; 4] = data.get(FORM..LENGTH)?.try_into().ok()?;
    match form {
        PLAIN => String::from_utf8(packed.to_vec()).ok(),
        ZLIB => {
            let mut text = String::new();
            let mut unpacked = ZlibDecoder::new(packed).take(MOST);
            unpacked.read_to_string(&mut text).ok()?;
            Some(text)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        flate2::{Compression, write::ZlibEncoder},
        std::io::Write,
    };

    fn account(form: [u8; 4], packed: &[u8]) -> Account {
        let length = u32::try_from(packed.len()).unwrap().to_le_bytes();
        let mut data = vec![0; FORM];
        data[0] = KIND;
        data.extend(form.iter().chain(&length).chain(&[0; 5]).chain(packed));
        Account {
            data,
            owner: METADATA_PROGRAM,
            ..Account::default()
        }
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut zlib = ZlibEncoder::new(vec![], Compression::best());
        zlib.write_all(text).unwrap();
        zlib.finish().unwrap()
    }

    #[test]
    fn an_interface_is_read_packed_and_plain_and_nothing_else_is() {
        assert_eq!(text(&account(PLAIN, b"{}")).as_deref(), Some("{}"));
        assert_eq!(text(&account(ZLIB, &zlib(b"{}"))).as_deref(), Some("{}"));
        assert_eq!(text(&account([1, 1, 1, 0], b"{}")), None);
        assert_eq!(text(&account(ZLIB, b"{}")), None);
        let mut short = account(PLAIN, b"{}");
        short.data.pop();
        assert_eq!(text(&short), None);
        let mut other = account(PLAIN, b"{}");
        other.owner = sluice::ID;
        assert_eq!(text(&other), None);
        assert_eq!(text(&Account::default()), None);
    }

    #[test]
    fn a_bomb_unpacks_to_no_more_than_an_interface_has() {
        let bomb = account(ZLIB, &zlib(&vec![b' '; 16 << 20]));
        assert_eq!(text(&bomb).map(|text| text.len() as u64), Some(MOST));
    }
}
