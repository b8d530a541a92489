//! `sluice node`.

mod change;
mod list;

use {
    crate::{
        cmd::provider::{record, record_age},
        failure::{Failure, Result, gone},
        output::Fields,
        parse::Hex32,
        session::{Plan, Session, size},
    },
    clap::{Args, Subcommand},
    sluice::constants::NOBODY,
    sluice_client::{
        AttesterSet, Ledger, Node, NodeArgs, Provider, address, foreign::Foreign, instruction,
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
    Close(Show),
    /// Shows a machine and its proven units.
    Show(Show),
    /// Lists machines with their slots and proven units.
    List(list::List),
}

#[derive(Args, Debug)]
pub struct Register {
    /// Address of the provider's account.
    #[arg(long, value_name = "ADDRESS")]
    provider: Address,
    /// Keypair file of the worker, which will sign the machine's statements.
    #[arg(long, value_name = "PATH")]
    worker: String,
    /// The attester set that measures the machine; without it, it works for cosigners only.
    #[arg(long, value_name = "ADDRESS")]
    set: Option<Address>,
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
    /// Address of the node's account.
    node: Address,
}

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
        let provider: Provider = session.ledger.get(&self.provider)?;
        let owner = session.signer_as("provider's owner", &provider.owner)?;
        let worker = session.key(&self.worker)?;
        if let Some(set) = &self.set {
            session.ledger.get::<AttesterSet>(set)?;
        }
        let node = address::node(&self.provider, &worker.pubkey());
        session.require_absent("node", &node)?;
        let uri = uri_bytes(&self.uri)?;
        let plan = Plan::of(instruction::register_node(
            &session.payer()?.pubkey(),
            &owner.pubkey(),
            &worker.pubkey(),
            &provider.network,
            &self.set.unwrap_or(NOBODY),
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
            .with("worker", worker.pubkey());
        session.execute(
            plan.signed_by(owner)
                .signed_by(worker)
                .creating(size::<Node>()),
            fields,
        )
    }
}

/// Pads a URI to the account's 64 bytes.
pub fn uri_bytes(uri: &str) -> Result<[u8; 64]> {
    instruction::node_uri(uri).ok_or_else(|| Failure::input("the URI is longer than 64 bytes"))
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let found = session.ledger.get(&self.node);
        let node: Node = found.map_err(gone("node", &self.node))?;
        let slot = session.ledger.clock()?.slot;
        Ok(figures(&self.node, &node).join(record_age(node.opened_slot, slot)))
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
