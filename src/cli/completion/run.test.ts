import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { certs } from '../../../test/certificates/rowlock-certs.ts';
import { runCompletion } from './run.ts';

function run(...argv: string[]): { status: number; out: string; err: string } {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  const sink = (into: Buffer[]) => ({
    isTerminal: false,
    write: (bytes: Uint8Array) => void into.push(Buffer.from(bytes)),
  });
  const status = runCompletion({
    argv,
    program: 'rowlock',
    cwd: '/',
    env: {},
    stdin: () => {
      throw new Error('nobody reads it');
    },
    stdout: sink(out),
    stderr: sink(err),
  });
  return { status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe.skipIf(!has('bash'))('bash', () => {
  /** What is offered behind these words, of which the last is being typed. */
  function offered(...words: string[]): string[] {
    const script = `${run('bash').out}
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
      compopt() { :; }
      _rowlock; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-u', '-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  test('completes commands, options and the values that options have', () => {
    expect(offered('rowlock', 're')).toEqual(['relay', 'replicate']);
    expect(offered('rowlock', 'sql', '--vert')).toEqual(['--vertical']);
    expect(offered('rowlock', 'relay', '--http-p')).toEqual(['--http-port=']);
    expect(offered('rowlock', 'binlog', '--ssl-mode', '=', 'VERIFY_I')).toEqual(['VERIFY_IDENTITY']);
    expect(offered('rowlock', 'nothing', '--x')).toEqual([]);
    expect(offered('rowlock', 'certs', 're')).toEqual(['revoke']);
    expect(offered('rowlock', 'certs', 'rotate', '--wi')).toEqual(['--within=']);
    expect(offered('rowlock', 'doctor', '--warn')).toEqual(['--warn=']);
    expect(offered('rowlock', 'inspect', '--j')).toEqual(['--json']);
    expect(offered('rowlock', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });
});

describe.each(['zsh', 'fish'])('%s', (shell) => {
  const { status, out } = run(shell);
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-completion-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const script = join(folder, 'script');
  writeFileSync(script, out);

  test('takes its script', () => {
    expect([status, out.includes('--vertical') || out.includes('-l vertical')]).toEqual([0, true]);
    if (has(shell)) expect(spawnSync(shell, ['-n', script], { encoding: 'utf8' }).stderr).toBe('');
  });

  test.skipIf(shell !== 'fish' || !has('fish'))('completes what stands behind commands of commands', () => {
    const offered = (line: string): string[] => {
      const words = ['--no-config', '-c', `source ${script}; complete -C '${line}'`];
      const { stdout } = spawnSync('fish', words, { cwd: folder, encoding: 'utf8' });
      return Array.from(stdout.matchAll(/^[^\t\n]+/gm), ([word]) => word);
    };
    expect(offered('rowlock re')).toEqual(['relay', 'replicate']);
    // No files where there are none.
    expect(offered('rowlock completion ')).toEqual(['bash', 'fish', 'zsh']);
    expect(offered('rowlock certs re')).toEqual(['revoke']);
    expect(offered('rowlock certs rotate --wi')).toEqual(['--within']);
    expect(offered('rowlock binlog --ssl-mode=VERIFY_I')).toEqual(['--ssl-mode=VERIFY_IDENTITY']);
  });
});

test('every command of certs is offered in every shell', async () => {
  const { stdout } = await certs('/', ['--help']);
  const names = Array.from(stdout.matchAll(/^  ([a-z]+) /gm), ([, name]) => name).filter(
    (name) => name !== 'help',
  );
  for (const shell of ['bash', 'zsh', 'fish']) expect(run(shell).out).toContain(names.join(' '));
});

test('says how it is used', () => {
  expect(run('--help')).toMatchObject({ status: 0, err: '' });
  expect(run()).toMatchObject({ status: 2, out: '' });
  expect(run('tcsh').err).toContain('Usage: rowlock completion bash|zsh|fish');
});
