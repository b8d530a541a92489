// Batches are those of the Rust client: trees, runs, what is refused, and what members sign.

import assert from 'node:assert/strict';
import test from 'node:test';

import { createKeyPairSignerFromPrivateKeyBytes, createNoopSigner, type Address } from '@solana/kit';

import * as sluice from '../src';
import { hex, revive, vectors, type Json } from './vectors';

type Fields = { [name: string]: Json };
type Grown = {
  statements: sluice.Statement[];
  leaves: Uint8Array[];
  depth: number;
  root: Uint8Array;
  paths: { index: number; path: Uint8Array[] }[];
  runs: { index: number; leaves: number; said: number[]; run: sluice.BatchRun }[];
};
type Signed = Record<'root' | 'hash' | 'message', Uint8Array> & {
  set: Address;
  seeds: Uint8Array[];
  setKeys: Address[];
  setCount: number;
  signatures: sluice.Countersignature[];
  members: bigint;
};

const file = vectors<{ [part: string]: Fields } & { trees: Fields[] }>('batches');
const { contexts, trees, refused, signed } = revive(file) as {
  contexts: Uint8Array[];
  trees: Grown[];
  refused: { name: string; root: Uint8Array; why: sluice.RunFault; run: sluice.BatchRun }[];
  signed: Signed;
};

const plain = (hashes: ArrayLike<number>[]) => hashes.map(hex);
const grow = async ({ statements }: Grown) => sluice.batchTree(await Promise.all(statements.map(sluice.statementHash)));
const keysOf = (seeds: Uint8Array[]) => Promise.all(seeds.map((seed) => createKeyPairSignerFromPrivateKeyBytes(seed)));

test('trees are built so', async () => {
  assert.deepEqual(
    trees.map(({ statements }) => statements.length),
    [1, 2, 3, 7, 33],
  );
  for (const grown of trees) {
    const tree = await grow(grown);
    const { count, depth, root } = tree;
    assert.deepEqual([count, depth, hex(root)], [grown.statements.length, grown.depth, hex(grown.root)]);
    assert.deepEqual(plain(grown.leaves.map((_, index) => tree.leaf(index))), plain(grown.leaves));
    for (const { index, path } of grown.paths) {
      assert.deepEqual(plain(tree.path(index)), plain(path));
      for (let level = 0; level <= depth; level += 1) assert.deepEqual(tree.path(index, level), path.slice(level));
    }
    for (let index = count; index < 2 ** depth; index += 1) assert.deepEqual(tree.leaf(index), new Uint8Array(32));
    for (const index of [2 ** depth, -1, 0.5]) {
      assert.throws(() => tree.leaf(index), RangeError);
      assert.throws(() => tree.path(index), RangeError);
    }
    for (const level of [depth + 1, -1, 0.5]) assert.throws(() => tree.path(0, level), RangeError);
  }
});

test('a tree has a leaf, a million at most, and each is a hash', async () => {
  await assert.rejects(sluice.batchTree([]), /between 1 and 1,048,576 statements, not 0/);
  const leaf = new Uint8Array(32);
  await assert.rejects(sluice.batchTree(Array(2 ** 20 + 1).fill(leaf)), /not 1048577/);
  await assert.rejects(sluice.batchTree([leaf, new Uint8Array(31)]), /a hash has 32 bytes/);
  // What the caller does with its list afterwards does not change the tree.
  const leaves = [leaf, leaf];
  const tree = await sluice.batchTree(leaves);
  leaves[0] = new Uint8Array(32).fill(1);
  assert.deepEqual(tree.leaf(0), leaf);
});

test('runs are made so, and lead to the root', async () => {
  for (const grown of trees) {
    const tree = await grow(grown);
    for (const { index, leaves, said, run } of grown.runs) {
      const made = tree.run(index, leaves, (place) =>
        said.includes(place) ? { job: place % contexts.length, statement: grown.statements[place]! } : undefined,
      );
      assert.deepEqual(made, run);
      assert.equal(await sluice.faultOfRun(run, contexts, tree.root), undefined);
      assert.deepEqual(await sluice.rootOfRun(run, contexts), tree.root);
      assert.equal(await sluice.faultOfRun(run, contexts, new Uint8Array(32)), 'NotInBatch');
      assert.equal(await sluice.faultOfRun(run, [], tree.root), 'MalformedRun');
    }
  }
});

