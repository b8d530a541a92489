// The local chain that `cargo xtask localnet` keeps: who is on it, and how to send to it and move its clock.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  appendTransactionMessageInstructions,
  assertIsSendableTransaction,
  createKeyPairSignerFromBytes,
  createSolanaRpc,
  createSolanaRpcSubscriptions,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  getSolanaErrorFromTransactionError,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
  type Address,
  type Instruction,
  type KeyPairSigner,
  type Signature,
  type Transaction,
  type TransactionSigner,
} from '@solana/kit';
import { fetchSysvarClock } from '@solana/sysvars';
import { fetchMaybeToken } from '@solana-program/token';

import {
  parseAmount,
  readAccount,
  refusalOf,
  tokenAccount,
  type AccountData,
  type AccountName,
  type Terms,
} from '../src';

/** Accounts and keys by the names of docs/localnet.md. */
type Addresses = {
  rpc_url: string;
  ws_url: string;
  accounts: { [name: string]: Address };
  keys: { [name: string]: Address };
};

/** A running local chain. */
export class Localnet {
  readonly rpc;
  readonly rpcSubscriptions;

  /** The chain whose files are in `folder`; `SLUICE_LOCALNET_DIR` names another than `target/localnet`. */
  static open(
    folder = process.env.SLUICE_LOCALNET_DIR ?? fileURLToPath(new URL('../../../target/localnet', import.meta.url)),
  ) {
    return new Localnet(folder, JSON.parse(readFileSync(`${folder}/addresses.json`, 'utf8')) as Addresses);
  }

  private constructor(
    readonly folder: string,
    readonly addresses: Addresses,
  ) {
    this.rpc = createSolanaRpc(addresses.rpc_url);
    this.rpcSubscriptions = createSolanaRpcSubscriptions(addresses.ws_url);
  }

  /** The account of this name. */
  at(name: string): Address {
    const address = this.addresses.accounts[name];
    if (!address) throw new Error(`the local chain has no account '${name}'`);
    return address;
  }

  /** Terms of the chain's set and USDC, at `price` base units for one unit and windows of an hour. */
  terms(price: bigint, maxLengthSecs: bigint): Terms {
    return {
      mint: this.at('usdc_mint'),
      set: this.at('attester_set'),
      price,
      per: 1n,
      cap: 100n,
      bond: parseAmount('20', 9),
      challengeBond: parseAmount('1', 9),
      maxLengthSecs,
      windowSecs: 3_600,
      graceSecs: 3_600,
      challengeSecs: 3_600,
      rulingSecs: 3_600,
      noticeSecs: 3_600,
      faultWindows: 2,
    };
  }

  /** The key of this name. */
  signer(name: string): Promise<KeyPairSigner> {
    return createKeyPairSignerFromBytes(
      new Uint8Array(JSON.parse(readFileSync(`${this.folder}/${name}.json`, 'utf8'))),
    );
  }

  /** Sends the instructions, signed by `payer` and by whoever signs in them, and waits until they are confirmed. */
  async send(payer: TransactionSigner, ...instructions: Instruction[]): Promise<Signature> {
    const { value: blockhash } = await this.rpc.getLatestBlockhash({ commitment: 'confirmed' }).send();
    const message = pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayerSigner(payer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(blockhash, message),
      (message) => appendTransactionMessageInstructions(instructions, message),
    );
    return this.submit(await signTransactionMessageWithSigners(message));
  }

  /** Sends a signed transaction, wherever it comes from, and waits until it is confirmed. What the program refuses, it says by name. */
  async submit(transaction: Transaction): Promise<Signature> {
    return this.confirm(transaction).catch((error: unknown) => {
      const refusal = refusalOf(error);
      throw refusal ? new Error(`${refusal.message} (${refusal.name})`, { cause: error }) : error;
    });
  }

  private async confirm(transaction: Transaction): Promise<Signature> {
    assertIsSendableTransaction(transaction);
    const wire = getBase64EncodedWireTransaction(transaction);
    const signature = await this.rpc
      .sendTransaction(wire, { encoding: 'base64', preflightCommitment: 'confirmed' })
      .send();
    for (let tries = 0; tries < 300; tries += 1) {
      const [status] = (await this.rpc.getSignatureStatuses([signature]).send()).value;
      if (status?.err) throw getSolanaErrorFromTransactionError(status.err);
      if (status && status.confirmationStatus !== 'processed') return signature;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${signature} was not confirmed within 30 seconds`);
  }

  /** The account at `address`. */
  read<N extends AccountName>(name: N, address: Address): Promise<AccountData<N>> {
    return readAccount(this.rpc, name, address);
  }

  /** Base units of a mint that `owner` has; 0 without an account. */
  async balance(owner: Address, mint: Address): Promise<bigint> {
    const account = await fetchMaybeToken(this.rpc, await tokenAccount(owner, mint), { commitment: 'confirmed' });
    return account.exists ? account.data.amount : 0n;
  }

  /** Unix time on the chain. */
  async now(): Promise<bigint> {
    return (await fetchSysvarClock(this.rpc, { commitment: 'confirmed' })).unixTimestamp;
  }

  /** Moves the clock `secs` on. */
  async advance(secs: number | bigint): Promise<void> {
    await this.warpTo((await this.now()) + BigInt(secs));
  }

  /** Moves the clock to `time`, in unix seconds; it never goes back. */
  async warpTo(time: bigint): Promise<void> {
    const params = [{ absoluteTimestamp: Number(time) * 1_000 }];
    const response = await fetch(this.addresses.rpc_url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'surfnet_timeTravel', params }),
    });
    const { error } = (await response.json()) as { error?: { message: string } };
    if (error) throw new Error(`the clock did not move: ${error.message}`);
  }
}
