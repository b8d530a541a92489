//! Manifests that say what cannot be, each told in one sentence before anything is sent.

use {super::site::Site, sluice_cli::Exit};

#[test]
fn a_bad_manifest_is_told_in_a_sentence() {
    let mut s = Site::new();
    let (stake, funder) = (s.bench.stake.address, s.bench.key("funder"));
    let nowhere = s.bench.key("nowhere");
    let sol = "So11111111111111111111111111111111111111112";
    let a1 = s.bench.key("a1");
    let table: [(&str, &str, &str); 31] = [
        ("name = 'main'", "name = main", "manifest.toml, line 2: "),
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
    let refused = |s: &mut Site, says: &str| {
        for verb in ["plan", "apply"] {
            let line = s.line(verb);
            s.bench.refused_as("admin", &line, Exit::BadInput, says);
        }
    };
    let good = s.manifest.clone();
    for (old, new, says) in table {
        s.change(old, new);
        refused(&mut s, says);
        s.manifest = good.clone();
    }
    let twice = |from: &str| {
        let begin = good.find(from).unwrap();
        let end = good[begin..]
            .find("\n\n")
            .map_or(good.len(), |end| begin + end);
        format!("{good}\n{}\n", &good[begin..end])
    };
    for (from, says) in [
        ("[[attester]]", "has the attester "),
        ("[[attester_set]]", "has the attester set "),
        ("[[reward_pool]]", "has the reward pool "),
    ] {
        s.manifest = twice(from);
        refused(&mut s, says);
    }
    s.manifest = twice("[[attester_set]]").replacen("threshold = 2", "threshold = 1", 1);
    refused(&mut s, "two sets are named 'all'");
    s.manifest = good.replace(
        &format!("stake_mint = '{stake}'"),
        &format!("stake_mint = '{sol}'"),
    );
    let authority = s.bench.key("admin");
    let native = sol.parse().unwrap();
    s.bench
        .ledger
        .chain
        .create_mint(&native, &authority, 9)
        .unwrap();
    refused(&mut s, "wrapped SOL cannot be the stake mint");
    // Accounts that are not there, and such as are no mints.
    for (other, exit, says) in [
        (nowhere, Exit::NotFound, "there is no mint at "),
        (funder, Exit::BadInput, "is not a mint"),
    ] {
        s.manifest = good.replace(&stake.to_string(), &other.to_string());
        let line = s.line("plan");
        s.bench.refused_as("admin", &line, exit, says);
    }
    s.manifest = good.replacen(&format!("key = '{a1}'"), "", 1);
    refused(&mut s, "missing field `key`");
    let gone = format!("migrate plan --manifest {}", s.bench.path("gone.toml"));
    s.bench.refused(&gone, Exit::BadInput, "cannot be read");
    s.bench.refused("migrate plan", Exit::Usage, "--manifest");
}
