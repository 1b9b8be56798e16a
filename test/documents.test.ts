import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binlogOptionTable } from '../src/cli/binlog/options/index.ts';

const root = join(import.meta.dirname, '..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

test('the compatibility page speaks of every option', () => {
  const page = readFileSync(join(root, 'docs/compatibility.md'), 'utf8');
  const missing = binlogOptionTable
    .map(({ name }) => `--${name.replaceAll('_', '-')}`)
    .filter((option) => !page.includes(`\`${option}\``));
  expect(missing).toEqual([]);
});

/** Of all that is written in TypeScript, below the project's folder. */
const sources = ['src', 'test', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `/${folder}/${path}`),
);

describe.each(documents)('%s', (name) => {
  test('links to files that are there', () => {
    const text = readFileSync(join(root, name), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target!);
    expect(links.filter((target) => !existsSync(resolve(root, dirname(name), target)))).toEqual([]);
  });

  test('names source files that are there', () => {
    const text = readFileSync(join(root, name), 'utf8');
    const named = [...text.matchAll(/`([\w/-]+\.ts)`/g)].map(([, path]) => path!);
    expect(named.filter((path) => !sources.some((source) => source.endsWith(`/${path}`)))).toEqual([]);
  });
});
