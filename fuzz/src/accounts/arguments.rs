//! Arguments of instructions: any bytes are read as they would be written, or refused.

use {
    super::places::*,
    crate::pick::Pick,
    anchor_lang::{
        BORSH_CONFIG, BorshConfig,
        wincode::{SchemaRead, SchemaWrite, config},
    },
    sluice::{
        Equivocation, NetworkArgs, OfferArgs, OpenArgs, TakeArgs,
        state::{
            NetworkChange, NetworkParams, NetworkRoles, NodeArgs, RewardTerms, Ruling, SetArgs,
            Terms,
        },
    },
};

/// One kind of arguments from the rest of the input.
pub fn arguments(pick: &mut Pick) {
    let kind = pick.below(12);
    let bytes = pick.rest();
    match kind {
        0 => {
            read::<OpenArgs>(bytes);
        }
        1 => {
            read::<TakeArgs>(bytes);
        }
        2 => {
            read::<OfferArgs>(bytes);
        }
        3 => {
            let params = read::<NetworkParams>(bytes);
            let _valid = params.map(|params| params.validate(1));
        }
        4 => {
            let set = read::<SetArgs>(bytes);
            let _valid = set.map(|set| (set.validate(), set.digest()));
        }
        5 => {
            read::<NodeArgs>(bytes);
        }
        6 => {
            let terms = read::<Terms>(bytes);
            let _valid = terms.map(|terms| terms.validate(u32::MAX));
        }
        7 => {
            read::<RewardTerms>(bytes);
        }
        8 => {
            read::<Ruling>(bytes);
        }
        9 => {
            read::<NetworkChange>(bytes);
        }
        10 => {
            let roles = read::<NetworkRoles>(bytes);
            let _valid = roles.map(|roles| roles.validate());
        }
        _ => {
            read::<Equivocation>(bytes);
            read::<NetworkArgs>(bytes);
        }
    }
}

/// Reads `bytes` as the program does; what was read is written back as it was.
fn read<'de, T>(bytes: &'de [u8]) -> Option<T>
where
    T: SchemaRead<'de, BorshConfig, Dst = T> + SchemaWrite<BorshConfig, Src = T>,
{
    let read: T = config::deserialize(bytes, BORSH_CONFIG).ok()?;
    ARGUMENTS.reach();
    let written = config::serialize(&read, BORSH_CONFIG).expect("what was read can be written");
    assert!(bytes.starts_with(&written));
    Some(read)
}
