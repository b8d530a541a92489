//! `sluice run KERNEL INPUTS`: looked at, planned, asked, begun.

use {
    super::{folder, goes::At, shown},
    crate::{
        failure::{Failure, Result},
        output::Fields,
        screen::Screen,
        session::Session,
    },
    clap::{Args, value_parser},
    sluice_client::{Ledger, amount},
    sluice_run::{
        begin::{self, Wish},
        judge::Wanted,
        order::{Price, Verify},
        runs::Held,
    },
    sluice_work::spec::CHUNK_MILLIS,
    solana_address::Address,
    std::{path::PathBuf, str::FromStr},
};

#[derive(Args, Debug)]
pub struct Start {
    /// The kernel: a WebAssembly module or an sBPF program (`sluice kernel`).
    kernel: PathBuf,
    /// The folder of inputs: each file is a chunk.
    inputs: PathBuf,
    /// The folder of results, a file for each input.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Highest price of --per units of work, token units of --mint.
    #[arg(long, value_name = "AMOUNT")]
    max_price: String,
    /// Units that --max-price buys.
    #[arg(long, value_name = "UNITS", default_value_t = 1, value_parser = value_parser!(u64).range(1..))]
    per: u64,
    /// Mint to pay in; by default the profile's.
    #[arg(id = "profile_mint", long = "mint", value_name = "ADDRESS")]
    mint: Option<Address>,
    /// Network to look in; by default the environment's or the profile's.
    #[arg(long, value_name = "ADDRESS")]
    network: Option<Address>,
    /// Most that may be in escrow and paid, token units; by default what the plan's deposits come to.
    #[arg(long, value_name = "AMOUNT")]
    budget: Option<String>,
    /// Most jobs at once; by default as many as make it faster.
    #[arg(long, value_name = "JOBS", value_parser = value_parser!(u32).range(1..))]
    nodes: Option<u32>,
    /// Only offers measured by this attester set.
    #[arg(long, value_name = "ADDRESS")]
    set: Option<Address>,
    /// Only nodes that declare this region.
    #[arg(long)]
    region: Option<u16>,
    /// Chunks of each window that are computed again here: a number, `all` or `none`.
    #[arg(long, value_name = "CHUNKS", default_value = "3")]
    verify: Checks,
    /// Challenge nothing: no stake tokens are needed, and a window that is false or withheld is paid.
    #[arg(long)]
    no_challenge: bool,
    /// How long a chunk takes, milliseconds; by default as measured here.
    #[arg(long, value_name = "MILLISECONDS", value_parser = value_parser!(u32).range(1..=i64::from(CHUNK_MILLIS)))]
    chunk_time: Option<u32>,
    /// Longest time of a chunk, milliseconds; by default ten times the longest that was measured, a quarter of a second at least.
    #[arg(long, value_name = "MILLISECONDS", value_parser = value_parser!(u32).range(1..=i64::from(CHUNK_MILLIS)))]
    most_time: Option<u32>,
    /// Most memory of a WebAssembly kernel, MiB; by default 64.
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u32).range(1..=1_024))]
    memory: Option<u32>,
    /// Most bytes of a result; by default four times the largest that was measured, 64 KiB at least.
    #[arg(long, value_name = "BYTES", value_parser = value_parser!(u32).range(1..=i64::from(64 << 20)))]
    most_output: Option<u32>,
    /// Extension of the results' files, letters and digits; by default each keeps its input's.
    #[arg(long, value_name = "EXTENSION")]
    extension: Option<String>,
    /// What people call the work; by default the kernel's name.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Ask attesters whose URLs lead to this machine or into private networks, too; by default only where the cluster is on this machine.
    #[arg(long)]
    allow_private: bool,
    /// End once every result is here and nothing is left to be challenged; the rest of the money comes back by `sluice run resume`.
    #[arg(long)]
    no_settle: bool,
}

/// How much is computed again.
#[derive(Clone, Copy, Debug)]
struct Checks(Verify);

impl FromStr for Checks {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self(match text {
            "all" => Verify::All,
            "none" => Verify::None,
            number => match number.parse() {
                Ok(0) => Verify::None,
                Ok(chunks) => Verify::Some(chunks),
                Err(_) => return Err("a number of chunks, `all` or `none`"),
            },
        }))
    }
}

impl Start {
    /// Looks at everything, asks, and goes on until it is done.
    pub fn run(self, session: &mut Session<impl Ledger>, screen: &mut Screen) -> Result<Fields> {
        let no_settle = self.no_settle;
        let wish = self.wish(session)?;
        let at = At::new(session, wish.is_private_allowed)?;
        let parties = (at.sender.buyer(), at.sender.payer());
        let waiting = session.waits("tries the kernel, and looks at offers and attesters");
        let ready = begin::prepare(&session.ledger, &at.caller, parties, &wish);
        drop(waiting);
        let ready = ready?;
        let fields = shown::plan(&ready);
        if session.is_dry_run() {
            return Ok(Fields::new().with("dry_run", true).join(fields));
        }
        if let Some(missing) = ready.missing.first() {
            return Err(Failure::Unfunded(missing.clone()));
        }
        if ready.plan.placements.is_empty() {
            return Err(Failure::input(shown::why(&ready)));
        }
        let budget = shown::Unit::of(session, &ready.mint).say(ready.settings.budget);
        let what = format!("puts up to {budget} of the mint {} into escrow", wish.mint);
        session.consent(&fields, &[what])?;
        let held = Held::create(&folder(session)?, &ready.settings, &ready.inputs)?;
        screen.note(&format!(
            "run {id}; if it is broken off, `sluice run resume {id}` goes on",
            id = ready.settings.id
        ));
        let engine = at.with(&held, ready.kernel, ready.inputs, ready.judge);
        engine.go(session, screen, no_settle)
    }

    fn wish(self, session: &Session<impl Ledger>) -> Result<Wish> {
        let network = match self.network {
            Some(network) => Some(network),
            None => session.profile.told("network")?,
        };
        let network = network.ok_or_else(|| {
            Failure::Usage(
                "--network is missing: give it, set SLUICE_NETWORK, or set network in the profile"
                    .to_owned(),
            )
        })?;
        let mint = self.mint.ok_or_else(|| {
            Failure::Usage("--mint is missing: give it, or set mint in the profile".to_owned())
        })?;
        let decimals = session.deposit_mint(&mint)?.decimals;
        let budget = self.budget.as_ref();
        let budget = budget
            .map(|text| amount::parse(text, decimals))
            .transpose()?;
        let host = session.cluster().url.to_string();
        let is_here = ["//localhost", "//127.", "//[::1]"]
            .iter()
            .any(|here| host.contains(here));
        Ok(Wish {
            network,
            mint,
            kernel: self.kernel,
            inputs: self.inputs,
            results: self.out,
            extension: self.extension,
            title: self.title,
            most: Price {
                price: amount::parse(&self.max_price, decimals)?,
                per: self.per,
            },
            budget,
            nodes: self.nodes,
            set: self.set,
            region: self.region,
            verify: self.verify.0,
            challenges: !self.no_challenge,
            is_private_allowed: self.allow_private || is_here,
            limits: Wanted {
                memory: self.memory.map(|mib| mib.saturating_mul(1 << 20)),
                output: self.most_output,
                millis: self.most_time,
            },
            chunk_millis: self.chunk_time,
        })
    }
}
