// What this client computes is what the Rust client computes.

import assert from 'node:assert/strict';
import test from 'node:test';

import {
  AccountRole,
  createKeyPairSignerFromPrivateKeyBytes,
  createNoopSigner,
  getAddressDecoder,
  getSolanaErrorFromTransactionError,
  isSignerRole,
  isWritableRole,
} from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';

import * as sluice from '../src';
import { ACCOUNTS } from '../src/generated/accountTable';
import { bytes, camel, hex, revive, vectors, type Json } from './vectors';

type Fields = { [name: string]: Json };
type Sample = { data: string; fields: Fields };
type Built = {
  name: string;
  signers: { [name: string]: Address };
  accounts: Fields;
  arguments: Fields;
  metas: { address: string; signer: boolean; writable: boolean }[];
  data: string;
};
/** What the generated functions are called by name through. */
type Generated = { [name: string]: (...input: unknown[]) => unknown };
const generated = sluice as unknown as Generated;

test('every address follows from its seeds', async () => {
  for (const { kind, seeds, address } of vectors<{ kind: string; seeds: Fields; address: string }[]>('addresses')) {
    const input = revive(seeds) as { [name: string]: Address };
    if (kind === 'token_account') {
      const { owner, mint, tokenProgram } = input;
      assert.equal(await sluice.tokenAccount(owner!, mint!, tokenProgram), address);
      continue;
    }
    const [found] = (await generated[`find${upper(kind)}Pda`]!(input)) as [Address];
    assert.equal(found, address, kind);
  }
  assert.equal(hex(sluice.networkName('localnet')), hex(Buffer.from('localnet\0\0\0\0\0\0\0\0')));
  assert.throws(() => sluice.networkName('seventeen letters'), RangeError);
});

test('every type of account decodes to its fields, and is refused as another', () => {
  const samples = Object.entries(vectors<{ [name: string]: Sample }>('accounts'));
  assert.deepEqual(samples.map(([name]) => name).sort(), Object.values(accountNames()).sort());
  for (const [name, { data, fields }] of samples) {
    const { discriminator, ...decoded } = sluice.decodeData(name as sluice.AccountName, bytes(data));
    assert.equal(hex(discriminator), data.slice(0, 18));
    assert.deepEqual(decoded, revive(fields), name);
    const other = name === 'Job' ? 'Network' : 'Job';
    assert.throws(() => sluice.decodeData(other, bytes(data)), TypeError);
    assert.throws(() => sluice.decodeData(name as sluice.AccountName, bytes(data).subarray(0, -1)), TypeError);
  }
});

test('events decode to their fields, and only the program’s own count', () => {
  const samples = Object.entries(vectors<{ [name: string]: Sample }>('events'));
  const [ours, other] = [sluice.SLUICE_PROGRAM_ADDRESS, sluice.ED25519_PROGRAM_ADDRESS];
  for (const [name, { data, fields }] of samples) {
    const line = `Program data: ${Buffer.from(bytes(data)).toString('base64')}`;
    const expected = [{ name, data: revive(fields) }];
    assert.deepEqual(sluice.eventsOf([`Program ${ours} invoke [1]`, line, `Program ${ours} success`]), expected);
    const inner = [`Program ${ours} invoke [1]`, `Program ${other} invoke [2]`, line, `Program ${other} success`];
    assert.deepEqual(sluice.eventsOf(inner), []);
    assert.deepEqual(sluice.eventsOf([...inner, line]), expected);
  }
});

test('what is cut, longer or of another program is no event', () => {
  for (const [name, { data }] of Object.entries(vectors<{ [name: string]: Sample }>('events'))) {
    const whole = bytes(data);
    assert.equal(sluice.decodeEvent(whole)?.name, name);
    for (let length = 0; length < whole.length; length += 1) {
      assert.equal(sluice.decodeEvent(whole.subarray(0, length)), undefined, `${name}: ${length}`);
    }
    assert.equal(sluice.decodeEvent(Uint8Array.from([...whole, 0])), undefined, name);
    const other = whole.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
    assert.equal(sluice.decodeEvent(other), undefined, name);
  }
});

