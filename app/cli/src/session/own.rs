//! What a verb is about where that is not told: what is the signer's own, if there is one only.

use {
    super::Session,
    crate::failure::{Failure, Result},
    sluice_client::{
        Ledger, Node, Provider, address,
        own::{self, Only},
    },
    solana_address::Address,
    solana_signer::Signer,
    std::path::Path,
};

/// The part that the signer has in the provider that a verb is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The verb needs the owner's signature.
    Owner,
    /// The verb needs the operator's signature.
    Operator,
    /// The verb shows something.
    Either,
}

impl Part {
    const fn verb(self) -> &'static str {
        match self {
            Self::Owner => "owns",
            Self::Operator => "operates",
            Self::Either => "owns or operates",
        }
    }
}

impl<L: Ledger> Session<L> {
    /// The address of the key that signs, which need not be at hand.
    pub fn own_key(&self) -> Result<Address> {
        let source = &self.settings.keypair;
        match source.parse() {
            Ok(address) if !Path::new(source).exists() => Ok(address),
            _ => Ok(self.signer()?.pubkey()),
        }
    }

    /// The same for a verb that could be told what it looks for; `ask` says how.
    pub fn own_key_or(&self, ask: &str) -> Result<Address> {
        self.own_key().map_err(|failure| match failure {
            Failure::Key(cause) => Failure::Key(format!("{ask}, or a key: {cause}")),
            other => other,
        })
    }

    /// The provider that was `told`, else the only one that the signer has this part in: in the network that the environment or the
    /// profile has, or in all. `ask` says how one is told.
    pub fn provider(&self, told: Option<Address>, part: Part, ask: &str) -> Result<Address> {
        match told {
            Some(provider) => Ok(provider),
            None => Ok(self.only_provider(part, ask)?.0),
        }
    }

    /// The only provider that the signer has this part in, as it was found.
    pub fn only_provider(&self, part: Part, ask: &str) -> Result<(Address, Provider)> {
        self.own_provider(part, self.profile.told("network")?.as_ref(), ask)
    }

    /// The node that was `told`, else the only one of the provider that the environment or the profile has, else of the one that the
    /// signer has this part in: in `network` if the verb is about one, else as [`Self::provider`].
    pub fn node(
        &self,
        told: Option<Address>,
        part: Part,
        network: Option<Address>,
        ask: &str,
    ) -> Result<(Address, Node)> {
        if let Some(node) = told {
            return Ok((node, self.ledger.get(&node)?));
        }
        if let Some(provider) = self.profile.told("provider")? {
            return the_node(&provider, own::nodes(&self.ledger, &provider)?, ask);
        }
        let network = match network {
            Some(network) => Some(network),
            None => self.profile.told("network")?,
        };
        // Most owners operate their provider, and its address follows from the network.
        if let Some(network) = &network {
            let provider = address::provider(network, &self.own_key_or(ask)?);
            let nodes = own::nodes(&self.ledger, &provider)?;
            if !nodes.is_empty() {
                return the_node(&provider, nodes, ask);
            }
        }
        let (provider, _) = self.own_provider(part, network.as_ref(), ask)?;
        the_node(&provider, own::nodes(&self.ledger, &provider)?, ask)
    }

    fn own_provider(
        &self,
        part: Part,
        network: Option<&Address>,
        ask: &str,
    ) -> Result<(Address, Provider)> {
        let key = self.own_key_or(ask)?;
        if let (Some(network), true) = (network, part != Part::Operator) {
            // Whoever asks for a provider looks at its stake next, as a rule.
            let provider = address::provider(network, &key);
            self.ledger
                .gather([provider, address::stake_pool(&provider)])?;
        }
        let mut found = match part {
            Part::Owner | Part::Either => own::owned(&self.ledger, &key, network)?,
            Part::Operator => vec![],
        };
        if found.is_empty() && part != Part::Owner {
            found = own::operated(&self.ledger, &key, network)?;
        }
        let verb = part.verb();
        the_only(own::only(found), ask, |is_none| match (is_none, network) {
            (false, _) => format!("the key {key} {verb} several providers"),
            (true, None) => format!("the key {key} {verb} no provider"),
            (true, Some(network)) => {
                format!("the key {key} {verb} no provider in the network {network}")
            }
        })
    }
}

/// The number of what a verb makes: the one that was told, else the lowest that is free.
pub struct Numbered<F> {
    told: Option<u64>,
    from: u64,
    derive: F,
}

impl<F: Fn(u64) -> Address> Numbered<F> {
    /// Numbers from 1 on, of which `derive` makes addresses.
    pub const fn new(told: Option<u64>, derive: F) -> Self {
        Self {
            told,
            from: 1,
            derive,
        }
    }

    /// The same from 0 on.
    pub const fn from_zero(told: Option<u64>, derive: F) -> Self {
        Self {
            told,
            from: 0,
            derive,
        }
    }

    /// What [`Self::choose`] reads, for whoever reads it with other accounts.
    pub fn ahead(&self) -> Vec<Address> {
        match self.told {
            Some(number) => vec![(self.derive)(number)],
            None => own::first_ids(self.from, &self.derive).collect(),
        }
    }

    /// The number, and the address of the new account; `what` and `option` name it and its number.
    pub fn choose(
        &self,
        session: &Session<impl Ledger>,
        what: &'static str,
        option: &str,
    ) -> Result<(u64, Address)> {
        if let Some(number) = self.told {
            let address = (self.derive)(number);
            session.require_absent(what, &address)?;
            return Ok((number, address));
        }
        let free = own::free_id(&session.ledger, self.from, &self.derive)?;
        let number = free.ok_or_else(|| {
            Failure::input(format!(
                "the first {} numbers are taken: give another one with {option}",
                own::TRIED
            ))
        })?;
        Ok((number, (self.derive)(number)))
    }
}

/// The only node of `provider`.
fn the_node(provider: &Address, nodes: Vec<(Address, Node)>, ask: &str) -> Result<(Address, Node)> {
    the_only(own::only(nodes), ask, |is_none| {
        let count = if is_none { "no node" } else { "several nodes" };
        format!("the provider {provider} has {count}")
    })
}

/// Accounts that a message names at most.
const NAMED: usize = 5;

/// The one account, or `why` there is none to be taken: true where there is none at all.
pub fn the_only<T>(
    found: Only<T>,
    ask: &str,
    why: impl FnOnce(bool) -> String,
) -> Result<(Address, T)> {
    found.map_err(|several| {
        let mut told = format!("{}: {ask}", why(several.is_empty()));
        for (number, address) in several.iter().take(NAMED).enumerate() {
            let before = if number == 0 { "; they are " } else { ", " };
            told.push_str(&format!("{before}{address}"));
        }
        if several.len() > NAMED {
            told.push_str(" and others");
        }
        Failure::BadInput(told)
    })
}
