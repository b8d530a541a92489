// What the programs refuse that Sluice calls, and those that stand in a transaction beside it, with what to do about it. The same number
// means another thing in each program.

import type { Address } from '@solana/kit';
import { ASSOCIATED_TOKEN_PROGRAM_ADDRESS, TOKEN_PROGRAM_ADDRESS } from '@solana-program/token';

const TOKEN_2022_PROGRAM_ADDRESS = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb' as Address;
const SYSTEM_PROGRAM_ADDRESS = '11111111111111111111111111111111' as Address;

type Known = { name: string; message: string; remedy: string };
type Refusals = { [code: number]: Known };

/** Both token programs. */
const OF_TOKENS: Refusals = {
  0: {
    name: 'NotRentExempt',
    message: 'an account holds too few lamports to stay',
    remedy: 'pay its rent first',
  },
  1: {
    name: 'InsufficientFunds',
    message: 'a token account holds fewer tokens than are to leave it',
    remedy: 'fund it first, or move less',
  },
  2: {
    name: 'InvalidMint',
    message: 'an account is no mint of this token program',
    remedy: "give the mint's own address, and the token program that owns it",
  },
  3: {
    name: 'MintMismatch',
    message: "a token account holds another mint's tokens",
    remedy: 'give an account of the mint that is to move',
  },
  4: {
    name: 'OwnerMismatch',
    message: 'a token account belongs to another key than the one that signs',
    remedy: "sign with its owner's key, or give an account of the signer",
  },
  6: {
    name: 'AlreadyInUse',
    message: 'an account that is to be opened is open already',
    remedy: 'read it again: nothing may be left to do',
  },
  9: {
    name: 'UninitializedState',
    message: 'a token account or a mint is not set up',
    remedy: 'create the token account first',
  },
  11: {
    name: 'NonNativeHasBalance',
    message: 'a token account that still holds tokens cannot be closed',
    remedy: 'move its tokens first',
  },
  17: {
    name: 'AccountFrozen',
    message: 'a token account is frozen, and nothing moved',
    remedy: "the mint's freeze authority has to thaw it, then try again",
  },
  18: {
    name: 'MintDecimalsMismatch',
    message: 'the mint has other decimals than were given',
    remedy: 'read the mint again and repeat',
  },
};

/** Token-2022. */
const OF_TOKEN_2022: Refusals = {
  ...OF_TOKENS,
  36: {
    name: 'NoMemo',
    message: 'a token account takes no transfer without a memo, which a payout cannot carry, and nothing moved',
    remedy: 'its owner lifts that with `spl-token disable-required-transfer-memos`, then try again',
  },
  37: {
    name: 'NonTransferable',
    message: "the mint's tokens cannot be transferred",
    remedy: 'choose another mint',
  },
  67: {
    name: 'MintPaused',
    message: 'the mint is paused, and nothing moved',
    remedy: 'its pause authority has to resume it, then try again',
  },
};

/** The program that creates associated token accounts. */
const OF_ASSOCIATED: Refusals = {
  0: {
    name: 'InvalidOwner',
    message: 'the account at the associated address belongs to another owner',
    remedy: 'read it again and repeat: its owner is paid in an account that stands in for it',
  },
};

/** The System program. */
const OF_SYSTEM: Refusals = {
  0: {
    name: 'AccountAlreadyInUse',
    message: 'an account that is to be created exists already',
    remedy: 'read it again: nothing may be left to do',
  },
  1: {
    name: 'ResultWithNegativeLamports',
    message: 'an account holds fewer lamports than are to leave it',
    remedy: 'send SOL to the payer first',
  },
  6: {
    name: 'NonceNoRecentBlockhashes',
    message: 'the cluster has no recent blockhash to advance the nonce to',
    remedy: 'try again later',
  },
  7: {
    name: 'NonceBlockhashNotExpired',
    message: 'the nonce was advanced in this slot already',
    remedy: 'try again in a later slot',
  },
  8: {
    name: 'NonceUnexpectedBlockhashValue',
    message: 'the nonce holds another value than was signed with',
    remedy: 'sign again with the value that it holds now',
  },
};

/** What is known of other programs' refusals: by program and code. */
export const CALLED_ERRORS: { [program: Address]: Refusals } = {
  [TOKEN_PROGRAM_ADDRESS]: OF_TOKENS,
  [TOKEN_2022_PROGRAM_ADDRESS]: OF_TOKEN_2022,
  [ASSOCIATED_TOKEN_PROGRAM_ADDRESS]: OF_ASSOCIATED,
  [SYSTEM_PROGRAM_ADDRESS]: OF_SYSTEM,
};
