import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circles } from './architecture/circles.ts';
import { violations } from './architecture/rooms.ts';

const ROOT = join(import.meta.dirname, '..');

function sources(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .sort();
}

test('every import in src runs downwards, through a door, and only cli touches the process', () => {
  expect(sources().length).toBeGreaterThan(1);
  expect(sources().flatMap((path) => violations(path, readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});

test('no file of src needs itself, round about, not even for a type', () => {
  const texts = new Map(sources().map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
  expect(circles(texts)).toEqual([]);
});

test('a circle is found, and told file by file', () => {
  const texts = new Map([
    ['src/a.ts', `import './b.ts';`],
    ['src/b.ts', `export type { C } from './deep/c.ts'; import { y } from 'elsewhere';`],
    ['src/deep/c.ts', `import type { B } from '../b.ts';`],
  ]);
  expect(circles(texts)).toEqual(['src/b.ts → src/deep/c.ts → src/b.ts']);
});

describe('the plan of the house', () => {
  test.each([
    ['src/binlog/frame.ts', `import { Cursor } from '../bytes/index.ts';`],
    ['src/binlog/events/rotate.ts', `import type { Frame } from '../frame.ts';`],
    ['src/cli/main.ts', `process.stdout.write(await import('../text/index.ts'));`],
    ['src/index.ts', `export { Cursor } from './bytes/index.ts';`],
    ['src/store/file.ts', `import { open } from 'node:fs/promises';`],
    [
      'src/relay/state.ts',
      `const process = { a: 1 }.process; interface S { process: string }`.replace('const process', 'const p'),
    ],
  ])('allows %s: %s', (path, text) => {
    expect(violations(path, text)).toEqual([]);
  });

  test.each([
    ['src/bytes/cursor.ts', `import { x } from '../binlog/index.ts';`, 'not below'],
    ['src/wire/packet.ts', `export * from '../binlog/index.ts';`, 'not below'],
    ['src/text/print.ts', `import { x } from '../binlog/frame.ts';`, 'past the door'],
    ['src/text/print.ts', `const x = await import('../relay/index.ts');`, 'not below'],
    ['src/guard/verdict.ts', `let x: import('../cli/index.ts').X;`, 'not below'],
    ['src/sql/lexer.ts', `import { readFileSync } from 'node:fs';`, 'does no I/O'],
    ['src/store/file.ts', `console.log(process.pid);`, 'only cli touches console'],
    ['src/relay/run.ts', `import { exit } from 'node:process';`, 'only cli'],
    ['src/relay/run.ts', `import { x } from '../index.ts';`, 'own door'],
    ['src/attic/box.ts', `export const x = 1;`, 'not in the plan'],
  ])('refuses %s: %s', (path, text, reason) => {
    expect(violations(path, text).join('\n')).toContain(reason);
  });
});
