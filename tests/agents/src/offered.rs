//! What nodes offer in the market of the tests.

use {
    crate::stage::Stage,
    anyhow::{Context, Result},
    sluice_client::{
        Address, Ledger, Network, Node, Offer, OfferArgs, Signer, Terms, TermsBuilder, address,
        instruction,
    },
};

/// Units of a window, as the local network's workers offer them.
pub const CAP: u64 = 5_040;
/// The provider's bond, and a challenger's, base units of the stake mint.
const BOND: u64 = 20_000_000_000;

/// What a node offers.
#[derive(Clone, Copy, Debug)]
pub struct Offered {
    /// Base units for a unit of work.
    pub price: u64,
    /// Length of a window, seconds; its cap is 5,040 units.
    pub window: u32,
    /// To prove a window after its end, seconds.
    pub grace: u32,
    /// To challenge a proof after that, seconds.
    pub challenge: u32,
    /// Unproven windows in a row by which either side may end the job.
    pub faults: u32,
}

impl Offered {
    /// The part of a worker's configuration, out of the local network's.
    pub fn times(&self, text: &str) -> String {
        text.replace(
            "window_secs = 20\n",
            &format!("window_secs = {}\n", self.window),
        )
        .replace(
            "grace_secs = 30\n",
            &format!("grace_secs = {}\n", self.grace),
        )
        .replace(
            "challenge_secs = 30\n",
            &format!("challenge_secs = {}\n", self.challenge),
        )
        .replace(
            "notice_secs = 20\n",
            &format!("notice_secs = {}\n", self.window),
        )
        .replace(
            "fault_windows = 6\n",
            &format!("fault_windows = {}\n", self.faults),
        )
    }

    /// Posts it by hand in the place of what stands there: under the number 1, on the first node of a provider whose worker posts nothing.
    ///
    /// # Errors
    /// What the program refuses.
    pub fn post(&self, stage: &Stage, provider: usize) -> Result<()> {
        let mut ledger = stage.ledger();
        let node = stage.crews.iter().find(|crew| crew.provider == provider);
        let node = node.and_then(|crew| crew.nodes.first());
        let node = *node.context("the provider has no node")?;
        let operator = &stage.providers.get(provider).context("there is none")?;
        let operator = &operator.operator;
        let signer = operator.pubkey();
        let at = address::offer(&node, 1);
        if ledger.account(&at)?.is_some() {
            let stands: Offer = ledger.get(&at)?;
            let withdraw = instruction::withdraw_offer(&signer, &at, &stands);
            ledger.send(&[withdraw], operator, &[])?;
        }
        let args = OfferArgs {
            id: 1,
            terms: self.terms(stage, &ledger.get(&stage.chain.world().network)?)?,
            slots: 1,
            expires_at: stage.tell_time()?.saturating_add(3_600),
        };
        let found: Node = ledger.get(&node)?;
        let post = instruction::post_offer(&signer, &signer, &node, &found, args);
        ledger.send(&[post], operator, &[])?;
        Ok(())
    }

    fn terms(&self, stage: &Stage, network: &Network) -> Result<Terms> {
        let mint: Address = stage.chain.world().usdc.address;
        let terms = TermsBuilder::new(mint, self.price, CAP)
            .set(stage.set)
            .window_secs(self.window)
            .grace_secs(self.grace)
            .challenge_secs(self.challenge)
            .ruling_secs(60)
            .notice_secs(self.window)
            .fault_windows(self.faults)
            .bond(BOND)
            .challenge_bond(BOND)
            .max_length_secs(86_400);
        Ok(terms.build(network)?)
    }
}