test('windows that were proven from a batch are one event', () => {
  const { data } = vectors<{ [name: string]: Sample }>('events')['BatchProven']!;
  const event = sluice.decodeEvent(bytes(data));
  assert.equal(event?.name, 'BatchProven');
  assert.equal(event.data.signers, 0b1000_0000_0000_0110);
  const windows: sluice.ProvenWindow[] = event.data.windows;
  assert.deepEqual(
    windows.map(({ entry, window, accepted }) => [entry, window, accepted]),
    [
      [0, 7, 100n],
      [2, 0, 2n ** 64n - 1n],
      [31, 2 ** 32 - 1, 1n],
    ],
  );
  assert.equal(new Set(windows.map(({ job }) => job)).size, 3);
});

test('keys lie where accounts are listed by them', () => {
  for (const [name, { data, fields }] of Object.entries(vectors<{ [name: string]: Sample }>('accounts'))) {
    const decoder = getAddressDecoder();
    const { keys } = ACCOUNTS[name as sluice.AccountName];
    assert.ok(Object.keys(keys).length > 1);
    for (const [key, offset] of Object.entries(keys)) {
      const expected = (revive(fields) as { [key: string]: unknown })[key];
      assert.equal(decoder.decode(bytes(data), offset), expected, `${name}.${key}`);
    }
  }
});

test('amounts are read and written so, and refused so', () => {
  type Amount = { text: string; decimals: number; base: string | null; written: string; why: string };
  for (const { text, decimals, base, written, why } of vectors<Amount[]>('amounts')) {
    const read = () => sluice.parseAmount(text, decimals);
    if (base === null) {
      assert.throws(read, { name: 'RangeError', message: `'${text}' is not an amount of this token: ${why}` });
    } else {
      assert.equal(read(), BigInt(base), text);
      assert.equal(sluice.formatAmount(read(), decimals), written);
    }
  }
});

test('every error has its name and message', () => {
  const errors = vectors<sluice.Refusal[]>('errors');
  for (const error of errors) assert.deepEqual(sluice.errorOf(error.code), error);
  const known = Object.keys(sluice.ERRORS).map(Number);
  assert.deepEqual(
    known.filter((code) => !errors.some((error) => error.code === code)),
    [],
  );
  assert.equal(sluice.errorOf(Math.max(...known) + 1), undefined);
  const [first] = errors.filter(({ code }) => code === 6000);
  const thrown = getSolanaErrorFromTransactionError({ InstructionError: [0, { Custom: 6000 }] });
  const failed = (program: string) => [`Program ${program} failed: custom program error: 0x1770`];
  assert.deepEqual(sluice.refusalOf(thrown), first);
  assert.deepEqual(
    sluice.refusalOf(new Error('wrapped', { cause: thrown }), failed(sluice.SLUICE_PROGRAM_ADDRESS)),
    first,
  );
  assert.equal(sluice.refusalOf(thrown, failed(sluice.ED25519_PROGRAM_ADDRESS)), undefined);
  assert.equal(sluice.refusalOf(getSolanaErrorFromTransactionError('AccountInUse')), undefined);
});

test('what other programs refuse has its name and remedy', () => {
  const known = vectors<Required<sluice.Refusal>[]>('called_errors');
  for (const { program, code, ...named } of known) {
    assert.deepEqual(sluice.calledErrorOf(program, code), { program, code, ...named });
    const thrown = getSolanaErrorFromTransactionError({ InstructionError: [0, { Custom: code }] });
    const logs = [program, sluice.SLUICE_PROGRAM_ADDRESS].map((one) => `Program ${one} failed: custom program error`);
    assert.deepEqual(sluice.refusalOf(thrown, logs), { program, code, ...named });
  }
  const codes = Object.values(sluice.CALLED_ERRORS).flatMap((errors) => Object.keys(errors));
  assert.equal(codes.length, known.length);
});

test('a deposit pays for as long', () => {
  type Deposit = { price: string; per: string; cap: string; window_secs: number; funds: string; length_secs: string };
  for (const { secs, ...deposit } of vectors<(Deposit & { secs: string | null })[]>('deposits')) {
    const { funds, lengthSecs, ...terms } = revive(deposit) as Record<
      'price' | 'per' | 'cap' | 'funds' | 'lengthSecs',
      bigint
    > & {
      windowSecs: number;
    };
    assert.equal(sluice.paysFor(terms, funds, lengthSecs), secs === null ? undefined : BigInt(secs));
  }
});

test('a job comes to the same figures', () => {
  const cases = vectors<{ data: string; now: string; view: Fields }[]>('figures');
  for (const [index, { data, now, view }] of cases.entries()) {
    const figures = sluice.figuresOf(sluice.decodeData('Job', bytes(data)), BigInt(now));
    const there = Object.entries(view).filter(([, value]) => value !== null);
    assert.deepEqual(figures, revive(Object.fromEntries(there)), `case ${index}`);
  }
});

