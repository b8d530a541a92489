// Writes src/generated from idl/sluice.json. What Codama cannot take from the IDL is said here and in seeds.mjs, and
// nowhere else: which accounts follow from others, and the tables of events and errors.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { rootNodeFromAnchor } from '@codama/nodes-from-anchor';
import { renderVisitor } from '@codama/renderers-js';
import * as codama from 'codama';

import { accountsThatFollow, addressesIn, pdasOf } from './seeds.mjs';

const OUT = fileURLToPath(new URL('src/generated', import.meta.url));
const idl = JSON.parse(readFileSync(new URL('../../idl/sluice.json', import.meta.url), 'utf8'));

const bare = idl.instructions.map(({ accounts, ...instruction }) => ({
  ...instruction,
  // seeds.mjs reads the seeds of accounts.
  accounts: accounts.map(({ pda, ...account }) => account),
}));
const root = rootNodeFromAnchor({ ...idl, instructions: bare });
// The renderer has no events yet: it takes them for types.
const events = root.program.events.map(({ name, data }) =>
  codama.definedTypeNode({ name: `${name}Event`, type: data.type }),
);
const { program } = root;
const tree = codama.createFromRoot({
  ...root,
  program: { ...program, definedTypes: [...program.definedTypes, ...events] },
});
const addresses = addressesIn(idl);
tree.update(codama.addPdasVisitor({ sluice: pdasOf(addresses) }));
tree.update(codama.setInstructionAccountDefaultValuesVisitor(accountsThatFollow(idl.instructions, addresses)));
// The bump of a job's vault follows from its address.
const vaultBump = { defaultValue: codama.accountBumpValueNode('vault') };
// Where an equivocation's statements stand in batches: by default in none.
const inNone = { defaultValue: codama.noneValueNode() };
// Accounts give these names to constants and types of their own. The instructions get the names of their accounts in Rust.
tree.update(codama.updateDefinedTypesVisitor({ nodeArgs: { name: 'nodeDescription' } }));
tree.update(
  codama.updateInstructionsVisitor({
    challenge: { name: 'openChallenge' },
    unstake: { name: 'beginUnstake' },
    openJob: { arguments: { vaultBump } },
    takeOffer: { arguments: { vaultBump } },
    showEquivocation: { arguments: { first: inNone, second: inNone } },
  }),
);
await tree.accept(renderVisitor(OUT));

/** Bytes of an IDL type; every account is of fixed size and without padding. */
function sizeOf(type) {
  if (type === 'pubkey') return 32;
  if (typeof type === 'string') return Number(type.slice(1)) / 8;
  if (type.array) return sizeOf(type.array[0]) * type.array[1];
  return fieldsOf(type.defined.name).reduce((size, field) => size + sizeOf(field.type), 0);
}

function fieldsOf(name) {
  return idl.types.find((type) => type.name === name).type.fields;
}

/** Where the keys of an account lie, its discriminator counted. */
function keysOf(name) {
  const keys = {};
  let at = 8;
  for (const field of fieldsOf(name)) {
    if (field.type === 'pubkey') keys[codama.camelCase(field.name)] = at;
    at += sizeOf(field.type);
  }
  return keys;
}

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const list = (items, line) => items.map((item) => `  ${line(item)}\n`).join('');
const file = (name, text) => writeFileSync(`${OUT}/${name}`, `// Written by generate.mjs; do not edit.\n\n${text}`);

file(
  'accountTable.ts',
  `import * as accounts from './accounts';

/** What decodes an account of the program, its first bytes, and where which key is in it, by name. */
export const ACCOUNTS = {
${list(idl.accounts, ({ name, discriminator }) => `${name}: { discriminator: new Uint8Array([${discriminator}]), decoder: accounts.get${name}Decoder(), keys: ${JSON.stringify(keysOf(name))} },`)}};
`,
);
file(
  'eventTable.ts',
  `import type { Codec } from '@solana/kit';

import * as types from './types';

/** An event of the program, by name. */
export type Event =
${list(idl.events, ({ name }) => `| { name: '${name}'; data: types.${name}Event }`)};

type Named<N extends Event['name']> = Extract<Event, { name: N }>;

/** The event in these bytes, if they are one to the last. */
function event<N extends Event['name']>(
  name: N,
  codec: Codec<any, Named<N>['data']>,
  bytes: Uint8Array,
): Event | undefined {
  try {
    const data = codec.decode(bytes);
    return codec.encode(data).length === bytes.length ? ({ name, data } as Event) : undefined;
  } catch {
    return undefined;
  }
}

/** What decodes the rest of an event, by its discriminator in hexadecimal; nothing comes of bytes that are too few or too many. */
export const EVENTS: Record<string, (bytes: Uint8Array) => Event | undefined> = {
${list(idl.events, ({ name, discriminator }) => `'${hex(discriminator)}': (bytes) => event('${name}', types.get${name}EventCodec(), bytes),`)}};
`,
);
file(
  'errorTable.ts',
  `/** Every error of the program, by its code. */
export const ERRORS: Record<number, { name: string; message: string }> = {
${list(idl.errors, ({ code, name, msg }) => `${code}: { name: '${name}', message: ${JSON.stringify(msg)} },`)}};
`,
);
