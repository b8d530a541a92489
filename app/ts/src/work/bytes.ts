// Borsh, as far as the formats of work need it: little-endian numbers, counts of 32 bits, a byte before what may be absent.

import { getU32Encoder, type ReadonlyUint8Array } from '@solana/kit';

import { concat } from '../hash';

/** A SHA-256 hash: 32 bytes. */
export type Hash = ReadonlyUint8Array;

/** The leaf that stands where there is none. */
export const ABSENT: Hash = new Uint8Array(32);

const WRITTEN = new TextEncoder();
const READ = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Some bytes, read field by field. Throws `refusal` where they end too early or have what no encoder writes. */
export class Reader {
  readonly #view: DataView;
  #at = 0;

  constructor(
    private readonly bytes: ReadonlyUint8Array,
    private readonly refusal: string,
  ) {
    this.#view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  }

  bad(): TypeError {
    return new TypeError(this.refusal);
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.#at) throw this.bad();
    this.#at += length;
    return this.bytes.slice(this.#at - length, this.#at);
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#skip(8), true);
  }

  hash(): Uint8Array {
    return this.take(32);
  }

  text(): string {
    const bytes = this.take(this.u32());
    try {
      return READ.decode(bytes);
    } catch {
      throw this.bad();
    }
  }

  /** What `read` makes of it if something follows, else null. */
  maybe<T>(read: () => T): T | null {
    const tag = this.u8();
    if (tag > 1) throw this.bad();
    return tag === 1 ? read() : null;
  }

  /** As many as a count of 32 bits says, `most` at most. */
  list<T>(most: number, read: () => T): T[] {
    const count = this.u32();
    if (count > most) throw this.bad();
    const items: T[] = [];
    while (items.length < count) items.push(read());
    return items;
  }

  end(): void {
    if (this.#at !== this.bytes.length) throw this.bad();
  }

  #skip(length: number): number {
    if (length > this.bytes.length - this.#at) throw this.bad();
    this.#at += length;
    return this.#at - length;
  }
}

/** A number of 32 bits. Throws where it is none. */
export function u32(number: number): ReadonlyUint8Array {
  if (!isU32(number)) throw new RangeError(`${number} is no whole number of 32 bits`);
  return getU32Encoder().encode(number);
}

/** 32 bytes as they are. Throws where they are others. */
export function hash(bytes: Hash): Hash {
  if (bytes.length !== 32) throw new RangeError(`a hash has 32 bytes, not ${bytes.length}`);
  return bytes;
}

/** Text behind its length. Throws at half a surrogate pair, which has no bytes. */
export function text(letters: string): Uint8Array {
  const bytes = WRITTEN.encode(letters);
  if (READ.decode(bytes) !== letters) throw new RangeError('half a surrogate pair is no text');
  return concat(u32(bytes.length), bytes);
}

/** A byte that says whether something follows, and what does. */
export function maybe<T>(item: T | null, write: (item: T) => ReadonlyUint8Array): Uint8Array {
  return item === null ? new Uint8Array(1) : concat(new Uint8Array([1]), write(item));
}

/** Items behind their count. */
export function list<T>(items: readonly T[], write: (item: T) => ReadonlyUint8Array): Uint8Array {
  const written = items.map(write);
  const bytes = new Uint8Array(written.reduce((length, item) => length + item.length, 4));
  // One by one: a function takes some ten thousand arguments, and a list of inputs may have more names.
  let at = 0;
  for (const item of [u32(items.length), ...written]) {
    bytes.set(item, at);
    at += item.length;
  }
  return bytes;
}

/** Bytes of a text, without its length. */
export const lengthOf = (letters: string) => WRITTEN.encode(letters).length;

export const isU32 = (number: unknown): number is number =>
  Number.isInteger(number) && (number as number) >= 0 && (number as number) < 2 ** 32;

export const same = (one: Hash, other: Hash) =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
