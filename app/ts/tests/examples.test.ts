// The examples, all three at once on one chain.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import test from 'node:test';

import * as sluice from '../src';
import { startChain } from './chain';

const chain = await startChain();
const examples = new URL('../examples/', import.meta.url);

/** An example as a process: what it printed once it is over, and when it printed a line that begins so. */
function start(name: string) {
  const env = { ...process.env, SLUICE_LOCALNET_DIR: chain.folder };
  const child = spawn(process.execPath, ['--import', 'tsx', `${name}.ts`], { cwd: examples, env });
  let printed = '';
  child.stdout.on('data', (data) => (printed += data));
  child.stderr.on('data', (data) => (printed += data));
  const over = new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve(printed) : reject(new Error(`${name} failed:\n${printed}`))));
  });
  const says = async (text: string) => {
    while (!printed.includes(text) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
    if (!printed.includes(text)) await over;
  };
  return { over, says };
}

test('buyer, provider and dapp settle a job from an offer', { timeout: 120_000 }, async () => {
  const provider = start('provider');
  await provider.says('offers a unit');
  const dapp = start('dapp');
  await dapp.says('waits for a job');
  const buyer = start('buyer');
  const [sold, shown, bought] = await Promise.all([provider.over, dapp.over, buyer.over]);
  // 164 units at 0.01, less 3.5 %.
  assert.match(sold, /1010 STAKE stand behind it[^]*was paid 1\.5826 USDC[^]*took out 10 STAKE/);
  assert.match(bought, /funded with 5 USDC[^]*the work came to 1\.64 USDC/);
  assert.match(
    shown,
    /0\.01 for 1, 8 slots left[^]*asked to sign 1 transaction[^]*earned 1\.5826[^]*the job is closed/,
  );
});

test('buyer and provider settle a job that is open to anyone', { timeout: 120_000 }, async () => {
  const buyer = start('buyer');
  await buyer.says('funded with');
  const [sold, bought] = await Promise.all([start('provider').over, buyer.over]);
  assert.match(sold, /was paid 3\.1652 USDC/);
  assert.match(bought, /the work came to 3\.28 USDC/);
});

test('a provider passes a job by that is refused, and says by name why', { timeout: 120_000 }, async () => {
  const buyer = await chain.signer('buyer');
  const [network, mint] = [chain.at('network'), chain.at('usdc_mint')];
  const { resolver } = (await chain.read('Network', network)).roles;
  const now = await chain.now();
  const open = await sluice.getOpenJobInstructionAsync({
    payer: buyer,
    buyer,
    network,
    mint,
    set: chain.at('attester_set'),
    terms: chain.terms(10_000n, 7_200n),
    id: now + 1n,
    lengthSecs: 7_200n,
    openUntil: now + 60n,
    funds: sluice.parseAmount('5', 6),
    specHash: new Uint8Array(32),
    cosigner: sluice.NOBODY,
    provider: sluice.NOBODY,
    refundOwner: buyer.address,
    resolver,
    maxFeeBps: 350,
  });
  await chain.send(buyer, open);
  await chain.advance(120n);
  const provider = start('provider');
  await provider.says('(JobEnded)');
  const [sold] = await Promise.all([provider.over, start('buyer').over]);
  assert.match(sold, /does not get \w+: the job has ended[^]*was paid 1\.5826 USDC/);
});
