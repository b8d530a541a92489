//! `sluice node`.

mod change;
mod list;

use {
    crate::{
        cmd::{
            listing::List,
            provider::{record, record_age},
        },
        failure::{Failure, Result, gone},
        output::Fields,
        parse::Hex32,
        session::{
            Plan, Session,
            own::{Part, the_only},
            size,
        },
    },
    clap::{Args, Subcommand},
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Ledger, Node, NodeArgs, Provider, address, foreign::Foreign, instruction, own,
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Registers a machine; the provider's owner and the worker's key sign.
    Register(Register),
    /// Describes a machine anew: slots, class, region, metadata; the provider's operator signs.
    Update(change::Update),
    /// Closes a machine without jobs; the provider's owner signs.
    Close(Close),
    /// Shows a machine and its proven units.
    Show(Show),
    /// Lists machines with their slots and proven units.
    List(List<list::Nodes>),
}

#[derive(Args, Debug)]
pub struct Register {
    /// Address of the provider's account; by default the only one that the signer owns.
    #[arg(
        long,
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    provider: Option<Address>,
    /// Keypair file of the worker, which will sign the machine's statements.
    #[arg(long, value_name = "PATH")]
    worker: String,
    /// The attester set that measures the machine; by default the only one of the network that has a quorum.
    #[arg(
        id = "profile_set",
        long = "set",
        value_name = "ADDRESS",
        conflicts_with = "cosigner_only"
    )]
    set: Option<Address>,
    /// The machine is measured by no set and works for buyers' cosigners only, as it does where the network has no set.
    #[arg(long)]
    cosigner_only: bool,
    /// Jobs that it can take at once.
    #[arg(long, default_value_t = 1)]
    slots: u16,
    /// Self-declared class, for search only.
    #[arg(long, default_value_t = 0)]
    class: u16,
    /// Self-declared region, for search only.
    #[arg(long, default_value_t = 0)]
    region: u16,
    /// Where the machine is described, up to 64 bytes.
    #[arg(long, default_value = "")]
    uri: String,
    /// Hash of that description, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    metadata_hash: Option<Hex32>,
}

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the node's account; by default the only one of the signer's provider.
    #[arg(env = "SLUICE_NODE", hide_env_values = true, value_name = "NODE")]
    node: Option<Address>,
}

#[derive(Args, Debug)]
pub struct Close {
    /// Address of the node's account.
    node: Address,
}

/// How a node is told.
const ASK: &str = "give its address";

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Register(verb) => verb.run(session),
            Self::Update(verb) => verb.run(session),
            Self::Close(target) => change::close(session, &target.node),
            Self::Show(verb) => verb.run(session),
            Self::List(verb) => verb.run(session),
        }
    }
}

impl Register {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let ask = "give one with --provider";
        let address = session.provider(self.provider, Part::Owner, ask)?;
        let worker = session.key(&self.worker)?;
        let node = address::node(&address, &worker.pubkey());
        session.gather([address, node].into_iter().chain(self.set))?;
        let provider: Provider = session.ledger.get(&address)?;
        let owner = session.signer_as("provider's owner", &provider.owner)?;
        let set = self.measured_by(session, &provider.network)?;
        session.require_absent("node", &node)?;
        let uri = uri_bytes(&self.uri)?;
        let plan = Plan::of(instruction::register_node(
            &session.payer()?.pubkey(),
            &owner.pubkey(),
            &worker.pubkey(),
            &provider.network,
            &set,
            NodeArgs {
                metadata_hash: self.metadata_hash.map_or([0; 32], |hash| hash.0),
                uri,
                slots_total: self.slots,
                class: self.class,
                region: self.region,
            },
        ));
        let fields = Fields::new()
            .with("node", node)
            .with("provider", address)
            .with("set", set)
            .with("worker", worker.pubkey());
        session.execute(
            plan.signed_by(owner)
                .signed_by(worker)
                .creating(size::<Node>()),
            fields,
        )
    }

    /// The set that was told, else the only one that there is.
    fn measured_by(&self, session: &Session<impl Ledger>, network: &Address) -> Result<Address> {
        if self.cosigner_only {
            return Ok(NOBODY);
        }
        if let Some(set) = self.set {
            session.ledger.get::<AttesterSet>(&set)?;
            return Ok(set);
        }
        let sets = own::live_sets(&session.ledger, network)?;
        if sets.is_empty() {
            return Ok(NOBODY);
        }
        let (set, _) = the_only(
            own::only(sets),
            "give one with --set, or --cosigner-only",
            |_| format!("the network {network} has several attester sets"),
        )?;
        Ok(set)
    }
}

/// Pads a URI to the account's 64 bytes.
pub fn uri_bytes(uri: &str) -> Result<[u8; 64]> {
    instruction::node_uri(uri).ok_or_else(|| Failure::input("the URI is longer than 64 bytes"))
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let (address, node) = match self.node {
            Some(address) => {
                let found = session.ledger.get(&address);
                (address, found.map_err(gone("node", &address))?)
            }
            None => session.node(None, Part::Either, None, ASK)?,
        };
        let slot = session.ledger.clock()?.slot;
        Ok(figures(&address, &node).join(record_age(node.opened_slot, slot)))
    }
}

/// A node and its record.
pub fn figures(address: &Address, node: &Node) -> Fields {
    Fields::new()
        .with("node", *address)
        .with("provider", node.provider)
        .with("worker", node.worker)
        .with("set", node.set)
        .unless_nothing()
        .with("network", node.network)
        .section("Machine")
        .with("units", node.units)
        .with("slots_used", node.slots_used)
        .with("slots_total", node.slots_total)
        .with("class", node.class)
        .unless_nothing()
        .with("region", node.region)
        .unless_nothing()
        .with("uri", Foreign::padded(&node.uri))
        .unless_nothing()
        .with("metadata_hash", node.metadata_hash)
        .unless_nothing()
        .join(record(&node.record, node.opened_slot))
}
