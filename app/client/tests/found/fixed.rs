//! What never changes: a manifest that wants it otherwise is refused, with field, found and wanted.

use {
    crate::site::{DAY, Site},
    sluice_client::{Attester, Ledger, Standing, found::Error, instruction},
    std::mem::offset_of,
};

/// Why the chain can never be as the manifest wants, a sentence each.
fn conflicts(site: &Site) -> Vec<String> {
    match site.survey() {
        Err(Error::Conflicts(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn sentence(field: &str, found: &dyn ToString, wanted: &dyn ToString) -> String {
    let (found, wanted) = (found.to_string(), wanted.to_string());
    format!("{field} is {found} and can never be {wanted}, which the manifest wants")
}

#[test]
fn what_never_changes_is_named_with_what_is_wanted_and_found() {
    let mut site = Site::standing();
    let (stake, pay) = (site.stake.address, site.pay.address);
    let [guild, heir, a1, funder] = ["guild", "heir", "a1", "funder"].map(|name| site.key(name));
    let pool = |field: &str| format!("reward pool 1: {field}");
    let one = |field: &str, found: &dyn ToString, wanted: &dyn ToString| {
        vec![sentence(field, found, wanted)]
    };
    let day = ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"];
    let refund = format!("epoch = '2h'\nrefund_owner = '{heir}'");
    let table: [(String, String, Vec<String>); 9] = [
        (
            format!("stake_mint = '{stake}'"),
            format!("stake_mint = '{pay}'"),
            one("network.stake_mint", &stake, &pay),
        ),
        (
            format!("dividend_mint = '{pay}'"),
            format!("dividend_mint = '{stake}'"),
            one("network.dividend_mint", &pay, &stake),
        ),
        (
            "min_unbonding = '1d'".into(),
            "min_unbonding = '2d'".into(),
            one("network.min_unbonding", &"1d", &"2d"),
        ),
        (
            "dividend_period = '2d'".into(),
            "dividend_period = '30d'".into(),
            one("network.dividend_period", &"2d", &"30d"),
        ),
        (
            format!("key = '{a1}'\nowner = '{guild}'\nstake = '60.5'"),
            format!("key = '{a1}'\nowner = '{heir}'"),
            one(&format!("the owner of attester {a1}"), &guild, &heir),
        ),
        (
            "rate = '10'".into(),
            "rate = '10.5'".into(),
            one(&pool("rate"), &"10", &"10.5"),
        ),
        (
            format!("end = '{}'", day[0]),
            format!("end = '{}'", day[1]),
            one(&pool("end"), &day[0], &day[1]),
        ),
        (
            "epoch = '1h'".into(),
            refund,
            vec![
                sentence(&pool("refund_owner"), &funder, &heir),
                sentence(&pool("epoch"), &"1h", &"2h"),
            ],
        ),
        (
            "node_cap = 10000".into(),
            "node_cap = 9".into(),
            one(&pool("node_cap"), &10_000, &9),
        ),
    ];
    let good = site.manifest.clone();
    for (old, new, says) in table {
        site.change(&old, &new);
        if old.starts_with("stake_mint") {
            // Amounts of stake are read with the other mint's decimals.
            assert_eq!(conflicts(&site)[0], says[0]);
        } else {
            assert_eq!(conflicts(&site), says);
        }
        site.manifest = good.clone();
    }
    assert!(site.survey().unwrap().is_done());
}

#[test]
fn several_differences_are_one_sentence_after_the_other() {
    let mut site = Site::standing();
    site.change("epoch = '1h'", "epoch = '2h'");
    site.change("dividend_period = '2d'", "dividend_period = '3d'");
    let why = site.survey().unwrap_err().to_string();
    let network = sentence("network.dividend_period", &"2d", &"3d");
    let pool = sentence("reward pool 1: epoch", &"1h", &"2h");
    assert_eq!(why, format!("{network}; {pool}"));
}

#[test]
fn the_unbonding_time_never_falls_below_its_floor() {
    let mut site = Site::standing();
    site.change("min_unbonding = '1d'", "");
    site.change("unbonding = '7d'", "unbonding = '1h'");
    let says =
        "network.parameters.unbonding can never be 1h, which the manifest wants: at least 1d";
    assert_eq!(conflicts(&site), [says]);
}

#[test]
fn a_pool_keeps_its_set() {
    let mut site = Site::standing();
    let old = site.wanted().unwrap().sets[0].address;
    site.change("threshold = 2", "threshold = 3");
    let new = site.wanted().unwrap().sets[0].address;
    assert_eq!(
        conflicts(&site),
        [sentence("reward pool 1: set", &old, &new)]
    );
}

#[test]
fn an_ended_pool_takes_no_funds_and_is_not_created() {
    let mut site = Site::standing();
    site.chain.advance(90 * DAY);
    assert!(site.survey().unwrap().is_done());
    site.change("funds = '500'", "funds = '501'");
    let says = "reward pool 1: funds are 500 and can never be 501, which the manifest wants, for the pool has ended";
    assert_eq!(conflicts(&site), [says]);
    site.change("id = 1", "id = 2");
    let says = "reward pool 2: its end, 2026-03-01T00:00:00Z, lies in the past";
    assert_eq!(conflicts(&site), [says]);
}

#[test]
fn an_attester_that_left_or_lied_cannot_be_live_again() {
    let mut site = Site::standing();
    let wanted = site.wanted().unwrap();
    let (network, set) = (wanted.network.address, &wanted.sets[0]);
    let (guild, key) = (site.key("guild"), set.args.keys[0]);
    let leave = instruction::leave_attester_set(&guild, &network, &set.address, &key, 0);
    site.send(&[leave], &[guild]);
    let address = set.address;
    let says = format!(
        "attester {key} left the set {address} and can never be live in it again, as the manifest wants"
    );
    assert_eq!(conflicts(&site), [says]);

    // As `show_equivocation` leaves it; a new set would take it in.
    let liar = &wanted.attesters[0];
    let mut account = site.chain.account(&liar.address).unwrap().unwrap();
    account.data[8 + offset_of!(Attester, standing)] = Standing::Tombstoned.byte();
    site.chain
        .put(&liar.address, account.data, &account.owner)
        .unwrap();
    site.without_pool();
    site.change("threshold = 2", "threshold = 1");
    let key = liar.key;
    let says = format!(
        "attester {key} is tombstoned and can never enter a set again, as the manifest wants"
    );
    assert_eq!(conflicts(&site), [says]);
}
