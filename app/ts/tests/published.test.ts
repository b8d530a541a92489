// The IDL that the local chain publishes, found by those who know the program's address alone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';

import { SLUICE_PROGRAM_ADDRESS } from '../src';
import { startChain } from './chain';

const chain = await startChain();
const idl = JSON.parse(readFileSync(new URL('../../../idl/sluice.json', import.meta.url), 'utf8')) as unknown;

for (const name of ['@coral-xyz/anchor', '@anchor-lang/core']) {
  // Both are CommonJS, and Node finds no names in the second.
  const { Program, web3 } = createRequire(import.meta.url)(name) as typeof import('@anchor-lang/core');

  test(`fetchIdl of ${name} finds it, and a program made of it reads accounts`, async () => {
    const provider = { connection: new web3.Connection(chain.addresses.rpc_url, 'confirmed') };
    const fetched = await Program.fetchIdl(SLUICE_PROGRAM_ADDRESS, provider);
    assert.deepEqual(fetched, idl);
    const program = await Program.at(SLUICE_PROGRAM_ADDRESS, provider);
    const network = (await (program.account as any).network.fetch(chain.at('network'))) as { stakeMint: object };
    assert.equal(network.stakeMint.toString(), chain.at('stake_mint'));
  });
}
