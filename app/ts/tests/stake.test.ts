// The life of a stake, and transactions that several sign, later and elsewhere.

import assert from 'node:assert/strict';
import test from 'node:test';

import {
  appendTransactionMessageInstructions,
  compileTransaction,
  createNoopSigner,
  createTransactionMessage,
  generateKeyPairSigner,
  getBase64EncodedWireTransaction,
  getBase64Encoder,
  getTransactionDecoder,
  partiallySignTransaction,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  setTransactionMessageLifetimeUsingDurableNonce,
  type Base64EncodedWireTransaction,
  type KeyPairSigner,
  type Nonce,
} from '@solana/kit';
import {
  fetchNonce,
  getCreateAccountInstruction,
  getInitializeNonceAccountInstruction,
  getNonceSize,
  SYSTEM_PROGRAM_ADDRESS,
} from '@solana-program/system';

import * as sluice from '../src';
import { startChain } from './chain';

const chain = await startChain();
const staker = await chain.signer('buyer');
const payer = await chain.signer('funder');
const network = chain.at('network');
const pool = chain.at('provider_stake_pool');
const mint = chain.at('stake_mint');
const [position] = await sluice.findPositionPda({ pool, staker: staker.address });
const accounts = { payer: staker, staker, network, pool };
const balance = () => chain.balance(staker.address, mint);
const stake = (amount: bigint) => sluice.getStakeInstructionAsync({ ...accounts, mint, amount });

/** What the staker has to sign; its key is not at hand where the transaction is built. */
const deposit = await sluice.getStakeInstructionAsync({
  ...accounts,
  payer: createNoopSigner(staker.address),
  staker: createNoopSigner(staker.address),
  mint,
  amount: 11n,
});

/** A transaction as it goes from one party to the next: bytes, signed by some. */
const received = (bytes: string) => getTransactionDecoder().decode(getBase64Encoder().encode(bytes));
const signed = async (bytes: Base64EncodedWireTransaction, by: KeyPairSigner) =>
  getBase64EncodedWireTransaction(await partiallySignTransaction([by.keyPair], received(bytes)));

test('a stake is deposited, unstaked, waited for and withdrawn', async () => {
  const [had, before] = [await balance(), await chain.read('StakePool', pool)];
  await chain.send(staker, await stake(sluice.parseAmount('100.5', 9)));
  assert.equal(await balance(), had - 100_500_000_000n);
  const { shares } = await chain.read('Position', position);
  assert.equal(shares, 100_500_000_000n);

  const unstake = { ...accounts, shares: 40_000_000_001n, nonce: 7n };
  await chain.send(staker, await sluice.getBeginUnstakeInstructionAsync(unstake));
  const [ticket] = await sluice.findUnstakePda({ position, nonce: 7n });
  const { withdrawAt } = await chain.read('Unstake', ticket);
  const { unbondingSecs } = (await chain.read('Network', network)).params;
  assert.ok(withdrawAt - (await chain.now()) > BigInt(unbondingSecs) - 60n);
  const withdraw = await sluice.getWithdrawInstructionAsync({
    pool,
    mint,
    destination: await sluice.tokenAccount(staker.address, mint),
    position,
    ticket,
    rentPayer: staker.address,
  });
  const refused = (name: string) => (error: unknown) => sluice.refusalOf(error)?.name === name;
  await assert.rejects(chain.send(payer, withdraw), refused('StillUnbonding'));
  await chain.warpTo(withdrawAt);
  await chain.send(payer, withdraw);
  assert.equal(await balance(), had - 60_499_999_999n);
  const after = await chain.read('StakePool', pool);
  assert.equal(after.tokens, before.tokens + 60_499_999_999n);
  assert.equal((await chain.read('Position', position)).thawing, 0n);
  await assert.rejects(chain.read('Unstake', ticket), /there is no account/);
});

test('one party pays the fee, another signs for the tokens, each with nothing but bytes and its key', async () => {
  const had = await balance();
  const { value: blockhash } = await chain.rpc.getLatestBlockhash({ commitment: 'confirmed' }).send();
  const unsigned = pipe(
    createTransactionMessage({ version: 0 }),
    (message) => setTransactionMessageFeePayer(payer.address, message),
    (message) => setTransactionMessageLifetimeUsingBlockhash(blockhash, message),
    (message) => appendTransactionMessageInstructions([deposit], message),
    compileTransaction,
    getBase64EncodedWireTransaction,
  );
  const byStaker = await signed(unsigned, staker);
  await assert.rejects(chain.submit(received(byStaker)), /missing signatures/);
  assert.equal(await balance(), had);
  await chain.submit(received(await signed(byStaker, payer)));
  assert.equal(await balance(), had - 11n);
});

test('what is signed offline under a durable nonce is sent a day later, once', async () => {
  const [nonce, space] = [await generateKeyPairSigner(), BigInt(getNonceSize())];
  const lamports = await chain.rpc.getMinimumBalanceForRentExemption(space).send();
  await chain.send(
    payer,
    getCreateAccountInstruction({
      payer,
      newAccount: nonce,
      lamports,
      space,
      programAddress: SYSTEM_PROGRAM_ADDRESS,
    }),
    getInitializeNonceAccountInstruction({ nonceAccount: nonce.address, nonceAuthority: staker.address }),
  );
  const kept = (await fetchNonce(chain.rpc, nonce.address, { commitment: 'confirmed' })).data.blockhash;
  const unsigned = pipe(
    createTransactionMessage({ version: 0 }),
    (message) => setTransactionMessageFeePayer(payer.address, message),
    (message) =>
      setTransactionMessageLifetimeUsingDurableNonce(
        { nonce: kept as string as Nonce, nonceAccountAddress: nonce.address, nonceAuthorityAddress: staker.address },
        message,
      ),
    (message) => appendTransactionMessageInstructions([deposit], message),
    compileTransaction,
    getBase64EncodedWireTransaction,
  );
  const complete = received(await signed(await signed(unsigned, payer), staker));
  const had = await balance();
  await chain.advance(86_400);
  await chain.submit(complete);
  assert.equal(await balance(), had - 11n);
  const next = (await fetchNonce(chain.rpc, nonce.address, { commitment: 'confirmed' })).data.blockhash;
  assert.notEqual(next, kept);
  await assert.rejects(chain.submit(complete));
  assert.equal(await balance(), had - 11n);
});
