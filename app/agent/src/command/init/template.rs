//! The text of a configuration. A line `#name = value` is an option with its default; `# name = value` is one that is absent by default.

use {
    super::{Attester, Chain, Price, Worker},
    sluice_client::{Address, ledger::Endpoint},
    std::{fmt::Write, path::Path},
};

/// A TOML string.
fn text(value: &str) -> String {
    // What JSON writes is a basic string of TOML, but for one letter that TOML wants escaped.
    let json = serde_json::Value::from(value).to_string();
    json.replace('\u{7f}', "\\u007f")
}

fn path(value: &Path) -> String {
    text(&value.to_string_lossy())
}

/// An option that is written where it differs from its default, and shown as that where not.
fn option(name: &str, value: &str, default: &str) -> String {
    if value == default {
        format!("#{name} = {default}")
    } else {
        format!("{name} = {value}")
    }
}

fn price(price: &Price) -> String {
    let Price { mint, price, per } = price;
    format!("mint = \"{mint}\"\nprice = {price}\nper = {per}\n")
}

fn chain(network: &Address, url: &Endpoint) -> String {
    let url = text(url.expose());
    format!(
        "\
[chain]
# Address of the network.
network = \"{network}\"
# JSON-RPC of a node. It may hold a key: this file is readable by its owner alone, and no log shows more than the host.
url = {url}
# Seconds between looks at the chain.
#poll_secs = 5
"
    )
}

/// Where the process is watched, and where members are asked.
fn ends(of: &Chain) -> String {
    let watch = of.watch.map_or_else(
        || "# listen = \"127.0.0.1:9787\"".to_owned(),
        |listen| format!("listen = \"{listen}\""),
    );
    let private = option("allow_private", &of.allow_private.to_string(), "false");
    format!(
        "
[watch]
# Where /metrics (Prometheus) and /healthz are served, to this machine or a private network alone; nowhere by default.
{watch}

[members]
# URLs that lead to this machine or into private networks may be asked, whoever published them. For tests and local chains.
{private}

# Where one attester is asked, in the place of the URL that its owner published; as many as are needed.
# [[members.at]]
# key = \"11111111111111111111111111111111\"
# url = \"https://attester.example\"
"
    )
}

/// The configuration of a worker.
pub fn worker(worker: &Worker, network: &Address, url: &Endpoint) -> String {
    let mut out = String::from(
        "\
# Configuration of `sluice-agent worker`. Paths are relative to this file's folder. A line `#name = value` shows an option's default.
role = \"worker\"

",
    );
    out.push_str(&chain(network, url));
    let _ = write!(
        out,
        "
[keys]
# Keypair file of the provider's operator: it accepts jobs and pays fees. Only this file's owner may read it, as every key.
operator = {}

# The nodes that work here, each with the keypair file of its worker.
",
        path(&worker.operator)
    );
    for key in &worker.keys {
        let _ = write!(out, "[[node]]\nkey = {}\n\n", path(key));
    }
    let _ = write!(
        out,
        "\
[work]
# The folder of state, journals and outputs. It moves with the keys: windows that ended before are signed from its journal alone.
{}
# Kernels that run at once; 0 for one each core.
#processes = 0
# Kernels run where the system cannot shut them in. Never beside a key that is worth anything.
#without_confinement = false
# Jobs whose chunks may take longer than this are not accepted, milliseconds.
#most_chunk_millis = 600000
# Judged jobs that give less time than this to answer a demand are not accepted, seconds.
#least_answer_secs = 21600

[accept]
# Which open jobs are looked at: \"none\" (only offers bring jobs), \"named\" (those that name this provider), \"any\" (those that name anyone, too).
{}
# Open jobs with shorter windows are not accepted, seconds: every window costs the fee of a proof.
#least_window_secs = 10
# Open jobs that give less time to prove a window are not accepted, seconds.
#least_grace_secs = 60
# Open jobs that lock a larger bond, base units of the stake mint, are not accepted; any bond is where it is absent.
# most_bond = 100000000000

# The least price of each mint at which jobs are accepted: `price` base units for `per` units of work. A job in another mint is not accepted.
",
        option("state", &path(&worker.chain.state), "\"state\""),
        option("open", &text(&worker.open.to_string()), "\"named\""),
    );
    if worker.accept.is_empty() {
        out.push_str(
            "# [[accept.price]]\n# mint = \"11111111111111111111111111111111\"\n# price = 1000\n# per = 1\n\n",
        );
    }
    for accepted in &worker.accept {
        let _ = write!(out, "[[accept.price]]\n{}\n", price(accepted));
    }
    out.push_str(
        "\
[fees]
# Most lamports of fees and rent a day, by the chain's clock.
#lamports_a_day = 10000000
# Micro-lamports a compute unit that proofs offer to be taken sooner.
#unit_price = 0
# Pay, credit and rewards are pulled no more often than this, seconds.
#pull_every_secs = 3600

",
    );
    out.push_str(&offer(worker));
    out.push_str(&ends(&worker.chain));
    out
}

