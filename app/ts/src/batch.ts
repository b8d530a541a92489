// Batches: trees of statements that members of a set sign by their root, and the runs that windows are proven by. Decision 36 says what a
// batch is and what it cannot be made to say.

import { getAddressEncoder, type Address, type MessagePartialSigner } from '@solana/kit';

import type { AttestBatchInstructionData, BatchLeaf } from './generated';
import { concat, sha256 } from './hash';
import { signatureOf } from './sign';
import { noteOnce, statementHash, type Countersignature, type Statement, type StatementJournal } from './statement';
import { ABSENT, hash, isU32, same, type Hash } from './work/bytes';
import { depthFor, rootFrom, treeOver } from './work/tree';

/** Depth that no batch's tree exceeds: 1,048,576 leaves. */
export const MAX_BATCH_DEPTH = 20;

/** Leaves of the longest run. */
export const MAX_RUN = 32;

const TAG = new TextEncoder().encode('sluice:batches:1');

/** A run of leaves of a batch's tree, as many as a power of two up to 32, which begins at a multiple of that. */
export type BatchRun = Omit<AttestBatchInstructionData, 'discriminator'>;

/** Why the program refuses a run: it has not the form of one, or its path does not lead to the batch's root. */
export type RunFault = 'MalformedRun' | 'NotInBatch';

/** What is said of a leaf: its statement, and the place of the statement's job among the job accounts. */
export type Said = { job: number; statement: Statement };

/** A tree over the hashes of statements, in memory. */
export type BatchTree = {
  /** Leaves that are there. */
  count: number;
  /** Levels between leaves and root. */
  depth: number;
  /** What members sign, together with their set. */
  root: Hash;
  /** The leaf at `index`; zeros where none is there. Throws where the tree has no such place. */
  leaf(index: number): Hash;
  /** The siblings from the node that is `level` levels above the leaf at `index` upwards. Throws where the tree has no such place. */
  path(index: number, level?: number): Hash[];
  /**
   * The run of `leaves` leaves that the leaf at `index` is in: of each leaf what `said` gives, or its hash. Throws where `leaves` is not a
   * power of two up to 32, where the tree has no such run, and where nothing is said. What is said is not compared with the leaves:
   * `faultOfRun` does that.
   */
  run(index: number, leaves: number, said: (index: number) => Said | undefined): BatchRun;
};

/** The tree over `leaves`, the hashes of statements, as flat as it can be. Rejects where there is none or are more than 1,048,576. */
export async function batchTree(leaves: readonly Hash[]): Promise<BatchTree> {
  const count = leaves.length;
  if (count < 1 || count > 2 ** MAX_BATCH_DEPTH)
    throw new RangeError(`a batch has between 1 and 1,048,576 statements, not ${count}`);
  const own = leaves.map(hash);
  const depth = depthFor(count);
  const tree = await treeOver(own, depth);
  const leaf = (index: number) => {
    if (!isU32(index) || index >= 2 ** depth) throw new RangeError(`the tree has no place ${index}`);
    return own[index] ?? ABSENT;
  };
  const path = (index: number, level = 0) => {
    if (!isU32(level) || level > depth) throw new RangeError(`the tree has no level ${level}`);
    return tree.path(index).slice(level);
  };
  const run: BatchTree['run'] = (index, leaves, said) => {
    const level = levelOf(leaves);
    if (level === undefined) throw new RangeError(`a run has 1, 2, 4, 8, 16 or 32 leaves, not ${leaves}`);
    if (level > depth || !isU32(index) || index >= count)
      throw new RangeError(`the tree of ${count} statements has no run of ${leaves} leaves at ${index}`);
    const first = index - (index % leaves);
    const places = Array.from({ length: leaves }, (_, offset) => {
      const place = first + offset;
      return { bit: 2 ** offset, place, said: said(place) };
    });
    const told = places.flatMap(({ bit, said }) => (said ? [{ bit, said }] : []));
    if (told.length === 0) throw new RangeError(`a run says one statement at least, and nothing is said at ${first}`);
    return {
      first,
      mask: told.reduce((mask, { bit }) => mask + bit, 0),
      entries: told.map(({ said: { job, statement } }) => {
        const { window, units, digest } = statement;
        return { job, window, units, digest };
      }),
      others: places.flatMap(({ place, said }) => (said ? [] : [leaf(place)])),
      path: path(first, level),
    };
  };
  return { count, depth, root: tree.root, leaf, path, run };
}

