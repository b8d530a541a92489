//! The `sluice` command as a process, on a chain of its own.

use {
    crate::of_workspace,
    serde_json::Value,
    sluice_localnet::{Localnet, files},
    std::{
        env, fs,
        path::{Path, PathBuf},
        process::{Command, Output},
    },
};

/// A chain, what it left in a folder, and the built command.
pub struct Shell {
    pub chain: Localnet,
    folder: PathBuf,
    sluice: PathBuf,
}

impl Shell {
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let chain = Localnet::start(&of_workspace()).unwrap();
        files::write(&chain, &folder).unwrap();
        Self {
            chain,
            folder,
            sluice: build(),
        }
    }

    /// Runs `sluice`, signed by `name`, which must succeed; returns its JSON.
    pub fn ok(&self, name: &str, line: &str) -> Value {
        let ran = self.run(name, line);
        let cause = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{line}: {cause}");
        serde_json::from_slice(&ran.stdout).unwrap()
    }

    /// Runs `sluice` with this in the place of a key file, which must succeed; returns its JSON.
    pub fn as_key(&self, key: &str, line: &str) -> Value {
        let ran = self.command(key, line).output().unwrap();
        let cause = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{line}: {cause}");
        serde_json::from_slice(&ran.stdout).unwrap()
    }

    /// Runs `sluice`, which must fail with `exit`; returns the name of the error.
    pub fn refused(&self, name: &str, line: &str, exit: i32) -> String {
        let ran = self.run(name, line);
        let cause = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(exit), "{line}: {cause}");
        let told: Value = serde_json::from_str(&cause).unwrap();
        told["error"]["name"].as_str().unwrap().to_owned()
    }

    /// A field of the JSON that is a string.
    pub fn field(&self, name: &str, line: &str, field: &str) -> String {
        self.ok(name, line)[field].as_str().unwrap().to_owned()
    }

    /// Path of the keypair file of `name`.
    pub fn key(&self, name: &str) -> String {
        let path = self.folder.join(name).with_extension("json");
        path.display().to_string()
    }

    /// Writes what a command printed to a file and returns its path.
    pub fn keep(&self, name: &str, content: &Value) -> String {
        let path = self.folder.join(name);
        fs::write(&path, content.to_string()).unwrap();
        path.display().to_string()
    }

    /// Moves the clock on as one does from a shell.
    pub fn warp(&self, by: &str) {
        let warped = Command::new(env!("CARGO_BIN_EXE_sluice-localnet"))
            .args(["warp", by, "--url", self.chain.rpc_url()])
            .status()
            .unwrap();
        assert!(warped.success());
    }

    /// Runs `sluice` with nothing but the configuration file that the chain left, which must succeed.
    pub fn configured(&self, line: &str) {
        let ran = Command::new(&self.sluice)
            .arg("--config")
            .arg(self.folder.join("config.yml"))
            .args(line.split_whitespace())
            .output()
            .unwrap();
        let cause = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{line}: {cause}");
    }

    /// The words that open the buyer's job `id`: an hour, 100 units at 0.01, and more money than that takes.
    pub fn opening(&self, id: u64) -> String {
        let w = self.chain.world();
        format!(
            "job open --network {} --id {id} --mint {} --set {} --price 0.01 --cap 100 --length 1h \
             --window 1h --grace 1h --challenge-time 1h --notice 1h --bond 20 --funds 2",
            w.network, w.usdc.address, w.set
        )
    }

    /// A path in the folder that the chain left.
    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// `sluice` with these words, signed by `name`.
    pub fn signed_by(&self, name: &str, line: &str) -> Command {
        self.command(&self.key(name), line)
    }

    /// Runs `sluice`, signed by `name`.
    pub fn run(&self, name: &str, line: &str) -> Output {
        self.signed_by(name, line).output().unwrap()
    }

    pub fn command(&self, key: &str, line: &str) -> Command {
        let mut command = Command::new(&self.sluice);
        if !line.contains("--url ") {
            command.args(["--url", self.chain.rpc_url(), "--ws", self.chain.ws_url()]);
        }
        command
            .args(["--output", "json", "--keypair", key])
            .args(line.split_whitespace())
            .env("HOME", &self.folder)
            .env_remove("XDG_STATE_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("SLUICE_PROFILE");
        command
    }

    /// `sluice` on the node at `url`, signed by `name`, before it runs.
    pub fn at(&self, url: &str, name: &str, line: &str) -> Command {
        let mut command = Command::new(&self.sluice);
        command
            .args(["--url", url])
            .args(["--keypair", &self.key(name)])
            .args(line.split_whitespace())
            .env("HOME", &self.folder)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("SLUICE_PROFILE")
            .env_remove("NO_DNA");
        command
    }

    /// Runs `sluice` in its form for people, which must succeed; returns both streams.
    pub fn people(&self, line: &str) -> (String, String) {
        let ran = self
            .at(self.chain.rpc_url(), "buyer", line)
            .output()
            .unwrap();
        let [out, err] = [ran.stdout, ran.stderr].map(|text| String::from_utf8(text).unwrap());
        assert!(ran.status.success(), "{line}: {err}");
        (out, err)
    }
}

/// Where `sluice` is: `SLUICE_COMMAND`, or as it is built now.
fn build() -> PathBuf {
    if let Some(built) = env::var_os("SLUICE_COMMAND") {
        return built.into();
    }
    let release = (!cfg!(debug_assertions)).then_some("--release");
    let mut cargo = Command::new(env!("CARGO"));
    // What cargo tells this test of its own package would make build scripts of others run again.
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_")) {
        cargo.env_remove(name);
    }
    let built = cargo
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("CARGO_MANIFEST_PATH")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "--locked", "--package", "sluice-cli"])
        .args(release)
        .status()
        .unwrap();
    assert!(built.success());
    // Tests lie in `deps`, beside which the commands are.
    let own = Path::new(env!("CARGO_BIN_EXE_sluice-localnet"));
    own.with_file_name(format!("sluice{}", env::consts::EXE_SUFFIX))
}
