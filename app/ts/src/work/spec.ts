// A specification: the core, and what only people and machines off the chain read. A job's account names it by its hash.

import { getBase16Decoder, getBase16Encoder, type ReadonlyUint8Array } from '@solana/kit';

import { concat, sha256 } from '../hash';
import { isU32, lengthOf, Reader, text, u32, type Hash } from './bytes';
import { CORE_LENGTH, decodeCore, encodeCore, isJudged, validateCore, type Core, type Kind } from './core';

const TAG = new TextEncoder().encode('sluice:spec:v1');
const CHUNK_MILLIS = 3_600_000;

/** What a job asks to be done. It names no place where anything lies. */
export type Spec = { core: Core; rest: Rest };

/** The part of a specification that no program reads. */
export type Rest = {
  /** What people call the work, at most 64 bytes. Text of a stranger. */
  title: string;
  /** Whatever else people should know, at most 1,024 bytes. Text of a stranger. */
  note: string;
  /** Most bytes of a WebAssembly kernel's memory; 0 for the chain's own VM. */
  memory: number;
  /** Most bytes of an output. */
  output: number;
  /** Longest time that a chunk may take, milliseconds. */
  chunkMillis: number;
};

/** A specification as people read it: hashes in hexadecimal digits, numbers of 64 bits as text. */
export type SpecJson = {
  core: {
    salt: string;
    kernel: string;
    inputs: string;
    units: string;
    slash: string;
    kernel_len: number;
    count: number;
    per_window: number;
    answer_secs: number;
    kind: Kind;
    signers_answer: number;
  };
  rest: { title: string; note: string; memory: number; output: number; chunk_millis: number };
};

/** Throws at a specification that no work has. */
export function validateSpec({ core, rest }: Spec): void {
  validateCore(core);
  if (lengthOf(rest.title) > 64 || lengthOf(rest.note) > 1_024)
    throw new RangeError('a title has at most 64 bytes, a note at most 1024');
  const [least, memory, output] = isJudged(core) ? [0, 0, 1_024] : [1, 1 << 30, 64 << 20];
  const isWithin = (number: number, from: number, to: number) => isU32(number) && number >= from && number <= to;
  const fits = isWithin(rest.memory, least, memory) && isWithin(rest.output, 1, output);
  if (!fits || !isWithin(rest.chunkMillis, 1, CHUNK_MILLIS))
    throw new RangeError("memory, output or time of a chunk is outside of what its kernel's kind allows");
}

/** Its bytes: the core's, then the remainder. Throws where no work has it. */
export function encodeSpec(spec: Spec): Uint8Array {
  validateSpec(spec);
  return concat(encodeCore(spec.core), encodeRest(spec.rest));
}

function encodeRest({ title, note, memory, output, chunkMillis }: Rest): Uint8Array {
  return concat(text(title), text(note), u32(memory), u32(output), u32(chunkMillis));
}

/** The specification that these bytes are. Throws where they are none. */
export function decodeSpec(bytes: ReadonlyUint8Array): Spec {
  const core = decodeCore(bytes.slice(0, CORE_LENGTH));
  const reader = new Reader(bytes.slice(CORE_LENGTH), 'the bytes behind the core are not those of a specification');
  const rest = {
    title: reader.text(),
    note: reader.text(),
    memory: reader.u32(),
    output: reader.u32(),
    chunkMillis: reader.u32(),
  };
  reader.end();
  validateSpec({ core, rest });
  return { core, rest };
}

/** The hash that a job's account names: of the tag, the core and the hash of the remainder. Throws where no work has it. */
export async function specHash(spec: Spec): Promise<Uint8Array> {
  validateSpec(spec);
  return specHashOf(spec.core, await sha256(encodeRest(spec.rest)));
}

/** The hash of the specification with this core and a remainder of this hash. */
export function specHashOf(core: Core, rest: Hash): Promise<Uint8Array> {
  return sha256(TAG, encodeCore(core), rest);
}

/** The specification as people read it, fit for `JSON.stringify`. Throws where no work has it. */
export function specToJson(spec: Spec): SpecJson {
  validateSpec(spec);
  const { core, rest } = spec;
  const digits = (bytes: Hash) => getBase16Decoder().decode(bytes);
  return {
    core: {
      salt: digits(core.salt),
      kernel: digits(core.kernel),
      inputs: digits(core.inputs),
      units: core.units.toString(),
      slash: core.slash.toString(),
      kernel_len: core.kernelLen,
      count: core.count,
      per_window: core.perWindow,
      answer_secs: core.answerSecs,
      kind: core.kind,
      signers_answer: core.signersAnswer,
    },
    rest: {
      title: rest.title,
      note: rest.note,
      memory: rest.memory,
      output: rest.output,
      chunk_millis: rest.chunkMillis,
    },
  };
}

/** The specification that `JSON.parse` has read. Throws where it is none, has other fields, or no work has it. */
export function specFromJson(json: unknown): Spec {
  const { core, rest } = fieldsOf(json, ['core', 'rest']);
  const c = fieldsOf(core, CORE_FIELDS);
  const r = fieldsOf(rest, REST_FIELDS);
  const kind = c.kind;
  if (kind !== 'wasm' && kind !== 'sbpf') throw new TypeError('a kind is wasm or sbpf');
  const spec = {
    core: {
      salt: fromDigits(c.salt),
      kernel: fromDigits(c.kernel),
      inputs: fromDigits(c.inputs),
      units: fromText(c.units),
      slash: fromText(c.slash),
      kernelLen: fromNumber(c.kernel_len),
      count: fromNumber(c.count),
      perWindow: fromNumber(c.per_window),
      answerSecs: fromNumber(c.answer_secs),
      kind,
      signersAnswer: fromNumber(c.signers_answer),
    } satisfies Core,
    rest: {
      title: asText(r.title),
      note: asText(r.note),
      memory: fromNumber(r.memory),
      output: fromNumber(r.output),
      chunkMillis: fromNumber(r.chunk_millis),
    },
  };
  validateSpec(spec);
  return spec;
}

const CORE_FIELDS = [
  'salt',
  'kernel',
  'inputs',
  'units',
  'slash',
  'kernel_len',
  'count',
  'per_window',
  'answer_secs',
  'kind',
  'signers_answer',
] as const;
const REST_FIELDS = ['title', 'note', 'memory', 'output', 'chunk_millis'] as const;

/** The value's fields, which are these and no others. */
function fieldsOf<const N extends string>(value: unknown, names: readonly N[]): { [name in N]: unknown } {
  const found = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (Array.isArray(value) || found.length !== names.length || !names.every((name) => found.includes(name)))
    throw new TypeError(`expected the fields ${names.join(', ')}`);
  return value as { [name in N]: unknown };
}

function asText(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('expected text');
  return value;
}

function fromNumber(value: unknown): number {
  if (!isU32(value)) throw new TypeError('expected a whole number of 32 bits');
  return value;
}

/** A number of 64 bits in the one form that it has as text. */
function fromText(value: unknown): bigint {
  const digits = asText(value);
  if (!/^(0|[1-9][0-9]{0,19})$/.test(digits) || BigInt(digits) >= 2n ** 64n)
    throw new TypeError('expected a whole number as text');
  return BigInt(digits);
}

function fromDigits(value: unknown): Hash {
  const digits = asText(value);
  if (!/^[0-9a-f]{64}$/i.test(digits)) throw new TypeError('expected 64 hexadecimal digits');
  return getBase16Encoder().encode(digits.toLowerCase());
}
