// Reading a market: the offers of a network with the accounts they stand on, a hundred to a call.

import {
  fetchEncodedAccounts,
  type Address,
  type GetMultipleAccountsApi,
  type GetProgramAccountsApi,
  type Rpc,
} from '@solana/kit';

import { decodeData, listAccounts, type AccountData, type AccountName } from './account';
import { NOBODY } from './address';
import { findPositionPda, findStakePoolPda, SLUICE_PROGRAM_ADDRESS } from './generated';
import type { Listing } from './market';

/** As many as a node answers in one call. */
const BATCH = 100;

/** The offers of `network` that live at `now`, in no order. An account that is missing stays absent, and says so in the rank. */
export async function listMarket(
  rpc: Rpc<GetMultipleAccountsApi & GetProgramAccountsApi>,
  network: Address,
  now: bigint,
): Promise<Listing[]> {
  const all = await listAccounts(rpc, 'Offer', { network });
  const offers = all.filter(({ data }) => now < data.expiresAt && data.slotsLeft > 0);
  const read = <N extends AccountName>(name: N, addresses: Address[]) => readMany(rpc, name, addresses);
  const subjects = [...new Set(offers.map(({ data }) => data.provider))];
  const poolOf = new Map(
    await Promise.all(
      subjects.map(async (subject) => [subject, (await findStakePoolPda({ subject }))[0]] as [Address, Address]),
    ),
  );
  const [nodes, sets, providers, pools] = await Promise.all([
    read(
      'Node',
      offers.map(({ data }) => data.node),
    ),
    read(
      'AttesterSet',
      offers.map(({ data }) => data.terms.set),
    ),
    read('Provider', subjects),
    read('StakePool', [...poolOf.values()]),
  ]);
  const positionOf = new Map(
    await Promise.all(
      [...pools].map(async ([pool, { owner }]) => {
        const [position] = await findPositionPda({ pool, staker: owner });
        return [pool, position] as [Address, Address];
      }),
    ),
  );
  const positions = await read('Position', [...positionOf.values()]);
  return offers.map(({ address, data: offer }) => {
    const at = poolOf.get(offer.provider)!;
    const [pool, position] = [pools.get(at), positions.get(positionOf.get(at)!)];
    const found = {
      node: nodes.get(offer.node),
      provider: providers.get(offer.provider),
      set: sets.get(offer.terms.set),
    };
    return {
      address,
      offer,
      ...(found.node && { node: found.node }),
      ...(found.provider && { provider: found.provider }),
      ...(found.set && { set: found.set }),
      ...(pool && position && { stake: { pool, position } }),
    };
  });
}

/** The accounts of this type at these addresses, by address; those that do not exist are left out. */
async function readMany<N extends AccountName>(
  rpc: Rpc<GetMultipleAccountsApi>,
  name: N,
  addresses: Address[],
): Promise<Map<Address, AccountData<N>>> {
  const asked = [...new Set(addresses)].filter((address) => address !== NOBODY);
  const batches = Array.from({ length: Math.ceil(asked.length / BATCH) }, (_, index) =>
    asked.slice(index * BATCH, (index + 1) * BATCH),
  );
  const found = new Map<Address, AccountData<N>>();
  for (const batch of batches) {
    for (const account of await fetchEncodedAccounts(rpc, batch, { commitment: 'confirmed' })) {
      if (account.exists && account.programAddress === SLUICE_PROGRAM_ADDRESS) {
        found.set(account.address, decodeData(name, account.data));
      }
    }
  }
  return found;
}
