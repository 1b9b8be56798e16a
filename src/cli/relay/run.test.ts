import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bufferSource } from '../../store/index.ts';
import type { CommandIo } from '../command-io.ts';
import { type RelaySignals, runRelay } from './run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-cli-relay-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One run with what it printed; `ready` resolves when it says so or ends. */
function start(argv: readonly string[]) {
  const printed = { out: '', err: '' };
  let say = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    say = resolve;
  });
  const sink = (name: 'out' | 'err') => ({
    isTerminal: false,
    write: (bytes: Uint8Array) => {
      printed[name] += Buffer.from(bytes).toString();
      if (name === 'out') say();
    },
  });
  const io: CommandIo = {
    argv,
    program: 'rowlock',
    cwd: folder,
    env: {},
    stdin: () => bufferSource(Buffer.alloc(0)),
    stdout: sink('out'),
    stderr: sink('err'),
  };
  let end = (_signal: string): void => undefined;
  let reload = (): void => undefined;
  const signals: RelaySignals = {
    end: new Promise((resolve) => {
      end = resolve;
    }),
    onReload: (callback) => {
      reload = callback;
    },
  };
  const exit = runRelay(io, signals).finally(say);
  return { printed, ready, exit, end: () => end('SIGTERM'), reload: () => reload() };
}

describe('rowlock relay', () => {
  it('says where it listens, reloads, ends on a signal, and comes back', async () => {
    const data = join(folder, 'data');
    const argv = ['--no-defaults', `--datadir=${data}`, '--port=0', `--log-error=${join(folder, 'log')}`];
    for (const _time of ['first', 'second']) {
      const run = start(argv);
      await run.ready;
      expect(run.printed.out).toMatch(
        /^rowlock relay: ready for connections\. port: \d+ socket: \S+relay\.sock data: \S+data\n$/,
      );
      run.reload();
      run.end();
      expect(await run.exit).toBe(0);
    }
    const other = start([...argv, '--flavor=mariadb']);
    expect(await other.exit).toBe(1);
    expect(other.printed.err).toMatch(
      /data: the data folder is that of a relay with --flavor=mysql\nStart it with /,
    );
    expect(readFileSync(join(data, 'root.cnf'), 'utf8')).toMatch(
      /^\[client\]\nuser=root\npassword=\S{24}\nsocket=/,
    );
    expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('"audit":"start"');
  });

  it('goes on in new log files where the old ones were renamed', async () => {
    const [log, audit] = [join(folder, 'log'), join(folder, 'audit')];
    const argv = ['--no-defaults', `--datadir=${join(folder, 'data')}`, '--port=0', '--socket='];
    const run = start([...argv, `--log-error=${log}`, `--audit-log=${audit}`]);
    await run.ready;
    renameSync(log, `${log}.1`);
    renameSync(audit, `${audit}.1`);
    run.reload();
    // The certificate is loaded anew meanwhile.
    await vi.waitFor(() => expect(readFileSync(audit, 'utf8')).toContain('"what":"certificate loaded"'));
    run.end();
    expect(await run.exit).toBe(0);
    expect(readFileSync(`${audit}.1`, 'utf8')).toContain('"audit":"start"');
    expect(readFileSync(log, 'utf8')).toContain('"msg":"ending: SIGTERM"');
    expect(readFileSync(`${log}.1`, 'utf8')).not.toContain('ending');
  });

  it('reads its group of an option file', async () => {
    const file = join(folder, 'relay.cnf');
    writeFileSync(
      file,
      `[rowlock]\ndatadir=${join(folder, 'd')}\nport=0\nskip_replica_start\nlog-error=${join(folder, 'log')}\n[mysqld]\nnonsense=1\n`,
    );
    const run = start([`--defaults-file=${file}`]);
    await run.ready;
    run.end();
    expect(await run.exit).toBe(0);
    expect(run.printed.out).toContain(`data: ${join(folder, 'd')}`);
  });

  it('refuses what it does not know, as mysqld does', async () => {
    const without = start(['--no-defaults']);
    expect(await without.exit).toBe(1);
    expect(without.printed.err).toContain('--datadir=DIR');
    const unknown = start(['--no-defaults', `--datadir=${join(folder, 'd')}`, '--nonsense']);
    expect(await unknown.exit).toBe(2);
    expect(unknown.printed.err).toContain("unknown option '--nonsense'");
  });

  it('explains itself', async () => {
    const run = start(['--no-defaults', '--help']);
    expect(await run.exit).toBe(0);
    expect(run.printed.out).toContain('--require-secure-transport');
  });

  it('says which file is no key, and what to do', async () => {
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(join(data, 'private_key.pem'), '');
    const run = start(['--no-defaults', `--datadir=${data}`, '--port=0']);
    expect(await run.exit).toBe(1);
    expect(run.printed.err).toMatch(/private_key\.pem: no private key can be read in it\nRemove it: /);
  });

  it('says where it cannot listen, and which option is about that', async () => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as AddressInfo;
    const argv = ['--no-defaults', `--datadir=${join(folder, 'data')}`, `--log-error=${join(folder, 'log')}`];
    for (const [option, other] of [
      ['--port', '--http-port=0'],
      ['--http-port', '--port=0'],
    ] as const) {
      const run = start([...argv, `${option}=${port}`, other]);
      expect(await run.exit).toBe(1);
      expect(run.printed.err).toBe(
        `rowlock relay: cannot listen on 127.0.0.1:${port}: another program listens there\nGive another one with ${option}=PORT.\n`,
      );
    }
    taken.close();
  });

  it('leaves the data folder of a server alone', async () => {
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(join(data, 'ibdata1'), '');
    const run = start(['--no-defaults', `--datadir=${data}`, '--port=0']);
    expect(await run.exit).toBe(1);
    expect(run.printed.err).toMatch(
      /data: this is the data folder of a MySQL or MariaDB server: it holds ibdata1\n/,
    );
    expect(readdirSync(data)).toEqual(['ibdata1']);
  });

  it('tells what the disk refuses, in a line', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const [data, refusal] of [
      [join(file, 'data'), `${join(file, 'data')}: Not a directory`],
      [file, `${file}: File exists`],
      // Folders that are there, and can have none in them.
      ['/proc/rowlock/data', '/proc/rowlock: No such file or directory'],
    ] as const) {
      const run = start(['--no-defaults', `--datadir=${data}`, '--port=0']);
      expect(await run.exit).toBe(1);
      expect(run.printed.err).toBe(`rowlock relay: ${refusal}\n`);
    }
  });
});
