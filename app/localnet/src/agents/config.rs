//! What agents are told.

use {
    crate::localnet::Localnet,
    anyhow::{Result, ensure},
    solana_address::Address,
    std::{
        env,
        hash::{BuildHasher, Hasher, RandomState},
        net::{SocketAddr, TcpListener},
        ops::Range,
        path::{Path, PathBuf},
    },
};

/// What an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It works.
    Worker,
    /// It attests.
    Attester,
}

impl Role {
    /// The verb of the command.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Attester => "attester",
        }
    }
}

/// An agent to be started.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What it is called, unlike all others.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// The program; [`command`] by default.
    pub program: PathBuf,
    /// Where it is asked, if it serves.
    pub url: Option<String>,
    /// Where it listens, if it serves.
    pub serve: Option<SocketAddr>,
    /// Where it is watched.
    pub watch: SocketAddr,
    /// Its configuration, TOML.
    pub text: String,
}

/// What a worker accepts and offers.
#[derive(Clone, Copy, Debug)]
pub struct Business<'a> {
    /// The mint of payments.
    pub mint: &'a Address,
    /// Least base units for a thousand units of work.
    pub least: u64,
    /// Base units for a unit of work in its offer; none without one.
    pub offer: Option<u64>,
}

impl Setting {
    /// An attester with the key in this file. Members and workers are on this machine.
    ///
    /// # Errors
    /// Where no port is free.
    pub fn attester(chain: &Localnet, name: &str, key: &Path) -> Result<Self> {
        let [serve, watch] = free()?;
        let mut text = head(chain, Role::Attester);
        text.push_str(&format!(
            "[keys]\nattester = {key:?}\n\n[serve]\nlisten = \"{serve}\"\nrequests_a_second = 1000\n\n\
             [watch]\nlisten = \"{watch}\"\n\n[members]\nallow_private = true\n"
        ));
        Ok(Self {
            name: name.to_owned(),
            role: Role::Attester,
            program: command()?,
            url: Some(format!("http://{serve}")),
            serve: Some(serve),
            watch,
            text,
        })
    }

    /// A worker whose operator and nodes have the keys in these files.
    ///
    /// # Errors
    /// Where no port is free.
    pub fn worker(
        chain: &Localnet,
        name: &str,
        operator: &Path,
        nodes: &[&Path],
        business: &Business,
    ) -> Result<Self> {
        let [watch] = free()?;
        let mut text = head(chain, Role::Worker);
        text.push_str(&format!("[keys]\noperator = {operator:?}\n\n"));
        for node in nodes {
            text.push_str(&format!("[[node]]\nkey = {node:?}\n\n"));
        }
        // Rent of offers is most of it. There is nothing to save here.
        text.push_str("[fees]\nlamports_a_day = 10000000000\npull_every_secs = 5\n\n");
        let Business { mint, least, offer } = business;
        text.push_str(&format!(
            "[accept]\nopen = \"any\"\nleast_window_secs = 1\nleast_grace_secs = 1\n\n[[accept.price]]\nmint = \"{mint}\"\nprice = {least}\nper = 1000\n\n"
        ));
        if let Some(price) = offer {
            text.push_str(&format!(
                "[[offer]]\nmint = \"{mint}\"\nprice = {price}\n{OFFER}\n"
            ));
        }
        text.push_str(&format!(
            "[watch]\nlisten = \"{watch}\"\n\n[members]\nallow_private = true\n"
        ));
        Ok(Self {
            name: name.to_owned(),
            role: Role::Worker,
            program: command()?,
            url: None,
            serve: None,
            watch,
            text,
        })
    }
}

/// What lets a first piece of work be over in minutes. The cap has many divisors: a buyer divides it by the chunks that a window is to
/// have. It pays less, and can be challenged for a shorter time, than the set of the local network asks for, so it counts for no rewards.
const OFFER: &str = "cap = 5040
window_secs = 20
grace_secs = 30
challenge_secs = 30
ruling_secs = 60
notice_secs = 20
fault_windows = 6
max_length_secs = 86400
bond = 20000000000
challenge_bond = 20000000000
slots = 4
stands_secs = 86400
";

fn head(chain: &Localnet, role: Role) -> String {
    format!(
        "role = \"{}\"\n\n[chain]\nnetwork = \"{}\"\nurl = \"{}\"\npoll_secs = 1\n\n",
        role.verb(),
        chain.world().network,
        chain.rpc_url()
    )
}

/// Ports that no system gives to who connects: Linux begins at 32,768, others later. One of those could be taken before an agent listens, or
/// while it starts anew.
const PORTS: Range<u16> = 10_000..32_000;
/// So many are tried before it is said that none is free.
const TRIES: usize = 1_000;

/// Addresses on loopback that nobody listens at, unlike each other.
fn free<const N: usize>() -> Result<[SocketAddr; N]> {
    let mut held = vec![];
    for _ in 0..TRIES {
        if held.len() == N {
            break;
        }
        let chance = RandomState::new().build_hasher().finish();
        let place = chance % u64::try_from(PORTS.len())?;
        let port = PORTS.start.saturating_add(u16::try_from(place)?);
        held.extend(TcpListener::bind(("127.0.0.1", port)));
    }
    ensure!(held.len() == N, "no port is free");
    let mut addresses = [SocketAddr::from(([127, 0, 0, 1], 0)); N];
    for (address, held) in addresses.iter_mut().zip(held) {
        *address = held.local_addr()?;
    }
    Ok(addresses)
}

/// `sluice-agent`, beside this program. Tests lie one folder below the commands.
///
/// # Errors
/// Where this program is nowhere.
pub fn command() -> Result<PathBuf> {
    let own = env::current_exe()?;
    let beside = own.parent().unwrap_or(&own);
    let commands = match beside.file_name() {
        Some(name) if name == "deps" => beside.parent().unwrap_or(beside),
        _ => beside,
    };
    let name = format!("sluice-agent{}", env::consts::EXE_SUFFIX);
    Ok(commands.join(name))
}