test('a market stands in the same order, for the same reasons', () => {
  type Bytes = string | null;
  type Accounts = { address: Address } & Record<'offer' | 'node' | 'provider' | 'set' | 'pool' | 'position', Bytes>;
  type Row = { address: Address; untakeable: sluice.Untakeable | null; reason: string };
  type Market = {
    min_stake: string;
    now: string;
    listings: Accounts[];
    asked: { filter: Fields; ranked: Row[] }[];
  };
  const read = <N extends sluice.AccountName>(name: N, data: Bytes) =>
    data === null ? undefined : sluice.decodeData(name, bytes(data));
  const { min_stake, now, listings, asked } = vectors<Market>('market');
  const market = listings.map(({ address, offer, pool, position, ...rest }) => ({
    address,
    offer: read('Offer', offer)!,
    node: read('Node', rest.node),
    provider: read('Provider', rest.provider),
    set: read('AttesterSet', rest.set),
    stake: pool === null ? undefined : { pool: read('StakePool', pool)!, position: read('Position', position)! },
  }));
  for (const { filter, ranked } of asked) {
    const there = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null));
    const rows = sluice.rank(market, revive(there) as sluice.Filter, BigInt(min_stake), BigInt(now));
    const found = rows.map(({ listing: { address }, untakeable = null, reason }) => ({ address, untakeable, reason }));
    assert.deepEqual(found, ranked);
  }
});

test('statements are signed and carried so', async () => {
  const file = vectors<Fields>('statements');
  const v = revive(file) as {
    domain: Uint8Array;
    job: Address;
    incarnation: bigint;
    node: Address;
    hash: Uint8Array;
    seeds: Uint8Array[];
    statement: sluice.Statement;
    other: sluice.Statement;
    quorumMessage: Uint8Array;
    cosignedMessage: Uint8Array;
    quorum: sluice.Countersignature[];
    cosigned: sluice.Countersignature[];
    setKeys: Address[];
    setCount: number;
    members: bigint;
    lastTwoMembers: bigint;
  };
  assert.equal(hex(await sluice.jobContext(v.domain, v.job, v.incarnation, v.node)), hex(v.statement.context));
  assert.equal(hex(await sluice.statementHash(v.statement)), hex(v.hash));
  assert.equal(hex(await sluice.statementMessage(v.statement, 'quorum')), hex(v.quorumMessage));
  assert.equal(hex(await sluice.statementMessage(v.statement, 'cosigned')), hex(v.cosignedMessage));
  const keys = await Promise.all(v.seeds.map((seed) => createKeyPairSignerFromPrivateKeyBytes(seed)));
  const sign = (path: sluice.Path) => Promise.all(keys.map((key) => sluice.signStatement(v.statement, path, key)));
  assert.deepEqual((await sign('quorum')).map(plain), v.quorum.map(plain));
  assert.deepEqual((await sign('cosigned')).map(plain), v.cosigned.map(plain));

  const set = { keys: v.setKeys, count: v.setCount };
  const [worker, ...attesters] = v.quorum as [sluice.Countersignature, ...sluice.Countersignature[]];
  const { ordered, members } = sluice.orderMembers(set, attesters);
  assert.equal(members, v.members);
  assert.equal(sluice.orderMembers(set, [ordered[2]!, ordered[1]!]).members, v.lastTwoMembers);
  assert.throws(() => sluice.orderMembers(set, [worker]), RangeError);
  const carried = sluice.ed25519Instruction(v.quorumMessage, [worker, ...ordered]);
  assert.equal(hex(carried.data), file.ed25519);
  assert.throws(() => sluice.ed25519Instruction(v.quorumMessage, []), RangeError);
  assert.throws(() => sluice.ed25519Instruction(v.quorumMessage, Array(18).fill(worker)), RangeError);

  const evidence = async (statement: sluice.Statement): Promise<[sluice.Countersignature, Uint8Array]> => [
    await sluice.signStatement(statement, 'quorum', keys[1]!),
    await sluice.statementMessage(statement, 'quorum'),
  ];
  const both = sluice.equivocationInstruction([await evidence(v.statement), await evidence(v.other)]);
  assert.equal(hex(both.data), file.equivocation);
});

