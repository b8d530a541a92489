//! Jobs, except proofs.

use {
    super::{super::book::Seeds, Builder, with},
    sluice_client::{Job, Ledger, Network, OpenArgs, Terms, address, instruction as ix},
    sluice_tests::reference::{self, Action, Id, Subject},
    solana_address::Address,
    solana_instruction::Instruction,
};

impl Builder<'_> {
    /// A job as it is or last was; a blank one if there never was one.
    pub(super) fn job(&self, id: Id) -> Job {
        let Seeds::Job { network, buyer, .. } = self.book.seeds(id) else {
            panic!("{id} is no job")
        };
        let blank = || Job {
            network: self.at(*network),
            buyer: self.at(*buyer),
            vault: address::vault(&self.at(id)),
            terms: Terms {
                mint: self.world.pay_mint.address,
                ..bytemuck::Zeroable::zeroed()
            },
            rent_payer: self.payer(),
            ..bytemuck::Zeroable::zeroed()
        };
        self.jobs.get(&id).copied().unwrap_or_else(blank)
    }

    fn token_program(&self, job: &Job) -> Address {
        let mint = self.book.mint_handle(job.terms.mint.as_ref());
        self.book.mint(mint).token_program
    }

    /// Terms as the client takes them.
    pub(super) fn terms(&self, terms: &reference::Terms) -> Terms {
        Terms {
            mint: self.book.mint(terms.mint).address,
            set: self.book.address_or_nobody(terms.set),
            price: terms.price,
            per: terms.per,
            cap: terms.cap,
            bond: terms.bond,
            challenge_bond: terms.challenge_bond,
            max_length_secs: terms.max_length_secs,
            window_secs: terms.window_secs,
            grace_secs: terms.grace_secs,
            challenge_secs: terms.challenge_secs,
            ruling_secs: terms.ruling_secs,
            notice_secs: terms.notice_secs,
            fault_windows: terms.fault_windows,
        }
    }

    fn open(&self, open: &reference::OpenJob) -> Instruction {
        let Seeds::Job { number, .. } = self.book.seeds(open.job) else {
            panic!("{} is no job", open.job)
        };
        let args = OpenArgs {
            id: *number,
            terms: self.terms(&open.terms),
            length_secs: open.length_secs,
            open_until: open.open_until,
            funds: open.funds,
            spec_hash: [3; 32],
            cosigner: self.book.address_or_nobody(open.cosigner),
            provider: self.book.address_or_nobody(open.provider),
            refund_owner: self.book.address_or_nobody(open.refund_owner),
            resolver: self.key_or_nobody(open.resolver),
            max_fee_bps: open.max_fee_bps,
        };
        let token_program = self.book.mint(open.terms.mint).token_program;
        ix::open_job(
            &self.payer(),
            &self.at(open.buyer),
            &self.at(open.network),
            &token_program,
            args,
        )
    }

    fn accept(&self, action: &Action) -> Instruction {
        let Action::AcceptJob {
            job: id,
            provider,
            node,
            by,
            incarnation,
        } = action
        else {
            unreachable!("{action:?}")
        };
        let mut job = self.job(*id);
        job.incarnation = *incarnation;
        let (_, owner) = self.provider_seeds(*provider);
        let owner = self.at(owner);
        let accept = ix::accept_job(&self.at(*by), &owner, &self.at(*id), &job, &self.at(*node));
        // The client takes the provider that its owner has in the job's network.
        let provider = self.at(*provider);
        let pool = address::stake_pool(&provider);
        let accept = with(with(accept, 4, provider), 6, pool);
        with(accept, 7, address::position(&pool, &owner))
    }

    pub(super) fn job_action(&self, action: &Action) -> Instruction {
        let key = |id: &Id| self.at(*id);
        match action {
            Action::OpenJob(open) => self.open(open),
            Action::AcceptJob { .. } => self.accept(action),
            Action::TopUpJob {
                job: id,
                by,
                incarnation,
                amount,
            } => {
                let mut job = self.job(*id);
                job.incarnation = *incarnation;
                let program = self.token_program(&job);
                ix::top_up_job(&self.at(*by), &key(id), &job, &program, *amount)
            }
            Action::Mature { job } => ix::mature(&key(job)),
            Action::Pay { job: id } => {
                let job = self.job(*id);
                ix::pay(&key(id), &job, &self.token_program(&job))
            }
            Action::SweepTreasury { job: id } => {
                let job = self.job(*id);
                let network: Network = self.world.chain.get(&job.network).expect("a network");
                ix::sweep_treasury(&key(id), &job, &network, &self.token_program(&job))
            }
            Action::SweepAttesters { job: id } => {
                let job = self.job(*id);
                ix::sweep_attesters(&key(id), &job, &self.token_program(&job))
            }
            Action::Refund { job: id } => {
                let job = self.job(*id);
                ix::refund(&key(id), &job, &self.token_program(&job))
            }
            Action::CancelJob {
                job: id,
                by,
                incarnation,
            } => {
                let mut job = self.job(*id);
                job.incarnation = *incarnation;
                with(ix::cancel_job(&key(id), &job), 0, self.at(*by))
            }
            Action::ResignJob {
                job: id,
                by,
                incarnation,
            } => {
                let mut job = self.job(*id);
                job.incarnation = *incarnation;
                ix::resign_job(&self.at(*by), &key(id), &job)
            }
            Action::FaultJob {
                job: id,
                by,
                incarnation,
            } => {
                let mut job = self.job(*id);
                job.incarnation = *incarnation;
                ix::fault_job(&self.at(*by), &key(id), &job)
            }
            Action::WaiveJob {
                job: id,
                by,
                incarnation,
            } => {
                let mut job = self.job(*id);
                job.incarnation = *incarnation;
                ix::waive_job(&self.at(*by), &key(id), &job)
            }
            Action::ReleaseJob { job: id } => self.release(*id),
            Action::CloseJob { job: id } => {
                let job = self.job(*id);
                ix::close_job(&key(id), &job, &self.token_program(&job))
            }
            Action::Credit { job: id, node } => {
                with(ix::credit(&key(id), &self.job(*id)), 1, self.at(*node))
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// A job that nobody accepted names no node: some node, its provider and their pool stand in, or such as are not there.
    fn release(&self, id: Id) -> Instruction {
        let mut job = self.job(id);
        let unaccepted = job.node == Address::default();
        let staked = |provider| self.model.pool_of(Subject::Provider(provider)).is_ok();
        let mut nodes = self.model.nodes.iter().filter(|(_, n)| staked(n.provider));
        if unaccepted {
            let nobody = self.payer();
            let provider = address::provider(&nobody, &nobody);
            (job.node, job.provider) = match nodes.next() {
                Some((node, state)) => (self.at(*node), self.at(state.provider)),
                None => (address::node(&provider, &nobody), provider),
            };
        }
        ix::release_job(&self.at(id), &job)
    }
}
