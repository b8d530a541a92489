//! Instructions of challenges.

use {
    super::{ata, case},
    crate::{hash, job, key},
    bytemuck::Zeroable,
    serde_json::Value,
    sluice_client::{
        Challenge, Ruling, StakePool, Verdict, address,
        instruction::{self as ix, token::TOKEN_PROGRAM},
    },
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, buyer, owner, ruler] = ["payer", "buyer", "owner", "operator"].map(key);
    let [network, set, mint, signer] = ["network", "set", "mint", "worker"].map(key);
    let [job_key, provider] = ["job", "provider"].map(key);
    let job = job::job(&job_key);
    let pool_key = address::stake_pool(&provider);
    let attester_key = address::attester(&network, &signer);
    let position = address::position(&address::stake_pool(&attester_key), &owner);
    let challenge_key = address::challenge(&job_key, job.incarnation, 7);
    let upheld = Challenge {
        job: job_key,
        network,
        pool: pool_key,
        set,
        challenger: buyer,
        payee: owner,
        rent_payer: payer,
        incarnation: job.incarnation,
        window: 7,
        verdict: Verdict::Upheld.byte(),
        ..Challenge::zeroed()
    };
    let void = Challenge {
        verdict: Verdict::Void.byte(),
        ..upheld
    };
    let lapsed = Challenge {
        verdict: Verdict::Lapsed.byte(),
        ..upheld
    };
    let pool = StakePool {
        mint,
        vault: address::vault(&pool_key),
        ..StakePool::zeroed()
    };
    let ruling = Ruling {
        void: 1,
        signers_lied: 0,
        reason: 515,
        slash: 1 << 34,
        evidence: hash("reasons"),
    };
    let settle = |destination: &str, challenge| {
        case(
            "settle_challenge",
            [],
            [
                ("pool", &pool_key),
                ("mint", &mint),
                ("destination", &ata(destination, "mint")),
                ("challenge", &challenge_key),
                ("rent_payer", &payer),
            ],
            [],
            &ix::settle_challenge(challenge, &pool, &TOKEN_PROGRAM),
        )
    };
    let cases = [
        case(
            "challenge",
            [("payer", &payer), ("challenger", &buyer)],
            [("job", &job_key), ("pool", &pool_key), ("mint", &mint)],
            [
                ("incarnation", &job.incarnation),
                ("window", &7u32),
                ("reason", &513u16),
                ("evidence", &hash("evidence")),
            ],
            &ix::challenge(
                &payer,
                &buyer,
                &job_key,
                &job,
                &mint,
                &TOKEN_PROGRAM,
                7,
                (513, hash("evidence")),
            ),
        ),
        case(
            "add_evidence",
            [("author", &owner)],
            [("challenge", &challenge_key)],
            [("piece", &hash("piece"))],
            &ix::add_evidence(&owner, &challenge_key, hash("piece")),
        ),
        case(
            "rule_challenge",
            [("ruler", &ruler)],
            [
                ("job", &job_key),
                ("challenge", &challenge_key),
                ("pool", &pool_key),
            ],
            [("args", &ruling)],
            &ix::rule_challenge(&ruler, &upheld, ruling),
        ),
        case(
            "slash_signer",
            [],
            [
                ("challenge", &challenge_key),
                ("set", &set),
                ("attester", &attester_key),
                ("position", &position),
            ],
            [("index", &3u8)],
            &ix::slash_signer(&void, &signer, &owner, 3),
        ),
        settle("owner", &upheld),
        settle("buyer", &void),
        settle("buyer", &lapsed),
    ];
    cases.into()
}
