// The package as others have it: packed, installed in a folder of its own, compiled both ways, and run.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const { peerDependencies, devDependencies } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')) as {
  peerDependencies: { [name: string]: string };
  devDependencies: { [name: string]: string };
};
const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
after(() => rmSync(folder, { recursive: true }));

const run = (command: string, args: string[], cwd: string) => {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
};

/** A program that uses what is written by hand, what is generated, and Kit's own types with both. */
const CONSUMER = `
import { address, createNoopSigner, type Address } from '@solana/kit';
import { attestBatch, batchTree, faultOfRun, findVaultPda, getTopUpJobInstructionAsync } from '@sluice/client';
import { parseAmount, rank, refusalOf, type BatchRun, type Listing } from '@sluice/client';

const job: Address = address('6RfAprUrooRTS6pdPKVE6kgkcXW5A5DE9v1zHbDs1F8j');
const listings: Listing[] = [];
const amount: bigint = parseAmount('1.5', 6);
const funder = createNoopSigner(job);
const topUp = await getTopUpJobInstructionAsync({ funder, job, mint: job, incarnation: 1n, amount });
const [vault] = await findVaultPda({ account: job });
if (topUp.accounts[2].address !== vault) throw new Error('the vault does not follow from the job');
if (refusalOf(new Error()) || rank(listings, {}, 0n, 0n).length > 0) throw new Error('there is nothing to find');
const statement = { context: new Uint8Array(32), window: 0, units: 1n, digest: new Uint8Array(32) };
const tree = await batchTree([new Uint8Array(32)]);
const run: BatchRun = tree.run(0, 1, () => ({ job: 0, statement }));
const proof = attestBatch({ authority: funder, batch: job, set: job, jobs: [job], run });
if (proof.accounts?.length !== 5) throw new Error('the job does not stand behind the other accounts');
if ((await faultOfRun(run, [statement.context], tree.root)) !== 'NotInBatch') throw new Error('no leaf is zeros');
// @ts-expect-error: the types are there, and an amount is no text.
const text: string = parseAmount('1', 0);
console.log(amount, typeof text);
`;

test('the package works where it is installed, for both ways of resolving modules', { timeout: 120_000 }, () => {
  // The scripts would build again: this is the package that was built before the tests.
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], HERE),
  ) as [{ filename: string; files: { path: string }[] }];
  const files = packed.files.map(({ path }) => path);
  assert.deepEqual(
    files.filter((path) => !path.startsWith('dist/')),
    ['README.md', 'package.json'],
  );
  assert.ok(files.includes('dist/index.js') && files.includes('dist/types/index.d.ts'));

  const wanted = ['@solana/kit', 'typescript'].map((name) => `${name}@${devDependencies[name]}`);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  run('npm', [...install, `./${packed.filename}`, ...wanted], folder);
  // One Kit: the consumer's, within the range that the package asks for.
  const tree = JSON.parse(run('npm', ['ls', '@solana/kit', '--json', '--all'], folder)) as { problems?: string[] };
  assert.equal(tree.problems, undefined);
  assert.match(peerDependencies['@solana/kit']!, /^\^/);

  const ways = [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const;
  for (const [module, moduleResolution] of ways) {
    const options = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2023', 'dom'],
      types: [],
      strict: true,
      // Kit's own declarations need Node's types; what the consumer imports is resolved and typed all the same.
      skipLibCheck: true,
      outDir: moduleResolution,
      rootDir: '.',
    };
    const config = join(folder, `tsconfig.${moduleResolution}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }));
    run(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc'), '-p', config], folder);
    assert.equal(run(process.execPath, [join(moduleResolution, 'consumer.js')], folder), '1500000n bigint\n');
  }
});
