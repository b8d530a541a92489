// Gives every relative import in dist/types the file it means: `nodenext` looks for nothing else, and TypeScript writes them as the
// source has them.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = fileURLToPath(new URL('dist/types', import.meta.url));

for (const name of readdirSync(TYPES, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
  const path = join(TYPES, name);
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(/((?:from|import) ?\(?)(['"])(\.[^'"]*)\2/g, (_, before, quote, to) => {
      const found = ['.d.ts', '/index.d.ts'].find((ending) => existsSync(join(dirname(path), to + ending)));
      if (!found) throw new Error(`${name} imports ${to}, which is not there`);
      return `${before}${quote}${to}${found.replace('.d.ts', '.js')}${quote}`;
    }),
  );
}
