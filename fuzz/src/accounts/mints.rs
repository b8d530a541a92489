//! The mint policy: the program's walk over extensions against a slow one, and against what the client tells of a mint.

use {
    super::places::*,
    crate::{bend::bend, pick::Pick},
    sluice::mint_policy,
    sluice_client::{instruction::token::TOKEN_2022_PROGRAM, mint},
    solana_account::Account,
};

/// What only describes: metadata, groups, their pointers and members.
const DESCRIBES: [u16; 6] = [18, 19, 20, 21, 22, 23];

/// A mint with some extensions, right or bent.
pub fn mint(pick: &mut Pick) {
    let mut data = vec![0; 82];
    data[44] = pick.byte();
    data[45] = u8::from(pick.below(8) != 7);
    if pick.below(4) != 3 {
        data.resize(165, 0);
        data.push(if pick.below(8) == 7 { 2 } else { 1 });
        for _ in 0..pick.below(5) {
            extension(pick, &mut data);
        }
    }
    bend(pick, &mut data);

    let classic = mint_policy::check_classic(&data).ok();
    let expected = decimals(&data).filter(|_| data.len() == 82);
    assert_eq!(classic, expected);
    if classic.is_some() {
        CLASSIC.reach();
    }

    let accepted = mint_policy::check_token_2022(&data).ok();
    let (extensions, whole) = extensions(&data);
    let only_describes = extensions.iter().all(|kind| DESCRIBES.contains(kind));
    let is_mint = data.len() == 82 || data.get(165) == Some(&1);
    let expected =
        decimals(&data).filter(|_| is_mint && data.len() != 355 && whole && only_describes);
    assert_eq!(accepted, expected);
    if accepted.is_some() && !extensions.is_empty() {
        EXTENDED.reach();
    }
    if is_mint && !only_describes {
        REFUSED_MINT.reach();
    }

    let told = mint::refused_extensions(&Account {
        owner: TOKEN_2022_PROGRAM,
        data,
        ..Account::default()
    });
    assert_eq!(
        told.is_empty(),
        only_describes,
        "{told:?} of {extensions:?}"
    );
}

/// Appends an extension: mostly one that only describes, of the length it says.
fn extension(pick: &mut Pick, data: &mut Vec<u8>) {
    let kind = match pick.below(4) {
        3 => pick.short(),
        _ => 18 + u16::from(pick.below(8)),
    };
    let len = u16::from(pick.byte());
    let told = if pick.below(8) == 7 {
        pick.short()
    } else {
        len
    };
    data.extend_from_slice(&kind.to_le_bytes());
    data.extend_from_slice(&told.to_le_bytes());
    data.resize(data.len() + usize::from(len), 0xab);
}

fn decimals(data: &[u8]) -> Option<u8> {
    (data.len() >= 82 && data[45] == 1).then(|| data[44])
}

/// The numbers of all extensions, and whether the last one ends within the account.
fn extensions(data: &[u8]) -> (Vec<u16>, bool) {
    let (mut found, mut at) = (vec![], 166);
    while at + 4 <= data.len() {
        let short = |at: usize| u16::from_le_bytes([data[at], data[at + 1]]);
        let kind = short(at);
        if kind == 0 {
            break;
        }
        found.push(kind);
        at += 4 + usize::from(short(at + 2));
    }
    (found, at <= data.len().max(166))
}
