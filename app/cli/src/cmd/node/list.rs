//! `sluice node list`.

use {
    crate::{
        cmd::listing::{Listing, Scope},
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::{Ledger, Node, account::filter, foreign::Foreign},
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    scope: Scope,
    /// Only machines of this provider.
    #[arg(long, value_name = "ADDRESS")]
    provider: Option<Address>,
    #[command(flatten)]
    listing: Listing,
}

impl List {
    /// Lists the machines that match every option.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let own = self.scope.whose.providers(session)?;
        let filters: Vec<_> = [
            self.scope.network.as_ref().map(filter::node_network),
            self.provider.as_ref().map(filter::node_provider),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut found = session.ledger.list::<Node>(&filters)?;
        if let Some(own) = own {
            found.retain(|(_, node)| own.contains(&node.provider.to_bytes()));
        }
        found.sort_by_key(|(address, node)| (node.opened_slot, address.to_bytes()));
        let rows = found.iter().map(|(address, node)| {
            Fields::new()
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
                .with("network", node.network)
        });
        self.listing.show(session, "nodes", rows.collect())
    }
}
