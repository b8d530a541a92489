// The IDL as it is published, read by what others read IDLs with: Anchor's two clients in TypeScript, Codama as it comes,
// and a program in Python.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import test, { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { rootNodeFromAnchor, type AnchorIdl } from '@codama/nodes-from-anchor';
import { renderVisitor } from '@codama/renderers-js';
import {
  AccountRole,
  createNoopSigner,
  isAddress,
  isSignerRole,
  isWritableRole,
  type Address,
  type Instruction,
} from '@solana/kit';
import * as codama from 'codama';

import { ERRORS, EVENTS } from '../src';
import { bytes, camel, hex, revive, vectors, type Json } from './vectors';

type Type = string | { array: [Type, number] } | { defined: { name: string } } | { vec: Type } | { option: Type };
type Field = { name: string; type: Type };
type Seed = { kind: string; path?: string; value?: number[] };
type Account = {
  name: string;
  address?: string;
  signer?: boolean;
  optional?: boolean;
  pda?: { seeds: Seed[]; program?: Seed };
  relations?: string[];
};
type Idl = {
  instructions: { name: string; accounts: Account[]; args: Field[] }[];
  accounts: { name: string }[];
  events: { name: string; discriminator: number[] }[];
  errors: { code: number; name: string; msg: string }[];
  types: { name: string; type: { fields: Field[] } }[];
};
type Fields = { [name: string]: Json };
type Sample = { data: string; fields: Fields };
type Built = {
  name: string;
  signers: { [name: string]: string };
  accounts: { [name: string]: string } & { jobs?: string[] };
  arguments: Fields;
  metas: { address: string; signer: boolean; writable: boolean }[];
  data: string;
};

const text = readFileSync(new URL('../../../idl/sluice.json', import.meta.url), 'utf8');
const idl = JSON.parse(text) as Idl;
const nouns = 'network provider node attester attester_set batch offer job challenge stake rewards'.split(' ');
const built = nouns.flatMap((noun) => vectors<Built[]>(`${noun}_instructions`));
const instructionOf = (name: string) => idl.instructions.find((found) => found.name === name)!;
const lower = (name: string) => name[0]!.toLowerCase() + name.slice(1);

test('every address in the IDL is one', () => {
  for (const { name, accounts } of idl.instructions) {
    for (const account of accounts) {
      if (account.address !== undefined) assert.ok(isAddress(account.address), `${name}: ${account.address}`);
    }
  }
});

test('every seed and relation in the IDL is of an account or an argument that is there', () => {
  let derived = 0;
  for (const { name, accounts, args } of idl.instructions) {
    const there = { account: accounts.map((found) => found.name), arg: args.map((found) => found.name) };
    for (const { pda, relations = [] } of accounts) {
      for (const { kind, path } of pda?.seeds ?? []) {
        if (path) assert.ok(there[kind as keyof typeof there].includes(path.split('.')[0]!), `${name}: ${path}`);
      }
      for (const relation of relations) assert.ok(there.account.includes(relation), `${name}: ${relation}`);
      derived += Number(pda !== undefined);
    }
  }
  assert.equal(derived, 63);
});

/** What a caller of a vector's instruction has to say of its accounts, by the client: the rest follows. */
function given({ name, accounts, signers, metas }: Built, follows: (account: Account) => boolean) {
  return Object.fromEntries(
    instructionOf(name).accounts.flatMap((account, index) => {
      const said = accounts[account.name] ?? signers[account.name];
      if (said !== undefined) return [[camel(account.name), said]];
      return follows(account) || account.optional ? [] : [[camel(account.name), metas[index]!.address]];
    }),
  ) as { [name: string]: string };
}

/** The accounts behind those that the IDL names: jobs, each to be written. */
const behind = ({ accounts }: Built) => accounts.jobs ?? [];
const WRITTEN = { isSigner: false, isWritable: true };

