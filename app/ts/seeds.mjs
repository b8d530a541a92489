// The program's addresses as the IDL has them, and which accounts of an instruction follow from its other accounts and arguments.

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

/** Who signs for the tokens of a deposit, by its instruction; the rest of a deposit's source is its mint. */
const DEPOSITORS = {
  open_job: 'buyer',
  take_offer: 'buyer',
  top_up_job: 'funder',
  stake: 'staker',
  challenge: 'challenger',
  add_dividends: 'giver',
  fund_reward_pool: 'funder',
};

/** Account, its instructions, the address it is at, and what each seed is where it is not an input of the seed's name. */
const FOLLOW = [
  ['network', ['create_network'], 'network'],
  ['attester', ['register_attester'], 'attester'],
  ['set', ['create_attester_set'], 'attesterSet'],
  ['provider', ['register_provider', 'set_commission'], 'provider'],
  ['node', ['register_node'], 'node'],
  ['offer', ['post_offer'], 'offer'],
  ['pool', ['create_stake_pool'], 'stakePool'],
  ['pool', ['take_offer', 'accept_job', 'release_job'], 'stakePool', { subject: 'provider' }],
  [
    'pool',
    ['enter_attester_set', 'leave_attester_set', 'show_equivocation', 'slash_signer', 'close_attester'],
    'stakePool',
    { subject: 'attester' },
  ],
  ['position', ['stake', 'unstake'], 'position'],
  ['position', ['enter_attester_set'], 'position', { staker: 'owner' }],
  ['ticket', ['unstake'], 'unstake'],
  ['job', ['open_job', 'take_offer'], 'job'],
  ['challenge', ['challenge'], 'challenge'],
  ['pool', ['create_reward_pool'], 'rewardPool'],
  ['epoch', ['open_epoch'], 'epoch'],
  ['share', ['join_reward_pool', 'report', 'open_epoch'], 'share'],
  ['vault', ['add_dividends', 'claim_dividends'], 'dividends'],
  [
    'vault',
    ['open_job', 'take_offer', 'top_up_job', 'pay', 'sweep_treasury', 'sweep_attesters', 'refund', 'close_job'],
    'vault',
    { account: 'job' },
  ],
  [
    'vault',
    [
      'create_stake_pool',
      'stake',
      'withdraw',
      'burn_slashed',
      'close_stake_pool',
      'challenge',
      'settle_challenge',
      'create_reward_pool',
      'fund_reward_pool',
      'claim',
      'pay_delegators',
      'return_unallocated',
      'close_reward_pool',
    ],
    'vault',
    { account: 'pool' },
  ],
];

/** The rules by which Codama fills in accounts that the caller leaves out. */
export function accountsThatFollow(instructions, addresses) {
  const follow = FOLLOW.flatMap(([account, names, pda, inputs = {}]) =>
    names.map((name) => {
      const instruction = instructions.find((found) => found.name === name);
      const [, others] = addresses[pda];
      const seeds = Object.keys(others).map((seed) => {
        const input = inputs[seed] ?? seed;
        const isAccount = instruction.accounts.some((found) => found.name === input);
        return pdaSeedValueNode(seed, isAccount ? accountValueNode(input) : argumentValueNode(input));
      });
      return rule(name, account, pdaValueNode(pdaLinkNode(pda), seeds));
    }),
  );
  const sources = Object.entries(DEPOSITORS).map(([name, owner]) => rule(name, 'source', tokenAccount(owner)));
  return [...follow, ...sources];
}

function rule(instruction, account, defaultValue) {
  return { instruction: camelCase(instruction), account, defaultValue };
}

/** The associated token account of an account of the instruction. */
function tokenAccount(owner) {
  const inputs = { owner, tokenProgram: 'tokenProgram', mint: 'mint' };
  return pdaValueNode(
    pdaNode({
      name: 'tokenAccount',
      programId: 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL',
      seeds: Object.keys(inputs).map((seed) => variablePdaSeedNode(seed, KEY)),
    }),
    Object.entries(inputs).map(([seed, input]) => pdaSeedValueNode(seed, accountValueNode(input))),
  );
}
