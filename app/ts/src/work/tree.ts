// Merkle trees of a fixed depth: a node is the hash of the byte 1 and its two children, a missing leaf is zeros.

import type { ReadonlyUint8Array } from '@solana/kit';

import { sha256 } from '../hash';
import { ABSENT, hash, isU32, u32, type Hash } from './bytes';

/** Depth that no tree exceeds: 16,777,216 leaves. */
export const MAX_DEPTH = 24;

const NODE = new Uint8Array([1]);
const TAGS = {
  input: new TextEncoder().encode('sluice:input:v1'),
  chunk: new TextEncoder().encode('sluice:chunk:v1'),
};

/** A whole tree in memory. */
export type Tree = {
  /** Levels between leaves and root. */
  depth: number;
  root: Hash;
  /** The siblings from the leaf at `index` upwards. Throws where the tree has no such place. */
  path(index: number): Hash[];
};

/** The name of a blob, be it kernel, input, output, list of inputs or evidence: SHA-256 of its bytes alone. */
export function blobName(bytes: ReadonlyUint8Array): Promise<Uint8Array> {
  return sha256(bytes);
}

/** The leaf of an input of this name. Rejects where it has not 32 bytes. */
export async function inputLeaf(input: Hash): Promise<Hash> {
  return sha256(TAGS.input, hash(input));
}

/**
 * The leaf of a chunk: that the input of this name at `index` of the whole work gave the output of that name. Rejects where a name has
 * not 32 bytes: a byte that moves from one to the other would leave the leaf the same.
 */
export async function chunkLeaf(index: number, input: Hash, output: Hash): Promise<Hash> {
  return sha256(TAGS.chunk, u32(index), hash(input), hash(output));
}

/** The least depth at which a tree has `count` leaves. Throws above `MAX_DEPTH`. */
export function depthFor(count: number): number {
  let depth = 0;
  while (2 ** depth < count) depth += 1;
  if (depth > MAX_DEPTH) throw new RangeError('a tree has at most 16,777,216 leaves');
  return depth;
}

/** The tree of `depth` over `leaves`, the rest absent. Throws where there are more. */
export async function treeOver(leaves: Hash[], depth: number): Promise<Tree> {
  if (leaves.length > 2 ** depth || depth > MAX_DEPTH) throw new RangeError('there are more leaves than the tree has');
  const levels = [leaves];
  const absent = [ABSENT];
  for (let height = 0; height < depth; height += 1) {
    const [below, nothing] = [levels[height]!, absent[height]!];
    const pairs = Array.from({ length: Math.ceil(below.length / 2) }, (_, place) => 2 * place);
    levels.push(await Promise.all(pairs.map((left) => sha256(NODE, below[left]!, below[left + 1] ?? nothing))));
    absent.push(await sha256(NODE, nothing, nothing));
  }
  const at = (height: number, place: number) => levels[height]![place] ?? absent[height]!;
  return {
    depth,
    root: at(depth, 0),
    path(index) {
      if (!isU32(index) || index >= 2 ** depth) throw new RangeError(`the tree has no place ${index}`);
      return Array.from({ length: depth }, (_, height) => at(height, (index >>> height) ^ 1));
    },
  };
}

/** The root to which `path` leads from `leaf` at `index`; undefined if a tree of the path's depth has no such place. */
export async function rootFrom(leaf: Hash, index: number, path: Hash[]): Promise<Hash | undefined> {
  if (path.length > MAX_DEPTH || !isU32(index) || index >= 2 ** path.length) return undefined;
  let reached = leaf;
  for (const [height, sibling] of path.entries()) {
    const isLeft = ((index >>> height) & 1) === 0;
    reached = await (isLeft ? sha256(NODE, reached, sibling) : sha256(NODE, sibling, reached));
  }
  return reached;
}
