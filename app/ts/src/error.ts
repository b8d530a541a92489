// What the program refused, by name.

import { isSolanaError, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM, type Address } from '@solana/kit';

import { CALLED_ERRORS } from './called';
import { SLUICE_PROGRAM_ADDRESS } from './generated';
import { ERRORS } from './generated/errorTable';

/** A refusal of the program, or of another one: then `program` says of which, and `remedy` what to do about it. */
export type Refusal = { code: number; name: string; message: string; program?: Address; remedy?: string };

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

/** The error with this code of a program that Sluice calls or that stands beside it: a token program, the System program. */
export function calledErrorOf(program: Address, code: number): Refusal | undefined {
  const named = CALLED_ERRORS[program]?.[code];
  return named && { code, program, ...named };
}

/**
 * What was refused, from whatever Kit throws for a failed simulation or transaction; nothing for any other failure, and for a refusal
 * that is not known.
 *
 * The same code means another thing in each program: `logs`, or those that the error carries, tell which one failed. Where they do not
 * tell, it is taken for Sluice's.
 */
export function refusalOf(error: unknown, logs?: readonly string[]): Refusal | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    logs ??= (at as { context?: { logs?: readonly string[] } }).context?.logs;
    if (isSolanaError(at, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM)) {
      const program = innermost(logs ?? []) ?? SLUICE_PROGRAM_ADDRESS;
      const { code } = at.context;
      return program === SLUICE_PROGRAM_ADDRESS ? errorOf(code) : calledErrorOf(program, code);
    }
  }
  return undefined;
}

/** The innermost program that failed, as the logs tell: it says so before those that called it. */
function innermost(logs: readonly string[]): Address | undefined {
  for (const line of logs) {
    const [, program] = /^Program (\w+) failed/.exec(line) ?? [];
    if (program) return program as Address;
  }
  return undefined;
}