test('what is no run of the tree is not made', async () => {
  const grown = trees.find(({ statements }) => statements.length === 7)!;
  const tree = await grow(grown);
  const said = (place: number) => ({ job: 0, statement: grown.statements[place % 7]! });
  for (const leaves of [0, 3, 64, -1, 0.5, Number.NaN])
    assert.throws(() => tree.run(0, leaves, said), /a run has 1, 2, 4, 8, 16 or 32 leaves/);
  for (const [index, leaves] of [
    [0, 16],
    [7, 1],
    [-1, 1],
    [0.5, 1],
  ] as const)
    assert.throws(() => tree.run(index, leaves, said), /has no run of/);
  assert.throws(() => tree.run(4, 4, () => undefined), /nothing is said at 4/);
});

test('a verifier refuses what the program refuses, by the same name', async () => {
  assert.ok(refused.length > 20);
  for (const { name, root, why, run } of refused) {
    assert.equal(await sluice.faultOfRun(run, contexts, root), why, name);
    assert.equal((await sluice.rootOfRun(run, contexts)) === undefined, why === 'MalformedRun', name);
  }
  // What the program's types cannot say.
  const [sound] = trees[2]!.runs;
  const [entry] = sound!.run.entries;
  const short = new Uint8Array(31);
  const changes: Partial<sluice.BatchRun>[] = [
    { first: -1 },
    { first: 0.5 },
    { mask: -1 },
    { mask: 2 ** 32 + 1 },
    { path: [short] },
    { entries: [{ ...entry!, digest: short }] },
    { entries: [{ ...entry!, job: -1 }] },
  ];
  for (const change of changes)
    assert.equal(await sluice.faultOfRun({ ...sound!.run, ...change }, contexts, trees[2]!.root), 'MalformedRun');
});

test('members sign so, and their signatures are carried so', async () => {
  const { set, root, seeds, setKeys, setCount, signatures, members } = signed;
  assert.equal(hex(await sluice.batchHash(set, root)), hex(signed.hash));
  assert.equal(hex(await sluice.batchMessage(set, root)), hex(signed.message));
  await assert.rejects(sluice.batchMessage(set, root.subarray(1)), RangeError);
  const keys = await keysOf(seeds);
  const made = await Promise.all(keys.map((key) => sluice.signBatch(set, root, key)));
  assert.deepEqual(
    made.map(({ key, signature }) => [key, hex(signature)]),
    signatures.map(({ key, signature }) => [key, hex(signature)]),
  );

  const payer = createNoopSigner(keys[0]!.address);
  const data = { keys: setKeys, count: setCount } as unknown as sluice.AttesterSet;
  const [carried, post] = await sluice.postBatch({
    payer,
    set: { address: set, data },
    root,
    expiresAt: 1_800_000_000n,
    signatures: made,
  });
  assert.equal(hex(carried!.data!), file['signed']!.ed25519);
  const [batch] = await sluice.findBatchPda({ payer: payer.address, set, root });
  assert.deepEqual(
    post!.accounts!.slice(0, 3).map(({ address }) => address),
    [payer.address, set, batch],
  );
  const posted = sluice.getPostBatchInstructionDataDecoder().decode(post!.data!);
  assert.deepEqual([hex(posted.root), posted.expiresAt, posted.members], [hex(root), 1_800_000_000n, members]);

  const account = { address: batch, data: { set, root } as unknown as sluice.Batch };
  const [again, endorse] = await sluice.endorseBatch({ batch: account, set: data, signatures: made });
  assert.deepEqual(again, carried);
  assert.deepEqual(
    endorse!.accounts!.slice(0, 2).map(({ address }) => address),
    [batch, set],
  );
  assert.equal(sluice.getEndorseBatchInstructionDataDecoder().decode(endorse!.data!).members, members);

  const stranger = { ...made[0]!, key: set };
  for (const given of [[stranger], []])
    await assert.rejects(sluice.endorseBatch({ batch: account, set: data, signatures: given }), RangeError);
});

