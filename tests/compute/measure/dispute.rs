//! A challenged window from its challenge to the last slash, a contradiction, and an attester's end.

use {
    super::{Bench, first_bump, wallet},
    sluice_client::{ID, Ledger, address, instruction as ix, statement::Statement},
    sluice_tests::world::{NodeHandle, Objection, ProviderHandle, SetHandle, TOKEN, lied},
    solana_signer::Signer,
};

impl Bench {
    pub(crate) fn disputes(
        &mut self,
        set: &SetHandle,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) {
        let mint = self.world.stake_mint;
        let terms = self.world.terms(&set.address);
        let job = self
            .world
            .active_job_with(provider, node, terms, |args| args.id = 99);
        self.world.advance(10 * 3_600);
        let state = self.world.job(&job.address);
        let window = (0..10u32)
            .find(|window| {
                let incarnation = state.incarnation.to_le_bytes();
                let window = window.to_le_bytes();
                let seeds: [&[u8]; 4] = [b"challenge", job.address.as_ref(), &incarnation, &window];
                first_bump(&seeds, &ID)
            })
            .unwrap();
        self.world.attest(&job, set, window, 50);
        let challenger = self.key_where(|key| wallet(key, &[&mint]));
        self.world
            .mint_to(&challenger.pubkey(), &mint, terms.challenge_bond);
        let challenge = self.world.challenge_ix(&challenger.pubkey(), &job, window);
        // Creates an account and moves tokens: two calls of other programs, about 2,000 and 1,300 CU by themselves.
        self.measure("challenge", 4_600, &[challenge], &[&challenger]);
        let objection = Objection {
            address: address::challenge(&job.address, state.incarnation, window),
            challenger,
        };
        let author = self.key_where(|_| true);
        let add = ix::add_evidence(&author.pubkey(), &objection.address, [1; 32]);
        self.measure("add_evidence", 930, &[add], &[&author]);
        let until = self.world.challenge_state(&objection).rule_until;
        self.world.chain.set_time(until - 1);
        let resolver = self.payer();
        let rule = self.world.rule_ix(&resolver, &objection, lied(TOKEN));
        self.measure("rule_challenge, with a slash", 1_250, &[rule], &[]);
        for index in 0..3u8 {
            let key = set.attesters[usize::from(index)].key.pubkey();
            let slash = self.world.slash_signer_ix(&objection, &key, index);
            if index == 0 {
                self.measure("slash_signer", 1_290, &[slash], &[]);
            } else {
                self.world.ok(&[slash], &[]);
            }
        }
        let settle = self.world.settle_challenge_ix(&objection);
        self.measure("settle_challenge", 2_600, &[settle], &[]);
        let burn = self.world.burn_ix(&provider.pool);
        self.world.ok(&[burn], &[]);
        let said = [1, 2].map(|units| Statement::of(&state, 0, units, [0; 32]));
        let key = &set.attesters[3].key;
        let shown = self.world.equivocation_ixs(key, &job, &said);
        // Each side may stand in a batch: 60 CU more than before that.
        self.measure("show_equivocation", 2_300, &shown, &[]);
        self.world.advance(20 * 3_600);
        let release = ix::release_job(&job.address, &self.world.job(&job.address));
        self.world.ok(&[release], &[]);
        self.attester_s_end();
    }

    fn attester_s_end(&mut self) {
        let (payer, network) = (self.payer(), self.world.network);
        let owner = self.key_where(|_| true);
        let key = self.key_where(|key| {
            let attester = address::attester(&network, key);
            first_bump(&[b"stake_pool", attester.as_ref()], &ID)
        });
        let register = ix::register_attester(&payer, &owner.pubkey(), &key.pubkey(), &network);
        self.world.ok(&[register], &[&owner, &key]);
        self.world.advance(1);
        let attester = address::attester(&network, &key.pubkey());
        let close = ix::close_attester(&self.world.chain.get(&attester).unwrap());
        self.measure("close_attester", 740, &[close], &[&owner]);
    }
}
