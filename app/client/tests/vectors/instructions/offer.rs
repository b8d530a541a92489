//! Instructions of offers.

use {
    super::case,
    crate::{hash, job, key},
    bytemuck::Zeroable,
    serde_json::Value,
    sluice_client::{
        Node, Offer, OfferArgs, Seen, TakeArgs, address,
        instruction::{self as ix, token::TOKEN_PROGRAM},
    },
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, buyer, owner, operator] = ["payer", "buyer", "owner", "operator"].map(key);
    let [network, provider, node, set, mint] =
        ["network", "provider", "node", "set", "mint"].map(key);
    let terms = job::terms();
    let posted_on = address::node(&provider, &key("worker"));
    let its_node = Node {
        network,
        provider,
        rent_payer: payer,
        ..Node::zeroed()
    };
    let args = OfferArgs {
        id: 3,
        terms,
        slots: 4,
        expires_at: 1_800_000_000,
    };
    let posted_key = address::offer(&posted_on, 3);
    let posted = Offer {
        provider,
        rent_payer: payer,
        ..Offer::zeroed()
    };
    let taken = Offer {
        network,
        provider,
        node,
        terms,
        ..Offer::zeroed()
    };
    let take = TakeArgs {
        id: 6,
        seen: Seen {
            incarnation: 9,
            price: terms.price,
            per: terms.per,
        },
        length_secs: 7_200,
        funds: 1,
        spec_hash: hash("spec"),
        cosigner: operator,
        refund_owner: owner,
        resolver: operator,
        max_fee_bps: 350,
    };
    let taken_key = address::offer(&node, 3);
    let position = address::position(&address::stake_pool(&provider), &owner);
    let cases = [
        case(
            "post_offer",
            [("payer", &payer), ("operator", &operator)],
            [
                ("network", &network),
                ("provider", &provider),
                ("node", &posted_on),
                ("mint", &mint),
            ],
            [("args", &args)],
            &ix::post_offer(&payer, &operator, &posted_on, &its_node, args),
        ),
        case(
            "close_offer",
            [("closer", &operator)],
            [
                ("offer", &posted_key),
                ("rent_payer", &payer),
                ("provider", &provider),
            ],
            [],
            &ix::withdraw_offer(&operator, &posted_key, &posted),
        ),
        case(
            "close_offer",
            [("closer", &payer)],
            [("offer", &posted_key), ("rent_payer", &payer)],
            [],
            &ix::clear_offer(&payer, &posted_key, &posted),
        ),
        case(
            "take_offer",
            [("payer", &payer), ("buyer", &buyer)],
            [
                ("network", &network),
                ("set", &set),
                ("mint", &mint),
                ("offer", &taken_key),
                ("provider", &provider),
                ("node", &node),
                ("position", &position),
            ],
            [("args", &take)],
            &ix::take_offer(
                &payer,
                &buyer,
                &taken_key,
                &taken,
                &owner,
                &TOKEN_PROGRAM,
                take,
            ),
        ),
    ];
    cases.into()
}
