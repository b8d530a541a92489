//! `sluice node update` and `close`.

use {
    super::{ASK, uri_bytes},
    crate::{
        failure::Result,
        output::Fields,
        parse::Hex32,
        session::{Plan, Session, own::Part},
    },
    clap::{ArgGroup, Args},
    sluice_client::{Ledger, Node, NodeArgs, Provider, instruction},
    solana_address::Address,
};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("change").required(true).multiple(true).args([
    "slots", "class", "region", "uri", "metadata_hash",
]))]
pub struct Update {
    /// Address of the node's account; by default the only one of the signer's provider.
    #[arg(env = "SLUICE_NODE", hide_env_values = true, value_name = "NODE")]
    node: Option<Address>,
    /// Jobs that it can take at once; by default as before.
    #[arg(long)]
    slots: Option<u16>,
    /// Self-declared class; by default as before.
    #[arg(long)]
    class: Option<u16>,
    /// Self-declared region; by default as before.
    #[arg(long)]
    region: Option<u16>,
    /// Where the machine is described, up to 64 bytes; by default as before.
    #[arg(long)]
    uri: Option<String>,
    /// Hash of that description, 64 hexadecimal digits; by default as before.
    #[arg(long, value_name = "HEX")]
    metadata_hash: Option<Hex32>,
}

impl Update {
    /// Describes the machine anew.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (address, node) = session.node(self.node, Part::Operator, None, ASK)?;
        let provider: Provider = session.ledger.get(&node.provider)?;
        let operator = session.signer_as("provider's operator", &provider.operator)?;
        let uri = self.uri.as_deref().map(uri_bytes).transpose()?;
        let args = NodeArgs {
            metadata_hash: self.metadata_hash.map_or(node.metadata_hash, |hash| hash.0),
            uri: uri.unwrap_or(node.uri),
            slots_total: self.slots.unwrap_or(node.slots_total),
            class: self.class.unwrap_or(node.class),
            region: self.region.unwrap_or(node.region),
        };
        let plan = Plan::of(instruction::update_node(
            &provider.operator,
            &address,
            &node,
            args,
        ));
        let fields = Fields::new()
            .with("node", address)
            .with("slots_total", args.slots_total)
            .with("class", args.class)
            .with("region", args.region);
        session.execute(plan.signed_by(operator), fields)
    }
}

/// Closes a node without jobs.
pub fn close(session: &mut Session<impl Ledger>, address: &Address) -> Result<Fields> {
    let node: Node = session.ledger.get(address)?;
    let provider: Provider = session.ledger.get(&node.provider)?;
    let owner = session.signer_as("provider's owner", &provider.owner)?;
    let plan = Plan::of(instruction::close_node(&provider.owner, address, &node));
    let fields = Fields::new()
        .with("node", *address)
        .with("units", node.units)
        .with("rent_to", node.rent_payer);
    session.execute(plan.signed_by(owner), fields)
}
