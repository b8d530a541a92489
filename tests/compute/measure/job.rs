//! A job from its opening to its closing.

use {
    super::{Bench, first_bump, wallet},
    sluice_client::{Job, address, instruction as ix},
    sluice_tests::world::{JobHandle, NodeHandle, ProviderHandle, Pull, SetHandle, TOKEN},
    solana_signer::Signer,
};

impl Bench {
    pub(crate) fn job(
        &mut self,
        set: &SetHandle,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) -> JobHandle {
        let (network, mint, payer) = (self.world.network, self.world.pay_mint, self.payer());
        let buyer = self.key_where(|key| wallet(key, &[&mint]));
        self.world.mint_to(&buyer.pubkey(), &mint, 10_000 * TOKEN);
        let cosigner = self.key_where(|_| true);
        let terms = self.world.terms(&set.address);
        let mut args = self.world.open_args(0, terms, &cosigner.pubkey());
        args.id = (0..)
            .find(|id: &u64| {
                let job = address::job(&network, &buyer.pubkey(), *id);
                let buyer = buyer.pubkey();
                first_bump(
                    &[b"job", network.as_ref(), buyer.as_ref(), &id.to_le_bytes()],
                    &sluice_client::ID,
                ) && first_bump(&[b"vault", job.as_ref()], &sluice_client::ID)
            })
            .unwrap();
        let open = ix::open_job(&payer, &buyer.pubkey(), &network, &mint.token_program, args);
        self.measure("open_job", 6_700, &[open], &[&buyer]);
        let job_key = address::job(&network, &buyer.pubkey(), args.id);
        let job = self.world.job(&job_key);
        let accept = ix::accept_job(
            &provider.operator.pubkey(),
            &provider.owner.pubkey(),
            &job_key,
            &job,
            &node.address,
        );
        self.measure("accept_job", 2_110, &[accept], &[&provider.operator]);
        let top_up = ix::top_up_job(&buyer.pubkey(), &job_key, &job, &mint.token_program, TOKEN);
        self.measure("top_up_job", 2_150, &[top_up], &[&buyer]);
        let handle = JobHandle {
            address: job_key,
            buyer,
            cosigner,
            worker: node.worker.insecure_clone(),
            provider_owner: provider.owner.pubkey(),
            node: node.address,
        };

        self.world.advance(4 * 3_600);
        let attest = self.world.attest_ixs(&handle, set, 0, 50);
        self.measure("attest, worker + 3 attesters", 1_550, &attest, &[]);
        for window in 1..3 {
            self.world.attest(&handle, set, window, 50);
        }
        let cosigned = self.world.cosigned_ixs(&handle, 3, 10);
        self.measure("attest_cosigned", 1_550, &cosigned, &[]);
        self.world.advance(11 * 3_600);
        self.measure("mature, 2 of 3 windows", 840, &[ix::mature(&job_key)], &[]);
        self.world.advance(3_600);
        let credit = ix::credit(&job_key, &self.world.job(&job_key));
        self.measure("credit, 1 window maturing", 900, &[credit], &[]);
        handle
    }

    pub(crate) fn exits(&mut self, job: &JobHandle) {
        let mint = self.world.pay_mint;
        for owner in [
            self.world.treasury.pubkey(),
            self.world.job(&job.address).attestation_owner,
        ] {
            self.world.open_account(&owner, &mint);
        }
        for (name, ceiling, pull) in [
            ("pay", 2_100, Pull::Pay),
            // Loads the network besides, for the treasury of today.
            ("sweep_treasury", 2_240, Pull::Treasury),
            ("sweep_attesters", 2_100, Pull::Attesters),
            ("refund", 2_320, Pull::Refund),
        ] {
            let exit = self.world.pull(&job.address, pull);
            // As after the first pull by this door, which derives the account: 230 CU more.
            let paid = exit.accounts[exit.accounts.len() - 3].pubkey;
            self.world.edit(&job.address, |job: &mut Job| match pull {
                Pull::Pay => job.payee_account = paid,
                Pull::Treasury => job.treasury_account = paid,
                Pull::Attesters => job.attestation_account = paid,
                Pull::Refund => job.refund_account = paid,
            });
            self.measure(name, ceiling, &[exit], &[]);
        }
        let state = self.world.job(&job.address);
        self.measure(
            "release_job",
            1_420,
            &[ix::release_job(&job.address, &state)],
            &[],
        );
        let close = ix::close_job(&job.address, &state, &mint.token_program);
        self.measure("close_job", 2_080, &[close], &[]);
    }
}
