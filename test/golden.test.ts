import { afterAll, describe, expect, test } from 'vitest';
import { goldenCases } from './golden/cases.ts';
import { checkCase } from './golden/check.ts';
import { executableMissing, runExecutable, runInProcess, runReal } from './golden/invocation.ts';
import { missingServers } from './servers/index.ts';

// ROWLOCK_GOLDEN=mysql97/ddl picks cases by the start of their name; ROWLOCK_GOLDEN_TOOL=real holds the recordings
// against the real tools, =executable runs every case through bin/rowlock.
const { ROWLOCK_GOLDEN: wanted = '', ROWLOCK_GOLDEN_TOOL: tool = 'in-process' } = process.env;

const TOOLS = {
  'in-process': { runner: runInProcess, missing: () => undefined },
  executable: { runner: runExecutable, missing: executableMissing },
  real: { runner: runReal, missing: () => missingServers('mysql97', 'mariadb118') },
} as const;

const chosen = TOOLS[tool as keyof typeof TOOLS];
const exact = goldenCases().filter(({ id }) => id === wanted);
const cases = exact.length > 0 ? exact : goldenCases().filter(({ id }) => id.startsWith(wanted));
const missing = chosen.missing();
if (missing !== undefined) console.log(`skipped: goldens: ${missing}`);

/** A case's failure is its difference alone: a stack of this file says nothing, and equal stacks would be grouped. */
function fail(command: string, differences: readonly string[]): void {
  if (differences.length === 0) return;
  const error = new Error(`${command}\n${differences.join('\n')}`);
  error.stack = error.message;
  throw error;
}

describe.skipIf(missing)(`what the real tools printed, from the tool «${tool}»`, () => {
  test('some case is chosen', () => expect(cases.length).toBeGreaterThan(0));

  const folders = [...new Set(cases.map(({ folder }) => folder))];
  describe.each(folders)('%s', (folder) => {
    const own = cases.filter((one) => one.folder === folder);
    let equal = 0;
    afterAll(() => console.log(`goldens of ${folder}: ${equal} of ${own.length} equal`));
    test.each(own)('$id', async (one) => {
      fail(`${one.tool} ${one.argv.join(' ')}`, await checkCase(one, chosen.runner));
      equal++;
    });
  });
});

// Every 40th case also through the executable, called by a link with the tool's name.
const sample = goldenCases().filter((_, index) => index % 40 === 0);
const unbuilt = executableMissing();
if (unbuilt !== undefined) console.log(`skipped: goldens through the executable: ${unbuilt}`);
describe.skipIf(unbuilt ?? wanted !== '')('a sample of them through bin/rowlock', () => {
  test.each(sample)('$id', async (one) => {
    fail(`${one.tool} ${one.argv.join(' ')}`, await checkCase(one, runExecutable));
  });
});
