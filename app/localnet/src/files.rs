//! What a started chain leaves for other programs: keypair files, addresses, a configuration file for `solana` and `sluice`, a
//! profile for `sluice`, and what a shell sources.

use {
    crate::localnet::Localnet,
    anyhow::{Context, Result},
    serde_json::{Map, Value, json},
    solana_signer::Signer,
    std::{env, fs, path::Path},
};

/// Writes all of it into `folder`, over what an earlier run left.
pub fn write(chain: &Localnet, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let folder = folder.canonicalize()?;
    let put = |name: &str, content: String| {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    };
    for (name, key) in chain.world().cast.named() {
        let bytes = serde_json::to_string(key.to_bytes().as_slice())?;
        let file = format!("{name}.json");
        put(&file, bytes)?;
        hide(&folder.join(file))?;
    }
    let addresses = serde_json::to_string_pretty(&addresses(chain))?;
    put("addresses.json", addresses + "\n")?;
    put("env.sh", environment(chain, &folder)?)?;
    put("profile.toml", profile(chain))?;
    let signer = folder.join("buyer.json");
    put(
        "config.yml",
        format!(
            "---\njson_rpc_url: {}\nwebsocket_url: {}\nkeypair_path: {}\ncommitment: confirmed\n",
            chain.rpc_url(),
            chain.ws_url(),
            signer.display(),
        ),
    )
}

/// Lets nobody else read a key, as `solana-keygen` does; `sluice doctor` finds fault with others.
#[cfg(unix)]
fn hide(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        path,
        fs::Permissions::from_mode(0o600),
    )?)
}

#[cfg(not(unix))]
fn hide(_: &Path) -> Result<()> {
    Ok(())
}

/// For a shell to source: accounts as variables (`NODE`), keys too (`BUYER_KEY`), a function for each key that runs `sluice` as
/// that key (`buyer job list`), one that runs `sluice-agent` with an agent's configuration (`agent worker status`), and one that moves the
/// clock (`warp 1h`).
fn environment(chain: &Localnet, folder: &Path) -> Result<String> {
    let world = chain.world();
    let shout = |name: &str| name.to_uppercase().replace('-', "_");
    let own = env::current_exe()?;
    let beside = own.parent().unwrap_or(&own);
    // Tests lie one folder below the commands.
    let commands = match beside.file_name() {
        Some(name) if name == "deps" => beside.parent().unwrap_or(beside),
        _ => beside,
    };
    let mut text = format!(
        "export PATH='{}':\"$PATH\"\nexport SLUICE_NETWORK={}\nexport SLUICE_PROFILE='{}/profile.toml'\nwarp() {{ sluice-localnet warp \"$1\" --url {}; }}\nagent() {{ agent_config='{}/agents/'\"$1\"/agent.toml; shift; sluice-agent --config \"$agent_config\" \"$@\"; }}\n",
        commands.display(),
        world.network,
        folder.display(),
        chain.rpc_url(),
        folder.display(),
    );
    for (name, address) in world.addresses() {
        text.push_str(&format!("{}={address}\n", shout(&name)));
    }
    let folder = folder.display();
    for (name, key) in world.cast.named() {
        let function = name.replace('-', "_");
        text.push_str(&format!(
            "{}_KEY={}\n{function}() {{ sluice -C '{folder}/config.yml' -k '{folder}/{name}.json' \"$@\"; }}\n",
            shout(&name),
            key.pubkey(),
        ));
    }
    Ok(text)
}

/// The network in business as the command's profile: its accounts by name, mints by symbol, and keys where no account has the name.
fn profile(chain: &Localnet) -> String {
    let world = chain.world();
    let mut text = format!(
        "current = \"local\"\n\n[profiles.local]\nurl = \"{}\"\n",
        chain.rpc_url()
    );
    for (key, address) in [
        ("network", world.network),
        ("mint", world.usdc.address),
        ("set", world.set),
        ("provider", world.provider),
        ("node", world.node),
    ] {
        text.push_str(&format!("{key} = \"{address}\"\n"));
    }
    text.push_str("\n[profiles.local.names]\n");
    for (name, address) in world.names() {
        text.push_str(&format!("{name} = \"{address}\"\n"));
    }
    text
}

/// The URLs, the addresses of accounts and those of keys.
fn addresses(chain: &Localnet) -> Value {
    let world = chain.world();
    let accounts: Map<String, Value> = world
        .addresses()
        .into_iter()
        .map(|(name, address)| (name, json!(address.to_string())))
        .collect();
    let keys: Map<String, Value> = world
        .cast
        .named()
        .into_iter()
        .map(|(name, key)| (name, json!(key.pubkey().to_string())))
        .collect();
    json!({
        "rpc_url": chain.rpc_url(),
        "ws_url": chain.ws_url(),
        "accounts": accounts,
        "keys": keys,
    })
}

/// The table that is printed: accounts, then keys.
pub fn table(chain: &Localnet) -> String {
    let world = chain.world();
    let keys = world.cast.named().into_iter();
    let keys = keys.map(|(name, key)| (format!("{name}.json"), key.pubkey()));
    let mut text = String::new();
    for (name, address) in world.addresses().into_iter().chain(keys) {
        text.push_str(&format!("{name:<20} {address}\n"));
    }
    text
}
