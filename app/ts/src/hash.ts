import type { ReadonlyUint8Array } from '@solana/kit';

/** The slices, one after the other. */
export function concat(...slices: ReadonlyUint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(slices.reduce((length, slice) => length + slice.length, 0));
  let at = 0;
  for (const slice of slices) {
    bytes.set(slice, at);
    at += slice.length;
  }
  return bytes;
}

/** SHA-256 of the slices, one after the other. */
export async function sha256(...slices: ReadonlyUint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...slices)));
}
