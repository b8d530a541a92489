//! Instructions of jobs.

use {
    super::{ata, case},
    crate::{hash, job, json::object, key, signer},
    bytemuck::Zeroable,
    serde_json::Value,
    sluice::state::AttesterSet,
    sluice_client::{
        Job, Network, NetworkRoles, OpenArgs, Terms, address,
        instruction::{self as ix, token::TOKEN_PROGRAM},
        statement::{Path, Statement},
    },
    solana_address::Address,
    solana_signer::Signer,
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, buyer, owner, operator] = ["payer", "buyer", "owner", "operator"].map(key);
    let [network, provider, node, set, mint] =
        ["network", "provider", "node", "set", "mint"].map(key);
    let key = key("job");
    let job = job::job(&key);
    let terms = job.terms;
    let open = OpenArgs {
        id: 5,
        terms,
        length_secs: 7_200,
        open_until: 1_800_000_000,
        funds: 123_456_789,
        spec_hash: hash("spec"),
        cosigner: Address::default(),
        provider,
        refund_owner: Address::default(),
        resolver: operator,
        max_fee_bps: 350,
    };
    let cosigned = OpenArgs {
        terms: Terms {
            set: Address::default(),
            ..terms
        },
        cosigner: operator,
        ..open
    };
    let provider_of_owner = address::provider(&network, &owner);
    let position = |provider| address::position(&address::stake_pool(provider), &owner);
    let opened = Job { state: 0, ..job };
    let roles = NetworkRoles {
        treasury: owner,
        ..NetworkRoles::zeroed()
    };
    let of_network = Network {
        roles,
        ..Network::zeroed()
    };
    let pull = |name, destination: &str, built| {
        let destination = ata(destination, "mint");
        case(
            name,
            [],
            [
                ("job", &key),
                ("mint", &mint),
                ("destination", &destination),
            ],
            [],
            &built,
        )
    };
    let cases = [
        case(
            "open_job",
            [("payer", &payer), ("buyer", &buyer)],
            [("network", &network), ("set", &set), ("mint", &mint)],
            [("args", &open)],
            &ix::open_job(&payer, &buyer, &network, &TOKEN_PROGRAM, open),
        ),
        case(
            "open_job",
            [("payer", &buyer), ("buyer", &buyer)],
            [("network", &network), ("mint", &mint)],
            [("args", &cosigned)],
            &ix::open_job(&buyer, &buyer, &network, &TOKEN_PROGRAM, cosigned),
        ),
        case(
            "accept_job",
            [("operator", &operator)],
            [
                ("network", &network),
                ("job", &key),
                ("set", &set),
                ("provider", &provider_of_owner),
                ("node", &node),
                ("position", &position(&provider_of_owner)),
            ],
            [("incarnation", &job.incarnation)],
            &ix::accept_job(&operator, &owner, &key, &job, &node),
        ),
        case(
            "top_up_job",
            [("funder", &payer)],
            [("job", &key), ("mint", &mint)],
            [("incarnation", &job.incarnation), ("amount", &u64::MAX)],
            &ix::top_up_job(&payer, &key, &job, &TOKEN_PROGRAM, u64::MAX),
        ),
        case("mature", [], [("job", &key)], [], &ix::mature(&key)),
        pull("pay", "owner", ix::pay(&key, &job, &TOKEN_PROGRAM)),
        pull(
            "refund",
            "refund owner",
            ix::refund(&key, &job, &TOKEN_PROGRAM),
        ),
        pull(
            "sweep_attesters",
            "fee owner",
            ix::sweep_attesters(&key, &job, &TOKEN_PROGRAM),
        ),
        case(
            "sweep_treasury",
            [],
            [
                ("network", &network),
                ("job", &key),
                ("mint", &mint),
                ("destination", &ata("owner", "mint")),
            ],
            [],
            &ix::sweep_treasury(&key, &job, &of_network, &TOKEN_PROGRAM),
        ),
        case(
            "cancel_job",
            [("party", &buyer)],
            [("job", &key), ("provider", &provider), ("set", &set)],
            [("incarnation", &job.incarnation)],
            &ix::cancel_job(&key, &job),
        ),
        case(
            "cancel_job",
            [("party", &buyer)],
            [("job", &key), ("set", &set)],
            [("incarnation", &job.incarnation)],
            &ix::cancel_job(&key, &opened),
        ),
        case(
            "release_job",
            [],
            [("job", &key), ("node", &node), ("provider", &provider)],
            [],
            &ix::release_job(&key, &job),
        ),
        case(
            "close_job",
            [],
            [
                ("job", &key),
                ("rent_payer", &job.rent_payer),
                ("mint", &mint),
                ("destination", &ata("refund owner", "mint")),
            ],
            [],
            &ix::close_job(&key, &job, &TOKEN_PROGRAM),
        ),
        case(
            "credit",
            [],
            [("job", &key), ("node", &node)],
            [],
            &ix::credit(&key, &job),
        ),
        case(
            "resign_job",
            [("party", &operator)],
            [("job", &key), ("provider", &provider), ("set", &set)],
            [("incarnation", &job.incarnation)],
            &ix::resign_job(&operator, &key, &job),
        ),
        case(
            "waive_job",
            [("party", &operator)],
            [("job", &key), ("provider", &provider), ("set", &set)],
            [("incarnation", &job.incarnation)],
            &ix::waive_job(&operator, &key, &job),
        ),
        case(
            "fault_job",
            [("party", &buyer)],
            [("job", &key), ("provider", &provider), ("set", &set)],
            [("incarnation", &job.incarnation)],
            &ix::fault_job(&buyer, &key, &job),
        ),
    ];
    [Vec::from(cases), proofs()].concat()
}

/// Of a window, on either path.
fn proofs() -> Vec<Value> {
    let key = key("job");
    let job = job::job(&key);
    let statement = Statement::of(&job, 3, 99, hash("evidence"));
    let keys = ["worker", "attester 1", "attester 2"].map(signer);
    let mut set = AttesterSet::zeroed();
    set.keys[0] = keys[2].pubkey();
    set.keys[1] = keys[1].pubkey();
    set.count = 2;
    let signed = |path| {
        keys.each_ref()
            .map(|key| statement.sign(path, key).unwrap())
    };
    let [worker, one, two] = signed(Path::Quorum);
    let [_, quorum] = ix::attest(&key, &job, &set, &statement, worker, &[one, two]).unwrap();
    let [worker, cosigner, _] = signed(Path::Cosigned);
    let [_, cosigned] = ix::attest_cosigned(&key, &statement, worker, cosigner).unwrap();
    let claim = object([
        ("window", &statement.window),
        ("units", &statement.units),
        ("digest", &statement.digest),
    ]);
    let cases = [
        case(
            "attest",
            [],
            [("job", &key), ("set", &job.terms.set)],
            [("args", &claim), ("members", &0x10u64)],
            &quorum,
        ),
        case(
            "attest_cosigned",
            [],
            [("job", &key)],
            [("args", &claim)],
            &cosigned,
        ),
    ];
    cases.into()
}
