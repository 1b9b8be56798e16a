import { tmpdir } from 'node:os';
import { runReplicate } from '../../src/cli/replicate/index.ts';

export interface Ended {
  readonly status: number;
  readonly lines: readonly string[];
}

/** Runs `rowlock replicate` in this process. */
export async function run(...argv: readonly string[]): Promise<Ended> {
  let text = '';
  const sink = { isTerminal: false, write: (bytes: Uint8Array) => void (text += Buffer.from(bytes)) };
  const status = await runReplicate({
    argv: ['--no-defaults', ...argv],
    program: 'rowlock',
    cwd: tmpdir(),
    env: {},
    stdin: () => {
      throw new Error('nobody types');
    },
    stdout: sink,
    stderr: sink,
  });
  return { status, lines: text.trimEnd().split('\n') };
}
