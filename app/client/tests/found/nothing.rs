//! A network from nothing.

use {
    crate::site::Site,
    sluice_client::{
        AttesterSet, Ledger, RewardPool,
        found::{Error, Stage, Step},
    },
    std::fs,
};

#[test]
fn an_empty_chain_gives_every_step_in_order_and_none_is_left_after_them() {
    use Stage::*;
    let mut site = Site::new();
    let survey = site.survey().unwrap();
    assert!(!survey.is_done());
    assert_eq!(survey.waits_until(), None);
    let expected = [
        Network, Attesters, Attesters, Attesters, Stake, Stake, Stake, Sets, Members, Members,
        Members, Pools, Funds,
    ];
    assert_eq!(site.apply(), expected);

    let survey = site.survey().unwrap();
    assert!(survey.is_done());
    assert_eq!(survey.due().count(), 0);
    assert_eq!(survey.items.len(), expected.len() + 1, "the parameters too");
    assert!(site.apply().is_empty());

    let wanted = site.wanted().unwrap();
    let network: sluice_client::Network = site.chain.get(&wanted.network.address).unwrap();
    assert_eq!(network.params.fee_bps, 100);
    assert_eq!(network.roles.treasury, site.key("treasury"));
    assert_eq!(network.dividend_secs, 2 * 86_400);
    let set: AttesterSet = site.chain.get(&wanted.sets[0].address).unwrap();
    assert_eq!(set.live, 0b111);
    let pool: RewardPool = site.chain.get(&wanted.pools[0].address).unwrap();
    assert_eq!(pool.funded, 500_000_000);
}

#[test]
fn after_any_step_the_rest_is_due() {
    let mut site = Site::new();
    for left in (0..13).rev() {
        let first = site.due().remove(0);
        site.take(&first);
        assert_eq!(site.due().len(), left);
    }
}

#[test]
fn a_stage_is_shown_by_number_and_name() {
    assert_eq!(Stage::Network.to_string(), "0001 network");
    assert_eq!(Stage::Parameters.to_string(), "0002 roles and parameters");
    assert_eq!(Stage::Funds.to_string(), "0008 funds");
    assert_eq!(
        (Stage::Sets.number(), Stage::Sets.name()),
        (5, "attester sets")
    );
}

#[test]
fn who_has_to_sign_is_named_and_what_is_taken_is_told() {
    let site = Site::new();
    let due = site.due();
    let key = |name| site.key(name);
    assert_eq!(due[0].signers(), [("network's creator", key("admin"))]);
    let register = [("attester's owner", key("guild")), ("attester", key("a1"))];
    assert_eq!(due[1].signers(), register);
    assert_eq!(due[7].signers(), [], "anybody creates a set");
    let deposits: Vec<_> = due.iter().filter_map(Step::deposit).collect();
    let taken: Vec<_> = deposits.iter().map(|one| (one.owner, one.base)).collect();
    let (guild, funder) = (key("guild"), key("funder"));
    let stake = (guild, 60_500_000_000);
    assert_eq!(taken, [stake, stake, stake, (funder, 500_000_000)]);
}

#[test]
fn a_step_out_of_order_is_refused_before_it_is_sent() {
    let site = Site::new();
    let (due, payer) = (site.due(), site.key("admin"));
    let refused = |step: &Step| step.build(&site.chain, &payer, &payer).unwrap_err();
    for step in [&due[4], &due[12]] {
        let why = refused(step).to_string();
        assert!(why.starts_with("there is no account at "), "{why}");
    }
    assert!(matches!(refused(&due[8]), Error::NoStake(_)));
}

#[test]
fn the_rent_of_a_step_is_that_of_the_accounts_that_it_creates() {
    let mut site = Site::new();
    let payer = site.key("admin");
    for step in site.due() {
        let sending = step.build(&site.chain, &payer, &payer).unwrap();
        let rent = sending.creates.iter();
        let rent: u64 = rent
            .map(|bytes| site.chain.minimum_balance(*bytes).unwrap())
            .sum();
        let held = |site: &Site| site.chain.account(&payer).unwrap().unwrap().lamports;
        let before = held(&site);
        site.take(&step);
        let signatures = 1 + step
            .signers()
            .iter()
            .filter(|(_, key)| *key != payer)
            .count();
        let fee = 5_000 * u64::try_from(signatures).unwrap();
        assert_eq!(before - held(&site), rent + fee, "{step:?}");
    }
}

#[test]
fn a_nonce_and_defaults_are_what_a_manifest_leaves_out() {
    let mut site = Site::new();
    let given = "ab".repeat(32);
    site.change(
        "name = 'main'",
        &format!("name = 'main'\nnonce = '{given}'"),
    );
    assert_eq!(site.wanted().unwrap().network.args.nonce, [0xab; 32]);
    site.change("dividend_period = '2d'\n", "");
    site.change("min_unbonding = '1d'\n", "");
    site.change("timelock = '7d'\n", "");
    let args = site.wanted().unwrap().network.args;
    assert_eq!(args.dividend_secs, 7 * 86_400);
    assert_eq!(args.min_unbonding_secs, 7 * 86_400);
    assert_eq!(args.params.timelock_secs, 7 * 86_400);
    assert_eq!(args.roles.guardian, site.key("admin"));
}

#[test]
fn the_manifests_of_the_repository_are_good() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/manifests");
    assert_eq!(fs::read_dir(folder).unwrap().count(), 2);
    for (name, due) in [("localnet", 11), ("second", 13)] {
        let text = fs::read_to_string(format!("{folder}/{name}.toml")).unwrap();
        let mut site = Site::new();
        let authority = site.key("admin");
        for line in text.lines().filter(|line| line.contains("mint = ")) {
            let mint = line.split('"').nth(1).unwrap().parse().unwrap();
            site.chain.create_mint(&mint, &authority, 9).unwrap();
        }
        site.manifest = text;
        assert_eq!(site.due().len(), due, "{name}");
    }
}
