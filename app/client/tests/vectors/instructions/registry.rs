//! Instructions of networks, attesters, providers, nodes and offers.

use {
    super::case,
    crate::{hash, job, key},
    bytemuck::Zeroable,
    serde_json::Value,
    sluice_client::{
        Identity, NetworkArgs, NetworkParams, NetworkRoles, Node, NodeArgs, Offer, OfferArgs,
        Provider, Quality, SetArgs, address, instruction as ix,
    },
    solana_address::Address,
};

/// What a network is created with.
pub fn network_args() -> NetworkArgs {
    NetworkArgs {
        name: address::network_name("localnet").unwrap(),
        nonce: hash("nonce"),
        roles: NetworkRoles {
            admin: key("owner"),
            guardian: key("operator"),
            resolver: key("worker"),
            treasury: key("payer"),
        },
        params: NetworkParams {
            min_stake: 100,
            min_bond: 50,
            unbonding_secs: 86_400,
            timelock_secs: 172_800,
            fee_bps: 250,
            reserve: [0; 6],
            identity: Identity {
                credential: key("credential"),
                schema: key("schema"),
            },
        },
        min_unbonding_secs: 3_600,
        dividend_secs: 86_401,
    }
}

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, owner, operator] = ["payer", "owner", "operator"].map(key);
    let [network, provider, mint] = ["network", "provider", "mint"].map(key);
    let [attester, worker] = ["attester", "worker"].map(key);
    let args = network_args();
    let mut set_args = SetArgs {
        meter: hash("meter"),
        fee_owner: owner,
        revoker: operator,
        fee_bps: 100,
        threshold: 1,
        count: 2,
        keys: [Address::default(); 16],
        quality: Quality {
            mint,
            price: 7,
            per: 1_000,
            bond: 20_000_000_000,
            challenge_bond: 5_000_000_000,
            challenge_secs: 3_600,
            ruling_secs: 7_200,
        },
    };
    set_args.keys[..2].copy_from_slice(&[attester, worker]);
    let mut uri = [0; 64];
    uri[..5].copy_from_slice(b"a://b");
    let node_args = NodeArgs {
        metadata_hash: hash("metadata"),
        uri,
        slots_total: 8,
        class: 258,
        region: 772,
    };
    let set = address::attester_set(&network, &set_args.digest());
    let node_key = address::node(&provider, &worker);
    let node = Node {
        network,
        provider,
        rent_payer: payer,
        ..Node::zeroed()
    };
    let offer_args = OfferArgs {
        id: 3,
        terms: job::terms(),
        slots: 4,
        expires_at: 1_800_000_000,
    };
    let offer_key = address::offer(&node_key, 3);
    let offer = Offer {
        provider,
        rent_payer: payer,
        ..Offer::zeroed()
    };
    let its_provider = Provider {
        owner,
        rent_payer: payer,
        ..Provider::zeroed()
    };
    let of_owner = address::provider(&network, &owner);
    let cases = [
        case(
            "create_network",
            [("payer", &payer), ("creator", &owner)],
            [
                ("stake_mint", &mint),
                ("dividend_mint", &key("dividend mint")),
            ],
            [("args", &args)],
            &ix::create_network(&payer, &owner, &mint, &key("dividend mint"), args),
        ),
        case(
            "register_attester",
            [("payer", &payer), ("owner", &owner), ("key", &attester)],
            [("network", &network)],
            [],
            &ix::register_attester(&payer, &owner, &attester, &network),
        ),
        case(
            "update_attester",
            [("owner", &owner)],
            [("attester", &address::attester(&network, &attester))],
            [("uri", &[7u8; 64])],
            &ix::update_attester(&owner, &attester, &network, [7; 64]),
        ),
        case(
            "create_attester_set",
            [("payer", &payer)],
            [("network", &network)],
            [("digest", &set_args.digest()), ("args", &set_args)],
            &ix::create_attester_set(&payer, &network, set_args),
        ),
        case(
            "enter_attester_set",
            [("owner", &owner)],
            [
                ("network", &network),
                ("set", &set),
                ("attester", &address::attester(&network, &attester)),
            ],
            [("index", &1u8)],
            &ix::enter_attester_set(&owner, &network, &set, &attester, 1),
        ),
        case(
            "register_provider",
            [("payer", &payer), ("owner", &owner)],
            [("network", &network)],
            [("operator", &operator)],
            &ix::register_provider(&payer, &owner, &operator, &network),
        ),
        case(
            "register_node",
            [("payer", &payer), ("owner", &owner), ("worker", &worker)],
            [("provider", &of_owner), ("set", &set)],
            [("args", &node_args)],
            &ix::register_node(&payer, &owner, &worker, &network, &set, node_args),
        ),
        case(
            "post_offer",
            [("payer", &payer), ("operator", &operator)],
            [
                ("network", &network),
                ("provider", &provider),
                ("node", &node_key),
                ("mint", &mint),
            ],
            [("args", &offer_args)],
            &ix::post_offer(&payer, &operator, &node_key, &node, offer_args),
        ),
        case(
            "close_offer",
            [("closer", &operator)],
            [
                ("offer", &offer_key),
                ("rent_payer", &payer),
                ("provider", &provider),
            ],
            [],
            &ix::withdraw_offer(&operator, &offer_key, &offer),
        ),
        case(
            "close_offer",
            [("closer", &payer)],
            [("offer", &offer_key), ("rent_payer", &payer)],
            [],
            &ix::clear_offer(&payer, &offer_key, &offer),
        ),
        case(
            "leave_attester_set",
            [("remover", &owner)],
            [
                ("set", &set),
                ("attester", &address::attester(&network, &attester)),
            ],
            [("index", &1u8)],
            &ix::leave_attester_set(&owner, &network, &set, &attester, 1),
        ),
        case(
            "set_commission",
            [("owner", &owner)],
            [("network", &network)],
            [("bps", &1_234u16)],
            &ix::set_commission(&owner, &network, 1_234),
        ),
        case(
            "set_operator",
            [("owner", &owner)],
            [("provider", &of_owner)],
            [("operator", &operator)],
            &ix::set_operator(&of_owner, &its_provider, &operator),
        ),
        case(
            "close_provider",
            [("owner", &owner)],
            [("provider", &of_owner), ("rent_payer", &payer)],
            [],
            &ix::close_provider(&of_owner, &its_provider),
        ),
        case(
            "update_node",
            [("operator", &operator)],
            [("provider", &provider), ("node", &node_key)],
            [("args", &node_args)],
            &ix::update_node(&operator, &node_key, &node, node_args),
        ),
        case(
            "close_node",
            [("owner", &owner)],
            [
                ("provider", &provider),
                ("node", &node_key),
                ("rent_payer", &payer),
            ],
            [],
            &ix::close_node(&owner, &node_key, &node),
        ),
    ];
    cases.into()
}
