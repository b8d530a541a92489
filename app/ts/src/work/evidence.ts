// The evidence of a window: what a worker claims to have computed, chunk by chunk.

import type { ReadonlyUint8Array } from '@solana/kit';

import { concat } from '../hash';
import { ABSENT, hash, list, maybe, Reader, u32, type Hash } from './bytes';
import { chunksDue, MAX_PER_WINDOW, unitsOf, type Shape } from './shape';
import { chunkLeaf, treeOver, type Tree } from './tree';

/** Why a chunk is not done. */
export const Undone = {
  Trap: 1,
  Stack: 2,
  Steps: 3,
  Memory: 4,
  Time: 5,
  Import: 6,
  Code: 7,
  NoOutput: 8,
  Output: 9,
  Input: 10,
  Died: 11,
} as const;
export type Undone = (typeof Undone)[keyof typeof Undone];

const REASONS = new Set<number>(Object.values(Undone));

/** What was computed in a window. Chunk numbers and inputs are not in it: they follow from the specification. */
export type Evidence = {
  /** The window of the job. */
  window: number;
  /** By position: the name of the output, or null where the chunk is not claimed. The last one is. */
  outputs: (Hash | null)[];
  /** Judged work that claims less than all: the chunk behind the last one claimed, and why it is not done. */
  stop: { index: number; reason: Undone } | null;
};

/** What the worker's statement says of a window. */
export type Claim = {
  window: number;
  units: bigint;
  /** Root of the window's tree. */
  digest: Hash;
};

/** Its bytes. Throws where they could not be decoded. */
export function encodeEvidence({ window, outputs, stop }: Evidence): Uint8Array {
  if (outputs.length > MAX_PER_WINDOW || outputs.at(-1) === null || (stop && !REASONS.has(stop.reason)))
    throw new RangeError('a window has at most 1,024 outputs, and what is not claimed at the end is not written');
  return concat(
    u32(window),
    list(outputs, (output) => maybe(output, hash)),
    maybe(stop, ({ index, reason }) => concat(u32(index), new Uint8Array([reason]))),
  );
}

/** The evidence that these bytes are. Throws where they are none. */
export function decodeEvidence(bytes: ReadonlyUint8Array): Evidence {
  const reader = new Reader(bytes, 'these are not the bytes of evidence');
  const window = reader.u32();
  const outputs = reader.list(MAX_PER_WINDOW, () => reader.maybe(() => reader.hash()));
  const stop = reader.maybe(() => ({ index: reader.u32(), reason: reader.u8() as Undone }));
  reader.end();
  if (outputs.at(-1) === null || (stop && !REASONS.has(stop.reason))) throw reader.bad();
  return { window, outputs, stop };
}

/** The window's tree, whose root is the statement's digest. Throws where inputs are missing or the window has fewer chunks. */
export async function evidenceTree(evidence: Evidence, shape: Shape, names: Hash[]): Promise<Tree> {
  const { first, due } = chunksDue(shape, evidence.window);
  if (evidence.outputs.length > due || names.length < first + evidence.outputs.length)
    throw new RangeError('more chunks are claimed than the window is about');
  const leaves = evidence.outputs.map((output, position) => {
    const index = first + position;
    return output === null ? ABSENT : chunkLeaf(index, names[index]!, output);
  });
  return treeOver(await Promise.all(leaves), shape.windowDepth);
}

/** What a worker says that did what `evidence` names. Throws as `evidenceTree` does. */
export async function claimOf(evidence: Evidence, shape: Shape, names: Hash[]): Promise<Claim> {
  const { root } = await evidenceTree(evidence, shape, names);
  return { window: evidence.window, units: unitsOf(shape, doneIn(evidence)), digest: root };
}

/** Chunks that evidence claims. */
export const doneIn = ({ outputs }: Evidence) => outputs.filter((output) => output !== null).length;
