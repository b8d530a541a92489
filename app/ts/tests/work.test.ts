// The formats of work are those of `sluice-work`, which writes these vectors and is held to them as well.

import assert from 'node:assert/strict';
import test from 'node:test';

import { work } from '../src';
import { bytes, hex, revive, vectors, type Json } from './vectors';

type Fields = { [name: string]: Json };
type Refused = { name: string; bytes: string; why: string | null };
type Bytes = { bytes: string };

const plain = (hashes: work.Hash[]) => hashes.map(hex);

test('specifications are written, read and named so', async () => {
  type Sample = Bytes & { name: string; core: Fields; rest: Fields; json: work.SpecJson } & Record<
      'core_bytes' | 'rest_hash' | 'hash',
      string
    > & { is_judged: boolean };
  for (const sample of vectors<Sample[]>('work_specs')) {
    const { name } = sample;
    const spec = revive({ core: sample.core, rest: sample.rest }) as work.Spec;
    assert.equal(hex(work.encodeCore(spec.core)), sample.core_bytes, name);
    assert.equal(hex(work.encodeSpec(spec)), sample.bytes, name);
    assert.equal(work.isJudged(spec.core), sample.is_judged);
    assert.deepEqual(work.decodeCore(bytes(sample.core_bytes)), spec.core, name);
    assert.deepEqual(work.decodeSpec(bytes(sample.bytes)), spec, name);
    assert.equal(hex(await work.specHash(spec)), sample.hash, name);
    assert.equal(hex(await work.specHashOf(spec.core, bytes(sample.rest_hash))), sample.hash);
    assert.deepEqual(work.specToJson(spec), sample.json, name);
    assert.deepEqual(work.encodeSpec(work.specFromJson(sample.json)), work.encodeSpec(spec), name);
    const large = { ...sample.json, core: { ...sample.json.core, salt: sample.json.core.salt.toUpperCase() } };
    assert.equal(hex(work.encodeSpec(work.specFromJson(large))), sample.bytes);
  }
});

test('what is no specification has no bytes', () => {
  const [sample] = vectors<{ core: Fields; rest: Fields }[]>('work_specs');
  const spec = revive({ core: sample!.core, rest: sample!.rest }) as work.Spec;
  const changes: [Partial<work.Core>, Partial<work.Rest>][] = [
    [{ salt: new Uint8Array(31) }, {}],
    [{ kernelLen: 1.5 }, {}],
    [{ units: -1n }, {}],
    [{ slash: 2n ** 64n }, {}],
    [{ count: 2 ** 32 }, {}],
    [{ answerSecs: -1 }, {}],
    [{ signersAnswer: 2 }, {}],
    [{ kind: 'wasm' }, {}],
    [{}, { title: '\ud800' }],
    [{}, { title: 'é'.repeat(33) }],
    [{}, { output: Number.NaN }],
  ];
  for (const [core, rest] of changes) {
    const changed = { core: { ...spec.core, ...core }, rest: { ...spec.rest, ...rest } };
    assert.throws(() => work.encodeSpec(changed), Error, JSON.stringify(rest));
  }
});

test('every decoder refuses the same bytes, for the same reason', () => {
  const refused = vectors<Record<string, Refused[]> & { json: unknown[] }>('work_refused');
  const decoders = {
    core: work.decodeCore,
    spec: work.decodeSpec,
    inputs: work.decodeInputs,
    evidence: work.decodeEvidence,
    opened: work.decodeOpened,
  };
  for (const [format, decode] of Object.entries(decoders)) {
    assert.ok(refused[format]!.length > 5);
    for (const { name, bytes: data, why } of refused[format]!) {
      const expected = why === null ? /^these are not the bytes of / : why;
      assert.throws(() => decode(bytes(data)), { message: expected }, `${format}: ${name}`);
    }
  }
  for (const json of refused.json) assert.throws(() => work.specFromJson(json), Error, JSON.stringify(json));
});

