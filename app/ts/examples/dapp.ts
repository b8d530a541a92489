// What a page shows and asks for: the market, a job's figures as they change, and a wallet's signature.
// Everything here runs in a browser as well, with the wallet's signer in place of the key file's.

import { getBase64Encoder, type TransactionPartialSigner } from '@solana/kit';

import * as sluice from '../src';
import { Localnet } from './localnet';

const chain = Localnet.open();
const network = chain.at('network');
const mint = chain.at('usdc_mint');
const stop = new AbortController();
const live = { abortSignal: stop.signal };

const { minStake } = (await chain.read('Network', network)).params;
const time = await chain.now();
const market = await sluice.listMarket(chain.rpc, network, time);
for (const { listing, reason } of sluice.rank(market, {}, minStake, time)) {
  const { terms, slotsLeft } = listing.offer;
  const price = `${sluice.formatAmount(terms.price, 6)} for ${terms.per}`;
  console.log(`dapp: offer ${listing.address}, ${price}, ${slotsLeft} slots left; ${reason}`);
}

const address = process.argv[2] ?? (await opened());
const job = address as sluice.Found<'Job'>['address'];
const accounts = await chain.rpcSubscriptions
  .accountNotifications(job, { commitment: 'confirmed', encoding: 'base64' })
  .subscribe(live);
await show(await chain.read('Job', job));
await topUp(await wallet());
for await (const { value } of accounts) {
  const data = getBase64Encoder().encode(value.data[0]);
  // A closed account is told as an empty one.
  if (data.length === 0) break;
  await show(sluice.decodeData('Job', data));
}
console.log('dapp: the job is closed');
stop.abort();

/** The first job that is opened from now on. */
async function opened() {
  const logs = await chain.rpcSubscriptions
    .logsNotifications({ mentions: [sluice.SLUICE_PROGRAM_ADDRESS] }, { commitment: 'confirmed' })
    .subscribe(live);
  console.log('dapp: waits for a job');
  for await (const { value } of logs) {
    for (const event of sluice.eventsOf(value.logs ?? [])) {
      if (event.name === 'JobOpened') return event.data.job;
    }
  }
  throw new Error('the subscription ended');
}

async function show(data: sluice.Job) {
  const figures = sluice.figuresOf(data, await chain.now());
  const amounts = (['earned', 'pending', 'refundable'] as const).map(
    (name) => `${name} ${sluice.formatAmount(figures[name], data.decimals)}`,
  );
  console.log(`dapp: ${amounts.join(', ')}`);
}

/** What a wallet is to Kit: an address, and a function that asks its owner and signs. A browser's comes from its adapter. */
async function wallet(): Promise<TransactionPartialSigner> {
  const key = await chain.signer('buyer');
  return {
    address: key.address,
    async signTransactions(transactions) {
      console.log(`dapp: the wallet is asked to sign ${transactions.length} transaction`);
      return key.signTransactions(transactions);
    },
  };
}

/** Adds to the job's escrow. */
async function topUp(funder: TransactionPartialSigner) {
  const { incarnation } = await chain.read('Job', job);
  const amount = sluice.parseAmount('0.5', 6);
  const topUp = await sluice.getTopUpJobInstructionAsync({ funder, job, mint, incarnation, amount });
  await chain.send(funder, topUp).catch((error: unknown) => {
    const refusal = sluice.refusalOf(error);
    if (!refusal) throw error;
    console.log(`dapp: no top-up, ${refusal.message} (${refusal.name})`);
  });
}
