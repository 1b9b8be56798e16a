import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Import a TypeScript module of this repository in Node 20, which cannot run one as it is. The bundle stands in the
 * cache of node_modules for the moment of the import; `import.meta.dirname` keeps meaning the source's folder.
 */
export async function importTypeScript(path) {
  const { build } = await import('esbuild');
  const source = resolve(path);
  const folder = join(import.meta.dirname, '../node_modules/.cache/rowlock');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${process.pid}${source.replaceAll(/\W+/g, '-')}.mjs`);
  const dirnames = {
    name: 'dirnames',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, async (file) => {
        const text = await readFile(file.path, 'utf8');
        const contents = text.replaceAll('import.meta.dirname', JSON.stringify(dirname(file.path)));
        return { loader: 'ts', contents };
      }),
  };
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    plugins: [dirnames],
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
