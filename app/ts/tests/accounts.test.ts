// Every account on a new local chain, through the generated code.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { getBase64Encoder } from '@solana/kit';

import * as sluice from '../src';
import { startChain } from './chain';
import { hex } from './vectors';

const chain = await startChain();

/** What begins the account in which Anchor before 1 looks for the IDL: the program's, but none of its types. */
const IDL_ACCOUNT = '0x184662bf3a907b9e';

test('every account of the program decodes, and encodes to the same bytes', async () => {
  const accounts = await chain.rpc.getProgramAccounts(sluice.SLUICE_PROGRAM_ADDRESS, { encoding: 'base64' }).send();
  const counts: { [name: string]: number } = {};
  for (const { account } of accounts) {
    const bytes = getBase64Encoder().encode(account.data[0]);
    if (hex(bytes.subarray(0, 8)) === IDL_ACCOUNT) continue;
    const name = sluice.SluiceAccount[sluice.identifySluiceAccount(bytes)] as sluice.AccountName;
    const encoders = sluice as unknown as { [name: string]: () => { encode(data: unknown): Uint8Array } };
    assert.deepEqual(encoders[`get${name}Encoder`]!().encode(sluice.decodeData(name, bytes)), bytes, name);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  assert.deepEqual(counts, {
    Attester: 3,
    AttesterSet: 1,
    Network: 1,
    Node: 1,
    Position: 4,
    Provider: 1,
    RewardPool: 1,
    Share: 1,
    StakePool: 4,
  });
});

test('what they say is what the chain was founded with', async () => {
  const key = (name: string) => chain.addresses.keys[name]!;
  const [admin, attesters] = [key('admin'), [1, 2, 3].map((number) => key(`attester-${number}`))];
  const network = await chain.read('Network', chain.at('network'));
  assert.deepEqual(network.roles, { admin, guardian: admin, resolver: admin, treasury: key('treasury') });
  assert.equal(network.stakeMint, chain.at('stake_mint'));
  assert.deepEqual([network.params.feeBps, network.params.minStake], [250, 100_000_000_000n]);
  const set = await chain.read('AttesterSet', chain.at('attester_set'));
  assert.deepEqual(set.keys.slice(0, set.count), attesters);
  assert.deepEqual(await sluice.attesterSetDigest(set), set.digest);
  const attester = await chain.read('Attester', chain.at('attester_2'));
  assert.deepEqual([attester.key, attester.bond, attester.liveBits], [attesters[1], 50_000_000_000n, 1]);
  const provider = await chain.read('Provider', chain.at('provider'));
  assert.deepEqual([provider.owner, provider.operator, provider.nodes], [key('provider'), key('operator'), 1]);
  const node = await chain.read('Node', chain.at('node'));
  assert.deepEqual([node.worker, node.slotsTotal, node.slotsUsed], [key('worker'), 8, 0]);
  const pool = await chain.read('StakePool', chain.at('provider_stake_pool'));
  assert.deepEqual([pool.subject, pool.tokens, pool.decimals], [chain.at('provider'), 1_000_000_000_000n, 9]);
  const [position] = await sluice.findPositionPda({ pool: chain.at('provider_stake_pool'), staker: key('provider') });
  assert.equal((await chain.read('Position', position)).shares, pool.activeShares);
  const rewards = await chain.read('RewardPool', chain.at('reward_pool'));
  assert.deepEqual(
    [rewards.funded, rewards.terms.epochSecs, rewards.creator],
    [1_000_000_000_000n, 3_600, key('funder')],
  );
  const [share] = await sluice.findSharePda({ pool: chain.at('reward_pool'), node: chain.at('node') });
  assert.equal((await chain.read('Share', share)).payee, key('provider'));
});

test('accounts are listed by a key in them, and refused as what they are not', async () => {
  const listed = await sluice.listAccounts(chain.rpc, 'Attester', { network: chain.at('network') });
  const expected = [1, 2, 3].map((number) => chain.at(`attester_${number}`));
  assert.deepEqual(listed.map(({ address }) => address).sort(), expected.sort());
  assert.deepEqual(await sluice.listAccounts(chain.rpc, 'Attester', { network: chain.at('node') }), []);
  const key = chain.addresses.keys['attester-2']!;
  const [found, ...others] = await sluice.listAccounts(chain.rpc, 'Attester', { network: chain.at('network'), key });
  assert.deepEqual([found?.address, others], [chain.at('attester_2'), []]);
  await assert.rejects(chain.read('Job', chain.at('network')), /is not a Sluice Job/);
  await assert.rejects(chain.read('Job', chain.at('usdc_mint')), /is not a Sluice Job/);
  await assert.rejects(chain.read('Job', sluice.ED25519_PROGRAM_ADDRESS), TypeError);
});

test('the first read of the README runs on the built package', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const lines = /```ts\n([^`]*)```/.exec(readme)![1]!;
  const script = fileURLToPath(new URL('../dist/readme.mjs', import.meta.url));
  writeFileSync(script, lines.replace('http://127.0.0.1:8899', chain.addresses.rpc_url));
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8' });
  assert.match(printed, new RegExp(`^250 .*${chain.at('provider')}`, 's'));
});
