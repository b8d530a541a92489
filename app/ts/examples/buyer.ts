// A buyer: takes the best offer that the program lets it take, or opens a job for anyone where there is none, watches it, and gets the
// rest back. Run it beside `npm run example:provider`, which works and moves the clock.

import { getBase64Encoder } from '@solana/kit';

import * as sluice from '../src';
import { Localnet } from './localnet';

const FUNDS = sluice.parseAmount('5', 6);
const LENGTH = 7_200n;

const chain = Localnet.open();
const buyer = await chain.signer('buyer');
const network = chain.at('network');
const mint = chain.at('usdc_mint');
const usdc = (base: bigint) => `${sluice.formatAmount(base, 6)} USDC`;

const had = await chain.balance(buyer.address, mint);
const now = await chain.now();
const { resolver } = (await chain.read('Network', network)).roles;
const [address] = await sluice.findJobPda({ network, buyer: buyer.address, id: now });
if (!(await take())) await chain.send(buyer, await open());
console.log(`buyer: job ${address}, funded with ${usdc(FUNDS)}`);

for await (const job of changes()) {
  const figures = sluice.figuresOf(job, await chain.now());
  console.log(
    `buyer: earned ${usdc(figures.earned)}, pending ${usdc(figures.pending)}, at risk ${usdc(figures.atRisk)},` +
      ` refundable ${usdc(figures.refundable)}`,
  );
  if (job.state === sluice.JobState.Released && figures.owed + figures.owedTreasury + figures.owedAttesters === 0n)
    break;
}

const { rentPayer } = await chain.read('Job', address);
const destination = await sluice.tokenAccount(buyer.address, mint);
await chain.send(
  buyer,
  await sluice.getRefundInstructionAsync({ job: address, mint, destination }),
  await sluice.getCloseJobInstructionAsync({ job: address, mint, destination, rentPayer }),
);
console.log(`buyer: the work came to ${usdc(had - (await chain.balance(buyer.address, mint)))}`);

/** What the buyer says of any job of its own. */
function wish() {
  const nobody = sluice.NOBODY;
  return {
    payer: buyer,
    buyer,
    network,
    mint,
    id: now,
    specHash: new Uint8Array(32),
    cosigner: nobody,
    refundOwner: buyer.address,
    resolver,
    maxFeeBps: 350,
  };
}

/** Takes the best offer that is paid in this mint, for two hours; false where there is none. */
async function take(): Promise<boolean> {
  const { params } = await chain.read('Network', network);
  const market = await sluice.listMarket(chain.rpc, network, now);
  for (const { listing, untakeable } of sluice.rank(market, { mint, lengthSecs: LENGTH }, params.minStake, now)) {
    if (untakeable) break;
    try {
      await chain.send(buyer, await taking(listing));
      return true;
    } catch (error) {
      // Another buyer may have been faster: the next one is as good as it gets.
      const refusal = sluice.refusalOf(error);
      if (!refusal || refusal.program) throw error;
      console.log(`buyer: offer ${listing.address} is not to be had: ${refusal.message} (${refusal.name})`);
    }
  }
  return false;
}

/** Takes this offer. */
async function taking({ address, offer: { terms, provider, node, incarnation }, provider: found }: sluice.Listing) {
  const [pool] = await sluice.findStakePoolPda({ subject: provider });
  const [position] = await sluice.findPositionPda({ pool, staker: found!.owner });
  return sluice.getTakeOfferInstructionAsync({
    ...wish(),
    set: terms.set,
    offer: address,
    provider,
    node,
    position,
    seen: { incarnation, price: terms.price, per: terms.per },
    lengthSecs: LENGTH,
    funds: FUNDS,
  });
}

/** Opens a job of two hours for anyone. */
async function open() {
  return sluice.getOpenJobInstructionAsync({
    ...wish(),
    set: chain.at('attester_set'),
    terms: chain.terms(sluice.parseAmount('0.02', 6), LENGTH),
    lengthSecs: LENGTH,
    openUntil: now + 86_400n,
    funds: FUNDS,
    provider: sluice.NOBODY,
  });
}

/** The job as it is, and after every change. */
async function* changes(): AsyncGenerator<sluice.Job> {
  const stop = new AbortController();
  const notifications = await chain.rpcSubscriptions
    .accountNotifications(address, { commitment: 'confirmed', encoding: 'base64' })
    .subscribe({ abortSignal: stop.signal });
  try {
    yield await chain.read('Job', address);
    for await (const { value } of notifications) {
      yield sluice.decodeData('Job', getBase64Encoder().encode(value.data[0]));
    }
  } finally {
    stop.abort();
  }
}