/// What an offer is; a comment where there is none.
fn offer(worker: &Worker) -> String {
    let example = Price {
        mint: Address::default(),
        price: 1_000,
        per: 1,
    };
    let offered = worker.offer.as_ref();
    let Price { mint, price, per } = offered.unwrap_or(&example);
    let (cap, bond, slots) = (worker.cap.unwrap_or(100), worker.bond, worker.slots);
    let lines = [
        "[[offer]]".to_owned(),
        "# Mint of the payment.".to_owned(),
        format!("mint = \"{mint}\""),
        "# Base units for `per` units of work when all slots are free, and when one is left: in between it rises with the slots in use. Without \
         `most_price` it does not rise."
            .to_owned(),
        format!("price = {price}"),
        format!("# most_price = {price}"),
        format!("per = {per}"),
        "# Most units of a window, and seconds: of a window, to prove it, to challenge a proof, to rule on a challenge, of notice."
            .to_owned(),
        format!("cap = {cap}"),
        "window_secs = 3600".to_owned(),
        "grace_secs = 3600".to_owned(),
        "challenge_secs = 3600".to_owned(),
        "ruling_secs = 3600".to_owned(),
        "notice_secs = 3600".to_owned(),
        "# Unproven windows in a row by which either side may end the job, and the longest job, seconds.".to_owned(),
        "fault_windows = 3".to_owned(),
        "max_length_secs = 2592000".to_owned(),
        "# The bonds of the provider and of a challenger, base units of the stake mint.".to_owned(),
        format!("bond = {bond}"),
        "challenge_bond = 0".to_owned(),
        "# Slots of each node that it offers, and for how long it stands before it is renewed, seconds."
            .to_owned(),
        format!("slots = {slots}"),
        "stands_secs = 604800".to_owned(),
    ];
    let mut out = String::from(
        "# Offers that are kept in the market, renewed and priced anew; as many as are wanted.\n",
    );
    for line in lines {
        let is_comment = line.starts_with('#') || offered.is_some();
        let _ = writeln!(out, "{}{line}", if is_comment { "" } else { "# " });
    }
    out
}

/// The configuration of an attester.
pub fn attester(attester: &Attester, network: &Address, url: &Endpoint) -> String {
    let mut out = String::from(
        "\
# Configuration of `sluice-agent attester`. Paths are relative to this file's folder. A line `#name = value` shows an option's default.
role = \"attester\"

",
    );
    out.push_str(&chain(network, url));
    let sample = attester.sample.map_or_else(
        || "# sample = 16".to_owned(),
        |sample| format!("sample = {sample}"),
    );
    let _ = write!(
        out,
        "
[keys]
# Keypair file of the attester's key. Only this file's owner may read it. One process signs with it, on one machine.
attester = {}

[serve]
# Where it listens, behind whatever ends TLS.
listen = \"{}\"
# Connections at once.
#connections = 256
# Requests a second of one address.
#requests_a_second = 50
# The address of the one who asks is the last in X-Forwarded-For: only behind a proxy that writes it.
{}

[store]
# The folder of blobs and journals. A copy of it that runs beside the first, or an older one, costs the bond.
{}
# Bytes that every funded job may have here.
#free_bytes = 67108864
# Bytes beside them, for each base unit of attestation fee that the job's funding can yield.
#bytes_per_fee_unit = 1024
# Most bytes of one job.
#most_bytes = 4294967296

[check]
# Kernels that run at once; 0 for one each core.
#processes = 0
# Chunks of a window that it computes again; all where it is absent. Jobs whose signers answer for a lie are always computed in full.
{sample}
# How much more work it admits than it could check if every chunk took its longest time.
#overcommit = 4
# Kernels run where the system cannot shut them in. Never beside a key that is worth anything.
#without_confinement = false

[guard]
# Keypair file of who challenges false windows, pays the fees of that and has stake tokens for the bonds. Without one nothing is challenged.
# challenger = \"challenger.json\"
# Most base units of the stake mint that bonds may hold at once.
#most_bonds = 0
",
        path(&attester.key),
        attester.serve,
        option("is_behind_proxy", &attester.behind_proxy.to_string(), "false"),
        option("state", &path(&attester.chain.state), "\"state\""),
    );
    out.push_str(&ends(&attester.chain));
    out
}
