//! `sluice node list`.

use {
    crate::{
        cmd::listing::{Columns, Within},
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, Node,
        account::filter::{self, Filter},
        foreign::Foreign,
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Nodes {
    #[command(flatten)]
    within: Within,
    /// Only machines of this provider.
    #[arg(long, value_name = "ADDRESS")]
    provider: Option<Address>,
}

impl Columns for Nodes {
    type Account = Node;

    const ROWS: &'static str = "nodes";

    fn filters(&self, _key: Option<&Address>) -> Vec<Filter> {
        let mut filters = self.within.by(filter::node_network);
        filters.extend(self.provider.as_ref().map(filter::node_provider));
        filters
    }

    fn order(node: &Node) -> u64 {
        node.opened_slot
    }

    fn row(
        _session: &Session<impl Ledger>,
        address: &Address,
        node: &Node,
        _now: i64,
    ) -> Result<Fields> {
        Ok(Fields::new()
            .with("node", *address)
            .with("slots_used", node.slots_used)
            .with("slots_total", node.slots_total)
            .with("units", node.units)
            .with("provider", node.provider)
            .with("set", node.set)
            .with("class", node.class)
            .with("region", node.region)
            .with("windows_missed", node.record.windows_missed)
            .with("slashes", node.record.slashes)
            .with("worker", node.worker)
            .with("uri", Foreign::padded(&node.uri))
            .with("network", node.network))
    }
}
