// Reading accounts: owner, discriminator and length are checked before a byte is decoded, which the generated decoders leave out.

import {
  containsBytes,
  fetchEncodedAccount,
  getBase58Decoder,
  getBase64Encoder,
  type Address,
  type Base58EncodedBytes,
  type GetAccountInfoApi,
  type GetProgramAccountsApi,
  type ReadonlyUint8Array,
  type Rpc,
} from '@solana/kit';

import { SLUICE_PROGRAM_ADDRESS } from './generated';
import { ACCOUNTS } from './generated/accountTable';

/** The name of an account type, as the IDL has it. */
export type AccountName = keyof typeof ACCOUNTS;

/** What an account of this name decodes to. */
export type AccountData<N extends AccountName> = ReturnType<(typeof ACCOUNTS)[N]['decoder']['decode']>;

/** An account's data and where it is. */
export type Found<N extends AccountName> = { address: Address; data: AccountData<N> };

/** Decodes bytes of an account of the program. Throws when they are another type's, or too short. */
export function decodeData<N extends AccountName>(name: N, data: ReadonlyUint8Array): AccountData<N> {
  const { discriminator, decoder } = ACCOUNTS[name];
  if (data.length < decoder.fixedSize || !containsBytes(data, discriminator, 0)) {
    throw new TypeError(`the account is not a Sluice ${name}`);
  }
  return decoder.decode(data) as AccountData<N>;
}

/** Reads the account at `address`. Throws when there is none, or it is another program's or of another type. */
export async function readAccount<N extends AccountName>(
  rpc: Rpc<GetAccountInfoApi>,
  name: N,
  address: Address,
): Promise<AccountData<N>> {
  const account = await fetchEncodedAccount(rpc, address, { commitment: 'confirmed' });
  if (!account.exists) throw new TypeError(`there is no account at ${address}`);
  if (account.programAddress !== SLUICE_PROGRAM_ADDRESS) {
    throw new TypeError(`the account ${address} is not a Sluice ${name}`);
  }
  return decodeData(name, account.data);
}

/** Every account of this type in which these keys stand, such as `{ network }`. */
export async function listAccounts<N extends AccountName>(
  rpc: Rpc<GetProgramAccountsApi>,
  name: N,
  where: { [key in keyof (typeof ACCOUNTS)[N]['keys']]?: Address } = {},
): Promise<Found<N>[]> {
  const { discriminator, keys } = ACCOUNTS[name];
  const asked = Object.entries(where).map(([key, address]) => [keys[key as keyof typeof keys], address] as const);
  const filters = [[0, getBase58Decoder().decode(discriminator)] as const, ...asked].map(([offset, bytes]) => ({
    memcmp: { offset: BigInt(offset), bytes: bytes as Base58EncodedBytes, encoding: 'base58' as const },
  }));
  const found = await rpc
    .getProgramAccounts(SLUICE_PROGRAM_ADDRESS, { encoding: 'base64', commitment: 'confirmed', filters })
    .send();
  return found.map(({ pubkey, account }) => ({
    address: pubkey,
    data: decodeData(name, getBase64Encoder().encode(account.data[0])),
  }));
}
