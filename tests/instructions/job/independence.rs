//! Which accounts two jobs both write, read off the instruction builders.
use {
    sluice_client::{address, instruction as ix},
    sluice_tests::world::{JobHandle, Pull, Site},
    solana_address::Address,
    solana_instruction::Instruction,
    std::collections::BTreeSet,
};

/// What a job's work needs, one name each.
fn work(site: &Site, job: &JobHandle) -> Vec<(&'static str, Vec<Instruction>)> {
    let state = site.world.job(&job.address);
    vec![
        (
            "attest",
            site.world.attest_ixs(job, &site.set, 0, 1).to_vec(),
        ),
        (
            "attest_cosigned",
            site.world.cosigned_ixs(job, 0, 1).to_vec(),
        ),
        ("mature", vec![ix::mature(&job.address)]),
        ("pay", vec![site.world.pull(&job.address, Pull::Pay)]),
        ("refund", vec![site.world.pull(&job.address, Pull::Refund)]),
        ("credit", vec![ix::credit(&job.address, &state)]),
        (
            "sweep_treasury",
            vec![site.world.pull(&job.address, Pull::Treasury)],
        ),
        (
            "sweep_attesters",
            vec![site.world.pull(&job.address, Pull::Attesters)],
        ),
    ]
}

/// The accounts that these instructions write.
fn written(instructions: &[Instruction]) -> BTreeSet<Address> {
    instructions
        .iter()
        .flat_map(|one| &one.accounts)
        .filter(|meta| meta.is_writable)
        .map(|meta| meta.pubkey)
        .collect()
}

/// What each kind of work on the one job and all work on the other both write.
fn shared(site: &Site, one: &JobHandle, other: &JobHandle) -> Vec<(&'static str, Vec<Address>)> {
    let theirs: Vec<_> = work(site, other)
        .into_iter()
        .flat_map(|(_, all)| all)
        .collect();
    let theirs = written(&theirs);
    work(site, one)
        .into_iter()
        .map(|(name, mine)| {
            let both = written(&mine).intersection(&theirs).copied().collect();
            (name, both)
        })
        .collect()
}

fn token_account(site: &Site, owner: &Address) -> Address {
    let mint = site.world.pay_mint;
    address::token_account(owner, &mint.address, &mint.token_program)
}

#[test]
fn jobs_of_different_providers_and_buyers_share_nothing_but_the_fees_recipients() {
    let mut site = Site::new();
    let provider = site.world.provider();
    let node = site.world.node(&provider, &site.set.address);
    let terms = site.world.terms(&site.set.address);
    let other = site.world.active_job_with(&provider, &node, terms, |_| ());
    for (name, both) in shared(&site, &site.job, &other) {
        let recipient = match name {
            "sweep_treasury" => Some(site.recipient(Pull::Treasury)),
            "sweep_attesters" => Some(site.recipient(Pull::Attesters)),
            _ => None,
        };
        let expected: Vec<_> = recipient
            .iter()
            .map(|owner| token_account(&site, owner))
            .collect();
        assert_eq!(both, expected, "{name}");
    }
}

#[test]
fn jobs_on_one_node_share_that_node_and_the_payees_account_only() {
    let mut site = Site::new();
    let other = site.another(|_| ());
    let shared = shared(&site, &site.job, &other);
    let of = |name| &shared.iter().find(|(other, _)| *other == name).unwrap().1;
    for alone in ["attest", "attest_cosigned", "mature", "refund"] {
        assert_eq!(of(alone), &vec![], "{alone}");
    }
    assert_eq!(of("credit"), &vec![site.node.address]);
    let payee = token_account(&site, &site.job.provider_owner);
    assert_eq!(of("pay"), &vec![payee]);
}

#[test]
fn proving_writes_the_job_alone() {
    let site = Site::new();
    for (name, all) in work(&site, &site.job).into_iter().take(3) {
        assert_eq!(written(&all), BTreeSet::from([site.job.address]), "{name}");
    }
}

#[test]
fn what_the_builders_say_is_enough_to_run() {
    let mut site = Site::new();
    let other = site.another(|_| ());
    site.at(3_600);
    site.prove(0, 100);
    site.world.attest(&other, &site.set, 0, 100);
    site.settle();
    for job in [site.job.address, other.address] {
        let credit = ix::credit(&job, &site.world.job(&job));
        site.world.ok(&[credit], &[]);
        for what in Pull::ALL {
            let pull = site.world.pull(&job, what);
            site.world.ok(&[pull], &[]);
        }
        assert_eq!(site.world.vault(&job), 0);
    }
}