test('inputs are listed and stand so', async () => {
  type List = Bytes & { names: string[]; blob: string; root: string; paths: string[][] };
  for (const list of vectors<List[]>('work_inputs')) {
    const names = list.names.map(bytes);
    assert.equal(hex(work.encodeInputs(names)), list.bytes);
    assert.deepEqual(work.decodeInputs(bytes(list.bytes)), names);
    assert.equal(hex(await work.blobName(bytes(list.bytes))), list.blob);
    const tree = await work.inputTree(names);
    assert.equal(hex(tree.root), list.root);
    const shape = work.shapeOf({ count: names.length, perWindow: 1, units: 1n });
    for (const [index, expected] of list.paths.entries()) {
      const path = tree.path(index);
      assert.deepEqual(plain(path), expected);
      const is = (name: work.Hash, at = index) => work.isInput(shape, tree.root, at, name, path);
      assert.equal(await is(names[index] ?? work.ABSENT), index < names.length);
      assert.equal(await is(names[(index + 1) % names.length]!), names.length === 1 && index === 0);
      assert.equal(await is(names[index] ?? work.ABSENT, index ^ 1), false);
    }
    assert.throws(() => tree.path(list.paths.length), RangeError);
  }
  const many = Array.from({ length: 300_000 }, () => new Uint8Array(32));
  assert.equal(work.decodeInputs(work.encodeInputs(many)).length, many.length);
});

test('a chunk is not done for these reasons', () => {
  const reasons = vectors<{ name: string; number: number }[]>('work_reasons');
  assert.deepEqual(work.Undone, Object.fromEntries(reasons.map(({ name, number }) => [name, number])));
});

test('leaves and names are hashed so', async () => {
  const file = vectors<Record<string, string> & { index: number; blobs: string[] }>('work_hashes');
  const [input, output] = [bytes(file.input!), bytes(file.output!)];
  assert.equal(hex(await work.inputLeaf(input)), file.input_leaf);
  assert.equal(hex(await work.chunkLeaf(file.index, input, output)), file.chunk_leaf);
  const moved = Uint8Array.from([...input, ...output]);
  await assert.rejects(work.chunkLeaf(file.index, moved.slice(0, 31), moved.slice(31)), RangeError);
  await assert.rejects(work.inputLeaf(moved), RangeError);
  const names = await Promise.all(['', 'sluice'].map((text) => work.blobName(Buffer.from(text))));
  assert.deepEqual(plain(names), file.blobs);
});

test('work is divided into windows so', () => {
  type Part = { count: number; perWindow: number; units: bigint };
  type Divided = work.Shape & {
    due: { window: number; first: number; due: number }[];
    places: { index: number; place: { window: number; position: number } | null }[];
    claims: { window: number; units: bigint; chunks: number | null; why: work.Overclaim | null }[];
  };
  const file = revive(vectors<Fields>('work_shapes')) as { possible: Divided[]; impossible: Part[] };
  for (const { due, places, claims, ...expected } of file.possible) {
    const shape = work.shapeOf(expected);
    assert.deepEqual(shape, expected);
    for (const { window, ...found } of due) assert.deepEqual(work.chunksDue(shape, window), found);
    for (const { index, place } of places) assert.deepEqual(work.placeOf(shape, index), place ?? undefined);
    for (const { window, units, chunks, why } of claims)
      assert.equal(work.chunksClaimed(shape, window, units), chunks ?? why);
    assert.equal(work.unitsOf(shape, shape.perWindow), shape.cap);
  }
  for (const part of file.impossible) assert.throws(() => work.shapeOf(part), RangeError);
  const shape = work.shapeOf(file.possible[0]!);
  for (const window of [-1, 0.5, 2 ** 32]) assert.throws(() => work.chunksDue(shape, window), RangeError);
  assert.throws(() => work.chunksClaimed(shape, 0, -1n), RangeError);
  assert.equal(work.placeOf(shape, -1), undefined);
});

