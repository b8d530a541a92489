//! Manifests that say what cannot be, each told in one sentence before anything is sent.

use {super::site::Site, sluice_cli::Exit};

#[test]
fn a_bad_manifest_is_told_in_a_sentence_with_its_exit_code() {
    let mut s = Site::new();
    let (stake, funder) = (s.bench.stake.address, s.bench.key("funder"));
    let nowhere = s.bench.key("nowhere");
    let (stake, nowhere, funder) = (stake.to_string(), nowhere.to_string(), funder.to_string());
    let bad = Exit::BadInput;
    let table = [
        // A line that is no TOML, one that says nothing, and one of a value's own rules.
        (
            "name = 'main'",
            "name = main",
            bad,
            "manifest.toml, line 2: ",
        ),
        (
            "name = 'main'",
            "nam = 'main'",
            bad,
            "line 2: unknown field `nam`",
        ),
        (
            "unbonding = '7d'",
            "unbonding = '7 moons'",
            bad,
            "'7 moons': expected whole seconds",
        ),
        (
            "min_stake = '100'",
            "min_stake = '-1'",
            bad,
            "is not an amount",
        ),
        // What no chain takes.
        ("name = 'main'", "name = ''", bad, "between 1 and 16 bytes"),
        ("fee = '1%'", "fee = '11%'", bad, "network.parameters: "),
        (
            "set = 'all'",
            "set = 'some'",
            bad,
            "no attester set of the manifest is named 'some'",
        ),
        // Accounts that are not there, and such as are no mints.
        (&stake, &nowhere, Exit::NotFound, "there is no mint at "),
        (&stake, &funder, bad, "is not a mint"),
    ];
    let good = s.manifest.clone();
    for (old, new, exit, says) in table {
        s.change(old, new);
        for verb in ["plan", "apply"] {
            let line = s.line(verb);
            s.bench.refused_as("admin", &line, exit, says);
        }
        s.manifest = good.clone();
    }
    let gone = format!("migrate plan --manifest {}", s.bench.path("gone.toml"));
    s.bench.refused(&gone, Exit::BadInput, "cannot be read");
    s.bench.refused("migrate plan", Exit::Usage, "--manifest");
}
