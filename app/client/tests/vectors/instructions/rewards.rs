//! Instructions of reward pools.

use {
    super::{ata, case},
    crate::key,
    bytemuck::Zeroable,
    serde_json::Value,
    sluice::state::ShareSlot,
    sluice_client::{
        Epoch, Node, RewardPool, RewardTerms, Share, StakePool, address,
        instruction::{self as ix, NewRewardPool, token::TOKEN_PROGRAM},
    },
    solana_address::Address,
};

const HOUR: i64 = 3_600;

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, creator, operator, owner] = ["payer", "buyer", "operator", "owner"].map(key);
    let [network, set, mint] = ["network", "set", "mint"].map(key);
    let [provider, node_key] = ["provider", "node"].map(key);
    let pool_key = address::reward_pool(&network, &creator, 4);
    let terms = RewardTerms {
        rate: 1 << 40,
        ceiling: 3,
        node_cap: 5,
        start_at: 0,
        end_at: 100 * HOUR,
        epoch_secs: 3_600,
        reserve: [0; 4],
    };
    let new = NewRewardPool {
        network,
        set,
        mint,
        token_program: TOKEN_PROGRAM,
        id: 4,
        terms,
        refund_owner: owner,
    };
    let pool = RewardPool {
        network,
        mint,
        vault: address::vault(&pool_key),
        refund_owner: owner,
        rent_payer: payer,
        terms,
        incarnation: 70,
        ..RewardPool::zeroed()
    };
    let slot = |epoch_plus_one| ShareSlot {
        epoch_plus_one,
        ..ShareSlot::zeroed()
    };
    let share = Share {
        pool: pool_key,
        node: node_key,
        provider,
        payee: owner,
        rent_payer: payer,
        slots: [slot(3), slot(0)],
        ..Share::zeroed()
    };
    let full = Share {
        slots: [slot(3), slot(6)],
        ..share
    };
    let staked = StakePool {
        active_shares: 1,
        ..StakePool::zeroed()
    };
    let epoch = Epoch {
        pool: pool_key,
        rent_payer: payer,
        index: 2,
        ..Epoch::zeroed()
    };
    let node = Node {
        provider,
        ..Node::zeroed()
    };
    let share_key = address::share(&pool_key, &node_key);
    let at = |index| address::epoch(&pool_key, index);
    let stake = address::stake_pool(&provider);
    let dividends = address::dividends(&stake);
    let to: Address = ata("owner", "mint");
    let cases = [
        case(
            "create_reward_pool",
            [("payer", &payer), ("creator", &creator)],
            [("network", &network), ("set", &set), ("mint", &mint)],
            [("id", &4u64), ("terms", &terms), ("refund_owner", &owner)],
            &ix::create_reward_pool(&payer, &creator, &new),
        ),
        case(
            "fund_reward_pool",
            [("funder", &creator)],
            [("network", &network), ("pool", &pool_key), ("mint", &mint)],
            [("incarnation", &70u64), ("amount", &9u64)],
            &ix::fund_reward_pool(&creator, &pool_key, &pool, &TOKEN_PROGRAM, 9),
        ),
        case(
            "join_reward_pool",
            [("payer", &payer), ("operator", &operator)],
            [
                ("provider", &provider),
                ("node", &node_key),
                ("pool", &pool_key),
            ],
            [("incarnation", &70u64)],
            &ix::join_reward_pool(&payer, &operator, &pool_key, &pool, &node_key, &node),
        ),
        case(
            "report",
            [],
            [
                ("pool", &pool_key),
                ("node", &node_key),
                ("provider", &provider),
                ("epoch", &at(2)),
            ],
            [],
            &ix::report(&pool_key, &node_key, &provider, Some(2)),
        ),
        case(
            "report",
            [],
            [
                ("pool", &pool_key),
                ("node", &node_key),
                ("provider", &provider),
            ],
            [],
            &ix::report(&pool_key, &node_key, &provider, None),
        ),
        case(
            "open_epoch",
            [("payer", &payer)],
            [
                ("pool", &pool_key),
                ("node", &node_key),
                ("provider", &provider),
            ],
            [("index", &2u64)],
            &ix::open_epoch(&payer, &pool_key, &node_key, &provider, 2),
        ),
        case(
            "claim",
            [],
            [
                ("pool", &pool_key),
                ("share", &share_key),
                ("streaming", &at(2)),
                ("mint", &mint),
                ("destination", &to),
            ],
            [],
            &ix::claim(&pool_key, &pool, &share, 4 * HOUR, &TOKEN_PROGRAM),
        ),
        case(
            "pay_delegators",
            [],
            [
                ("pool", &pool_key),
                ("share", &share_key),
                ("streaming", &at(2)),
                ("ended", &at(5)),
                ("mint", &mint),
                ("destination", &dividends),
                ("stake", &stake),
            ],
            [],
            &ix::pay_delegators(
                &pool_key,
                &pool,
                &full,
                Some(&staked),
                9 * HOUR,
                &TOKEN_PROGRAM,
            ),
        ),
        case(
            "return_unallocated",
            [],
            [("pool", &pool_key), ("mint", &mint), ("destination", &to)],
            [],
            &ix::return_unallocated(&pool_key, &pool, &TOKEN_PROGRAM),
        ),
        case(
            "close_reward_pool",
            [],
            [
                ("pool", &pool_key),
                ("mint", &mint),
                ("destination", &to),
                ("rent_payer", &payer),
            ],
            [],
            &ix::close_reward_pool(&pool_key, &pool, &TOKEN_PROGRAM),
        ),
        case(
            "close_share",
            [("signer", &owner)],
            [
                ("pool", &pool_key),
                ("share", &share_key),
                ("rent_payer", &payer),
            ],
            [],
            &ix::close_share(&owner, &share),
        ),
        case(
            "fold",
            [],
            [
                ("pool", &pool_key),
                ("share", &share_key),
                ("epoch", &at(2)),
            ],
            [],
            &ix::fold(&pool_key, &node_key, 2),
        ),
        case(
            "close_epoch",
            [],
            [
                ("pool", &pool_key),
                ("epoch", &at(2)),
                ("rent_payer", &payer),
            ],
            [],
            &ix::close_epoch(&epoch),
        ),
    ];
    cases.into()
}