for (const name of ['@coral-xyz/anchor', '@anchor-lang/core']) {
  // Both are CommonJS, and Node finds no names in the second.
  const anchor = createRequire(import.meta.url)(name) as typeof import('@anchor-lang/core');
  const { BN, Program, web3 } = anchor;
  const nobody = { publicKey: web3.PublicKey.default, connection: { getAccountInfo: async () => null } };
  const program = new Program(JSON.parse(text), nobody as unknown as ConstructorParameters<typeof Program>[1]);

  /** A value of the vectors as Anchor takes it and gives it. */
  const value = (type: Type, json: Json): unknown => {
    if (typeof type === 'object' && 'defined' in type) {
      const { fields } = idl.types.find((found) => found.name === type.defined.name)!.type;
      return Object.fromEntries(
        fields.map((field) => [camel(field.name), value(field.type, (json as Fields)[field.name]!)]),
      );
    }
    if (typeof type === 'object' && 'option' in type) return json === null ? null : value(type.option, json);
    if (typeof type === 'object') {
      const inner = 'vec' in type ? type.vec : type.array[0];
      return inner === 'u8' ? Array.from(bytes(json as string)) : (json as Json[]).map((item) => value(inner, item));
    }
    if (type === 'pubkey') return new web3.PublicKey(json as string);
    return /64|128/.test(type) ? new BN(json as string) : json;
  };
  /** Numbers and keys as text, so that what differs is told. */
  const plain = (decoded: unknown) => JSON.parse(JSON.stringify(decoded)) as unknown;

  test(`${name} builds every instruction from what does not follow`, async () => {
    for (const vector of built) {
      const { name, accounts, args } = instructionOf(vector.name);
      const bump = () => {
        const at = (of: string) => vector.metas[accounts.findIndex((account) => account.name === of)]!.address;
        const seeds = [Buffer.from('vault'), new web3.PublicKey(at('job')).toBuffer()];
        return web3.PublicKey.findProgramAddressSync(seeds, program.programId)[1];
      };
      // The vectors have the arguments of a struct under one name.
      const words = { ...(vector.arguments.args as Fields | undefined), ...vector.arguments };
      const values = args.map((arg) =>
        arg.name === 'vault_bump' ? bump() : value(arg.type, words[arg.name] ?? words),
      );
      // Anchor reads fields of other accounts on a chain, which there is none of here.
      const follows = ({ address, pda }: Account) =>
        address !== undefined ||
        (pda !== undefined && pda.seeds.every(({ kind, path }) => kind === 'arg' || !path?.includes('.')));
      const said: { [name: string]: string | null } = given(vector, follows);
      for (const account of accounts) if (account.optional) said[camel(account.name)] ??= null;
      const instruction = await program.methods[camel(name)]!(...values)
        .accountsPartial(said as never)
        .remainingAccounts(behind(vector).map((job) => ({ pubkey: new web3.PublicKey(job), ...WRITTEN })))
        .instruction();
      const metas = instruction.keys.map(({ pubkey, isSigner, isWritable }) => ({
        address: pubkey.toBase58(),
        signer: isSigner,
        writable: isWritable,
      }));
      assert.deepEqual(metas, vector.metas, name);
      assert.equal(hex(instruction.data), vector.data, name);
    }
  });

  test(`${name} names what it misses when accounts are left out`, async () => {
    for (const vector of built) {
      const { name, accounts, args } = instructionOf(vector.name);
      const struct = vector.arguments.args as Fields | undefined;
      const words: Fields = { ...struct, ...vector.arguments, vault_bump: 0 };
      const values = args.map((arg) => value(arg.type, words[arg.name] ?? words));
      const signers = Object.fromEntries(Object.entries(vector.signers).map(([name, key]) => [camel(name), key]));
      const building = program.methods[camel(name)]!(...values)
        .accountsPartial(signers)
        .instruction();
      if (accounts.every((account) => account.signer || account.address)) await building;
      else await assert.rejects(building, /not provided|Unresolved accounts/, name);
    }
  });

  test(`${name} decodes every account, event and error`, () => {
    const coder = program.coder;
    for (const [type, { data, fields }] of Object.entries(vectors<{ [name: string]: Sample }>('accounts'))) {
      const decoded = coder.accounts.decode(lower(type), Buffer.from(bytes(data)));
      assert.deepEqual(plain(decoded), plain(value({ defined: { name: type } }, fields)), type);
    }
    for (const [type, { data, fields }] of Object.entries(vectors<{ [name: string]: Sample }>('events'))) {
      const event = coder.events.decode(Buffer.from(bytes(data)).toString('base64'));
      assert.equal(event?.name, lower(type));
      assert.deepEqual(plain(event?.data), plain(value({ defined: { name: type } }, fields)), type);
    }
    assert.equal(program.idl.events?.length, Object.keys(EVENTS).length);
    const named = anchor.parseIdlErrors(program.idl);
    assert.deepEqual(
      Object.fromEntries(named),
      Object.fromEntries(Object.entries(ERRORS).map(([code, { message }]) => [code, message])),
    );
  });
}

