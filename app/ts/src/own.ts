// What is a key's own, and the numbers that are free for what it makes.

import {
  fetchEncodedAccounts,
  type Address,
  type GetMultipleAccountsApi,
  type GetProgramAccountsApi,
  type Rpc,
} from '@solana/kit';

import { listAccounts, type Found } from './account';
import { SLUICE_PROGRAM_ADDRESS } from './generated';

/** Numbers that one call tries, how many are tried at most, and the last there is. */
const BATCH = 100n;
const TRIED = 1_000n;
const LAST = 2n ** 64n - 1n;

/**
 * The providers that `key` owns, else those that it operates, in `network` or in every one, by address. Anybody can name any key as an
 * operator: a provider that the key owns stands before those.
 */
export async function providersOf(
  rpc: Rpc<GetProgramAccountsApi>,
  key: Address,
  network?: Address,
): Promise<Found<'Provider'>[]> {
  const where = network ? { network } : {};
  const owned = await listAccounts(rpc, 'Provider', { ...where, owner: key });
  const found = owned.length > 0 ? owned : await listAccounts(rpc, 'Provider', { ...where, operator: key });
  return found.sort((one, other) => (one.address < other.address ? -1 : 1));
}

/**
 * The lowest number from `from` on of which `derive` makes the address of no account of the program, as
 * `freeId(rpc, async (id) => (await findJobPda({ network, buyer, id }))[0])`; none where a thousand of them are taken.
 */
export async function freeId(
  rpc: Rpc<GetMultipleAccountsApi>,
  derive: (id: bigint) => Promise<Address>,
  from = 1n,
): Promise<bigint | undefined> {
  for (let start = from; start < from + TRIED; start += BATCH) {
    const all = Array.from({ length: Number(BATCH) }, (_, index) => start + BigInt(index));
    const ids = all.filter((id) => id <= LAST);
    const addresses = await Promise.all(ids.map(derive));
    const accounts = await fetchEncodedAccounts(rpc, addresses, { commitment: 'confirmed' });
    const free = accounts.findIndex((found) => !found.exists || found.programAddress !== SLUICE_PROGRAM_ADDRESS);
    if (free >= 0) return ids[free];
  }
  return undefined;
}
