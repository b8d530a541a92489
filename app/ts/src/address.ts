// What addresses need beside the generated `find...Pda`.

import { getAddressEncoder, getU16Encoder, type Address, type ReadonlyUint8Array } from '@solana/kit';
import { findAssociatedTokenPda, TOKEN_PROGRAM_ADDRESS } from '@solana-program/token';

import { getQualityEncoder, type Quality } from './generated';
import { sha256 } from './hash';

/** No key: an absent cosigner, set or named provider. */
export const NOBODY = '11111111111111111111111111111111' as Address;

/** Pads a name to the 16 bytes of a network's address. Throws when it is longer. */
export function networkName(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length > 16) throw new RangeError(`the name '${name}' is longer than 16 bytes`);
  const padded = new Uint8Array(16);
  padded.set(bytes);
  return padded;
}

/** The associated token account of `owner`. */
export async function tokenAccount(
  owner: Address,
  mint: Address,
  tokenProgram: Address = TOKEN_PROGRAM_ADDRESS,
): Promise<Address> {
  const [account] = await findAssociatedTokenPda({ owner, mint, tokenProgram });
  return account;
}

/** The contents of an attester set, of which its address is made. */
export type SetContents = {
  meter: ReadonlyUint8Array;
  feeOwner: Address;
  revoker: Address;
  /** Basis points. */
  feeBps: number;
  threshold: number;
  /** Of `keys`, how many are members. */
  count: number;
  keys: readonly Address[];
  /** What a job under the set must offer to count. */
  quality: Quality;
};

/** The content hash in an attester set's address. */
export function attesterSetDigest(set: SetContents): Promise<Uint8Array> {
  const key = getAddressEncoder();
  return sha256(
    new Uint8Array([set.threshold]),
    set.meter,
    key.encode(set.feeOwner),
    getU16Encoder().encode(set.feeBps),
    key.encode(set.revoker),
    getQualityEncoder().encode(set.quality),
    ...set.keys.slice(0, set.count).map((member) => key.encode(member)),
  );
}