test('Codama as it comes builds every instruction and decodes every account', async () => {
  // Inside the package, so that what is generated finds Kit.
  const folder = fileURLToPath(new URL('../node_modules/.cache/sluice-raw', import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  after(() => rmSync(folder, { recursive: true }));
  const root = rootNodeFromAnchor(JSON.parse(text) as AnchorIdl);
  await codama.createFromRoot(root).accept(renderVisitor(folder));
  const raw = (await import(pathToFileURL(`${folder}/index.ts`).href)) as {
    [name: string]: (...input: unknown[]) => unknown;
  };
  const upper = (name: string) => camel(`_${name}`);

  for (const vector of built) {
    const { name, accounts } = instructionOf(vector.name);
    // Codama leaves out a seed with a path: a field of an account, or of an argument. The token program it knows by itself.
    const follows = ({ name, address, pda }: Account) =>
      name === 'token_program' ||
      address !== undefined ||
      (pda !== undefined && pda.seeds.every(({ path }) => !path?.includes('.')));
    const said = Object.entries(given(vector, follows)).map(([account, address]) => {
      const { signer } = accounts.find((found) => camel(found.name) === account)!;
      return [account, signer ? createNoopSigner(address as Address) : address];
    });
    const args = revive(vector.arguments) as { args?: object };
    const make = raw[`get${upper(name)}InstructionAsync`] ?? raw[`get${upper(name)}Instruction`]!;
    // The bump of a vault is an argument, which the IDL cannot say is one.
    const bump = Number(`0x${vector.data.slice(-2)}`);
    const input = { vaultBump: bump, ...Object.fromEntries(said), ...args.args, ...args };
    const instruction = (await make(input)) as Instruction;
    const jobs = behind(vector).map((job) => ({ address: job as Address, role: AccountRole.WRITABLE }));
    const metas = [...instruction.accounts!, ...jobs].map(({ address, role }) => ({
      address,
      signer: isSignerRole(role),
      writable: isWritableRole(role),
    }));
    assert.deepEqual(metas, vector.metas, name);
    assert.equal(hex(instruction.data!), vector.data, name);
  }

  for (const [type, { data, fields }] of Object.entries(vectors<{ [name: string]: Sample }>('accounts'))) {
    const decoder = raw[`get${type}Decoder`]!() as { decode: (data: Uint8Array) => { discriminator: Uint8Array } };
    const { discriminator, ...decoded } = decoder.decode(bytes(data));
    assert.equal(hex(discriminator), data.slice(0, 18));
    assert.deepEqual(decoded, revive(fields), type);
  }
  assert.deepEqual(
    root.program.events?.map(({ name }) => name),
    idl.events.map(({ name }) => lower(name)),
  );
  assert.deepEqual(
    root.program.errors?.map(({ code, message }) => [code, message]),
    idl.errors.map(({ code, msg }) => [code, msg]),
  );
});

test('Python builds every instruction and decodes every account and event', (t) => {
  const python = process.env.SLUICE_PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', 'import solders']).status !== 0) return t.skip(`${python} has no solders`);
  const { status, stderr } = spawnSync(python, [fileURLToPath(new URL('idl.py', import.meta.url))], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});
