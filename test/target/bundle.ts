import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** Where a bundle finds the optional package with SQLite. */
const cache = join(import.meta.dirname, `../../node_modules/.cache/rowlock/kill-${process.pid}`);

/** A program of this folder, or another, as one file, as it is shipped: started by node itself. */
export async function bundle(name: string, folder: string = import.meta.dirname): Promise<string> {
  const outfile = join(cache, basename(folder), `${name}.mjs`);
  await build({
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    packages: 'bundle',
    external: ['@photostructure/sqlite', 'node:sqlite'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
    logLevel: 'error',
  });
  return outfile;
}

export const removeBundles = (): void => rmSync(cache, { recursive: true, force: true });
