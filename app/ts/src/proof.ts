// Proofs: the ed25519 instruction and the program's, to be sent one right after the other. Nobody has to sign the transaction
// but whoever pays for it.

import type { Address, Instruction } from '@solana/kit';

import { getAttestCosignedInstruction, getAttestInstruction, type AttesterSet, type Job } from './generated';
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
