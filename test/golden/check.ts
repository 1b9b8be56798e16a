import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { corpusLog, type GoldenCase } from './cases.ts';
import { firstDifference } from './difference.ts';
import type { Invocation, Runner } from './invocation.ts';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The folder a `--local-load` names has to exist before the tool runs. */
function prepareFolder(goldenCase: GoldenCase, folder: string): void {
  for (const name of goldenCase.logs) {
    try {
      writeFileSync(join(folder, name), corpusLog(goldenCase.folder, name));
    } catch (error) {
      // Cases about a log that does not exist name one the corpus lacks.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  for (const { path } of goldenCase.made()) mkdirSync(dirname(join(folder, path)), { recursive: true });
}

/** Run a case in an empty folder of its own and say, stream by stream, how its outcome differs from the recording. */
export async function checkCase(goldenCase: GoldenCase, runner: Runner): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-golden-'));
  try {
    prepareFolder(goldenCase, folder);
    const before = new Set(filesBelow(folder));
    const invocation: Invocation = {
      tool: goldenCase.tool,
      argv: goldenCase.argv,
      cwd: folder,
      timeZone: goldenCase.timeZone,
      ...(goldenCase.stdin !== undefined && { stdin: corpusLog(goldenCase.folder, goldenCase.stdin) }),
    };
    const { exit, stdout, stderr } = await runner(invocation);
    const made = filesBelow(folder).filter((name) => !before.has(name));
    const expected = goldenCase.made();
    const list = (names: readonly string[]): Buffer => Buffer.from([...names].sort().join('\n'));
    return [
      exit === goldenCase.exit ? undefined : `  exit status: expected ${goldenCase.exit}, came ${exit}`,
      firstDifference('stderr', goldenCase.stderr(), stderr),
      firstDifference('stdout', goldenCase.stdout(), stdout),
      firstDifference('created files', list(expected.map(({ path }) => path)), list(made)),
      ...expected.map(({ path, content }) =>
        content && made.includes(path)
          ? firstDifference(path, content, readFileSync(join(folder, path)))
          : undefined,
      ),
    ].filter((line) => line !== undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
