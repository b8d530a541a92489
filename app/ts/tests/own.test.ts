// Numbers that are free, and whose provider is whose, on a node that holds what a test says.

import assert from 'node:assert/strict';
import test from 'node:test';

import type { Address, GetMultipleAccountsApi, GetProgramAccountsApi, Rpc } from '@solana/kit';

import * as sluice from '../src';
import { ACCOUNTS } from '../src/generated/accountTable';
import { bytes, revive, vectors, type Json } from './vectors';

const SYSTEM = '11111111111111111111111111111111' as Address;

/** A node at which these addresses are accounts of this program; and how often it was asked. */
function holding(taken: Map<string, Address>) {
  const asked = { calls: 0 };
  const getMultipleAccounts = (addresses: Address[]) => ({
    send: async () => {
      asked.calls += 1;
      const value = addresses.map((address) => {
        const owner = taken.get(address);
        return owner && { owner, data: ['', 'base64'], executable: false, lamports: 1n, space: 0n };
      });
      return { value: value.map((account) => account ?? null) };
    },
  });
  return { asked, rpc: { getMultipleAccounts } as unknown as Rpc<GetMultipleAccountsApi> };
}

test('the lowest number without an account of the program is free', async () => {
  type Sample = { kind: string; seeds: { [name: string]: Json }; address: string };
  const sample = vectors<Sample[]>('addresses').find(({ kind }) => kind === 'job')!;
  const { network, buyer, id } = revive(sample.seeds) as { network: Address; buyer: Address; id: bigint };
  const derive = async (id: bigint) => (await sluice.findJobPda({ network, buyer, id }))[0];
  // The number of the vectors is taken, and the next one free.
  const taken = new Map<string, Address>([[sample.address, sluice.SLUICE_PROGRAM_ADDRESS]]);
  assert.equal(await sluice.freeId(holding(taken).rpc, derive, id), id + 1n);
  for (let number = 1n; number <= 150n; number += 1n) {
    if (number !== 120n) taken.set(await derive(number), sluice.SLUICE_PROGRAM_ADDRESS);
  }
  // Lamports that somebody sent to an address hold no number.
  taken.set(await derive(120n), SYSTEM);
  const { asked, rpc } = holding(taken);
  assert.equal(await sluice.freeId(rpc, derive), 120n);
  assert.equal(asked.calls, 2);
  assert.equal(await sluice.freeId(holding(new Map()).rpc, derive), 1n);
});

test('a provider that a key owns stands before those that name it', async () => {
  const samples = vectors<{ [name: string]: { data: string } }>('accounts');
  const provider = sluice.decodeData('Provider', bytes(samples['Provider']!.data));
  const { keys } = ACCOUNTS.Provider;
  type Memcmp = { memcmp: { offset: bigint; bytes: string } };
  /** A node that has a provider for each key at that place in it. */
  const rpcOf = (held: { [place: number]: Address[] }) => {
    const getProgramAccounts = (_: Address, { filters }: { filters: Memcmp[] }) => ({
      send: async () => {
        const [, place] = filters.map(({ memcmp }) => Number(memcmp.offset));
        const data = Buffer.from(bytes(samples['Provider']!.data)).toString('base64');
        return (held[place!] ?? []).map((pubkey) => ({ pubkey, account: { data: [data, 'base64'] } }));
      },
    });
    return { getProgramAccounts } as unknown as Rpc<GetProgramAccountsApi>;
  };
  const [own, one, other] = [provider.owner, provider.operator, provider.network];
  const found = async (held: { [place: number]: Address[] }) =>
    (await sluice.providersOf(rpcOf(held), provider.owner)).map(({ address }) => address);
  const naming = [one, other].sort();
  assert.deepEqual(await found({ [keys.owner]: [own], [keys.operator]: naming }), [own]);
  assert.deepEqual(await found({ [keys.operator]: [...naming].reverse() }), naming);
  assert.deepEqual(await found({}), []);
});
