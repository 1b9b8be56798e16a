import type { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { certificateOf, findPair, openAuthority } from '../../certificates/index.ts';
import { ConnectionError, ProtocolError } from '../../errors/index.ts';
import { runCerts } from '../certs/index.ts';
import { HandshakeFailure, type Visit } from '../certs/visit.ts';
import { runDoctor } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-doctor-unit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Rows = readonly Readonly<Record<string, string | null>>[];

/** A server that answers as it is told to. */
interface Told {
  readonly version: string;
  readonly served?: readonly X509Certificate[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly accounts?: Rows;
  readonly channels?: Rows;
}

let certificate: X509Certificate;
/** It has no alternative names. */
let nameless: X509Certificate;

const asVisit =
  (servers: Readonly<Record<string, Told | Error>>): Visit =>
  async ({ host }, { onlyOldTls }) => {
    if (onlyOldTls === true && !host.startsWith('old')) throw new HandshakeFailure('', 'protocol version');
    const told = servers[host] ?? new ConnectionError(2003, `connect ECONNREFUSED ${host}`);
    if (told instanceof Error) throw told;
    const { version, served = [certificate], variables = {}, accounts = [], channels = [] } = told;
    return {
      version,
      served,
      tls:
        served.length === 0
          ? undefined
          : { protocol: onlyOldTls === true ? 'TLSv1.1' : 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
      close: async () => undefined,
      query: async (sql) => {
        if (/VARIABLES/.test(sql))
          return Object.entries({ require_secure_transport: 'ON', ...variables }).map(([name, value]) => ({
            variable_name: name,
            value,
          }));
        if (/mysql\.user/.test(sql)) return accounts;
        return /REPLICA|SLAVE/.test(sql) ? channels : [];
      },
    };
  };

interface Answer {
  readonly severity: string;
  readonly findings: readonly {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
    readonly mend: string | null;
  }[];
}

async function doctor(
  servers: Readonly<Record<string, Told | Error>>,
  ...argv: string[]
): Promise<{ status: number; text: string; answers: readonly Answer[] }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let text = '';
  for (const stream of [stdout, stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const status = await runDoctor({
    argv,
    env: {},
    cwd: folder,
    stdin,
    stdout,
    stderr,
    visit: asVisit(servers),
  });
  const answers = argv.includes('--json')
    ? text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Answer)
    : [];
  return { status, text, answers };
}

beforeAll(async () => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const run = (...argv: string[]): Promise<number> =>
    runCerts({ argv, env: {}, cwd: folder, stdin, stdout, stderr });
  expect(await run('init', 'ca')).toBe(0);
  expect(await run('server', 'db', '-a', 'ca')).toBe(0);
  expect(await run('server', 'db 1', '--subject', 'other', '-a', 'ca')).toBe(0);
  const authority = await openAuthority(join(folder, 'ca'), {
    now: () => new Date(),
    passphrase: () => Promise.reject(new Error('no passphrase')),
    owner: undefined,
  });
  certificate = certificateOf(findPair(authority, 'server', 'db'));
  nameless = certificateOf(findPair(authority, 'server', 'db 1'));
});

describe('versions', () => {
  const verdicts: readonly (readonly [string, string | undefined])[] = [
    ['4.1.22', 'TLS_BROKEN_VERSION'],
    ['5.1.73', 'TLS_BROKEN_VERSION'],
    ['5.5.0', 'TLS_BROKEN_VERSION'],
    ['5.5.40', 'TLS_BROKEN_VERSION'],
    ['5.5.40-0ubuntu0.12.04.1-log', 'TLS_BROKEN_VERSION'],
    ['5.5.41', 'OLD_VERSION'],
    ['5.5.62', 'OLD_VERSION'],
    ['5.6.0', 'TLS_BROKEN_VERSION'],
    ['5.6.22', 'TLS_BROKEN_VERSION'],
    ['5.6.22-log', 'TLS_BROKEN_VERSION'],
    ['5.6.23', 'OLD_VERSION'],
    ['5.6.51', 'OLD_VERSION'],
    ['5.7.0', 'OLD_VERSION'],
    ['5.7.44', 'OLD_VERSION'],
    ['8.0.45', 'OLD_VERSION'],
    ['8.3.0', 'OLD_VERSION'],
    ['8.4.0', undefined],
    ['9.7.4', undefined],
    ['5.5.40-MariaDB', 'OLD_VERSION'],
    ['5.5.5-10.0.17-MariaDB', 'OLD_VERSION'],
    ['10.5.23-MariaDB-0+deb11u1-log', 'OLD_VERSION'],
    ['5.5.5-10.6.22-MariaDB', 'OLD_VERSION'],
    ['5.5.5-10.11.0-MariaDB', undefined],
    ['10.11.14-MariaDB', undefined],
    ['11.8.6-MariaDB', undefined],
  ];
  test.each(verdicts)('%s: %s', async (version, code) => {
    const { answers, status } = await doctor({ db: { version } }, 'db', '-u', 'x', '--json');
    const codes = answers[0]?.findings.map((finding) => finding.code) ?? [];
    expect(codes.filter((other) => other.endsWith('VERSION'))).toEqual(code === undefined ? [] : [code]);
    expect(status).toBe(code === 'TLS_BROKEN_VERSION' ? 2 : code === undefined ? 0 : 1);
  });
});

describe('the exit status', () => {
  const healthy = { version: '9.7.4' };

  test('is 0 for a healthy server, and notes count as healthy', async () => {
    expect((await doctor({ db: healthy }, 'db', '-u', 'x')).status).toBe(0);
    const noted = { version: '9.7.4', variables: { log_bin: 'ON', binlog_row_metadata: 'MINIMAL' } };
    const { status, text } = await doctor({ db: noted }, 'db', '-u', 'x');
    expect(status).toBe(0);
    expect(text).toContain('1 note');
  });

  test('is 3 when one of several cannot be reached, and the others are looked at', async () => {
    const { status, text } = await doctor({ db: healthy }, 'gone', 'db', '-u', 'x');
    expect(status).toBe(3);
    expect(text).toMatch(/^gone {2}connect ECONNREFUSED gone \(nothing listens there\)$/m);
    expect(text).toMatch(/^db {2}9\.7\.4 .* all well$/m);
  });

  test('is 3 for the port of another service, which is told from a server', async () => {
    const servers = {
      ssh: new ProtocolError('packet of 4739923 bytes exceeds the limit of 262144'),
      x: new ProtocolError('malformed HandshakeV10 packet: protocol version 11, expected 10'),
    };
    const { status, text } = await doctor(servers, 'ssh', 'x');
    expect(status).toBe(3);
    expect(text).toMatch(/^ssh {2}packet of 4739923 bytes .* \(another service, no MySQL server\)$/m);
    expect(text).toMatch(/^x {2}.*protocol version 11, expected 10 \(MySQL's X protocol: .*3306/m);
  });

  test('is 1 at least when something stays hidden from the account', async () => {
    const visit = asVisit({ db: healthy });
    const half: Visit = async (address, options) => {
      const conversation = await visit(address, options);
      return {
        ...conversation,
        query: (sql) =>
          /mysql\.user/.test(sql)
            ? Promise.reject(new ConnectionError(1142, 'SELECT command denied'))
            : conversation.query(sql),
      };
    };
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    let text = '';
    stdout.on('data', (chunk) => (text += String(chunk)));
    const argv = ['db', '-u', 'x'];
    expect(await runDoctor({ argv, env: {}, cwd: folder, stdin, stdout, stderr, visit: half })).toBe(1);
    expect(text).toContain('not seen  accounts: SELECT command denied');
  });

  test('is 3 when the account is not let in, whatever was seen from outside', async () => {
    const visit = asVisit({ db: healthy });
    const shut: Visit = (address, options) =>
      options.user === undefined
        ? visit(address, options)
        : Promise.reject(new ConnectionError(1045, "Access denied for user 'x'"));
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const argv = ['db', '-u', 'x'];
    expect(await runDoctor({ argv, env: {}, cwd: folder, stdin, stdout, stderr, visit: shut })).toBe(3);
    expect(await textOf(stdout.end())).toContain(
      'not seen  settings, accounts, replication, files: Access denied',
    );
  });

  test('is 3 for words it does not understand and files that are not there', async () => {
    for (const argv of [[], ['a b'], ['db', '--ssl-ca', 'nofile'], ['db', '--timeout', '0'], ['--nonsense']])
      expect((await doctor({ db: healthy }, ...argv)).status, argv.join(' ')).toBe(3);
  });

  test('is 3 for files that the system does not give, in one line', async () => {
    symlinkSync('authority.json', join(folder, 'authority.json'));
    onTestFinished(() => rmSync(join(folder, 'authority.json')));
    for (const argv of [
      ['db', '-a', folder],
      ['db', '--ssl-ca', 'ca'],
      ['db', '-u', 'x', '--password-file', 'ca'],
    ]) {
      const { status, text } = await doctor({ db: healthy }, ...argv);
      expect(text, argv.join(' ')).toMatch(
        /^rowlock doctor: \/.+: (is a folder|symbolic links lead in a circle)/,
      );
      expect(status, argv.join(' ')).toBe(3);
    }
    // Where it runs it was not told to look.
    expect((await doctor({ db: healthy }, 'db', '-u', 'x')).status).toBe(0);
  });
});

test('a URL is no server here, and its password is not repeated', async () => {
  const { status, text } = await doctor({}, 'mysql://u:geheim@db:3306');
  expect(status).toBe(3);
  expect(text).toContain("'mysql://u:x@db:3306' is not HOST or HOST:PORT");
});

test('a handshake that fails is a finding, not the end of the visit', async () => {
  const { answers, status } = await doctor(
    { db: new HandshakeFailure('10.11.6-MariaDB', 'tlsv1 alert protocol version') },
    'db',
    '--json',
  );
  expect(answers[0]?.findings[0]).toMatchObject({
    code: 'TLS_HANDSHAKE',
    message: 'TLS is offered but fails: tlsv1 alert protocol version',
  });
  expect(status).toBe(2);
});

describe('the certificate', () => {
  const codesOf = async (host: string, told: Partial<Told>, ...argv: string[]): Promise<string[]> => {
    const { answers } = await doctor({ [host]: { version: '9.7.4', ...told } }, host, '--json', ...argv);
    return answers[0]?.findings.map(({ code }) => code) ?? [];
  };

  test('is held against the certificates of --ssl-ca, whatever else is in that file', async () => {
    const mixed = ['ca/ca-key.pem', 'ca/ca.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
    writeFileSync(join(folder, 'mixed.pem'), mixed.join(''));
    expect(await codesOf('db', {}, '--ssl-ca', 'mixed.pem')).toEqual([]);
  });

  test('without an alternative name is for its common name alone', async () => {
    expect(await codesOf('other', { served: [nameless] })).toEqual(['NO_HOST_NAME']);
    expect(await codesOf('127.0.0.1', { served: [nameless] })).toEqual(['NO_HOST_NAME', 'HOST_MISMATCH']);
  });

  test('may be followed by others in any order: the server starts with it', async () => {
    const pair = join(folder, 'ca/servers/db');
    const twice = join(folder, 'twice.pem');
    writeFileSync(twice, readFileSync(join(pair, 'server-cert.pem'), 'utf8').repeat(2));
    const variables = {
      hostname: hostname(),
      datadir: folder,
      ssl_cert: twice,
      ssl_key: join(pair, 'server-key.pem'),
    };
    expect(await codesOf('db', { variables }, '-u', 'x')).toEqual([]);
    expect(await codesOf('db', { variables: { ...variables, ssl_key: twice } }, '-u', 'x')).toEqual([
      'NO_KEY',
    ]);
  });
});

test('old protocols are found without an account too', async () => {
  const { answers } = await doctor({ old: { version: '10.5.23-MariaDB' } }, 'old', '--json');
  expect(answers[0]?.findings.map(({ code }) => code)).toContain('OLD_PROTOCOL');
  const today = await doctor({ db: { version: '10.5.23-MariaDB' } }, 'db', '--json');
  expect(today.answers[0]?.findings.map(({ code }) => code)).not.toContain('OLD_PROTOCOL');
});

test('a line of JSON has the keys that docs/doctor.md names', async () => {
  const { answers } = await doctor({ db: { version: '8.0.45', served: [] } }, 'db', '--json');
  const keys = (value: unknown): string[] => Object.keys(value as object);
  expect(keys(answers[0])).toEqual([
    'server',
    'version',
    'severity',
    'tls',
    'certificate',
    'findings',
    'unseen',
  ]);
  expect(keys(answers[0]?.findings[0])).toEqual(['severity', 'code', 'message', 'mend', 'steps']);
  const seen = await doctor({ db: { version: '9.7.4' } }, 'db', '--json');
  expect(keys((seen.answers[0] as unknown as { certificate: object }).certificate)).toEqual([
    'subject',
    'issuer',
    'names',
    'notAfter',
    'daysLeft',
  ]);
});

test('docs/doctor.md names every code', () => {
  const root = join(import.meta.dirname, '../../..');
  const sourcesOf = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name));
  const sources = [import.meta.dirname, join(root, 'src/certificates/examination')].flatMap(sourcesOf);
  const texts = sources.map((path) => readFileSync(path, 'utf8'));
  const codes = texts.flatMap((text) =>
    [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)+|EXPIRED|REVOKED)'/g)].map(([, code]) => code),
  );
  const page = readFileSync(join(root, 'docs/doctor.md'), 'utf8');
  const strange = new Set([
    'OFF_PERMISSIVE',
    'ON_PERMISSIVE',
    'NEW_PASSWORD',
    'CERTIFICATE_MISSING',
    'CHAIN_NOT_SENT',
  ]);
  const missing = codes.filter((code) => !strange.has(code ?? '') && !page.includes(`\`${code}\``));
  expect(missing).toEqual([]);
  expect(codes.length).toBeGreaterThan(50);
});

test('what a server says reaches neither the shell that a mend is pasted into nor the terminal', async () => {
  const channel = {
    source_host: 'x$(id)\u001b[2J\n',
    source_port: '3306',
    source_ssl_allowed: 'Yes',
    source_ssl_ca_file: '/ca.pem',
    source_ssl_verify_server_cert: 'Yes',
  };
  const { text } = await doctor(
    { src: { version: '9.7.4' }, rep: { version: '9.7.4\u001b]0;title', channels: [channel] } },
    '--source',
    'src',
    '--replica',
    'rep',
    '-u',
    'x',
    '-a',
    'ca',
  );
  expect(text).toContain("rowlock certs server 'x$(id)?[2J?' --san src -a ca");
  expect(text).toContain('rep  9.7.4?]0;title');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('many accounts with one gap are one line, and their mend names all of them', async () => {
  const accounts = Array.from({ length: 12 }, (_, index) => ({
    user: `u${index}`,
    host: '%',
    ssl_type: '',
    plugin: 'caching_sha2_password',
    replicates: 'N',
  }));
  const { text } = await doctor(
    { db: { version: '9.7.4', accounts, variables: { require_secure_transport: 'OFF' } } },
    'db',
    '-u',
    'x',
  );
  expect(text).toMatch(
    /can log in without TLS: 'u0'@'%', 'u1'@'%', 'u10'@'%', 'u11'@'%', 'u2'@'%' and 7 more$/m,
  );
  expect(text.match(/'u\d+'@'%'/g)).toHaveLength(5 + 12);
});

test('files of a server on another machine go there by ssh, to an owner that packages make', async () => {
  const remote = { version: '10.11.6-MariaDB', served: [], variables: { hostname: `not-${hostname()}` } };
  const { answers } = await doctor(
    { 'db9.example.com': remote },
    'db9.example.com',
    '-u',
    'x',
    '-a',
    'ca',
    '--json',
  );
  expect(answers[0]?.findings[0]?.mend?.split('\n')).toEqual([
    'rowlock certs server db9.example.com -a ca',
    'rowlock certs deploy root@db9.example.com:/etc/mysql/tls --server db9.example.com --target-owner mysql:mysql -a ca',
    '[mysqld] ssl_ca = /etc/mysql/tls/ca.pem',
    '[mysqld] ssl_cert = /etc/mysql/tls/server-cert.pem',
    '[mysqld] ssl_key = /etc/mysql/tls/server-key.pem',
    'stop and start the server',
  ]);
});

test('a server that may read RSA in its old form alone gets no other key', async () => {
  const firstStep = async (version: string): Promise<string | undefined> => {
    const told = { version, served: [], variables: { hostname: `not-${hostname()}` } };
    const { answers } = await doctor({ db: told }, 'db', '-u', 'x', '-a', 'ca', '--json');
    return answers[0]?.findings.find(({ code }) => code.startsWith('TLS_'))?.mend?.split('\n')[0];
  };
  expect(await firstStep('5.6.24-log')).toBe(
    'rowlock certs server db-2 --san db --subject /CN=db --key rsa-2048 --key-form traditional -a ca',
  );
  expect(await firstStep('5.7.28')).toContain('rowlock certs deploy root@db:/etc/mysql/tls --server db ');
});

describe('a source and its replica', () => {
  const channel = {
    source_host: 'src',
    source_port: '3306',
    source_user: 'repl',
    source_ssl_allowed: 'Yes',
    source_ssl_ca_file: '/ca.pem',
    source_ssl_verify_server_cert: 'Yes',
    channel_name: '',
    auto_position: '1',
  };
  const pair = async (source: Told, replica: Told): Promise<readonly string[]> => {
    const { answers } = await doctor(
      { src: source, rep: { channels: [channel], ...replica } },
      '--source',
      'src',
      '--replica',
      'rep',
      '-u',
      'x',
      '--json',
    );
    return answers.flatMap(({ findings }, index) =>
      findings.map(({ code }) => `${index === 0 ? 'source' : 'replica'} ${code}`),
    );
  };

  test.each([
    ['9.7.4', '8.4.5', 'OLDER_THAN_SOURCE'],
    ['8.4.5', '8.4.0', undefined],
    ['8.4.5', '9.7.4', undefined],
    ['11.8.6-MariaDB', '10.11.6-MariaDB', 'OLDER_THAN_SOURCE'],
    ['11.8.6-MariaDB', '9.7.4', 'OTHER_FAMILY'],
    ['9.7.4', '11.8.6-MariaDB', 'OTHER_FAMILY'],
  ])('of %s and %s: %s', async (source, replica, code) => {
    const codes = await pair({ version: source }, { version: replica });
    const versions = codes.filter((text) => /OLDER|FAMILY/.test(text));
    expect(versions).toEqual(code === undefined ? [] : [`replica ${code}`]);
  });

  const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
  test.each([
    [`${uuid}:1-100`, `${uuid}:1-99`, true],
    [`${uuid}:1-100`, `${uuid}:1-100`, false],
    [`${uuid}:1-100`, `${uuid}:1-50:52-200`, true],
    ['', '', false],
  ])('purged %s, applied %s: gone is %s', async (purged, applied, gone) => {
    const on = { gtid_mode: 'ON' };
    const codes = await pair(
      { version: '9.7.4', variables: { ...on, gtid_purged: purged } },
      { version: '9.7.4', variables: { ...on, gtid_executed: applied } },
    );
    expect(codes.includes('replica LOG_GONE')).toBe(gone);
  });

  test.each([
    ['3600', undefined, '0', 'warning'],
    ['3600', undefined, '3600', 'critical'],
    ['259200', undefined, '0', undefined],
    ['259199', undefined, '0', 'warning'],
    ['604800', undefined, '302401', 'warning'],
    ['0', undefined, '1000000', undefined],
    ['0', '1', '0', 'warning'],
    ['2592000', '0', '0', undefined],
  ])('logs kept %s s or %s days, replica %s s behind: %s', async (seconds, days, behind, severity) => {
    const { answers } = await doctor(
      {
        src: {
          version: '8.4.5',
          variables: {
            binlog_expire_logs_seconds: seconds,
            ...(days === undefined ? {} : { expire_logs_days: days }),
          },
        },
        rep: { version: '8.4.5', channels: [{ ...channel, seconds_behind_source: behind }] },
      },
      '--source',
      'src',
      '--replica',
      'rep',
      '-u',
      'x',
      '--json',
    );
    const found = answers[0]?.findings.find(({ code }) => code === 'LOG_EXPIRES_EARLY');
    expect(found?.severity).toBe(severity);
  });

  // As MySQL 9.7 does it: by position 4 of 16 pairs of modes are refused, by GTID every source that is not ON.
  const modes = ['OFF', 'OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'];
  const refused: Readonly<Record<string, string>> = {
    'OFF ON': 'source',
    'OFF_PERMISSIVE ON': 'source',
    'ON_PERMISSIVE OFF': 'replica',
    'ON OFF': 'replica',
  };
  test.each(modes.flatMap((there) => modes.map((here) => [there, here] as const)))(
    'gtid_mode %s and %s',
    async (there, here) => {
      for (const byGtid of ['0', '1']) {
        const codes = await pair(
          { version: '9.7.4', variables: { gtid_mode: there } },
          {
            version: '9.7.4',
            variables: { gtid_mode: here },
            channels: [{ ...channel, auto_position: byGtid }],
          },
        );
        const side = byGtid === '1' && there !== 'ON' ? 'source' : refused[`${there} ${here}`];
        const found = codes.filter((text) => text.endsWith('GTID_MODES_APART'));
        expect(found, `auto_position ${byGtid}`).toEqual(
          side === undefined ? [] : [`${side} GTID_MODES_APART`],
        );
      }
    },
  );

  test('that have nothing to do with each other are told so', async () => {
    const two = {
      version: '9.7.4',
      channels: [
        { ...channel, source_host: 'x' },
        { ...channel, source_host: 'y', channel_name: 'y' },
      ],
    };
    expect(await pair({ version: '9.7.4' }, two)).toContain('replica NOT_ITS_REPLICA');
    const other = { version: '9.7.4', channels: [{ ...channel, source_host: 'x', source_uuid: uuid }] };
    expect(await pair({ version: '9.7.4', variables: { server_uuid: 'another' } }, other)).toContain(
      'replica NOT_ITS_REPLICA',
    );
    const alias = { version: '9.7.4', channels: [{ ...channel, source_host: 'alias' }] };
    expect(await pair({ version: '9.7.4' }, alias)).not.toContain('replica NOT_ITS_REPLICA');
    expect(await pair({ version: '9.7.4' }, { version: '9.7.4', channels: [] })).toContain(
      'replica NOT_A_REPLICA',
    );
  });
});
