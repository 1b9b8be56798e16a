import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBinlog } from '../src/cli/binlog/index.ts';
import { bufferSource } from '../src/store/index.ts';

const folder = join(import.meta.dirname, 'encrypted');

async function print(...argv: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    isTerminal: false,
    write: (bytes: Uint8Array) => {
      written[name] += Buffer.from(bytes).toString('latin1');
    },
  });
  const exit = await runBinlog({
    argv: ['--no-defaults', ...argv],
    program: 'rowlock',
    cwd: folder,
    env: { HOME: folder },
    stdin: () => bufferSource(Buffer.alloc(0), '-'),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
  });
  return { exit, ...written };
}

// Written by live servers with encryption at rest; the keys are those servers' own key files.
describe.each([
  ['mysql97.binlog', 'mysql97.keyring.json'],
  ['mariadb118.binlog', 'mariadb118.keys.txt'],
])('%s', (log, keys) => {
  test('opens with its key, every checksum right', async () => {
    const { exit, stdout, stderr } = await print(
      '--verify-binlog-checksum',
      '-v',
      `--decrypt-key-file=${keys}`,
      log,
    );
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    expect(stdout).toContain('### INSERT INTO');
    expect(stdout).toContain('# End of log file');
  });

  test('is refused without it', async () => {
    const { exit, stderr } = await print(log);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/encrypted|decryption/);
  });
});

test('a key file that is none is named, and nothing of it is shown', async () => {
  const { exit, stderr } = await print('--decrypt-key-file=mysql97.binlog', 'mysql97.binlog');
  expect(exit).toBe(1);
  expect(stderr).toMatch(/^ERROR: Could not read keys from 'mysql97.binlog': line 1/);
});
