// A local chain of a test's own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Localnet } from '../examples/localnet';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BINARY = process.env.SLUICE_LOCALNET ?? join(ROOT, 'target/debug/sluice-localnet');

/** Starts a chain on free ports, which stops when the tests of the calling file are over. */
export async function startChain(): Promise<Localnet> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-localnet-'));
  const places = [
    '--elf',
    join(ROOT, 'target/deploy/sluice.so'),
    '--idl',
    join(ROOT, 'idl/sluice.json'),
    '--out',
    folder,
  ];
  const chain = spawn(BINARY, ['start', ...places, '--port', '0', '--ws-port', '0', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    chain.once('exit', () => resolve());
    chain.once('error', (error) => reject(new Error(`${BINARY} does not start: ${error.message}`)));
  });
  after(async () => {
    chain.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true });
  });
  const ready = new Promise<void>((resolve) => {
    createInterface(chain.stdout).on('line', (line) => {
      if (line.startsWith('ready: ')) resolve();
    });
  });
  await Promise.race([ready, ended.then(() => Promise.reject(new Error('the local chain ended before it was ready')))]);
  return Localnet.open(folder);
}
