//! Instructions of stake pools.

use {
    super::{ata, case},
    crate::key,
    bytemuck::Zeroable,
    serde_json::Value,
    sluice_client::{
        Position, StakePool, Unstake, address,
        instruction::{self as ix, token::TOKEN_PROGRAM},
    },
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, staker, giver] = ["payer", "buyer", "owner"].map(key);
    let [network, subject, mint] = ["network", "provider", "mint"].map(key);
    let pool_key = address::stake_pool(&subject);
    let position = address::position(&pool_key, &staker);
    let pool = StakePool {
        subject,
        mint,
        vault: address::vault(&pool_key),
        owner: giver,
        rent_payer: payer,
        ..StakePool::zeroed()
    };
    let ticket = Unstake {
        position,
        pool: pool_key,
        staker,
        rent_payer: payer,
        nonce: 12,
        ..Unstake::zeroed()
    };
    let of_staker = Position {
        pool: pool_key,
        staker,
        rent_payer: payer,
        ..Position::zeroed()
    };
    let cases = [
        case(
            "create_stake_pool",
            [("payer", &payer)],
            [
                ("network", &network),
                ("subject", &subject),
                ("mint", &mint),
            ],
            [],
            &ix::create_stake_pool(&payer, &network, &subject, &mint, &TOKEN_PROGRAM),
        ),
        case(
            "stake",
            [("payer", &payer), ("staker", &staker)],
            [("network", &network), ("pool", &pool_key), ("mint", &mint)],
            [("amount", &(1u64 << 53))],
            &ix::stake(
                &payer,
                &staker,
                &network,
                &pool_key,
                &mint,
                &TOKEN_PROGRAM,
                1 << 53,
            ),
        ),
        case(
            "unstake",
            [("payer", &payer), ("staker", &staker)],
            [("network", &network), ("pool", &pool_key)],
            [("shares", &40u64), ("nonce", &12u64)],
            &ix::unstake(&payer, &staker, &network, &pool_key, 40, 12),
        ),
        case(
            "withdraw",
            [],
            [
                ("pool", &pool_key),
                ("mint", &mint),
                ("destination", &ata("buyer", "mint")),
                ("position", &position),
                ("ticket", &address::unstake(&position, 12)),
                ("rent_payer", &payer),
            ],
            [],
            &ix::withdraw(&pool, &ticket, &TOKEN_PROGRAM),
        ),
        case(
            "add_dividends",
            [("payer", &payer), ("giver", &giver)],
            [("network", &network), ("pool", &pool_key), ("mint", &mint)],
            [("amount", &11u64)],
            &ix::add_dividends(
                &payer,
                &giver,
                &pool_key,
                &network,
                &mint,
                &TOKEN_PROGRAM,
                11,
            ),
        ),
        case(
            "cancel_unstake",
            [("staker", &staker)],
            [
                ("pool", &pool_key),
                ("position", &position),
                ("ticket", &address::unstake(&position, 12)),
                ("rent_payer", &payer),
            ],
            [],
            &ix::cancel_unstake(&ticket),
        ),
        case(
            "close_position",
            [("closer", &staker)],
            [
                ("pool", &pool_key),
                ("position", &position),
                ("rent_payer", &payer),
            ],
            [],
            &ix::close_position(&of_staker),
        ),
        case(
            "claim_dividends",
            [],
            [
                ("pool", &pool_key),
                ("mint", &mint),
                ("destination", &ata("buyer", "mint")),
                ("position", &position),
            ],
            [],
            &ix::claim_dividends(&of_staker, &mint, &TOKEN_PROGRAM),
        ),
        case(
            "burn_slashed",
            [],
            [("pool", &pool_key), ("mint", &mint)],
            [],
            &ix::burn_slashed(&pool_key, &pool, &TOKEN_PROGRAM),
        ),
        case(
            "close_stake_pool",
            [("owner", &giver)],
            [
                ("pool", &pool_key),
                ("mint", &mint),
                ("destination", &ata("owner", "mint")),
                ("subject", &subject),
                ("rent_payer", &payer),
            ],
            [],
            &ix::close_stake_pool(&pool, &mint, &TOKEN_PROGRAM),
        ),
    ];
    cases.into()
}