test('a key signs one statement about a window', async () => {
  const { statement, other, seeds } = revive(vectors<Fields>('statements')) as {
    statement: sluice.Statement;
    other: sluice.Statement;
    seeds: Uint8Array[];
  };
  const [key, stranger] = await Promise.all(seeds.map((seed) => createKeyPairSignerFromPrivateKeyBytes(seed)));
  const journal = sluice.memoryJournal();
  const sign = (said: sluice.Statement, path: sluice.Path = 'quorum', by = key!) =>
    sluice.signOnce(journal, said, path, by);
  const first = await sign(statement);
  assert.deepEqual(plain(first), plain(await sluice.signStatement(statement, 'quorum', key!)));
  assert.deepEqual(plain(await sign(statement)), plain(first));
  for (const second of [other, { ...statement, digest: new Uint8Array(32) }])
    await assert.rejects(sign(second), /asked to sign another statement about window 16909060: .* units.*bond/);
  // Another path, window, context or key is another subject.
  await sign(other, 'cosigned');
  await sign({ ...other, window: 1 });
  await sign({ ...other, context: new Uint8Array(32) });
  await sign(other, 'quorum', stranger);

  let asked = 0;
  const counted: typeof key = { ...key!, signMessages: (...given) => ((asked += 1), key!.signMessages(...given)) };
  const broken = { note: () => Promise.reject(new Error('the disk is full')) };
  await assert.rejects(sluice.signOnce(broken, statement, 'quorum', counted), /disk is full/);
  await assert.rejects(sign({ ...other, units: 2n }, 'quorum', counted), /another statement/);
  assert.equal(asked, 0);
  await sign(statement, 'quorum', counted);
  assert.equal(asked, 1);
  // Of two at once, one signs.
  const race = await Promise.allSettled([3n, 4n].map((units) => sign({ ...statement, window: 5, units })));
  assert.deepEqual(race.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

const nouns = [
  'network',
  'provider',
  'node',
  'attester',
  'attester_set',
  'batch',
  'offer',
  'job',
  'challenge',
  'stake',
  'rewards',
];
for (const noun of nouns) {
  test(`instructions of a ${noun} are built so`, async () => {
    for (const built of vectors<Built[]>(`${noun}_instructions`)) assertBuilt(await build(built), built);
  });
}

test('every instruction is among them', () => {
  const tried = nouns.flatMap((noun) => vectors<Built[]>(`${noun}_instructions`)).map(({ name }) => called(name));
  const names = Object.keys(sluice.SluiceInstruction).filter((name) => Number.isNaN(Number(name)));
  assert.deepEqual([...new Set(tried)].sort(), names.sort());
});

test('a set’s digest is the one in its instruction', async () => {
  const [built] = vectors<Built[]>('attester_set_instructions').filter(({ name }) => name === 'create_attester_set');
  const { digest, args } = revive(built!.arguments) as { digest: Uint8Array; args: sluice.SetContents };
  assert.equal(hex(await sluice.attesterSetDigest(args)), hex(digest));
});

/** Calls the generated function with what the vectors give and nothing that follows from it. */
async function build({ name, signers, accounts, arguments: given }: Built): Promise<Instruction> {
  const args = revive(given) as { args?: object };
  const signing = Object.entries(signers).map(([account, key]) => [camel(account), createNoopSigner(key)]);
  const named = { ...(revive(accounts) as object), ...Object.fromEntries(signing) };
  if (name === 'attest_batch') {
    return sluice.attestBatch({ ...named, run: args.args } as Parameters<typeof sluice.attestBatch>[0]);
  }
  const make = generated[`get${called(name)}InstructionAsync`] ?? generated[`get${called(name)}Instruction`]!;
  return (await make({ ...named, ...args.args, ...args })) as Instruction;
}

function assertBuilt(instruction: Instruction, { name, metas, data }: Built) {
  const found = (instruction.accounts ?? []).map(({ address, role }) => ({
    address,
    signer: isSignerRole(role as AccountRole),
    writable: isWritableRole(role as AccountRole),
  }));
  assert.deepEqual(found, metas, name);
  assert.equal(hex(instruction.data ?? []), data, name);
  assert.equal(instruction.programAddress, sluice.SLUICE_PROGRAM_ADDRESS);
}

const called = (name: string) => ({ challenge: 'OpenChallenge', unstake: 'BeginUnstake' })[name] ?? upper(name);
const upper = (name: string) => camel(`_${name}`);
const plain = ({ key, signature }: sluice.Countersignature) => ({ key, signature: hex(signature) });
const accountNames = () => Object.keys(sluice.SluiceAccount).filter((name) => Number.isNaN(Number(name)));
