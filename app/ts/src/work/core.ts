// The part of a specification that a program can read: 136 bytes.

import { getU64Encoder, type ReadonlyUint8Array } from '@solana/kit';

import { concat } from '../hash';
import { hash, isU32, Reader, u32, type Hash } from './bytes';
import { shapeOf } from './shape';

/** Bytes of a core. */
export const CORE_LENGTH = 136;

/** What runs a kernel: WebAssembly, where people judge a dispute, or the chain's own VM, where the chain does. */
export type Kind = 'wasm' | 'sbpf';

const KINDS: Kind[] = ['wasm', 'sbpf'];
const KERNEL_BYTES = { wasm: 4 << 20, sbpf: 64 << 10 };
const MOST = 2n ** 64n - 1n;
const REFUSAL = 'these are not the bytes of a core';

/** What a job's work is, as far as anybody has to judge it. */
export type Core = {
  /** Random bytes, so that nobody finds the work by its hash. */
  salt: Hash;
  /** SHA-256 of the kernel's code. */
  kernel: Hash;
  /** Root of the tree of inputs. */
  inputs: Hash;
  /** Units of work that a chunk counts. */
  units: bigint;
  /** Judged work: most that a conviction takes of the job's bond, base units of the stake mint. */
  slash: bigint;
  /** Bytes of the kernel's code. */
  kernelLen: number;
  /** Chunks of the work. */
  count: number;
  /** Chunks of a window. */
  perWindow: number;
  /** Judged work: seconds in which a demand has to be answered. */
  answerSecs: number;
  kind: Kind;
  /** Judged work: members who signed a window are slashed with the provider when it is convicted, 1, or not, 0. */
  signersAnswer: number;
};

/** True where the chain judges a dispute. */
export const isJudged = ({ kind }: Pick<Core, 'kind'>) => kind === 'sbpf';

/** Throws at a core that no work can have. */
export function validateCore(core: Core): void {
  const most = KERNEL_BYTES[core.kind];
  if (!isU32(core.kernelLen) || core.kernelLen < 1 || core.kernelLen > most)
    throw new RangeError(`the kernel must have 1 to ${most} bytes`);
  shapeOf(core);
  if (core.signersAnswer !== 0 && core.signersAnswer !== 1) throw new TypeError(REFUSAL);
  if (!isU32(core.answerSecs) || core.slash < 0n || core.slash > MOST)
    throw new RangeError('the slash must fit 64 bits and the answer time 32');
  const isPlain = core.slash === 0n && core.answerSecs === 0 && core.signersAnswer === 0;
  if (!isJudged(core) && !isPlain)
    throw new RangeError("slash, answer time and the signers' answer belong to judged work only");
}

/** Its bytes. Throws where no work has it. */
export function encodeCore(core: Core): Uint8Array {
  validateCore(core);
  return concat(
    hash(core.salt),
    hash(core.kernel),
    hash(core.inputs),
    ...[core.units, core.slash].map((number) => getU64Encoder().encode(number)),
    ...[core.kernelLen, core.count, core.perWindow, core.answerSecs].map(u32),
    new Uint8Array([KINDS.indexOf(core.kind) + 1, core.signersAnswer, 0, 0, 0, 0, 0, 0]),
  );
}

/** The core that these bytes are. Throws where they are none. */
export function decodeCore(bytes: ReadonlyUint8Array): Core {
  const reader = new Reader(bytes, REFUSAL);
  const [salt, kernel, inputs] = [reader.hash(), reader.hash(), reader.hash()];
  const [units, slash] = [reader.u64(), reader.u64()];
  const [kernelLen, count, perWindow, answerSecs] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()];
  const [kind, signersAnswer] = [KINDS[reader.u8() - 1], reader.u8()];
  const reserved = reader.take(6);
  reader.end();
  if (!kind) throw reader.bad();
  const core = { salt, kernel, inputs, units, slash, kernelLen, count, perWindow, answerSecs, kind, signersAnswer };
  validateCore(core);
  if (reserved.some((byte) => byte !== 0)) throw reader.bad();
  return core;
}
