// What workers, attesters and cosigners sign, and the ed25519 instruction that carries their signatures.

import {
  getAddressEncoder,
  getBase16Decoder,
  getU16Encoder,
  getU32Encoder,
  getU64Encoder,
  getUtf8Encoder,
  type Address,
  type Instruction,
  type InstructionWithData,
  type MessagePartialSigner,
  type ReadonlyUint8Array,
} from '@solana/kit';

import type { AttesterSet, Job } from './generated';
import { concat, sha256 } from './hash';
import { signatureOf } from './sign';

/** The ed25519 precompile. */
export const ED25519_PROGRAM_ADDRESS = 'Ed25519SigVerify111111111111111111111111111' as Address;

/** Who countersigns, and the tag that begins the message; the worker signs the path it agrees to. */
const TAGS = { quorum: 'sluice:quorum:v1', cosigned: 'sluice:cosign:v1' };
export type Path = keyof typeof TAGS;

/** "In this window of this job, so many units were done, whose evidence hashes to this." */
export type Statement = {
  /** The job's context: domain, job, incarnation and node. */
  context: ReadonlyUint8Array;
  window: number;
  units: bigint;
  /** Hash of the evidence, chosen by the meter. */
  digest: ReadonlyUint8Array;
};

/** A key and its signature of a statement, or of a batch. */
export type Countersignature = { key: Address; signature: ReadonlyUint8Array };

type Ed25519Instruction = Instruction & InstructionWithData<Uint8Array>;

/** `sha256(domain, job, incarnation, node)`, which an accepted job's account holds. */
export function jobContext(
  domain: ReadonlyUint8Array,
  job: Address,
  incarnation: bigint,
  node: Address,
): Promise<Uint8Array> {
  const key = getAddressEncoder();
  return sha256(domain, key.encode(job), getU64Encoder().encode(incarnation), key.encode(node));
}

/** The statement about `window` of an accepted job. */
export function statementOf(job: Job, window: number, units: bigint, digest: ReadonlyUint8Array): Statement {
  return { context: job.context, window, units, digest };
}

/** The hash that the program recomputes. */
export function statementHash({ context, window, units, digest }: Statement): Promise<Uint8Array> {
  return sha256(context, getU32Encoder().encode(window), getU64Encoder().encode(units), digest);
}

/** The 48 bytes to sign: tag and hash. */
export async function statementMessage(statement: Statement, path: Path): Promise<Uint8Array> {
  return concat(getUtf8Encoder().encode(TAGS[path]), await statementHash(statement));
}

/**
 * Signs the statement for `path`, unguarded: whatever the key signed before. An attester that signs two statements about one window
 * loses its bond; `signOnce` refuses the second.
 */
export async function signStatement(
  statement: Statement,
  path: Path,
  signer: MessagePartialSigner,
): Promise<Countersignature> {
  return { key: signer.address, signature: await signatureOf(signer, await statementMessage(statement, path)) };
}

/**
 * Where it is written down what keys are asked to sign: one for everybody who signs with them, and what it holds has to last. The
 * command's files are locked, which Node cannot do: keep this one elsewhere, and a key out of the command that signs by it.
 */
export interface StatementJournal {
  /**
   * Writes `said` down about `subject` unless something is written down about it, in one step, and resolves to what is written down
   * then, once it lasts. Rejects when that cannot be.
   */
  note(subject: string, said: string): Promise<string>;
}

/** A journal that lasts as long as the process: for keys that end with it too. */
export function memoryJournal(): StatementJournal {
  const book = new Map<string, string>();
  return {
    note(subject, said) {
      const written = book.get(subject) ?? said;
      book.set(subject, written);
      return Promise.resolve(written);
    },
  };
}

/**
 * Signs the statement for `path` once `journal` has it; the same statement again gets the same signature. Throws, and signs nothing, when
 * the key was asked to sign another statement about this window on this path, and when `journal` fails.
 */
export async function signOnce(
  journal: StatementJournal,
  statement: Statement,
  path: Path,
  signer: MessagePartialSigner,
): Promise<Countersignature> {
  await noteOnce(journal, statement, path, signer.address);
  return signStatement(statement, path, signer);
}

/** Has `journal` write down that `key` is asked to sign the statement. Throws as `signOnce` does. */
export async function noteOnce(
  journal: StatementJournal,
  { context, window, units, digest }: Statement,
  path: Path,
  key: Address,
): Promise<void> {
  const said = `${units} units with digest ${hex(digest)}`;
  const before = await journal.note([key, hex(context), window, path].join(' '), said);
  if (before !== said)
    throw new Error(
      `the key ${key} was asked to sign another statement about window ${window}: ${before}, and now ${said}; ` +
        'two statements about one window cost an attester its bond',
    );
}

function hex(bytes: ReadonlyUint8Array): string {
  return getBase16Decoder().decode(bytes);
}

/**
 * The ed25519 instruction in the program's canonical layout: `[n, 0]`, `n` records of 14 bytes, the message once, then key and
 * signature of each signer, of a statement the worker first. Throws unless there are 1 to 17 signatures: a worker's and 16 members'.
 */
export function ed25519Instruction(message: ReadonlyUint8Array, signatures: Countersignature[]): Ed25519Instruction {
  const n = signatures.length;
  if (n < 1 || n > 17) throw new RangeError(`an ed25519 instruction carries between 1 and 17 signatures, not ${n}`);
  const messageAt = 2 + 14 * n;
  const records = signatures.map((_, index) => record(messageAt + 48 + 96 * index, messageAt));
  return ed25519(n, ...records, message, ...signatures.flatMap(bytesOf));
}

/** The ed25519 instruction that carries one key's signatures of two messages, as evidence of equivocation. */
export function equivocationInstruction(
  signed: [Countersignature, ReadonlyUint8Array][] & { length: 2 },
): Ed25519Instruction {
  const records = [30, 174].map((keyAt) => record(keyAt, keyAt + 96));
  return ed25519(2, ...records, ...signed.flatMap(([signature, message]) => [...bytesOf(signature), message]));
}

/**
 * Orders attesters' signatures by their index in `set` and names them as the program expects: four bits each, ascending. Throws
 * when a signer is not a member.
 */
export function orderMembers(
  set: Pick<AttesterSet, 'keys' | 'count'>,
  signatures: Countersignature[],
): { ordered: Countersignature[]; members: bigint } {
  const members = set.keys.slice(0, set.count);
  const found = signatures.map((signed) => ({ signed, index: members.indexOf(signed.key) }));
  const stranger = found.find(({ index }) => index < 0);
  if (stranger) throw new RangeError(`${stranger.signed.key} is not a member of the attester set`);
  found.sort((a, b) => a.index - b.index);
  return {
    ordered: found.map(({ signed }) => signed),
    members: found.reduce((bits, { index }, place) => bits | (BigInt(index) << BigInt(4 * place)), 0n),
  };
}

/** One record of the precompile: where key, signature and message lie in this same instruction. */
function record(keyAt: number, messageAt: number): Uint8Array {
  const own = 0xffff;
  const fields = [keyAt + 32, own, keyAt, own, messageAt, 48, own];
  return concat(...fields.map((field) => getU16Encoder().encode(field)));
}

function bytesOf({ key, signature }: Countersignature): ReadonlyUint8Array[] {
  return [getAddressEncoder().encode(key), signature];
}

function ed25519(count: number, ...parts: ReadonlyUint8Array[]): Ed25519Instruction {
  const data = concat(new Uint8Array([count, 0]), ...parts);
  return { programAddress: ED25519_PROGRAM_ADDRESS, data };
}
