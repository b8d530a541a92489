// A window against its parts, as an attester or a buyer checks it before a signature or a challenge: all but running the kernel.

import { same, type Hash } from './bytes';
import { isJudged } from './core';
import { doneIn, evidenceTree, type Claim, type Evidence } from './evidence';
import { inputTree } from './inputs';
import type { Leaf } from './leaf';
import { chunksClaimed, chunksDue, shapeOf } from './shape';
import type { Spec } from './spec';

const FAULTS = {
  Inputs: 'the list of inputs is not the one that the specification names',
  Window: 'the evidence is of another window',
  Remainder: 'the units are no whole number of chunks',
  TooMany: 'more chunks are claimed than the window is about',
  Count: 'the evidence has another number of chunks than the units claim',
  Gap: 'a chunk is claimed behind one that is not',
  Stop: 'the evidence stops at another chunk than the one behind the last claimed',
  Digest: 'the digest is not the root over the evidence',
};

/** Why a window is not what its worker claims. */
export type Fault = keyof typeof FAULTS;

/** What `checkWindow` throws. */
export class WindowError extends Error {
  override readonly name = 'WindowError';

  constructor(readonly fault: Fault) {
    super(FAULTS[fault]);
  }
}

/**
 * Holds a claim against everything but the kernel: shape, units, evidence and digest. Resolves to the chunks that have to be run, and
 * rejects with a `WindowError`.
 */
export async function checkWindow(spec: Spec, names: Hash[], evidence: Evidence, claim: Claim): Promise<Leaf[]> {
  const { core } = spec;
  const shape = shapeOf(core);
  const fail = (fault: Fault) => new WindowError(fault);
  if (names.length !== shape.count || !same((await inputTree(names)).root, core.inputs)) throw fail('Inputs');
  if (evidence.window !== claim.window) throw fail('Window');
  const count = chunksClaimed(shape, claim.window, claim.units);
  if (typeof count !== 'number') throw fail(count);
  if (doneIn(evidence) !== count) throw fail('Count');
  if (isJudged(core) && evidence.outputs.includes(null)) throw fail('Gap');
  const { first, due } = chunksDue(shape, claim.window);
  const mayStop = isJudged(core) && count < due;
  if (evidence.stop && !(mayStop && evidence.stop.index === first + count)) throw fail('Stop');
  if (evidence.outputs.length > due) throw fail('TooMany');
  if (!same((await evidenceTree(evidence, shape, names)).root, claim.digest)) throw fail('Digest');
  return evidence.outputs.flatMap((output, position) => {
    const index = first + position;
    return output ? [{ index, input: names[index]!, output }] : [];
  });
}
