import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, buildSync } from 'esbuild';

/** Where a bundle finds the optional package with SQLite. */
const cache = join(import.meta.dirname, `../../node_modules/.cache/rowlock/kill-${process.pid}`);

const outfileOf = (name: string, folder: string): string => join(cache, basename(folder), `${name}.mjs`);

const optionsOf = (name: string, folder: string): BuildOptions => ({
  entryPoints: [join(folder, `${name}.ts`)],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: outfileOf(name, folder),
  packages: 'bundle',
  external: ['@photostructure/sqlite', 'node:sqlite'],
  banner: {
    js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
  },
  logLevel: 'error',
});

/** A program of this folder, or another, as one file, as it is shipped: started by node itself. */
export async function bundle(name: string, folder: string = import.meta.dirname): Promise<string> {
  await build(optionsOf(name, folder));
  return outfileOf(name, folder);
}

/** The same where nobody can wait for it. */
export function bundleNow(name: string, folder: string): string {
  buildSync(optionsOf(name, folder));
  return outfileOf(name, folder);
}

export const removeBundles = (): void => rmSync(cache, { recursive: true, force: true });
