// What one leaf of a window's tree proves against the worker's claim.

import type { ReadonlyUint8Array } from '@solana/kit';

import { concat } from '../hash';
import { ABSENT, hash, list, maybe, Reader, same, u32, type Hash } from './bytes';
import { isJudged, type Core } from './core';
import { evidenceTree, type Claim, type Evidence } from './evidence';
import { isInput } from './inputs';
import { chunksClaimed, chunksDue, shapeOf, type Overclaim, type Shape } from './shape';
import { chunkLeaf, MAX_DEPTH, rootFrom } from './tree';

/** What a leaf is the hash of. */
export type Leaf = {
  /** Number of the chunk in the whole work. */
  index: number;
  /** Name of the input. */
  input: Hash;
  /** Name of the output. */
  output: Hash;
};

/** A place of a window's tree, opened. */
export type Opened = {
  /** Position from the window's first chunk. */
  position: number;
  /** What stands there, or null. */
  leaf: Leaf | null;
  /** Siblings from the leaf upwards. */
  path: Hash[];
};

/** What is known of a chunk's true input and output. */
export type Truth = {
  /** Name of the input at the chunk's place. */
  input: Hash;
  /** Its path in the tree of inputs. */
  path: Hash[];
  /** Name of the output that the kernel gives for it, or null where it was not run. */
  output: Hash | null;
};

/**
 * Why a claim is false: its units are no whole number of chunks or too many; nothing stands where judged work claims a chunk; the leaf
 * is of another chunk; it names another input than the tree of inputs has; the kernel gives another output.
 */
export type Conviction = Overclaim | 'Padding' | 'Index' | 'Input' | 'Output';

/** Its bytes. Throws where they could not be decoded. */
export function encodeOpened({ position, leaf, path }: Opened): Uint8Array {
  if (path.length > MAX_DEPTH) throw new RangeError(`a path has at most ${MAX_DEPTH} siblings`);
  const bytesOf = ({ index, input, output }: Leaf) => concat(u32(index), hash(input), hash(output));
  return concat(u32(position), maybe(leaf, bytesOf), list(path, hash));
}

/** What these bytes are. Throws where they are nothing of the kind. */
export function decodeOpened(bytes: ReadonlyUint8Array): Opened {
  const reader = new Reader(bytes, 'these are not the bytes of an opened leaf');
  const position = reader.u32();
  const leaf = reader.maybe(() => ({ index: reader.u32(), input: reader.hash(), output: reader.hash() }));
  const path = reader.list(MAX_DEPTH, () => reader.hash());
  reader.end();
  return { position, leaf, path };
}

/** The place at `position` of an honest tree. Throws as `evidenceTree` does, and where the tree has no such place. */
export async function openPlace(evidence: Evidence, shape: Shape, names: Hash[], position: number): Promise<Opened> {
  const path = (await evidenceTree(evidence, shape, names)).path(position);
  const index = chunksDue(shape, evidence.window).first + position;
  const output = evidence.outputs[position] ?? null;
  return { position, leaf: output && { index, input: names[index]!, output }, path };
}

/**
 * True if `opened` stands in the tree of the claim's digest, at a place that it claims: of judged work, as many from the first on as
 * its units are; of other work, anywhere in the window where something stands.
 */
export async function isClaimed({ position, leaf, path }: Opened, core: Core, claim: Claim): Promise<boolean> {
  const shape = shapeOf(core);
  const count = chunksClaimed(shape, claim.window, claim.units);
  if (typeof count !== 'number' || path.length !== shape.windowDepth) return false;
  const isThere = count > 0 && leaf !== null && position < chunksDue(shape, claim.window).due;
  if (!(isJudged(core) ? position < count : isThere)) return false;
  const reached = await rootFrom(leaf ? await leafHash(leaf) : ABSENT, position, path);
  return reached !== undefined && same(reached, claim.digest);
}

/** A leaf as its tree has it. */
export function leafHash({ index, input, output }: Leaf): Promise<Hash> {
  return chunkLeaf(index, input, output);
}

/** What core and claim alone prove, if they do. */
export function overclaimOf(core: Core, { window, units }: Claim): Overclaim | undefined {
  const count = chunksClaimed(shapeOf(core), window, units);
  return typeof count === 'number' ? undefined : count;
}

/** What `opened` proves against the claim, with what is known of the chunk's truth; undefined if it proves nothing. */
export async function convictionOf(
  opened: Opened,
  core: Core,
  claim: Claim,
  truth?: Truth,
): Promise<Conviction | undefined> {
  if (!(await isClaimed(opened, core, claim))) return undefined;
  const { position, leaf } = opened;
  if (!leaf) return 'Padding';
  const shape = shapeOf(core);
  const index = chunksDue(shape, claim.window).first + position;
  if (leaf.index !== index) return 'Index';
  if (!truth || !(await isInput(shape, core.inputs, index, truth.input, truth.path))) return undefined;
  if (!same(leaf.input, truth.input)) return 'Input';
  return truth.output && !same(leaf.output, truth.output) ? 'Output' : undefined;
}
