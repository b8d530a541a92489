// Seeds of the program's addresses, and which accounts of an instruction follow from its other accounts and arguments.

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

const key = publicKeyTypeNode();
const hash = fixedSizeTypeNode(bytesTypeNode(), 32);
const name = fixedSizeTypeNode(bytesTypeNode(), 16);
const u64 = numberTypeNode('u64');
const u32 = numberTypeNode('u32');

/** Name, first seed, and the others by name. */
const SEEDS = [
  ['network', 'network', { creator: key, name }],
  ['attester', 'attester', { network: key, key }],
  ['attesterSet', 'attester_set', { network: key, digest: hash }],
  ['provider', 'provider', { network: key, owner: key }],
  ['node', 'node', { provider: key, worker: key }],
  ['offer', 'offer', { node: key, id: u64 }],
  ['stakePool', 'stake_pool', { subject: key }],
  ['position', 'stake', { pool: key, staker: key }],
  ['unstake', 'unstake', { position: key, nonce: u64 }],
  ['job', 'job', { network: key, buyer: key, id: u64 }],
  ['challenge', 'challenge', { job: key, incarnation: u64, window: u32 }],
  ['rewardPool', 'reward_pool', { network: key, creator: key, id: u64 }],
  ['epoch', 'epoch', { pool: key, index: u64 }],
  ['share', 'share', { pool: key, node: key }],
  ['vault', 'vault', { account: key }],
  ['dividends', 'dividends', { pool: key }],
];

export const pdas = SEEDS.map(([name, first, others]) => ({
  name,
  seeds: [
    constantPdaSeedNodeFromString('utf8', first),
    ...Object.entries(others).map(([seed, type]) => variablePdaSeedNode(seed, type)),
  ],
}));

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
export function accountsThatFollow(instructions) {
  const follow = FOLLOW.flatMap(([account, names, pda, inputs = {}]) =>
    names.map((name) => {
      const instruction = instructions.find((found) => found.name === name);
      const seeds = Object.keys(SEEDS.find(([found]) => found === pda)[2]).map((seed) => {
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
      seeds: Object.keys(inputs).map((seed) => variablePdaSeedNode(seed, key)),
    }),
    Object.entries(inputs).map(([seed, input]) => pdaSeedValueNode(seed, accountValueNode(input))),
  );
}
