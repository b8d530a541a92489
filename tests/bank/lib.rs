//! The core path on solana-program-test's Bank, with the same ELF: a job is opened, accepted, proven and paid.
#![cfg(test)]

mod bank;

use {
    bank::{Bank, key},
    sluice_client::{
        AttesterSet, Identity, Job, Network, NetworkArgs, NetworkParams, NetworkRoles, NodeArgs,
        OpenArgs, Quality, SetArgs, Terms, address, instruction as ix,
        statement::{Path, Statement},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

const TOKEN: u64 = 1_000_000;
const DAY: u32 = 86_400;
const NAME: [u8; 16] = *b"bank\0\0\0\0\0\0\0\0\0\0\0\0";

fn network_args(admin: &Address) -> NetworkArgs {
    NetworkArgs {
        name: NAME,
        nonce: [1; 32],
        roles: NetworkRoles {
            admin: *admin,
            guardian: *admin,
            resolver: *admin,
            treasury: *admin,
        },
        params: NetworkParams {
            min_stake: TOKEN,
            min_bond: TOKEN,
            unbonding_secs: 7 * DAY,
            timelock_secs: 7 * DAY,
            fee_bps: 200,
            reserve: [0; 6],
            identity: Identity::NONE,
        },
        min_unbonding_secs: 7 * DAY,
        dividend_secs: DAY,
    }
}

fn terms(mint: &Address, set: &Address) -> Terms {
    Terms {
        mint: *mint,
        set: *set,
        price: TOKEN,
        per: 1,
        cap: 10,
        bond: 5 * TOKEN,
        challenge_bond: TOKEN,
        max_length_secs: u64::from(DAY),
        window_secs: 3_600,
        grace_secs: 3_600,
        challenge_secs: 3_600,
        ruling_secs: 3_600,
        notice_secs: 0,
        fault_windows: 1,
    }
}

/// Registers what stands behind `subject`: pool, position and 100 tokens of stake.
async fn stake(bank: &mut Bank, subject: &Address, owner: &Keypair) {
    let (payer, mint, network) = (bank.payer(), bank.mint, bank.network);
    let pool = address::stake_pool(subject);
    bank.mint_to(&owner.pubkey(), 100 * TOKEN).await;
    bank.send(
        &[
            ix::create_stake_pool(
                &payer,
                &network,
                subject,
                &mint.address,
                &mint.token_program,
            ),
            ix::stake(
                &payer,
                &owner.pubkey(),
                &network,
                &pool,
                &mint.address,
                &mint.token_program,
                100 * TOKEN,
            ),
        ],
        &[owner],
    )
    .await;
}

#[tokio::test]
async fn a_job_is_paid_to_the_base_unit_on_a_real_bank() {
    let mut bank = Bank::start(NAME).await;
    let (payer, mint, network) = (bank.payer(), bank.mint, bank.network);
    let [owner, attester, fee_owner, provider_owner, worker, buyer] = [1, 2, 3, 4, 5, 6].map(key);

    let create = ix::create_network(
        &payer,
        &payer,
        &mint.address,
        &mint.address,
        network_args(&payer),
    );
    let register = ix::register_attester(&payer, &owner.pubkey(), &attester.pubkey(), &network);
    bank.send(&[create, register], &[&owner, &attester]).await;
    let attester_address = address::attester(&network, &attester.pubkey());
    stake(&mut bank, &attester_address, &owner).await;

    let mut keys = [Address::default(); 16];
    keys[0] = attester.pubkey();
    let set_args = SetArgs {
        meter: [2; 32],
        fee_owner: fee_owner.pubkey(),
        revoker: payer,
        fee_bps: 100,
        threshold: 1,
        count: 1,
        keys,
        quality: Quality {
            mint: bank.mint.address,
            price: 1,
            per: 1,
            bond: TOKEN,
            challenge_bond: TOKEN,
            challenge_secs: 60,
            ruling_secs: 60,
        },
    };
    let set = address::attester_set(&network, &set_args.digest());
    bank.send(
        &[
            ix::create_attester_set(&payer, &network, set_args),
            ix::enter_attester_set(&owner.pubkey(), &network, &set, &attester.pubkey(), 0),
        ],
        &[&owner],
    )
    .await;

    let provider = address::provider(&network, &provider_owner.pubkey());
    let node = address::node(&provider, &worker.pubkey());
    let node_args = NodeArgs {
        metadata_hash: [0; 32],
        uri: [0; 64],
        slots_total: 1,
        class: 0,
        region: 0,
    };
    bank.send(
        &[
            ix::register_provider(
                &payer,
                &provider_owner.pubkey(),
                &provider_owner.pubkey(),
                &network,
            ),
            ix::register_node(
                &payer,
                &provider_owner.pubkey(),
                &worker.pubkey(),
                &network,
                &set,
                node_args,
            ),
        ],
        &[&provider_owner, &worker],
    )
    .await;
    stake(&mut bank, &provider, &provider_owner).await;

    bank.mint_to(&buyer.pubkey(), 100 * TOKEN).await;
    let args = OpenArgs {
        id: 1,
        terms: terms(&mint.address, &set),
        length_secs: 2 * 3_600,
        open_until: bank.now().await + 3_600,
        funds: 100 * TOKEN,
        spec_hash: [0; 32],
        cosigner: Address::default(),
        provider: Address::default(),
        refund_owner: Address::default(),
        resolver: payer,
        max_fee_bps: 1_000,
    };
    let job_key = address::job(&network, &buyer.pubkey(), 1);
    bank.send(
        &[ix::open_job(
            &payer,
            &buyer.pubkey(),
            &network,
            &mint.token_program,
            args,
        )],
        &[&buyer],
    )
    .await;
    let job: Job = bank.get(&job_key).await;
    let accept = ix::accept_job(
        &provider_owner.pubkey(),
        &provider_owner.pubkey(),
        &job_key,
        &job,
        &node,
    );
    bank.send(&[accept], &[&provider_owner]).await;

    bank.advance(3_600).await;
    let job: Job = bank.get(&job_key).await;
    let set_state: AttesterSet = bank.get(&set).await;
    let statement = Statement::of(&job, 0, 7, [4; 32]);
    let proof = ix::attest(
        &job_key,
        &job,
        &set_state,
        &statement,
        statement.sign(Path::Quorum, &worker).unwrap(),
        &[statement.sign(Path::Quorum, &attester).unwrap()],
    )
    .unwrap();
    bank.send(&proof, &[]).await;
    bank.advance(2 * 3_600).await;

    for owner in [
        provider_owner.pubkey(),
        fee_owner.pubkey(),
        payer,
        buyer.pubkey(),
    ] {
        bank.open_account(&owner).await;
    }
    let network_state: Network = bank.get(&network).await;
    bank.send(
        &[
            ix::pay(&job_key, &job, &mint.token_program),
            ix::sweep_treasury(&job_key, &job, &network_state, &mint.token_program),
            ix::sweep_attesters(&job_key, &job, &mint.token_program),
            ix::refund(&job_key, &job, &mint.token_program),
        ],
        &[],
    )
    .await;

    // Seven units at one token each; 2 % to the treasury, 1 % to the attesters; nothing can be proven any more.
    assert_eq!(bank.tokens(&provider_owner.pubkey()).await, 6_790_000);
    assert_eq!(bank.tokens(&payer).await, 140_000);
    assert_eq!(bank.tokens(&fee_owner.pubkey()).await, 70_000);
    assert_eq!(bank.tokens(&buyer.pubkey()).await, 93 * TOKEN);
}