test('a key signs one statement about a window, by itself or in a batch', async () => {
  const { statements, root } = trees.find(({ statements }) => statements.length === 7)!;
  const [key] = await keysOf(signed.seeds);
  const { set } = signed;
  const journal = sluice.memoryJournal();
  const sign = (said: sluice.Statement[], by = key!) => sluice.signBatchOnce(journal, set, said, by);
  const { tree, signed: first } = await sign(statements);
  assert.equal(hex(tree.root), hex(root));
  assert.equal(hex(first.signature), hex(signed.signatures[0]!.signature));
  assert.deepEqual(await sign(statements).then(({ signed }) => signed), first);
  // The same statements in another tree, and by themselves.
  await sign(statements.slice(2));
  await sluice.signOnce(journal, statements[0]!, 'quorum', key!);

  const other = { ...statements[3]!, units: 999n };
  const refusal = /asked to sign another statement about window 1: .* units.*bond/;
  let asked = 0;
  const counted: typeof key = { ...key!, signMessages: (...given) => ((asked += 1), key!.signMessages(...given)) };
  await assert.rejects(sign([statements[0]!, other], counted), refusal);
  await assert.rejects(sluice.signOnce(journal, other, 'quorum', counted), refusal);
  const [unsaid] = trees.find(({ statements }) => statements.length === 33)!.statements.slice(-1);
  await assert.rejects(sign([unsaid!, { ...unsaid!, units: 1n }], counted), /another statement/);
  await assert.rejects(sign([], counted), RangeError);
  const broken = { note: () => Promise.reject(new Error('the disk is full')) };
  await assert.rejects(sluice.signBatchOnce(broken, set, statements, counted), /disk is full/);
  assert.equal(asked, 0);
  // What was said by itself first binds a batch as well.
  await sluice.signOnce(journal, { ...unsaid!, window: 500 }, 'quorum', key!);
  await assert.rejects(sign([{ ...unsaid!, window: 500, units: 3n }], counted), /about window 500/);
  const silent = { ...key!, signMessages: async () => [{}] } as typeof key;
  await assert.rejects(sluice.signBatch(set, root, silent!), /did not sign/);
});

test('two statements, one of them in a batch, are shown so', async () => {
  const v = revive(file['equivocation']!) as Record<'first' | 'second', sluice.Statement> & {
    seed: Uint8Array;
    leaf: sluice.BatchLeaf;
    messages: Uint8Array[];
  };
  const messages = [await sluice.leafMessage(v.first, v.leaf), await sluice.statementMessage(v.second, 'quorum')];
  assert.deepEqual(plain(messages), plain(v.messages));
  const [key] = await keysOf([v.seed]);
  const { set, root } = signed;
  const shown = sluice.equivocationInstruction([
    [await sluice.signBatch(set, root, key!), messages[0]!],
    [await sluice.signStatement(v.second, 'quorum', key!), messages[1]!],
  ]);
  assert.equal(hex(shown.data), file['equivocation']!.ed25519);
  const { leaf } = v;
  const far = { ...leaf, path: Array(21).fill(leaf.path[0]!) as Uint8Array[] };
  for (const wrong of [{ ...leaf, index: 8 }, far, { ...leaf, path: [new Uint8Array(31)] }])
    await assert.rejects(sluice.leafMessage(v.first, wrong), RangeError);

  // The leaves may be left out.
  const name = createNoopSigner(key!.address).address;
  const common = {
    network: name,
    attester: name,
    position: name,
    job: name,
    incarnation: 1n,
    node: name,
    units: [1n, 2n],
    digests: [root, root],
    window: 9,
  };
  const decode = async (leaves: { first?: sluice.BatchLeaf; second?: sluice.BatchLeaf }) => {
    const { data } = await sluice.getShowEquivocationInstructionAsync({ ...common, ...leaves });
    return sluice.getShowEquivocationInstructionDataDecoder().decode(data);
  };
  const none = await decode({});
  assert.deepEqual([none.first.__option, none.second.__option], ['None', 'None']);
  const one = await decode({ second: leaf });
  assert.equal(one.first.__option, 'None');
  assert.deepEqual(one.second, { __option: 'Some', value: leaf });
});