/**
 * Why the program refuses this run from a batch with this root; undefined if it does not. `contexts` are those of the run's jobs, in the
 * order in which entries name them. Whether a job may be proven is not asked.
 */
export async function faultOfRun(run: BatchRun, contexts: readonly Hash[], root: Hash): Promise<RunFault | undefined> {
  const reached = await rootOfRun(run, contexts);
  if (!reached) return 'MalformedRun';
  return same(reached, root) ? undefined : 'NotInBatch';
}

/** The root that a run leads to; undefined where it has not the form of one. */
export async function rootOfRun(run: BatchRun, contexts: readonly Hash[]): Promise<Hash | undefined> {
  const { first, mask, path } = run;
  const leaves = run.entries.length + run.others.length;
  const level = levelOf(leaves);
  const isForm = isU32(first) && isU32(mask) && [...run.others, ...path].every(({ length }) => length === 32);
  if (level === undefined || !isForm) return undefined;
  const told = Array.from({ length: MAX_RUN }, (_, place) => ((mask >>> place) & 1) === 1);
  const isTold = told.filter(Boolean).length === run.entries.length && !told.slice(leaves).includes(true);
  if (!isTold || run.entries.length === 0) return undefined;
  if (first % leaves !== 0 || level + path.length > MAX_BATCH_DEPTH) return undefined;
  const [entries, others] = [run.entries.values(), run.others.values()];
  const hashes: Hash[] = [];
  for (const isEntry of told.slice(0, leaves)) {
    if (!isEntry) {
      hashes.push(others.next().value!);
      continue;
    }
    const { job, window, units, digest } = entries.next().value!;
    const context = contexts[job];
    if (!context || digest.length !== 32) return undefined;
    hashes.push(await statementHash({ context, window, units, digest }));
  }
  const { root } = await treeOver(hashes, level);
  return rootFrom(root, first / leaves, path);
}

/** `sha256(set, root)`: what members sign behind a tag. */
export async function batchHash(set: Address, root: Hash): Promise<Uint8Array> {
  return sha256(getAddressEncoder().encode(set), hash(root));
}

/** The 48 bytes that members of `set` sign of the tree with this root: tag and hash. */
export async function batchMessage(set: Address, root: Hash): Promise<Uint8Array> {
  return concat(TAG, await batchHash(set, root));
}

/**
 * The 48 bytes that a member signed by which it said `statement` as this leaf of a batch: what an equivocation shows. Rejects where a tree
 * of the path's depth has no such leaf, or none is so deep.
 */
export async function leafMessage(statement: Statement, { set, index, path }: BatchLeaf): Promise<Uint8Array> {
  const root =
    path.length > MAX_BATCH_DEPTH ? undefined : await rootFrom(await statementHash(statement), index, path.map(hash));
  if (!root) throw new RangeError(`no tree has a leaf ${index} with a path of ${path.length} hashes`);
  return batchMessage(set, root);
}

/**
 * Signs the root of a tree as a member of `set`, unguarded: whatever stands in the tree, and whatever the key signed before. A member
 * loses its bond for two statements about one window, however it signed them; `signBatchOnce` refuses the second.
 */
export async function signBatch(set: Address, root: Hash, signer: MessagePartialSigner): Promise<Countersignature> {
  return { key: signer.address, signature: await signatureOf(signer, await batchMessage(set, root)) };
}

/**
 * Signs the tree of `statements`, in the order of its leaves, as a member of `set`, once `journal` has all of them: the tree and the
 * signature. Rejects, and signs nothing, when the key was asked to sign another statement about one of the windows, by itself or in a
 * batch, when two of them are about one window, and when `journal` fails. Statements before that one are written down then.
 */
export async function signBatchOnce(
  journal: StatementJournal,
  set: Address,
  statements: readonly Statement[],
  signer: MessagePartialSigner,
): Promise<{ tree: BatchTree; signed: Countersignature }> {
  const tree = await batchTree(await Promise.all(statements.map(statementHash)));
  for (const statement of statements) await noteOnce(journal, statement, 'quorum', signer.address);
  return { tree, signed: await signBatch(set, tree.root, signer) };
}

/** Levels of a run's own tree; undefined if no run has so many leaves. */
function levelOf(leaves: number): number | undefined {
  const level = Math.log2(leaves);
  return leaves <= MAX_RUN && Number.isInteger(level) && level >= 0 ? level : undefined;
}
