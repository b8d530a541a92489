// A provider: adds to its stake, posts an offer, accepts a job, proves its windows, is paid, and takes the stake out again.
// Worker and attesters sign here as well, on a real network each signs where it is, with a journal that outlasts the process: two
// statements about one window cost an attester its bond. Where a provider would wait, this moves the clock.

import { setTimeout as sleep } from 'node:timers/promises';

import type { MessagePartialSigner } from '@solana/kit';
import { getCreateAssociatedTokenIdempotentInstructionAsync } from '@solana-program/token';

import * as sluice from '../src';
import { Localnet } from './localnet';

const UNITS = [100n, 64n];

/** The chain and its keys end with the run. */
const journal = sluice.memoryJournal();

const chain = Localnet.open();
const owner = await chain.signer('provider');
const operator = await chain.signer('operator');
const worker = await chain.signer('worker');
const attesters = await Promise.all(['attester-1', 'attester-3'].map((name) => chain.signer(name)));
const network = chain.at('network');
const [provider, node, set] = [chain.at('provider'), chain.at('node'), chain.at('attester_set')];
const pool = chain.at('provider_stake_pool');
const [mint, stakeMint] = [chain.at('usdc_mint'), chain.at('stake_mint')];
const [position] = await sluice.findPositionPda({ pool, staker: owner.address });
const usdc = (base: bigint) => `${sluice.formatAmount(base, 6)} USDC`;
const stakes = (base: bigint) => `${sluice.formatAmount(base, 9)} STAKE`;

const more = sluice.parseAmount('10', 9);
const { shares: before } = await chain.read('Position', position);
await chain.send(
  owner,
  await sluice.getStakeInstructionAsync({ payer: owner, staker: owner, network, pool, mint: stakeMint, amount: more }),
);
console.log(`provider: ${stakes((await chain.read('StakePool', pool)).tokens)} stand behind it`);

const offer = await post();
const address = await next();
await prove();
await collect();
await chain.send(
  operator,
  sluice.getCloseOfferInstruction({ closer: operator, offer, rentPayer: operator.address, provider }),
);
await unstake();

/** Posts an offer of one job a slot for a week. */
async function post() {
  const id = await chain.now();
  const terms = chain.terms(sluice.parseAmount('0.01', 6), 86_400n);
  const words = { id, terms, slots: 8, expiresAt: id + 604_800n };
  const accounts = { payer: operator, operator, network, provider, node, mint };
  await chain.send(operator, await sluice.getPostOfferInstructionAsync({ ...accounts, ...words }));
  const [address] = await sluice.findOfferPda({ node, id });
  console.log(`provider: offers a unit for ${usdc(terms.price)}: ${address}`);
  return address;
}

/** Waits for a job that took the offer, or accepts one that is open to it. */
async function next() {
  const refused = new Set<string>();
  for (;;) {
    const jobs = await sluice.listAccounts(chain.rpc, 'Job', { network });
    const taken = jobs.find(({ data }) => data.state === sluice.JobState.Active && data.node === node);
    if (taken) return taken.address;
    const open = jobs.find(
      ({ address, data }) =>
        data.state === sluice.JobState.Open &&
        data.terms.set === set &&
        [provider, sluice.NOBODY].includes(data.provider) &&
        !refused.has(address),
    );
    if (open && (await accept(open))) return open.address;
    if (open) refused.add(open.address);
    await sleep(200);
  }
}

/** Accepts an open job; false when the program does not let it, as when another provider was faster. */
async function accept({ address, data: { incarnation } }: sluice.Found<'Job'>): Promise<boolean> {
  const accounts = { operator, network, job: address, set, provider, node, position };
  try {
    await chain.send(operator, await sluice.getAcceptJobInstructionAsync({ ...accounts, incarnation }));
    return true;
  } catch (error) {
    const refusal = sluice.refusalOf(error);
    if (!refusal || refusal.program) throw error;
    console.log(`provider: does not get ${address}: ${refusal.message} (${refusal.name})`);
    return false;
  }
}

/** Proves each window when it is over: the worker signs what was done, two attesters sign that it is so. */
async function prove() {
  const job = await chain.read('Job', address);
  console.log(`provider: works on ${address}`);
  for (const [window, units] of UNITS.entries()) {
    await chain.warpTo(job.startAt + BigInt((window + 1) * job.terms.windowSecs));
    const statement = sluice.statementOf(job, window, units, new Uint8Array(32));
    const sign = (key: MessagePartialSigner) => sluice.signOnce(journal, statement, 'quorum', key);
    const proof = await sluice.attest({
      address,
      job,
      set: await chain.read('AttesterSet', set),
      statement,
      worker: await sign(worker),
      attesters: await Promise.all(attesters.map(sign)),
    });
    await chain.send(operator, ...proof);
    console.log(`provider: window ${window} is proven, ${units} units`);
  }
}

/** Everybody who earned is paid; the bond is free again. */
async function collect() {
  const job = await chain.read('Job', address);
  const { settlesAt } = sluice.figuresOf(job, await chain.now());
  await chain.warpTo(settlesAt!);
  const { treasury } = (await chain.read('Network', network)).roles;
  const fees = job.attestationOwner;
  const create = (of: typeof treasury) =>
    getCreateAssociatedTokenIdempotentInstructionAsync({ payer: operator, owner: of, mint: job.terms.mint });
  await chain.send(operator, ...(await Promise.all([job.payee, treasury, fees].map(create))));
  const exit = async (to: typeof treasury) => ({
    job: address,
    mint: job.terms.mint,
    destination: await sluice.tokenAccount(to, job.terms.mint),
  });
  const had = await chain.balance(owner.address, mint);
  await chain.send(
    operator,
    sluice.getMatureInstruction({ job: address }),
    await sluice.getPayInstructionAsync(await exit(job.payee)),
    await sluice.getSweepTreasuryInstructionAsync({ ...(await exit(treasury)), network }),
    await sluice.getSweepAttestersInstructionAsync(await exit(fees)),
    sluice.getCreditInstruction({ job: address, node }),
    await sluice.getReleaseJobInstructionAsync({ job: address, node, provider }),
  );
  console.log(`provider: was paid ${usdc((await chain.balance(owner.address, mint)) - had)}`);
}

/** Takes out what was added, after the unbonding time. */
async function unstake() {
  const nonce = await chain.now();
  const { shares } = await chain.read('Position', position);
  const begin = { payer: owner, staker: owner, network, pool, shares: shares - before, nonce };
  await chain.send(owner, await sluice.getBeginUnstakeInstructionAsync(begin));
  const [ticket] = await sluice.findUnstakePda({ position, nonce });
  await chain.warpTo((await chain.read('Unstake', ticket)).withdrawAt);
  const had = await chain.balance(owner.address, stakeMint);
  const withdraw = await sluice.getWithdrawInstructionAsync({
    pool,
    mint: stakeMint,
    destination: await sluice.tokenAccount(owner.address, stakeMint),
    position,
    ticket,
    rentPayer: owner.address,
  });
  await chain.send(owner, withdraw);
  console.log(`provider: took out ${stakes((await chain.balance(owner.address, stakeMint)) - had)}`);
}
