// Windows of several jobs, proven by one run from a batch.

import assert from 'node:assert/strict';
import test from 'node:test';

import type { Address, Instruction, TransactionSigner } from '@solana/kit';

import * as sluice from '../src';
import { startChain } from './chain';

const chain = await startChain();
const buyer = await chain.signer('buyer');
const operator = await chain.signer('operator');
const worker = await chain.signer('worker');
const payer = await chain.signer('funder');
const [first, second, third] = await Promise.all([1, 2, 3].map((number) => chain.signer(`attester-${number}`)));
const network = chain.at('network');
const set = chain.at('attester_set');
const node = chain.at('node');
const provider = chain.at('provider');
const HOUR = 3_600n;

/** An accepted job of three windows, whose number is `id`. */
async function accepted(id: bigint): Promise<{ address: Address; job: sluice.Job }> {
  const terms = chain.terms(1_000n, 86_400n);
  const { resolver } = (await chain.read('Network', network)).roles;
  const open = await sluice.getOpenJobInstructionAsync({
    payer: buyer,
    buyer,
    network,
    set,
    mint: terms.mint,
    id,
    terms,
    lengthSecs: 3n * HOUR,
    openUntil: (await chain.now()) + HOUR,
    funds: 300_000n,
    specHash: new Uint8Array(32),
    cosigner: sluice.NOBODY,
    provider,
    refundOwner: sluice.NOBODY,
    resolver,
    maxFeeBps: 350,
  });
  await chain.send(buyer, open);
  const [address] = await sluice.findJobPda({ network, buyer: buyer.address, id });
  const [position] = await sluice.findPositionPda({
    pool: chain.at('provider_stake_pool'),
    staker: chain.addresses.keys.provider!,
  });
  const { incarnation } = await chain.read('Job', address);
  const accept = { operator, network, job: address, set, provider, node, position, incarnation };
  await chain.send(operator, await sluice.getAcceptJobInstructionAsync(accept));
  return { address, job: await chain.read('Job', address) };
}

async function events(by: TransactionSigner, ...instructions: Instruction[]): Promise<sluice.Event[]> {
  const sent = await chain.send(by, ...instructions);
  const asked = chain.rpc.getTransaction(sent, { encoding: 'json', maxSupportedTransactionVersion: 0 });
  return sluice.eventsOf((await asked.send())!.meta!.logMessages!);
}

const refused = (name: string, action: Promise<unknown>) =>
  assert.rejects(action, (error) => sluice.refusalOf(error)?.name === name);

test('a batch is posted, endorsed, proven from and closed', async () => {
  const jobs = [await accepted(1n), await accepted(2n)];
  const addresses = jobs.map(({ address }) => address);
  const contexts = jobs.map(({ job }) => job.context);
  const statements = jobs.map(({ job }, place) =>
    sluice.statementOf(job, 0, 7n + BigInt(place), new Uint8Array(32).fill(place)),
  );
  // A window that has not ended stands in the tree, and nobody says it yet.
  statements.push(sluice.statementOf(jobs[0]!.job, 1, 5n, new Uint8Array(32)));
  const journal = sluice.memoryJournal();
  const sign = (key: typeof worker) => sluice.signBatchOnce(journal, set, statements, key);
  const [{ tree, signed: one }, { signed: two }] = [await sign(second!), await sign(third!)];
  await chain.warpTo(jobs[1]!.job.startAt + HOUR);

  const data = await chain.read('AttesterSet', set);
  const expiresAt = (await chain.now()) + 2n * HOUR;
  const post = (date: bigint) =>
    sluice.postBatch({ payer, set: { address: set, data }, root: tree.root, expiresAt: date, signatures: [one] });
  await refused('ExpiryOutOfBounds', chain.send(payer, ...(await post(expiresAt - 2n * HOUR))));
  const [posted] = await events(payer, ...(await post(expiresAt)));
  assert.equal(posted?.name, 'BatchSigned');
  const [address] = await sluice.findBatchPda({ payer: payer.address, set, root: tree.root });
  assert.deepEqual([posted.data.batch, posted.data.signers], [address, 0b010n]);
  const batch = await chain.read('Batch', address);
  assert.deepEqual([batch.root, batch.payer, batch.expiresAt], [tree.root, payer.address, expiresAt]);

  const said = (place: number) => (place < 2 ? { job: place, statement: statements[place]! } : undefined);
  const run = tree.run(0, 4, said);
  assert.equal(await sluice.faultOfRun(run, contexts, batch.root), undefined);
  const attest = (by: typeof worker, run: sluice.BatchRun, own?: Address) =>
    sluice.attestBatch({ authority: by, batch: address, set, jobs: addresses, run, ...(own && { provider: own }) });
  await refused('BatchBelowThreshold', chain.send(payer, attest(worker, run)));
  const endorse = (signatures: sluice.Countersignature[]) =>
    sluice.endorseBatch({ batch: { address, data: batch }, set: data, signatures });
  await refused('AlreadyEndorsed', chain.send(payer, ...(await endorse([one]))));
  await chain.send(payer, ...(await endorse([two])));
  assert.equal((await chain.read('Batch', address)).signers, 0b110);

  await refused('NotTheWorkers', chain.send(payer, attest(first!, run)));
  await refused('NotOperator', chain.send(payer, attest(worker, run, provider)));
  // What the verifier says of a run, the program says.
  for (const wrong of [
    { ...run, mask: 1 },
    { ...run, others: run.others.toReversed() },
  ]) {
    const fault = await sluice.faultOfRun(wrong, contexts, batch.root);
    await refused(fault!, chain.send(payer, attest(worker, wrong)));
  }
  const [proven, ...others] = await events(payer, attest(worker, run));
  assert.deepEqual(others, []);
  assert.equal(proven?.name, 'BatchProven');
  assert.deepEqual([proven.data.batch, proven.data.signers], [address, 0b110]);
  assert.deepEqual(
    proven.data.windows,
    addresses.map((job, entry) => ({ job, entry, window: 0, accepted: 7n + BigInt(entry) })),
  );
  for (const [place, job] of addresses.entries()) {
    assert.equal((await chain.read('Job', job)).unitsPending, 7n + BigInt(place));
  }
  // Proven with the same statements: nothing is done again, and nothing logged.
  assert.deepEqual(await events(payer, attest(worker, run)), []);

  // The operator proves alone what has ended since.
  await chain.advance(Number(HOUR));
  const alone = tree.run(2, 1, () => ({ job: 0, statement: statements[2]! }));
  const [last] = await events(payer, attest(operator, alone, provider));
  assert.equal(last?.name, 'BatchProven');
  assert.deepEqual(last.data.windows, [{ job: addresses[0], entry: 0, window: 1, accepted: 5n }]);

  const close = sluice.getCloseBatchInstruction({ payer, batch: address });
  await chain.warpTo(expiresAt - 60n);
  await refused('BatchNotExpired', chain.send(payer, close));
  await chain.warpTo(expiresAt);
  const [closed] = await events(payer, close);
  assert.equal(closed?.name, 'BatchClosed');
  assert.deepEqual(closed.data.root, tree.root);
  await assert.rejects(chain.read('Batch', address), /there is no account/);
});
