// The program's addresses as the IDL has them, and which accounts of an instruction follow from its other accounts and arguments.
// Codama alone leaves out a seed in a struct of arguments, and gives the same address another name in every instruction.

import {
  accountValueNode,
  argumentValueNode,
  bytesTypeNode,
  camelCase,
  constantPdaSeedNodeFromString,
  fixedSizeTypeNode,
  numberTypeNode,
  pdaLinkNode,
  pdaNode,
  pdaSeedValueNode,
  pdaValueNode,
  publicKeyTypeNode,
  variablePdaSeedNode,
} from 'codama';

const KEY = publicKeyTypeNode();

/** Vaults, which the token programs own: the IDL has no account of them. First seed, and the others by name. */
const VAULTS = {
  vault: ['vault', { account: KEY }],
  dividends: ['dividends', { pool: KEY }],
};

/** Every address by name: its first seed, and the others by name, as the docs of its account say, with the types of its fields. */
export function addressesIn(idl) {
  const accounts = idl.accounts.map(({ name }) => {
    const { docs, type } = idl.types.find((found) => found.name === name);
    const [, first, others] = docs.join(' ').match(/Address: `\["(\w+)", ([\w, ]+)\]`/);
    const typed = others
      .split(', ')
      .map((seed) => [seed, typeOf(type.fields.find((field) => field.name === seed).type)]);
    return [camelCase(name), [first, Object.fromEntries(typed)]];
  });
  return { ...Object.fromEntries(accounts), ...VAULTS };
}

/** A seed's type by the IDL's type of its field: a key, an unsigned number or bytes. */
function typeOf(type) {
  if (type === 'pubkey') return KEY;
  return typeof type === 'string' ? numberTypeNode(type) : fixedSizeTypeNode(bytesTypeNode(), type.array[1]);
}

/** What derives each of the addresses. */
export function pdasOf(addresses) {
  return Object.entries(addresses).map(([name, [first, others]]) => ({
    name,
    seeds: [
      constantPdaSeedNodeFromString('utf8', first),
      ...Object.entries(others).map(([seed, type]) => variablePdaSeedNode(seed, type)),
    ],
  }));
}

/** The rules by which Codama fills in accounts that the caller leaves out: those whose seeds the IDL has. */
export function accountsThatFollow(instructions, addresses) {
  return instructions.flatMap((instruction) =>
    instruction.accounts
      // A field of another account has to be read first, which a client without a chain cannot.
      .filter(({ pda }) => pda && !pda.seeds.some(({ kind, path }) => kind === 'account' && path.includes('.')))
      .map(({ name, pda }) => ({
        instruction: camelCase(instruction.name),
        account: name,
        defaultValue: pda.program ? tokenAccount(pda.seeds) : addressOf(pda.seeds, addresses),
      })),
  );
}

/** The address of the program with these seeds. */
function addressOf([first, ...inputs], addresses) {
  const name = Object.keys(addresses).find((found) => addresses[found][0] === Buffer.from(first.value).toString());
  const seeds = Object.keys(addresses[name][1]);
  if (seeds.length !== inputs.length) throw new Error(`${name} has ${seeds.length} seeds beside its first`);
  return pdaValueNode(
    pdaLinkNode(name),
    inputs.map((input, index) => pdaSeedValueNode(seeds[index], valueOf(input))),
  );
}

/** An account, or an argument: a struct of arguments is taken apart before the rules apply. */
function valueOf({ kind, path }) {
  const name = path.split('.').at(-1);
  return kind === 'account' ? accountValueNode(name) : argumentValueNode(name);
}

/** The associated token account of an account of the instruction. */
function tokenAccount(inputs) {
  const seeds = ['owner', 'tokenProgram', 'mint'];
  return pdaValueNode(
    pdaNode({
      name: 'tokenAccount',
      programId: 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL',
      seeds: seeds.map((seed) => variablePdaSeedNode(seed, KEY)),
    }),
    seeds.map((seed, index) => pdaSeedValueNode(seed, valueOf(inputs[index]))),
  );
}
