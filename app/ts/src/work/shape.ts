// Which chunks of work a window is about: window w about chunks w * perWindow up to, and without, (w + 1) * perWindow.

import { isU32 } from './bytes';
import { depthFor, MAX_DEPTH } from './tree';

/** Most chunks of one window. */
export const MAX_PER_WINDOW = 1_024;

const MOST = 2n ** 64n - 1n;

/** How work is divided. */
export type Shape = {
  /** Chunks of the work. */
  count: number;
  /** Chunks of a window. */
  perWindow: number;
  /** Units of a chunk. */
  units: bigint;
  /** Most units of a window: the cap that the job's terms have to name. */
  cap: bigint;
  /** Windows that are about at least one chunk. */
  windows: number;
  /** Depth of the tree of inputs. */
  inputDepth: number;
  /** Depth of a window's tree, whatever it claims. */
  windowDepth: number;
};

/** Why units claim no whole number of a window's chunks: they are no multiple of a chunk's, or more than the window is about. */
export type Overclaim = 'Remainder' | 'TooMany';

/** The shape of a core, or of these numbers. Throws where no work has it. */
export function shapeOf({ count, perWindow, units }: Pick<Shape, 'count' | 'perWindow' | 'units'>): Shape {
  const cap = BigInt(isU32(perWindow) ? perWindow : 0) * units;
  const isOne = isU32(count) && count > 0 && count <= 2 ** MAX_DEPTH && perWindow <= MAX_PER_WINDOW;
  if (!isOne || cap <= 0n || cap > MOST || depthFor(count) + depthFor(perWindow) > MAX_DEPTH)
    throw new RangeError(
      'chunks, chunks a window (at most 1,024) and units a chunk must be at least 1, the cap must fit 64 bits, and both trees ' +
        'together have at most 24 levels',
    );
  const windows = Math.ceil(count / perWindow);
  return { count, perWindow, units, cap, windows, inputDepth: depthFor(count), windowDepth: depthFor(perWindow) };
}

/** The first chunk of `window` and how many it is about; none past the work's end. Throws where it is no number of 32 bits. */
export function chunksDue({ count, perWindow }: Shape, window: number): { first: number; due: number } {
  if (!isU32(window)) throw new RangeError(`${window} is no window`);
  const first = Math.min(window * perWindow, count);
  return { first, due: Math.min(count - first, perWindow) };
}

/** The window that is about the chunk at `index`, and the chunk's position in it; undefined past the work's end. */
export function placeOf({ count, perWindow }: Shape, index: number): { window: number; position: number } | undefined {
  if (!isU32(index) || index >= count) return undefined;
  return { window: Math.floor(index / perWindow), position: index % perWindow };
}

/** Units of so many chunks. */
export function unitsOf({ units }: Shape, chunks: number): bigint {
  return BigInt(chunks) * units;
}

/** How many chunks of `window` `units` claim, or why it is no number that they can. Throws where they are below 0. */
export function chunksClaimed(shape: Shape, window: number, units: bigint): number | Overclaim {
  if (units < 0n) throw new RangeError('units are at least 0');
  if (units % shape.units !== 0n) return 'Remainder';
  const chunks = units / shape.units;
  return chunks <= BigInt(chunksDue(shape, window).due) ? Number(chunks) : 'TooMany';
}