test('evidence is written, claimed and opened so', async () => {
  type Place = work.Opened & { bytes: Uint8Array; isClaimed: boolean };
  type Window = {
    name: string;
    spec: Uint8Array;
    inputs: Uint8Array;
    evidence: work.Evidence;
    bytes: Uint8Array;
    blob: Uint8Array;
    claim: work.Claim;
    chunks: work.Leaf[];
    opened: Place[];
  };
  for (const window of revive(vectors<Json>('work_windows')) as Window[]) {
    const { name, evidence, claim } = window;
    const [spec, names] = [work.decodeSpec(window.spec), work.decodeInputs(window.inputs)];
    const shape = work.shapeOf(spec.core);
    assert.deepEqual(work.encodeEvidence(evidence), window.bytes, name);
    assert.deepEqual(work.decodeEvidence(window.bytes), evidence, name);
    assert.deepEqual(await work.blobName(window.bytes), window.blob);
    assert.deepEqual(await work.claimOf(evidence, shape, names), claim, name);
    assert.deepEqual(await work.checkWindow(spec, names, evidence, claim), window.chunks, name);
    for (const { bytes: data, isClaimed, ...opened } of window.opened) {
      assert.deepEqual(await work.openPlace(evidence, shape, names, opened.position), opened, name);
      assert.deepEqual(work.encodeOpened(opened), data);
      assert.deepEqual(work.decodeOpened(data), opened);
      assert.equal(await work.isClaimed(opened, spec.core, claim), isClaimed, `${name}: ${opened.position}`);
      assert.equal(await work.convictionOf(opened, spec.core, claim), undefined);
      await assertNoBitProves(opened, spec.core, claim);
    }
    assert.throws(() => work.encodeEvidence({ ...evidence, outputs: [null] }), RangeError);
  }
  const none = new Uint8Array(32);
  const many = (count: number) => ({ window: 0, outputs: Array<work.Hash>(count).fill(none), stop: null });
  assert.equal(work.decodeEvidence(work.encodeEvidence(many(1_024))).outputs.length, 1_024);
  assert.throws(() => work.encodeEvidence(many(1_025)), RangeError);
});

/** One bit of what is shown, or of what it is shown against, and nothing stands there any more. */
async function assertNoBitProves(opened: work.Opened, core: work.Core, claim: work.Claim) {
  const flip = (hash: work.Hash) => Uint8Array.from(hash, (byte, at) => (at === 17 ? byte ^ 4 : byte));
  const { leaf, path } = opened;
  const changed: work.Opened[] = [
    { ...opened, position: opened.position ^ 1 },
    { ...opened, position: opened.position + 2 ** 31 },
    ...path.map((_, place) => ({ ...opened, path: path.map((one, at) => (at === place ? flip(one) : one)) })),
  ];
  if (leaf) {
    changed.push({ ...opened, leaf: { ...leaf, index: leaf.index ^ 1 } });
    changed.push({ ...opened, leaf: { ...leaf, input: flip(leaf.input) } });
    changed.push({ ...opened, leaf: { ...leaf, output: flip(leaf.output) } });
  }
  for (const other of changed) assert.equal(await work.isClaimed(other, core, claim), false);
  assert.equal(await work.isClaimed(opened, core, { ...claim, digest: flip(claim.digest) }), false);
}

test('false claims are refused so', async () => {
  type False = Record<'name' | 'spec' | 'inputs' | 'evidence' | 'fault' | 'message', string> & { claim: Json };
  const cases = vectors<False[]>('work_faults');
  for (const { name, spec, inputs, evidence, claim, fault, message } of cases) {
    const checked = work.checkWindow(
      work.decodeSpec(bytes(spec)),
      work.decodeInputs(bytes(inputs)),
      work.decodeEvidence(bytes(evidence)),
      revive(claim) as work.Claim,
    );
    await assert.rejects(checked, { name: 'WindowError', fault, message }, name);
  }
  assert.equal(new Set(cases.map(({ fault }) => fault)).size, 8);
});

test('leaves convict so', async () => {
  type Case = {
    name: string;
    core: Uint8Array;
    claim: work.Claim;
    opened: work.Opened;
    truth: work.Truth | null;
    isClaimed: boolean;
    conviction: work.Conviction | null;
  };
  const cases = revive(vectors<Json>('work_leaves')) as Case[];
  for (const { name, claim, opened, truth, isClaimed, conviction, ...rest } of cases) {
    const core = work.decodeCore(rest.core);
    assert.equal(await work.isClaimed(opened, core, claim), isClaimed, name);
    assert.equal(await work.convictionOf(opened, core, claim, truth ?? undefined), conviction ?? undefined, name);
  }
  const units = revive(vectors<Json>('work_overclaims')) as Pick<Case, 'core' | 'claim' | 'conviction'>[];
  for (const { core, claim, conviction } of units)
    assert.equal(work.overclaimOf(work.decodeCore(core), claim), conviction ?? undefined);
  const found = new Set([...cases, ...units].map(({ conviction }) => conviction));
  assert.equal(found.size, 7, 'every conviction, and none');
});
