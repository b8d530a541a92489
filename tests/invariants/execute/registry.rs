//! Networks, attesters, sets, providers, nodes and stake.

use {
    super::{super::book::Seeds, Builder, with},
    sluice_client::{Attester, Ledger, NodeArgs, Provider, instruction as ix},
    sluice_tests::{
        reference::{Action, Id, Key},
        world::NODE_ARGS,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

impl Builder<'_> {
    pub(super) fn registry(&self, action: &Action) -> Instruction {
        let payer = self.payer();
        match action {
            Action::RegisterAttester {
                network,
                owner,
                key,
                ..
            } => {
                ix::register_attester(&payer, &self.at(*owner), &self.at(*key), &self.at(*network))
            }
            Action::CreateSet { network, args, .. } => {
                let args = self.book.set_args(args);
                ix::create_attester_set(&payer, &self.at(*network), args)
            }
            Action::EnterSet {
                set,
                attester,
                index,
                by,
            } => {
                let (network, key, owner) = self.member(*attester, *by);
                let set_key = self.at(*set);
                let enter = ix::enter_attester_set(&owner, &network, &set_key, &key, *index);
                let Seeds::Set { network, .. } = self.book.seeds(*set) else {
                    panic!("{set} is no set")
                };
                with(with(enter, 1, self.at(*network)), 0, self.at(*by))
            }
            Action::LeaveSet {
                set,
                attester,
                index,
                by,
            } => {
                let (network, key, owner) = self.member(*attester, *by);
                let leave = ix::leave_attester_set(&owner, &network, &self.at(*set), &key, *index);
                with(leave, 0, self.at(*by))
            }
            Action::RegisterProvider {
                network,
                owner,
                operator,
                ..
            } => ix::register_provider(
                &payer,
                &self.at(*owner),
                &self.at(*operator),
                &self.at(*network),
            ),
            Action::RegisterNode {
                provider,
                by,
                worker,
                set,
                slots,
                ..
            } => {
                let (network, owner) = self.provider_seeds(*provider);
                let args = NodeArgs {
                    slots_total: *slots,
                    ..NODE_ARGS
                };
                let (owner, worker, network) = (self.at(owner), self.at(*worker), self.at(network));
                let set = self.book.address_or_nobody(*set);
                let register = ix::register_node(&payer, &owner, &worker, &network, &set, args);
                with(register, 1, self.at(*by))
            }
            Action::UpdateAttester { attester, by } => {
                let (network, key, _) = self.member(*attester, *by);
                ix::update_attester(&self.at(*by), &key, &network, [7; 64])
            }
            Action::CloseAttester { attester, by } => {
                let Seeds::Attester { network, key } = self.book.seeds(*attester) else {
                    panic!("{attester} is no attester")
                };
                let known: Option<Attester> = self.world.chain.get(&self.at(*attester)).ok();
                let known = known.unwrap_or(Attester {
                    network: self.at(*network),
                    key: self.at(*key),
                    rent_payer: payer,
                    ..bytemuck::Zeroable::zeroed()
                });
                with(ix::close_attester(&known), 0, self.at(*by))
            }
            Action::SetCommission { provider, by, bps } => {
                let (network, owner) = self.provider_seeds(*provider);
                let known: Option<Provider> = self.world.chain.get(&self.at(*provider)).ok();
                let owner = known.map_or(self.at(owner), |provider| provider.owner);
                with(
                    ix::set_commission(&owner, &self.at(network), *bps),
                    0,
                    self.at(*by),
                )
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// Network, key and owner of an attester; whoever signs, as long as it is not registered.
    fn member(&self, attester: Id, by: Key) -> (Address, Address, Address) {
        let Seeds::Attester { network, key } = self.book.seeds(attester) else {
            panic!("{attester} is no attester")
        };
        let owner = self.model.attesters.get(&attester).map_or(by, |a| a.owner);
        (self.at(*network), self.at(*key), self.at(owner))
    }
}
