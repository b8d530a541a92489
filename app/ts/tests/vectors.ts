// The files in tests/vectors of the repository, which the Rust crates write and are held to as well.

import { readFileSync } from 'node:fs';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The vectors of this name. */
export function vectors<T>(name: string): T {
  const path = new URL(`../../../tests/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** What the client calls it: `rentPayer` for `rent_payer`. */
export const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** A value of the vectors as the client takes it: numbers, bytes, addresses, and fields under the client's names. */
export function revive(value: Json): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camel(name), revive(inner)]));
  }
  if (typeof value !== 'string') return value;
  if (value.startsWith('0x')) return bytes(value);
  // 64 bits have 20 digits at most; the zero address has 32 ones.
  return /^-?[0-9]{1,20}$/.test(value) ? BigInt(value) : value;
}

/** Bytes written as `0x` and hexadecimal digits, and back. */
export const bytes = (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex'));
export const hex = (data: ArrayLike<number>) => `0x${Buffer.from(Array.from(data)).toString('hex')}`;
