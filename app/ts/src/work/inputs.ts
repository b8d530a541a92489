// The inputs of a job: their names in order, and the tree over them.

import type { ReadonlyUint8Array } from '@solana/kit';

import { hash, list, Reader, same, type Hash } from './bytes';
import type { Shape } from './shape';
import { depthFor, inputLeaf, MAX_DEPTH, rootFrom, treeOver, type Tree } from './tree';

/** The bytes of a list of names: their count, then the names. Throws above 2^24. */
export function encodeInputs(names: Hash[]): Uint8Array {
  depthFor(names.length);
  return list(names, hash);
}

/** The names in a list of these bytes. Throws where they are none. */
export function decodeInputs(bytes: ReadonlyUint8Array): Hash[] {
  const reader = new Reader(bytes, 'these are not the bytes of a list of inputs');
  const names = reader.list(2 ** MAX_DEPTH, () => reader.hash());
  reader.end();
  return names;
}

/** The tree over the leaves of these names, whose root a core names. Throws above 2^24. */
export async function inputTree(names: Hash[]): Promise<Tree> {
  return treeOver(await Promise.all(names.map(inputLeaf)), depthFor(names.length));
}

/** True if the input of this name stands at `index` of the work of this shape whose inputs have this root. */
export async function isInput(shape: Shape, root: Hash, index: number, input: Hash, path: Hash[]): Promise<boolean> {
  if (index >= shape.count || path.length !== shape.inputDepth) return false;
  const reached = await rootFrom(await inputLeaf(input), index, path);
  return reached !== undefined && same(reached, root);
}
