//! Batches, with the signatures that the action says and by the client's builders.

use {
    super::{Builder, disputes::piece},
    anchor_lang::{InstructionData, ToAccountMetas},
    sluice::{BatchEntry, BatchRun, accounts, constants::INSTRUCTIONS_SYSVAR, instruction},
    sluice_client::{
        instruction::{self as ix, SYSTEM_PROGRAM},
        statement::{Countersignature, batch_message, ed25519_instruction},
    },
    sluice_tests::reference::{Action, AttestBatch, Id, SignedTree, Tree},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

impl Builder<'_> {
    pub(super) fn batch(&self, action: &Action) -> Vec<Instruction> {
        match action {
            Action::PostBatch {
                batch,
                by,
                tree,
                expires_at,
                members,
                signed,
            } => {
                let post = Instruction {
                    program_id: sluice_client::ID,
                    accounts: accounts::PostBatch {
                        payer: self.at(*by),
                        set: self.at(tree.set),
                        batch: self.at(*batch),
                        instructions: INSTRUCTIONS_SYSVAR,
                        system_program: SYSTEM_PROGRAM,
                    }
                    .to_account_metas(None),
                    data: instruction::PostBatch {
                        root: self.book.root(tree),
                        expires_at: *expires_at,
                        members: *members,
                    }
                    .data(),
                };
                self.after_tree(signed.as_ref(), post)
            }
            Action::EndorseBatch {
                batch,
                set,
                members,
                signed,
            } => {
                let endorse = Instruction {
                    program_id: sluice_client::ID,
                    accounts: accounts::EndorseBatch {
                        batch: self.at(*batch),
                        set: self.at(*set),
                        instructions: INSTRUCTIONS_SYSVAR,
                    }
                    .to_account_metas(None),
                    data: instruction::EndorseBatch { members: *members }.data(),
                };
                self.after_tree(signed.as_ref(), endorse)
            }
            Action::AttestBatch(attest) => vec![self.attest_batch(attest)],
            Action::CloseBatch { batch, by } => vec![Instruction {
                program_id: sluice_client::ID,
                accounts: accounts::CloseBatch {
                    payer: self.at(*by),
                    batch: self.at(*batch),
                }
                .to_account_metas(None),
                data: instruction::CloseBatch {}.data(),
            }],
            other => unreachable!("{other:?}"),
        }
    }

    /// `then`, after the ed25519 instruction that verifies the signatures of a tree, if there are any.
    fn after_tree(&self, signed: Option<&SignedTree>, then: Instruction) -> Vec<Instruction> {
        let Some(SignedTree { tree, keys }) = signed else {
            return vec![then];
        };
        let (message, signatures) = self.signed_tree(tree, keys);
        let verify = ed25519_instruction(&message, &signatures);
        vec![verify.expect("some signatures"), then]
    }

    /// A tree's message, and the signatures of `keys`.
    pub(super) fn signed_tree(
        &self,
        tree: &Tree,
        keys: &[u64],
    ) -> ([u8; 48], Vec<Countersignature>) {
        let message = batch_message(&self.at(tree.set), &self.book.root(tree));
        let sign = |key: &u64| {
            let key = self.book.key(*key);
            Countersignature {
                key: key.pubkey(),
                signature: key.sign_message(&message),
            }
        };
        (message, keys.iter().map(sign).collect())
    }

    fn attest_batch(&self, attest: &AttestBatch) -> Instruction {
        let tree = &self
            .model
            .batches
            .get(&attest.batch)
            .map(|b| b.tree.clone());
        let jobs: Vec<Id> = attest.shown.iter().flatten().map(|(job, _)| *job).collect();
        let mut named: Vec<Id> = jobs.clone();
        named.sort_unstable();
        named.dedup();
        let place = |job: &Id| named.iter().position(|one| one == job).expect("named") as u8;
        let mut mask = 0u32;
        let (mut entries, mut others) = (vec![], vec![]);
        let leaves = tree.as_ref().map(|tree| self.book.leaves(tree));
        for (offset, shown) in attest.shown.iter().enumerate() {
            match shown {
                Some((job, claimed)) => {
                    mask |= 1 << offset;
                    entries.push(BatchEntry {
                        job: place(job),
                        window: claimed.window,
                        units: claimed.units,
                        digest: piece(claimed.digest),
                    });
                }
                None => {
                    let leaves = leaves.as_deref().unwrap_or_default();
                    let leaf = leaves.get(attest.first as usize + offset);
                    others.push(leaf.copied().unwrap_or_default());
                }
            }
        }
        let level = attest.shown.len().trailing_zeros() as usize;
        let path = tree
            .as_ref()
            .map(|tree| self.book.path(tree, attest.first, level));
        let jobs: Vec<Address> = named.iter().map(|job| self.at(*job)).collect();
        ix::attest_batch(
            &self.at(attest.by),
            (&self.at(attest.batch), &self.at(attest.set)),
            attest.provider.map(|provider| self.at(provider)),
            &jobs,
            BatchRun {
                first: attest.first,
                mask,
                entries,
                others,
                path: path.unwrap_or_default(),
            },
        )
    }
}
