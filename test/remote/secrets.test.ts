import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeLoginFile } from '../../src/options/index.ts';
import { hasOpenssl, makePki, type Pki } from '../connection/authority.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { buildProgram } from './archive/stage.ts';

const RIGHT = 'Gehe1mnis-richtig';
const WRONG = 'Gehe1mnis-falsch';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that a run shows to anybody. */
interface Seen {
  readonly exit: number | null;
  readonly text: string;
  /** Command lines of the process, from when it had loaded on. */
  readonly argv: readonly string[];
}

let program = '';

async function run(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Seen> {
  const child = spawn(process.execPath, [program, 'binlog', ...words], {
    cwd: folder,
    env: { ...process.env, TZ: 'UTC', NODE_DEBUG: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const argv = new Set<string>();
  const collect = (chunk: Buffer): void => {
    text += chunk.toString('latin1');
    argv.add(commandLine(child.pid));
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exit = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { exit, text, argv: [...argv].filter((line) => line !== '') };
}

function commandLine(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** Every way in which a program could let out these texts. */
function formsOf(secrets: readonly string[]): string[] {
  return secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '')];
  });
}

function filesUnder(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const missing = missingServers('mysql97') ?? (hasOpenssl() ? undefined : 'no openssl program');

describe.skipIf(missing)('passwords and keys', () => {
  let server: RunningServer;
  let pki: Pki;

  beforeAll(async () => {
    program = await buildProgram(join(folder, 'program'));
    pki = makePki(mkdtempSync(join(tmpdir(), 'rowlock-secrets-pki-')));
    server = await startServer('mysql97', `secrets-${process.pid}`, {
      args: [
        `--ssl-ca=${pki.root.cert}`,
        `--ssl-cert=${pki.servers.good.chain}`,
        `--ssl-key=${pki.servers.good.key}`,
      ],
    });
    await server.query(
      `SET sql_log_bin=0; CREATE USER r@'%' IDENTIFIED BY '${RIGHT}' REQUIRE SSL; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO r@'%'; SET sql_log_bin=1; CREATE DATABASE d; FLUSH BINARY LOGS`,
    );
  }, 120_000);

  afterAll(async () => {
    await server?.wipe();
    if (pki !== undefined) rmSync(pki.folder, { recursive: true, force: true });
  });

  /** Option source → command line. Options of the connection come first, then what is asked for. */
  function sources(
    password: string,
  ): Readonly<Record<string, { words: string[]; env: Record<string, string> }>> {
    const { alice } = pki.clients;
    const where = ['host=127.0.0.1', `port=${server.port}`, 'user=r'];
    const tls = [`ssl-ca=${pki.root.cert}`, `ssl-cert=${alice.cert}`, `ssl-key=${alice.key}`];
    const options = join(folder, 'my.cnf');
    writeFileSync(options, `[client]\n${[...where, ...tls, `password=${password}`].join('\n')}\n`, {
      mode: 0o600,
    });
    const login = join(folder, 'login.cnf');
    writeFileSync(login, encodeLoginFile(['[here]', ...where, `password=${password}`], Buffer.alloc(20, 3)), {
      mode: 0o600,
    });
    const spelled = [...where, ...tls].map((line) => `--${line}`);
    return {
      short: { words: ['--no-defaults', ...spelled, `-p${password}`], env: {} },
      long: { words: ['--no-defaults', ...spelled, `--password=${password}`], env: {} },
      file: { words: [`--defaults-file=${options}`], env: {} },
      login: {
        words: ['--no-defaults', '--login-path=here', ...tls.map((line) => `--${line}`)],
        env: { MYSQL_TEST_LOGIN_FILE: login },
      },
      environment: { words: ['--no-defaults', ...spelled], env: { MYSQL_PWD: password } },
    };
  }

  test('appear in no output, error, process list or file, whatever is asked for and however it ends', {
    timeout: 120_000,
  }, async () => {
    const copies = join(folder, 'copies');
    mkdirSync(copies);
    const asked: readonly (readonly string[])[] = [
      ['-R', '-vvH', 'mysql-bin.000001'],
      ['-R', '--json', 'mysql-bin.000001'],
      ['-R', '--raw', '--resume', `--result-file=${copies}/`, 'mysql-bin.000001'],
      ['-R', 'absent.000001'],
      ['-R', '--ssl-mode=DISABLED', 'mysql-bin.000001'],
      ['-R', '--port=1', 'mysql-bin.000001'],
      ['-R', '--host=no.such.host.invalid', 'mysql-bin.000001'],
      ['-R', '--ssl-ca=/dev/null', 'mysql-bin.000001'],
      ['-R', `--ssl-key=${pki.clients.bob.key}`, 'mysql-bin.000001'],
      ['-R', '--no-such-option', 'mysql-bin.000001'],
      ['-R', '--default-auth=mysql_clear_password', 'mysql-bin.000001'],
    ];
    const keys = [pki.clients.alice.key, pki.clients.bob.key].map(
      (file) => readFileSync(file, 'utf8').split('\n')[1]!,
    );
    const forms = formsOf([RIGHT, WRONG]);
    const ends = new Set<number | null>();
    for (const password of [RIGHT, WRONG]) {
      for (const [number, [source, { words, env }]] of Object.entries(sources(password)).entries()) {
        // Everything is asked for by some of the sources, and the first thing by all.
        for (const what of asked.filter((_, at) => at === 0 || at % 5 === number)) {
          const { exit, text, argv } = await run([...words, ...what], env);
          ends.add(exit);
          for (const secret of [...forms, ...keys]) {
            expect([source, what, text.includes(secret)]).toEqual([source, what, false]);
            expect([source, what, argv.some((line) => line.includes(secret))]).toEqual([source, what, false]);
          }
        }
        const printed = await run(['--print-defaults', ...words], env);
        for (const form of forms) expect([source, printed.text.includes(form)]).toEqual([source, false]);
      }
    }
    expect(ends.has(0)).toBe(true);
    expect(ends.has(1)).toBe(true);
    const written = filesUnder(copies);
    expect(written.length).toBeGreaterThan(1);
    for (const file of written) {
      const bytes = readFileSync(file, 'latin1');
      for (const secret of [...forms, ...keys]) expect([file, bytes.includes(secret)]).toEqual([file, false]);
    }
  });
});
