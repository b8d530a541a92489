// The whole life of a job, from its opening to its closing.

import assert from 'node:assert/strict';
import test from 'node:test';

import { generateKeyPairSigner, type Address } from '@solana/kit';
import { getCreateAssociatedTokenIdempotentInstructionAsync } from '@solana-program/token';

import * as sluice from '../src';
import { startChain } from './chain';

const chain = await startChain();
const buyer = await chain.signer('buyer');
const operator = await chain.signer('operator');
const worker = await chain.signer('worker');
const payer = await chain.signer('funder');
const attesters = await Promise.all([1, 2, 3].map((number) => chain.signer(`attester-${number}`)));
const network = chain.at('network');
const set = chain.at('attester_set');
const node = chain.at('node');
const mint = chain.at('usdc_mint');
const owner = chain.addresses.keys.provider!;
const pool = chain.at('provider_stake_pool');
const provider = chain.at('provider');

const WINDOW = 3_600;
const terms: sluice.Terms = {
  mint,
  set,
  price: 10_001n,
  per: 3n,
  cap: 100n,
  bond: 20_000_000_000n,
  challengeBond: 1_000_000_000n,
  maxLengthSecs: 86_400n,
  windowSecs: WINDOW,
  graceSecs: WINDOW,
  challengeSecs: WINDOW,
  rulingSecs: WINDOW,
  noticeSecs: WINDOW,
  faultWindows: 5,
};

/** What every buyer of these tests states of the network. */
const agreed = async () => {
  const { resolver } = (await chain.read('Network', network)).roles;
  return { refundOwner: sluice.NOBODY, resolver, maxFeeBps: 350 };
};

test('a job is opened, accepted, proven, paid, ended, refunded, released and closed', async () => {
  const lamports = async () => (await chain.rpc.getBalance(buyer.address).send()).value;
  const before = await lamports();
  const had = await chain.balance(buyer.address, mint);
  const open = await sluice.getOpenJobInstructionAsync({
    payer: buyer,
    buyer,
    network,
    set,
    mint,
    id: 1n,
    terms,
    lengthSecs: 3n * BigInt(WINDOW),
    openUntil: (await chain.now()) + 3_600n,
    funds: sluice.parseAmount('2', 6),
    specHash: new Uint8Array(32),
    cosigner: sluice.NOBODY,
    provider,
    ...(await agreed()),
  });
  await chain.send(payer, open);
  const [address] = await sluice.findJobPda({ network, buyer: buyer.address, id: 1n });
  const read = () => chain.read('Job', address);
  const figures = async () => sluice.figuresOf(await read(), await chain.now());
  const funded = await read();
  assert.equal(funded.state, sluice.JobState.Open);
  assert.deepEqual([funded.funded, funded.unitsFunded], [2_000_000n, 599n]);
  assert.equal(await chain.balance(buyer.address, mint), had - 2_000_000n);

  const [position] = await sluice.findPositionPda({ pool, staker: owner });
  const { incarnation } = funded;
  const accept = { operator, network, job: address, set, provider, node, position };
  await chain.send(operator, await sluice.getAcceptJobInstructionAsync({ ...accept, incarnation }));
  const job = await read();
  const { domain } = await chain.read('Network', network);
  assert.deepEqual(job.context, await sluice.jobContext(domain, address, incarnation, node));
  assert.equal((await chain.read('StakePool', pool)).locked, terms.bond);

  const refused = (name: string, action: Promise<unknown>) =>
    assert.rejects(action, (error) => sluice.refusalOf(error)?.name === name);
  const proof = async (window: number, units: bigint, signers = attesters.slice(1).reverse()) => {
    const statement = sluice.statementOf(job, window, units, new Uint8Array(32).fill(window));
    const sign = (key: (typeof attesters)[number]) => sluice.signStatement(statement, 'quorum', key);
    const [signed, ...others] = await Promise.all([worker, ...signers].map(sign));
    const members = await chain.read('AttesterSet', set);
    return sluice.attest({ address, job, set: members, statement, worker: signed!, attesters: others });
  };
  await refused('WindowNotEnded', chain.send(payer, ...(await proof(0, 100n))));
  await chain.warpTo(job.startAt + BigInt(WINDOW));
  await refused('WrongSignerCount', chain.send(payer, ...(await proof(0, 100n, attesters.slice(2)))));
  const sent = await chain.send(payer, ...(await proof(0, 100n)));
  const { meta } = (await chain.rpc
    .getTransaction(sent, { encoding: 'json', maxSupportedTransactionVersion: 0 })
    .send())!;
  const [event] = sluice.eventsOf(meta!.logMessages!);
  assert.equal(event?.name, 'WindowProven');
  assert.deepEqual([event.data.job, event.data.accepted, event.data.signers], [address, 100n, 0b110]);
  await refused('WindowAlreadyProven', chain.send(payer, ...(await proof(0, 99n))));
  await chain.advance(WINDOW);
  await chain.send(payer, ...(await proof(1, 77n)));
  const pending = await figures();
  assert.deepEqual([pending.earned, pending.owed, pending.pending, pending.refundable], [0n, 0n, 569_407n, 1_076_575n]);
  assert.equal(pending.pendingDates?.[0], job.startAt + 3n * BigInt(WINDOW));

  const { payee, attestationOwner } = job;
  const { treasury } = (await chain.read('Network', network)).roles;
  const account = (to: Address) => sluice.tokenAccount(to, mint);
  const create = (to: Address) => getCreateAssociatedTokenIdempotentInstructionAsync({ payer, owner: to, mint });
  const exit = async (to: Address) => ({ job: address, mint, destination: await account(to) });
  await chain.send(payer, ...(await Promise.all([payee, treasury, attestationOwner].map(create))));
  const pay = await sluice.getPayInstructionAsync(await exit(payee));
  await refused('NothingDue', chain.send(payer, pay));
  // Three windows, the grace of the last and the challenge time of the second one proven are over.
  await chain.warpTo(job.endAt + BigInt(WINDOW));
  const settled = await figures();
  assert.deepEqual(
    [settled.earned, settled.pending, settled.refundable, settled.owedTreasury, settled.owedAttesters],
    [569_407n, 0n, 1_409_941n, 14_752n, 5_900n],
  );
  await chain.send(payer, sluice.getMatureInstruction({ job: address }), pay);
  await refused('NothingDue', chain.send(payer, sluice.getMatureInstruction({ job: address }), pay));
  await chain.send(
    payer,
    await sluice.getSweepTreasuryInstructionAsync({ ...(await exit(treasury)), network }),
    await sluice.getSweepAttestersInstructionAsync(await exit(attestationOwner)),
    await sluice.getRefundInstructionAsync(await exit(buyer.address)),
    sluice.getCreditInstruction({ job: address, node }),
  );
  const balances = await Promise.all([payee, treasury, attestationOwner].map((to) => chain.balance(to, mint)));
  assert.deepEqual(balances, [569_407n, 14_752n, 5_900n]);
  assert.equal(await chain.balance(buyer.address, mint), had - 590_059n);
  const last = await figures();
  assert.deepEqual([last.owesNothing, last.uncredited, last.owed], [true, 0n, 0n]);
  assert.equal((await chain.read('Node', node)).units, 177n);

  const release = await sluice.getReleaseJobInstructionAsync({ job: address, node, provider });
  const close = await sluice.getCloseJobInstructionAsync({ ...(await exit(buyer.address)), rentPayer: job.rentPayer });
  await refused('WrongJobState', chain.send(payer, close));
  await chain.send(payer, release, close);
  await assert.rejects(read(), /there is no account/);
  assert.equal((await chain.read('StakePool', pool)).locked, 0n);
  // Nobody worked in the third window: it is missed, and the job not completed.
  const { record } = await chain.read('Provider', provider);
  assert.deepEqual(
    [record.jobsAccepted, record.windowsProven, record.windowsMissed, record.jobsCompleted],
    [1n, 2n, 1n, 0n],
  );
  // Another paid the fees; the rent is back.
  assert.equal(await lamports(), before);
});

