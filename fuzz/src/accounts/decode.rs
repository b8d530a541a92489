//! Accounts by the client's decoder and by the program's own readers of bytes.

use {
    super::{discriminator, places::*},
    crate::{bend::bend, pick::Pick},
    anchor_lang::Discriminator,
    bytemuck::Pod,
    sluice::state::{
        Attester, AttesterSet, Challenge, Epoch, Job, Network, Node, Offer, Position, Provider,
        RewardPool, Share, StakePool, Subject, Unstake,
    },
    sluice_client::account,
    solana_account::Account,
    solana_address::Address,
    std::sync::LazyLock,
};

/// Reads bytes as one type of account, and says whether they are one.
type Reader = fn(&Type, &Account) -> bool;

/// A type of account, as the IDL describes it.
struct Type {
    discriminator: [u8; 8],
    size: usize,
    read: Reader,
}

macro_rules! types {
    ($($name:ident),* $(,)?) => {
        [$(Type {
            discriminator: discriminator("account", stringify!($name)),
            size: size_of::<$name>(),
            read: read::<$name>,
        }),*]
    };
}

static TYPES: LazyLock<[Type; 14]> = LazyLock::new(|| {
    types![
        Provider,
        Attester,
        StakePool,
        AttesterSet,
        Challenge,
        Epoch,
        Job,
        Network,
        Node,
        Offer,
        Position,
        RewardPool,
        Share,
        Unstake,
    ]
});

/// One account, bent or of another owner, read as every type there is.
pub fn account(pick: &mut Pick) {
    let chosen = &TYPES[usize::from(pick.below(14))];
    let ours = pick.below(8) != 7;
    let mut data = chosen.discriminator.to_vec();
    data.resize(8 + chosen.size, pick.byte());
    bend(pick, &mut data);
    let body = pick.rest();
    for (byte, new) in data.iter_mut().skip(8).zip(body) {
        *byte = *new;
    }
    subject(&data);
    pool(&data);
    let account = Account {
        owner: if ours {
            sluice::ID
        } else {
            Address::new_from_array([6; 32])
        },
        data,
        ..Account::default()
    };
    let read = TYPES.iter().filter(|one| (one.read)(one, &account)).count();
    assert!(read <= 1, "bytes are read as {read} types");
    match read {
        0 => NOT_AN_ACCOUNT.reach(),
        _ => ACCOUNT.reach(),
    }
}

fn read<T: Pod + Discriminator>(one: &Type, account: &Account) -> bool {
    let decoded = account::decode::<T>(&Address::default(), account).ok();
    let end = 8 + one.size;
    let expected = account.owner == sluice::ID
        && account.data.len() >= end
        && account.data.starts_with(&one.discriminator);
    assert_eq!(decoded.is_some(), expected);
    if let Some(decoded) = decoded {
        assert!(bytemuck::bytes_of(&decoded) == &account.data[8..end]);
    }
    expected
}

/// A provider or an attester, by the first fields that both have.
fn subject(data: &[u8]) {
    let [provider, attester, ..] = &*TYPES;
    let kind = [provider, attester]
        .into_iter()
        .position(|one| data.starts_with(&one.discriminator));
    let expected = kind.filter(|_| data.len() >= 72);
    let subject = Subject::of(data).ok();
    assert_eq!(subject.is_some(), expected.is_some());
    if let (Some(subject), Some(kind)) = (subject, expected) {
        SUBJECT.reach();
        assert_eq!(usize::from(subject.kind), kind);
        let told = [subject.network, subject.owner].map(|key| key.to_bytes());
        assert!(told.concat() == data[8..72]);
    }
}

/// A stake pool of its own subject, and of no other.
fn pool(data: &[u8]) {
    let [_, _, one, ..] = &*TYPES;
    // As the runtime aligns an account's data.
    let mut aligned = vec![0u64; data.len().div_ceil(8)];
    let bytes: &mut [u8] = &mut bytemuck::cast_slice_mut(&mut aligned)[..data.len()];
    bytes.copy_from_slice(data);
    let subject = data.get(40..72).and_then(|key| Address::try_from(key).ok());
    let subject = subject.unwrap_or_default();
    let is_one = data.starts_with(&one.discriminator) && data.len() == 8 + one.size;
    let other = Address::new_from_array(subject.to_bytes().map(|byte| !byte));
    assert!(StakePool::of(bytes, &other).is_err());
    let pool = StakePool::of(bytes, &subject).ok();
    assert_eq!(pool.is_some(), is_one);
    if let Some(pool) = pool {
        POOL.reach();
        assert!(bytemuck::bytes_of(pool) == &data[8..]);
    }
}
