//! A network that is no longer as its manifest says: the step that mends it, or the date that it waits for.

use {
    crate::site::{DAY, Site},
    sluice_client::{
        Ledger, NetworkChange, StakePool, address,
        found::{Stage, State, Step},
        instruction,
        view::network::in_force,
    },
    std::mem::offset_of,
};

/// The change that is to be proposed.
fn proposed(step: Step) -> NetworkChange {
    match step {
        Step::Propose { change, .. } => *change,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_parameter_that_drifted_is_proposed_waited_for_and_applied() {
    let mut site = Site::standing();
    let (admin, network) = (site.key("admin"), site.wanted().unwrap().network.address);
    let found: sluice_client::Network = site.chain.get(&network).unwrap();
    let mut other = in_force(&found);
    other.params.fee_bps = 7;
    site.send(&[instruction::propose_change(&admin, &network, other)], &[]);
    assert_eq!(
        site.said(Stage::Parameters),
        ["in force; another change is pending"]
    );
    assert!(site.due().is_empty());
    site.chain.advance(7 * DAY);
    site.send(&[instruction::apply_change(&admin, &network)], &[]);

    let said = "propose fee_bps 7 -> 100; in force 7d later at the earliest";
    assert_eq!(site.said(Stage::Parameters), [said]);
    assert_eq!(proposed(site.one_due()), in_force(&found));
    let now = site.chain.now();
    site.apply();
    let survey = site.survey().unwrap();
    assert!(!survey.is_done());
    assert_eq!(survey.due().count(), 0, "only time helps");
    assert_eq!(survey.waits_until(), Some(now + 7 * DAY));
    let waiting: Vec<_> = survey.items.iter().filter(|item| !item.is_done()).collect();
    assert!(matches!(waiting[..], [item] if matches!(item.state, State::Waits(_))));

    site.chain.advance(7 * DAY - 1);
    assert!(site.due().is_empty());
    site.chain.advance(1);
    assert!(matches!(site.one_due(), Step::Apply { .. }));
    site.apply();
    assert!(site.survey().unwrap().is_done());
}

#[test]
fn every_role_and_parameter_that_differs_is_named() {
    let mut site = Site::standing();
    let heir = site.key("heir");
    let admin = site.key("admin");
    site.change("fee = '1%'", "fee = '3%'");
    site.change("min_bond = '50'", "min_bond = '55.5'");
    let roles = format!("[network.roles]\nguardian = '{heir}'");
    site.change("[network.roles]", &roles);
    let said = format!(
        "propose guardian {admin} -> {heir}, min_bond 50 -> 55.5, fee_bps 100 -> 300; in force 7d later at the earliest"
    );
    assert_eq!(site.said(Stage::Parameters), [said]);
    let change = proposed(site.one_due());
    assert_eq!(change.params.fee_bps, 300);
    assert_eq!(change.params.min_bond, 55_500_000_000);
    assert_eq!(change.guardian, heir);
}

#[test]
fn a_default_says_nothing_of_what_is_there() {
    let mut site = Site::standing();
    site.change("min_unbonding = '1d'\n", "");
    site.change("dividend_period = '2d'\n", "");
    assert!(site.survey().unwrap().is_done());
}

#[test]
fn a_proposal_that_lapsed_or_is_another_is_made_anew() {
    let mut site = Site::standing();
    site.change("fee = '1%'", "fee = '3%'");
    assert_eq!(site.apply(), [Stage::Parameters]);
    site.chain.advance(21 * DAY);
    assert_eq!(proposed(site.one_due()).params.fee_bps, 300);
    site.apply();
    assert!(site.survey().unwrap().waits_until().is_some());

    let network = site.wanted().unwrap().network;
    let mut other = network.change();
    other.params.fee_bps = 7;
    let (admin, network) = (site.key("admin"), network.address);
    site.send(&[instruction::propose_change(&admin, &network, other)], &[]);
    let [said] = <[String; 1]>::try_from(site.said(Stage::Parameters)).unwrap();
    assert!(
        said.contains("in place of the change that is pending"),
        "{said}"
    );
    assert_eq!(proposed(site.one_due()).params.fee_bps, 300);
}

#[test]
fn the_admin_is_handed_over_before_anything_is_proposed() {
    let mut site = Site::standing();
    let (admin, heir) = (site.key("admin"), site.key("heir"));
    let roles = format!("[network.roles]\nadmin = '{heir}'\nguardian = '{admin}'");
    site.change("[network.roles]", &roles);
    site.change("fee = '1%'", "fee = '3%'");
    let due = site.due();
    let both = [("network's admin", admin), ("network's admin to be", heir)];
    assert_eq!(due[0].signers(), both);
    assert_eq!(due[1].signers(), [("network's admin", heir)]);
    assert_eq!(
        site.said(Stage::Parameters)[0],
        format!("admin {admin} -> {heir}")
    );

    let network = site.wanted().unwrap().network.address;
    site.send(&[instruction::name_admin(&admin, &network, &heir)], &[]);
    assert_eq!(
        site.due()[0].signers(),
        [("network's admin to be", heir)],
        "who is named only accepts"
    );
    assert_eq!(site.apply().len(), 2);
    assert!(site.due().is_empty());
}

#[test]
fn more_stake_more_funds_and_another_set_are_each_one_step() {
    let mut site = Site::standing();
    site.change("funds = '500'", "funds = '600.25'");
    let deposit = *site.one_due().deposit().unwrap();
    assert_eq!(
        (deposit.owner, deposit.base),
        (site.key("funder"), 100_250_000)
    );
    assert_eq!(site.said(Stage::Funds), ["deposit 100.25 more, to 600.25"]);
    assert_eq!(site.apply(), [Stage::Funds]);

    site.manifest = site.manifest.replacen("stake = '60.5'", "stake = '61'", 1);
    assert_eq!(site.one_due().deposit().unwrap().base, 500_000_000);
    assert_eq!(site.apply(), [Stage::Stake]);

    // Another threshold is another set.
    site.without_pool();
    site.change("threshold = 2", "threshold = 3");
    assert_eq!(
        site.apply(),
        [Stage::Sets, Stage::Members, Stage::Members, Stage::Members]
    );
    // Less than there is is enough.
    site.change("stake = '61'", "stake = '1'");
    assert!(site.survey().unwrap().is_done());
}

#[test]
fn stake_that_was_slashed_is_made_up_once() {
    let mut site = Site::standing();
    let pool = address::stake_pool(&site.wanted().unwrap().attesters[0].address);
    let mut found = site.chain.account(&pool).unwrap().unwrap();
    // A price at which shares and their worth are both rounded.
    let at = 8 + offset_of!(StakePool, tokens);
    let left = 40_333_333_331_u64;
    found.data[at..at + 8].copy_from_slice(&left.to_le_bytes());
    site.chain.put(&pool, found.data, &found.owner).unwrap();
    assert_eq!(site.one_due().deposit().unwrap().base, 20_166_666_669);
    assert_eq!(
        site.said(Stage::Stake)[0],
        "stake 20.166666669 more, to 60.5"
    );
    site.apply();
    assert!(site.survey().unwrap().is_done());
}