test('a job without a set is proven by its cosigner, and that is earned at once', async () => {
  const cosigner = await generateKeyPairSigner();
  const open = await sluice.getOpenJobInstructionAsync({
    payer: buyer,
    buyer,
    network,
    mint,
    id: 2n,
    terms: { ...terms, set: sluice.NOBODY },
    lengthSecs: BigInt(WINDOW),
    openUntil: (await chain.now()) + 3_600n,
    funds: 1_000_000n,
    specHash: new Uint8Array(32),
    cosigner: cosigner.address,
    provider: sluice.NOBODY,
    ...(await agreed()),
  });
  await chain.send(buyer, open);
  const [address] = await sluice.findJobPda({ network, buyer: buyer.address, id: 2n });
  const [position] = await sluice.findPositionPda({ pool, staker: owner });
  const { incarnation } = await chain.read('Job', address);
  const accept = { operator, network, job: address, provider, node, position, incarnation };
  await chain.send(operator, await sluice.getAcceptJobInstructionAsync(accept));
  const job = await chain.read('Job', address);
  await chain.warpTo(job.endAt);
  const statement = sluice.statementOf(job, 0, 9n, new Uint8Array(32));
  const sign = (path: sluice.Path, key: typeof worker) => sluice.signStatement(statement, path, key);
  const prove = async (path: sluice.Path) =>
    chain.send(
      payer,
      ...(await sluice.attestCosigned({
        address,
        statement,
        worker: await sign(path, worker),
        cosigner: await sign(path, cosigner),
      })),
    );
  // Signed for a quorum, it says nothing for a cosigner: the precompile itself finds the signatures wrong.
  await assert.rejects(prove('quorum'));
  await prove('cosigned');
  // 9 units at 10,001 for 3, less 2.5 %: nobody attested for a fee.
  const { earned, owedAttesters, pending } = sluice.figuresOf(await chain.read('Job', address), job.endAt);
  assert.deepEqual([earned, owedAttesters, pending], [29_253n, 0n, 0n]);
});
