import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBinlog } from '../src/cli/binlog/index.ts';
import { bufferSource } from '../src/store/index.ts';

const root = join(import.meta.dirname, '..');

async function strict(
  log: string,
  ...options: string[]
): Promise<{ exit: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    isTerminal: false,
    write: (bytes: Uint8Array) => void (written[name] += Buffer.from(bytes).toString('latin1')),
  });
  const exit = await runBinlog({
    argv: ['--no-defaults', '--require-row-format=strict', ...options, log],
    program: 'rowlock',
    cwd: root,
    env: {},
    stdin: () => bufferSource(Buffer.alloc(0), '-'),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
  });
  return { exit, ...written };
}

const corpus = 'test/corpus';

describe('--require-row-format=strict', () => {
  test('refuses the first statement, says where and why, and closes the frame', async () => {
    const { exit, stdout, stderr } = await strict('examples/shop.binlog');
    expect(exit).toBe(1);
    expect(stderr).toBe(
      'ERROR: Event being written violates the --require-row-format parameter constraints.\n' +
        'hint: examples/shop.binlog:4709 QUERY_EVENT: the statement creates or drops a temporary table\n',
    );
    expect(stdout).toContain('ROLLBACK /* added by mysqlbinlog */');
    expect(stdout).toContain('# End of log file');
    expect(stdout).not.toContain('insert into customer');
  });

  test('looks inside compressed transactions, which mysqlbinlog does not', async () => {
    const { exit, stderr } = await strict(`${corpus}/mysql97/compression.binlog`);
    expect(exit).toBe(1);
    expect(stderr).toContain('hint: ');
  });

  test.each([
    'mysql97/row-image',
    'mysql97/types-json',
    'mysql97/xa',
    'mariadb118/row-image',
    'mariadb118/split',
  ])('lets %s pass as far as it is rows', async (name) => {
    const { exit, stderr } = await strict(`${corpus}/${name}.binlog`);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
  });

  test('guards MariaDB logs and JSON lines too', async () => {
    expect((await strict(`${corpus}/mariadb118/statement.binlog`)).exit).toBe(1);
    expect((await strict('examples/shop.binlog', '--json=rows')).exit).toBe(1);
  });
});
