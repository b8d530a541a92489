// What the program refused, by name.

import { isSolanaError, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM } from '@solana/kit';

import { SLUICE_PROGRAM_ADDRESS } from './generated';
import { ERRORS } from './generated/errorTable';

/** A refusal of the program. */
export type Refusal = { code: number; name: string; message: string };

/** What the framework refuses on the program's behalf. */
const FRAMEWORK: Record<number, { name: string; message: string }> = {
  2000: { name: 'ConstraintMut', message: 'an account must be writable' },
  2012: { name: 'ConstraintAddress', message: 'an account is not the one recorded' },
  2040: { name: 'ConstraintDuplicateMutableAccount', message: 'the same account was given twice' },
};

/** The program's error with this code, or the framework's. */
export function errorOf(code: number): Refusal | undefined {
  const named = ERRORS[code] ?? FRAMEWORK[code];
  return named && { code, ...named };
}

/**
 * What the program refused, from whatever Kit throws for a failed simulation or transaction; nothing for any other failure.
 *
 * Another program's code is not ours to name: `logs`, or those that the error carries, tell which program failed.
 */
export function refusalOf(error: unknown, logs?: readonly string[]): Refusal | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    logs ??= (at as { context?: { logs?: readonly string[] } }).context?.logs;
    if (isSolanaError(at, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM)) {
      return failedInSluice(logs ?? []) ? errorOf(at.context.code) : undefined;
    }
  }
  return undefined;
}

/** True when the innermost program that failed is ours, as far as the logs tell. */
function failedInSluice(logs: readonly string[]): boolean {
  const failed = logs.find((line) => /^Program \w+ failed/.test(line));
  return failed?.startsWith(`Program ${SLUICE_PROGRAM_ADDRESS} failed`) ?? true;
}
