//! How every run begins: two networks, living sets, staked providers with nodes, and two reward pools.

use {
    super::{
        book::Seeds,
        cast::{PAY, REWARD, STAKE},
        driver::Run,
    },
    sluice_tests::reference::{
        Action, Founding, Id, NetworkParams, Quality, RewardTerms, SetArgs, Subject,
    },
    solana_signer::Signer,
};

/// An hour and a day, in seconds.
const HOUR: u32 = 60 * 60;
const DAY: u32 = 24 * HOUR;
/// From the first epochs to the next commissions, in seconds.
const TURN: u32 = 640;

/// What the first sets ask of jobs whose units shall count.
pub const QUALITY: Quality = Quality {
    mint: PAY,
    price: 1,
    per: 100,
    bond: 40,
    challenge_bond: 40,
    challenge_secs: 1,
    ruling_secs: 60,
};

impl Run {
    /// A run in which everything is ready for the first job.
    pub fn begun(seed: u64) -> Self {
        let mut run = Self::new(seed);
        let [home, abroad] = [run.cast.networks[0], run.cast.networks[1]];
        run.network(home, 0, 237);
        run.network(abroad, 1, 999);
        run.world.network = run.book.address(home);
        for attester in run.cast.attesters.clone() {
            // One stays out until chance lets it in.
            if Some(&attester) != run.cast.attesters.get(5) {
                run.attester(attester);
            }
        }
        // Threshold, members and fee of each set; the third is at the bound of both fees.
        for (threshold, count, fee_bps) in [(1, 2, 0), (2, 4, 311), (3, 5, 763)] {
            run.set(home, threshold, count, fee_bps);
        }
        run.set(abroad, 1, 2, 1);
        for (place, provider) in run.cast.providers.clone().into_iter().enumerate() {
            if place != 2 {
                run.provider(provider, [3_333, 8_001, 0, 10_000][place]);
            }
        }
        // Commissions come into force before the first epoch begins, and the next ones some epochs later.
        run.pass(i64::from(4 * HOUR), 1);
        let providers = run.model.providers.clone();
        for ((provider, state), bps) in providers.into_iter().zip([1_250, 9_999, 7_000]) {
            let by = state.owner;
            run.must(&Action::SetCommission { provider, by, bps });
        }
        run.pass(i64::from(4 * HOUR - TURN), 1);
        for (creator, epoch_secs) in [(0, 97), (1, 150)] {
            run.reward_pool(creator, epoch_secs);
        }
        run.work_ahead();
        run.report_at_the_turn();
        let fallen = run.cast.providers[2];
        run.provider(fallen, 0);
        run.fell(fallen);
        run.estrange_some();
        run
    }

    fn next_slot(&mut self) {
        self.pass(0, 1);
    }

    fn network(&mut self, network: Id, treasury: usize, fee_bps: u16) {
        let founding = Founding {
            admin: self.cast.admins[0],
            stake_mint: STAKE,
            dividend_mint: REWARD,
            min_unbonding_secs: 3 * HOUR,
            dividend_secs: DAY,
        };
        let params = NetworkParams {
            guardian: self.cast.guardians[0],
            resolver: self.cast.guardians[1],
            treasury: self.cast.treasuries[treasury],
            min_stake: 100,
            min_bond: 50,
            unbonding_secs: 4 * HOUR,
            timelock_secs: 2 * DAY,
            fee_bps,
        };
        let create = Action::CreateNetwork {
            network,
            founding,
            params,
        };
        self.must(&create);
    }

    /// A pool with its owner's stake and some of a delegator.
    fn stake_behind(&mut self, subject: Subject, id: Id, network: Id, by: u64, amount: u64) {
        let seeds = Seeds::StakePool { subject: id };
        let pool = self.book.derive(seeds, &self.world.payer.pubkey());
        let create = Action::CreateStakePool {
            pool,
            network,
            subject,
        };
        self.must(&create);
        self.must(&Action::Stake { pool, by, amount });
        let by = self.cast.delegators[pool as usize % self.cast.delegators.len()];
        let amount = amount / 3;
        self.must(&Action::Stake { pool, by, amount });
    }

