//! Statements, signed by whomever the action says, and the instructions that carry them.

use {
    super::{Builder, disputes::piece},
    anchor_lang::{InstructionData, ToAccountMetas},
    sluice::{accounts, constants::INSTRUCTIONS_SYSVAR, instruction},
    sluice_client::{
        Ledger, instruction as ix,
        statement::{Countersignature, Path, Statement, ed25519_instruction},
    },
    sluice_tests::reference::{self, Action, Claimed, Id, Signed},
    solana_instruction::Instruction,
};

impl Builder<'_> {
    pub(super) fn proof(&self, action: &Action) -> Vec<Instruction> {
        match action {
            Action::Attest {
                job,
                set,
                claimed,
                members,
                signed,
            } => {
                let attest = Instruction {
                    program_id: sluice_client::ID,
                    accounts: accounts::Attest {
                        job: self.at(*job),
                        set: self.at(*set),
                        instructions: INSTRUCTIONS_SYSVAR,
                    }
                    .to_account_metas(None),
                    data: instruction::Attest {
                        window: claimed.window,
                        units: claimed.units,
                        digest: piece(claimed.digest),
                        members: *members,
                    }
                    .data(),
                };
                let pair = self.after_signatures(signed.as_ref(), attest);
                self.compare_with_client(*job, *set, claimed, signed.as_ref(), &pair);
                pair
            }
            Action::AttestCosigned {
                job,
                claimed,
                signed,
            } => {
                let attest = Instruction {
                    program_id: sluice_client::ID,
                    accounts: accounts::AttestCosigned {
                        job: self.at(*job),
                        instructions: INSTRUCTIONS_SYSVAR,
                    }
                    .to_account_metas(None),
                    data: instruction::AttestCosigned {
                        window: claimed.window,
                        units: claimed.units,
                        digest: piece(claimed.digest),
                    }
                    .data(),
                };
                self.after_signatures(signed.as_ref(), attest)
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// `attest`, after the ed25519 instruction that verifies the signatures, if there are any.
    fn after_signatures(&self, signed: Option<&Signed>, attest: Instruction) -> Vec<Instruction> {
        let Some(signed) = signed else {
            return vec![attest];
        };
        let (statement, path) = self.statement(&signed.statement);
        let signatures = self.signatures(signed);
        let verify = ed25519_instruction(&statement.message(path), &signatures);
        vec![verify.expect("one to six signatures"), attest]
    }

    fn signatures(&self, signed: &Signed) -> Vec<Countersignature> {
        let (statement, path) = self.statement(&signed.statement);
        let sign = |key: &u64| statement.sign(path, self.book.key(*key));
        let signatures = signed
            .keys
            .iter()
            .map(|key| sign(key).expect("a signature"));
        signatures.collect()
    }

    /// What the model says, as it is hashed, and under which tag it is signed.
    pub(super) fn statement(&self, said: &reference::Statement) -> (Statement, Path) {
        let path = match said.path {
            reference::Path::Quorum | reference::Path::Batch => Path::Quorum,
            reference::Path::Cosigned => Path::Cosigned,
        };
        (self.book.statement(said), path)
    }

    /// Where the client can build the proof from the same signatures, it builds the same.
    fn compare_with_client(
        &self,
        id: Id,
        set: Id,
        claimed: &Claimed,
        signed: Option<&Signed>,
        built: &[Instruction],
    ) {
        let (Some(job), Some(signed)) = (self.model.jobs.get(&id), signed) else {
            return;
        };
        let honest = reference::proof::statement(id, job, reference::Path::Quorum, *claimed);
        let ascending = signed.keys.len() > 1 && signed.keys[1..].is_sorted();
        if Some(signed.statement) != honest || job.terms.set != Some(set) || !ascending {
            return;
        }
        let signatures = self.signatures(signed);
        let state = self.job(id);
        let (statement, _) = self.statement(&signed.statement);
        assert_eq!(statement.context, state.context, "the job's own context");
        let keys = self.world.chain.get(&state.terms.set).expect("a set");
        let (worker, others) = (signatures[0], &signatures[1..]);
        let attest = ix::attest(&self.at(id), &state, &keys, &statement, worker, others);
        if let Ok(pair) = attest
            && pair[1].data == built[1].data
        {
            assert_eq!(pair.as_slice(), built, "the client's own proof");
        }
    }
}
