//! Manifests that say what cannot be, each told in one sentence.

use {
    crate::site::Site,
    sluice_client::{ClientError, found::Error},
    std::str::FromStr,
};

/// One sentence that says `says`, and nothing else.
fn refused(site: &Site, says: &str) -> Error {
    let error = site.survey().unwrap_err();
    let text = error.to_string();
    assert!(text.contains(says), "{text} lacks '{says}'");
    assert_eq!(text.lines().count(), 1, "{text}");
    error
}

#[test]
fn a_bad_line_is_told_in_a_sentence() {
    let mut site = Site::new();
    let good = site.manifest.clone();
    let table: [(&str, &str, &str); 31] = [
        ("name = 'main'", "name = main", "line 2: "),
        (
            "name = 'main'",
            "nam = 'main'",
            "line 2: unknown field `nam`",
        ),
        ("name = 'main'", "", "line 1: missing field `name`"),
        (
            "[network.parameters]",
            "[parameters]",
            "missing field `parameters`",
        ),
        (
            "name = 'main'",
            "name = 'a name too long for it'",
            "between 1 and 16 bytes",
        ),
        ("name = 'main'", "name = ''", "between 1 and 16 bytes"),
        (
            "min_stake = '100'",
            "min_stake = 100",
            "invalid type: integer",
        ),
        (
            "min_stake = '100'",
            "min_stake = '1.0000000001'",
            "the mint has 9 decimals",
        ),
        ("min_stake = '100'", "min_stake = '-1'", "is not an amount"),
        (
            "unbonding = '7d'",
            "unbonding = '7 moons'",
            "'7 moons': expected whole seconds",
        ),
        (
            "unbonding = '7d'",
            "unbonding = '61d'",
            "network.parameters: unbonding must lie between",
        ),
        (
            "unbonding = '7d'",
            "unbonding = '1h'",
            "UnbondingOutOfBounds",
        ),
        ("timelock = '7d'", "timelock = '6d'", "TimelockTooShort"),
        ("fee = '1%'", "fee = '11%'", "FeeTooHigh"),
        ("fee = '1%'", "fee = '1 percent'", "expected basis points"),
        (
            "treasury = ",
            "treasury = '11111111111111111111111111111111' #",
            "RoleMissing",
        ),
        ("treasury = ", "treasury = 'me' #", "line 10: 'me': "),
        (
            "threshold = 2",
            "threshold = 4",
            "attester set 'all': the threshold must lie between",
        ),
        (
            "threshold = 2",
            "threshold = 2\nname = 'all'",
            "duplicate key",
        ),
        (
            "meter = '01",
            "meter = '0",
            "expected 64 hexadecimal digits",
        ),
        (
            "set = 'all'",
            "set = 'some'",
            "no attester set of the manifest is named 'some'",
        ),
        (
            "challenge_bond = '20'",
            "challenge_bond = '21'",
            "QualityOutOfBounds",
        ),
        ("price = '0.001'", "price = '0'", "QualityOutOfBounds"),
        (
            "end = '2026-03-01T00:00:00Z'",
            "end = '1790800000000'",
            "is it in milliseconds?",
        ),
        ("epoch = '1h'", "epoch = '59s'", "EpochOutOfBounds"),
        ("rate = '10'", "rate = '0'", "TermIsZero"),
        (
            "end = '2026-03-01T00:00:00Z'",
            "end = '+30d'",
            "a date in a manifest is absolute",
        ),
        (
            "end = '2026-03-01T00:00:00Z'",
            "end = 'spring'",
            "'spring': expected unix seconds",
        ),
        (
            "end = '2026-03-01T00:00:00Z'",
            "end = '2025-12-31T00:00:00Z'",
            "reward pool 1: ",
        ),
        (
            "[[reward_pool]]",
            "[[reward_pools]]",
            "unknown field `reward_pools`",
        ),
        ("id = 1", "id = -1", "invalid value: integer `-1`"),
    ];
    for (old, new, says) in table {
        site.change(old, new);
        refused(&site, says);
        site.manifest = good.clone();
    }
    let key = format!("key = '{}'", site.key("a1"));
    site.manifest = good.replacen(&key, "", 1);
    refused(&site, "missing field `key`");
}

#[test]
fn what_is_there_twice_is_refused() {
    let mut site = Site::new();
    let good = site.manifest.clone();
    let twice = |from: &str| {
        let begin = good.find(from).unwrap();
        let end = good[begin..]
            .find("\n\n")
            .map_or(good.len(), |end| begin + end);
        format!("{good}\n{}\n", &good[begin..end])
    };
    for what in ["attester", "attester_set", "reward_pool"] {
        site.manifest = twice(&format!("[[{what}]]"));
        let says = format!("the manifest has the {} ", what.replace('_', " "));
        assert!(matches!(refused(&site, &says), Error::Twice { .. }));
    }
    site.manifest = twice("[[attester_set]]").replacen("threshold = 2", "threshold = 1", 1);
    refused(&site, "two sets are named 'all'");
}

#[test]
fn a_set_of_too_many_is_refused() {
    let mut site = Site::new();
    let a1 = format!("'{}'", site.key("a1"));
    let many = vec![a1.as_str(); 15].join(", ");
    site.change(
        &format!("keys = ['{}'", site.key("a3")),
        &format!("keys = [{many}"),
    );
    // Seventeen, of which many are the same: the number is judged first.
    let error = refused(&site, "a set has between 1 and 16 members");
    assert!(matches!(error, Error::MemberCount));
}

#[test]
fn a_mint_must_be_there_be_one_and_be_no_sol() {
    let mut site = Site::new();
    let good = site.manifest.clone();
    let (stake, funder) = (
        site.stake.address.to_string(),
        site.key("funder").to_string(),
    );
    let nowhere = site.key("heir").to_string();
    site.manifest = good.replace(&stake, &nowhere);
    let says = format!("there is no mint at {nowhere}");
    assert!(matches!(refused(&site, &says), Error::NoMint(_)));
    let account = solana_address::Address::from_str(&funder).unwrap();
    site.chain.airdrop(&account, 1_000_000_000).unwrap();
    site.manifest = good.replace(&stake, &funder);
    let error = refused(&site, "is not a mint");
    assert!(matches!(error, Error::Client(ClientError::NotAMint(_))));

    let sol = "So11111111111111111111111111111111111111112";
    let authority = site.key("admin");
    let native = sol.parse().unwrap();
    site.chain.create_mint(&native, &authority, 9).unwrap();
    site.manifest = good.replace(
        &format!("stake_mint = '{stake}'"),
        &format!("stake_mint = '{sol}'"),
    );
    assert!(matches!(
        refused(&site, "wrapped SOL cannot be the stake mint"),
        Error::StakeIsSol
    ));
}