    fn attester(&mut self, attester: Id) {
        let Seeds::Attester { network, key } = *self.book.seeds(attester) else {
            panic!("{attester} is no attester")
        };
        let place = self.cast.attester_keys.iter().position(|k| *k == key);
        let owner = self.cast.attester_owners[place.expect("one of ours")];
        let register = Action::RegisterAttester {
            attester,
            network,
            owner,
            key,
        };
        self.must(&register);
        self.stake_behind(Subject::Attester(attester), attester, network, owner, 120);
    }

    fn set(&mut self, network: Id, threshold: u8, count: usize, fee_bps: u16) {
        let mut keys: Vec<u64> = self.cast.attester_keys[..count].to_vec();
        keys.sort_unstable();
        let args = SetArgs {
            fee_owner: self.cast.fee_owners[0],
            revoker: self.cast.fee_owners[1],
            fee_bps,
            threshold,
            keys: keys.clone(),
            quality: QUALITY,
        };
        let payer = self.world.payer.pubkey();
        let set = self.cast.set(&mut self.book, &payer, network, &args);
        self.must(&Action::CreateSet { set, network, args });
        for (index, key) in keys.into_iter().enumerate() {
            let mut all = self.model.attesters.iter();
            let found = all.find(|(_, a)| a.key == key && a.network == network);
            let (attester, by) = found.map(|(id, a)| (*id, a.owner)).expect("registered");
            let enter = Action::EnterSet {
                set,
                attester,
                index: index as u8,
                by,
            };
            self.must(&enter);
        }
        self.next_slot();
    }

    fn provider(&mut self, provider: Id, bps: u16) {
        let Seeds::Provider { network, owner } = *self.book.seeds(provider) else {
            panic!("{provider} is no provider")
        };
        let place = self.cast.provider_owners.iter().position(|o| *o == owner);
        let register = Action::RegisterProvider {
            provider,
            network,
            owner,
            operator: self.cast.operators[place.expect("one of ours")],
        };
        self.must(&register);
        self.must(&Action::SetCommission {
            provider,
            by: owner,
            bps,
        });
        self.stake_behind(Subject::Provider(provider), provider, network, owner, 3_000);
        let own = self.model.sets.iter().filter(|(_, s)| s.network == network);
        let sets: Vec<Option<Id>> = own.map(|(id, _)| Some(*id)).chain([None]).collect();
        for (set, worker) in sets.into_iter().zip(self.cast.workers.clone()) {
            let seeds = Seeds::Node { provider, worker };
            let node = self.book.derive(seeds, &self.world.payer.pubkey());
            let register = Action::RegisterNode {
                node,
                provider,
                by: owner,
                worker,
                set,
                slots: 2,
            };
            self.must(&register);
        }
        self.next_slot();
    }

    fn reward_pool(&mut self, creator: usize, epoch_secs: u32) {
        let home = self.cast.networks[0];
        let (now, _) = self.moment();
        let set = self.cast.sets[creator];
        let terms = RewardTerms {
            rate: 1_009,
            ceiling: 13,
            node_cap: 7,
            start_at: now,
            end_at: now + 400 * i64::from(epoch_secs),
            epoch_secs,
        };
        let pool = self.cast.reward_pools[creator];
        let create = Action::CreateRewardPool {
            pool,
            network: home,
            set,
            mint: REWARD,
            terms,
            refund_owner: self.cast.creators[creator],
        };
        self.must(&create);
        let incarnation = self.model.reward_pools[&pool].incarnation;
        let fund = Action::FundRewardPool {
            pool,
            by: self.cast.creators[creator],
            incarnation,
            amount: 20_000,
        };
        self.must(&fund);
        let fitting = self.model.nodes.iter().filter(|(_, n)| n.set == Some(set));
        let fitting: Vec<_> = fitting.map(|(id, node)| (*id, node.provider)).collect();
        for (node, provider) in fitting {
            let join = Action::JoinRewardPool {
                pool,
                provider,
                node,
                by: self.model.providers[&provider].operator,
                incarnation,
            };
            self.must(&join);
        }
        self.next_slot();
    }
}
