mod identity;
mod provider;

use {
    sluice_client::{Job, JobState, Ledger, OpenArgs, StakePool, address, instruction as ix},
    sluice_tests::world::{DAY, NodeHandle, ProviderHandle, SetHandle, TOKEN, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// An open job and a node that can take it.
struct Market {
    world: World,
    set: SetHandle,
    provider: ProviderHandle,
    node: NodeHandle,
    buyer: Keypair,
    cosigner: Keypair,
    job: Address,
}

impl Market {
    fn new(change: impl FnOnce(&mut OpenArgs)) -> Self {
        let mut world = World::new();
        let set = world.set(4, 3);
        let provider = world.provider();
        let node = world.node(&provider, &set.address);
        let (buyer, cosigner) = (world.buyer(), world.key());
        let mut args = world.open_args(1, world.terms(&set.address), &cosigner.pubkey());
        change(&mut args);
        let job = world.open(&buyer, args);
        Self {
            world,
            set,
            provider,
            node,
            buyer,
            cosigner,
            job,
        }
    }

    fn state(&self) -> Job {
        self.world.job(&self.job)
    }

    fn pool(&self) -> StakePool {
        self.world.chain.get(&self.provider.pool).unwrap()
    }

    /// Opens another job of the same buyer with its own `id`.
    fn open(&mut self, change: impl FnOnce(&mut OpenArgs)) -> Address {
        let terms = self.world.terms(&self.set.address);
        let cosigner = self.cosigner.pubkey();
        let mut args = self.world.open_args(2, terms, &cosigner);
        change(&mut args);
        let buyer = self.buyer.insecure_clone();
        self.world.open(&buyer, args)
    }

    fn accept_onto(&self, provider: &ProviderHandle, node: &Address) -> Instruction {
        let (operator, owner) = (provider.operator.pubkey(), provider.owner.pubkey());
        ix::accept_job(&operator, &owner, &self.job, &self.state(), node)
    }

    fn accept(&self) -> Instruction {
        self.accept_onto(&self.provider, &self.node.address)
    }

    #[track_caller]
    fn refused(&mut self, accept: Instruction, name: &str) {
        let operator = self.provider.operator.insecure_clone();
        self.world.refused(&[accept], &[&operator], name);
    }

    #[track_caller]
    fn accepted(&mut self) {
        let (accept, operator) = (self.accept(), self.provider.operator.insecure_clone());
        self.world.ok(&[accept], &[&operator]);
    }
}

#[test]
fn accept_job_starts_the_windows_and_locks_bond_and_slot() {
    let mut market = Market::new(|_| ());
    market.world.advance(5_000);
    market.accepted();
    let (job, now) = (market.state(), market.world.now());
    assert_eq!(job.state, JobState::Active.byte());
    assert_eq!((job.start_at, job.end_at), (now, now + 36_000));
    assert_eq!(job.bond, 500 * TOKEN);
    assert_eq!(job.provider, market.provider.address);
    assert_eq!(job.payee, market.provider.owner.pubkey());
    assert_eq!(job.node, market.node.address);
    assert_eq!(job.worker, market.node.worker.pubkey());
    assert_ne!(job.context, [0; 32]);
    assert_eq!(market.pool().locked, 500 * TOKEN);
    assert_eq!(market.world.node_state(&market.node).slots_used, 1);
    assert_eq!(market.world.vault(&market.job), 1_000 * TOKEN);
}

#[test]
fn a_job_is_accepted_once() {
    let mut market = Market::new(|_| ());
    market.accepted();
    let again = market.accept();
    market.refused(again, "WrongJobState");
}

#[test]
fn a_job_is_accepted_before_its_last_moment_and_not_at_it() {
    let mut market = Market::new(|_| ());
    market.world.advance(i64::from(DAY));
    let accept = market.accept();
    market.refused(accept, "JobEnded");
    let mut market = Market::new(|_| ());
    market.world.advance(i64::from(DAY) - 1);
    market.accepted();
}

#[test]
fn a_cancelled_job_is_not_accepted_even_in_the_same_second() {
    let mut market = Market::new(|_| ());
    let (cancel, buyer) = (
        ix::cancel_job(&market.job, &market.state()),
        market.buyer.insecure_clone(),
    );
    market.world.ok(&[cancel], &[&buyer]);
    let accept = market.accept();
    market.refused(accept, "JobEnded");
}

#[test]
fn only_the_operator_accepts() {
    let mut market = Market::new(|_| ());
    let accept = market.accept();
    let operator = market.provider.operator.pubkey();
    market.world.refused(
        &[accept.unsigned(&operator)],
        &[],
        "MissingRequiredSignature",
    );
    let owner = market.provider.owner.insecure_clone();
    let by_owner = accept.with(&operator, &owner.pubkey());
    market.world.refused(&[by_owner], &[&owner], "NotOperator");
}

#[test]
fn a_named_provider_alone_accepts() {
    let mut market = Market::new(|_| ());
    let other = market.world.provider();
    let job = market.open(|args| args.provider = other.address);
    market.job = job;
    let accept = market.accept();
    market.refused(accept, "WrongProvider");
    let node = market.world.node(&other, &market.set.address);
    let accept = market.accept_onto(&other, &node.address);
    market.world.ok(&[accept], &[&other.operator]);
    assert_eq!(market.state().provider, other.address);
}

#[test]
fn an_earlier_incarnation_is_not_accepted() {
    let mut market = Market::new(|_| ());
    let mut seen = market.state();
    for incarnation in [seen.incarnation - 1, seen.incarnation + 1, 0] {
        seen.incarnation = incarnation;
        let (operator, owner) = (
            market.provider.operator.pubkey(),
            market.provider.owner.pubkey(),
        );
        let node = market.node.address;
        let accept = ix::accept_job(&operator, &owner, &market.job, &seen, &node);
        market.refused(accept, "WrongIncarnation");
    }
}

#[test]
fn the_node_is_the_providers_own() {
    let mut market = Market::new(|_| ());
    let other = market.world.provider();
    let theirs = market.world.node(&other, &market.set.address);
    let accept = market.accept_onto(&market.provider, &theirs.address);
    market.refused(accept, "WrongNode");
}

#[test]
fn the_node_works_under_the_jobs_set() {
    let mut market = Market::new(|_| ());
    let other = market.world.set(1, 1);
    for set in [other.address, Address::default()] {
        let node = market.world.node(&market.provider, &set);
        let accept = market.accept_onto(&market.provider, &node.address);
        market.refused(accept, "NodeOfAnotherSet");
    }
    // A job without a set takes any node.
    market.job = market.open(|args| args.terms.set = Address::default());
    market.accepted();
}

#[test]
fn the_set_given_is_the_one_in_the_terms() {
    let mut market = Market::new(|_| ());
    let other = market.world.set(1, 1);
    let accept = market.accept();
    let bent = accept.with(&market.set.address, &other.address);
    market.refused(bent, "WrongSet");
    let absent = accept.with(&market.set.address, &sluice_client::ID);
    market.refused(absent, "WrongSet");
}

#[test]
fn a_set_that_lost_its_quorum_since_is_refused() {
    let mut market = Market::new(|_| ());
    market.world.leave(&market.set, 0);
    let mut one_left = Market::new(|_| ());
    one_left.world.leave(&one_left.set, 0);
    one_left.accepted();
    market.world.leave(&market.set, 1);
    let accept = market.accept();
    market.refused(accept, "NoQuorum");
}

#[test]
fn a_worker_that_is_the_cosigner_or_a_member_is_refused() {
    let mut market = Market::new(|_| ());
    let worker = market.node.worker.pubkey();
    market.job = market.open(|args| args.cosigner = worker);
    let accept = market.accept();
    market.refused(accept, "KeysNotDistinct");

    // A node whose worker key is a member of the set it works under.
    let member = market.set.attesters[3].key.insecure_clone();
    let (owner, payer) = (&market.provider.owner, market.world.payer.pubkey());
    let register = ix::register_node(
        &payer,
        &owner.pubkey(),
        &member.pubkey(),
        &market.world.network,
        &market.set.address,
        sluice_tests::world::NODE_ARGS,
    );
    let owner = owner.insecure_clone();
    market.world.ok(&[register], &[&owner, &member]);
    let node = address::node(&market.provider.address, &member.pubkey());
    market.job = address::job(&market.world.network, &market.buyer.pubkey(), 1);
    let accept = market.accept_onto(&market.provider, &node);
    market.refused(accept.clone(), "KeysNotDistinct");
    market.world.leave(&market.set, 3);
    market.refused(accept, "KeysNotDistinct");
}
