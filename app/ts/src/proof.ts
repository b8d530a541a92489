// Proofs. Where there are two instructions, ed25519's and the program's, they are to be sent one right after the other. Nobody has to sign
// the transaction but whoever pays for it, and of a batch the one that is named.

import {
  AccountRole,
  type Address,
  type Instruction,
  type ReadonlyUint8Array,
  type TransactionSigner,
} from '@solana/kit';

import type { Found } from './account';
import { batchMessage, type BatchRun } from './batch';
import {
  findBatchPda,
  getAttestBatchInstruction,
  getAttestCosignedInstruction,
  getAttestInstruction,
  getEndorseBatchInstruction,
  getPostBatchInstruction,
  type AttesterSet,
  type Job,
} from './generated';
import { ed25519Instruction, orderMembers, statementMessage, type Countersignature, type Statement } from './statement';

/** Proves a window by worker and quorum. */
export async function attest(input: {
  address: Address;
  job: Job;
  set: AttesterSet;
  statement: Statement;
  worker: Countersignature;
  attesters: Countersignature[];
}): Promise<Instruction[]> {
  const { address, job, set, statement, worker, attesters } = input;
  const { ordered, members } = orderMembers(set, attesters);
  return [
    ed25519Instruction(await statementMessage(statement, 'quorum'), [worker, ...ordered]),
    getAttestInstruction({ job: address, set: job.terms.set, ...statement, members }),
  ];
}

/** Proves a window by worker and cosigner. */
export async function attestCosigned(input: {
  address: Address;
  statement: Statement;
  worker: Countersignature;
  cosigner: Countersignature;
}): Promise<Instruction[]> {
  const { address, statement, worker, cosigner } = input;
  return [
    ed25519Instruction(await statementMessage(statement, 'cosigned'), [worker, cosigner]),
    getAttestCosignedInstruction({ job: address, ...statement }),
  ];
}

/**
 * Posts a root that members of `set` signed. The batch, whose rent `payer` pays, can be closed from `expiresAt` on, unix seconds. Rejects
 * where there is no signature, or one of somebody who is no member.
 */
export async function postBatch(input: {
  payer: TransactionSigner;
  set: Found<'AttesterSet'>;
  root: ReadonlyUint8Array;
  expiresAt: bigint;
  signatures: Countersignature[];
}): Promise<Instruction[]> {
  const { payer, set, root, expiresAt, signatures } = input;
  const { ordered, members } = orderMembers(set.data, signatures);
  const [batch] = await findBatchPda({ payer: payer.address, set: set.address, root });
  return [
    ed25519Instruction(await batchMessage(set.address, root), ordered),
    getPostBatchInstruction({ payer, set: set.address, batch, root, expiresAt, members }),
  ];
}

/** Adds members' signatures to a batch. Rejects as `postBatch` does. */
export async function endorseBatch(input: {
  batch: Found<'Batch'>;
  set: AttesterSet;
  signatures: Countersignature[];
}): Promise<Instruction[]> {
  const { batch, set, signatures } = input;
  const { ordered, members } = orderMembers(set, signatures);
  return [
    ed25519Instruction(await batchMessage(batch.data.set, batch.data.root), ordered),
    getEndorseBatchInstruction({ batch: batch.address, set: batch.data.set, members }),
  ];
}

/**
 * Proves the windows of a run, whose entries name `jobs` by their place. `authority` is the worker of all of them, or the operator of
 * `provider`, whose jobs they are. The generated `getAttestBatchInstruction` has no jobs, which are no accounts of the IDL.
 */
export function attestBatch(input: {
  authority: TransactionSigner;
  batch: Address;
  set: Address;
  provider?: Address;
  jobs: Address[];
  run: BatchRun;
}): Instruction {
  const { jobs, run, ...accounts } = input;
  const attest: Instruction = getAttestBatchInstruction({ ...accounts, ...run });
  const written = jobs.map((address) => ({ address, role: AccountRole.WRITABLE }));
  return { ...attest, accounts: [...(attest.accounts ?? []), ...written] };
}
