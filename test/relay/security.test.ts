import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatCertificate, selfSign } from '../../src/certificates/x509/issue.ts';
import { parseName } from '../../src/certificates/x509/name.ts';
import { type Connection, connect } from '../../src/connection/index.ts';
import { untilTrue } from '../until-true.ts';
import { startRelay, type TestRelay } from './relay.ts';

let relay: TestRelay;
let root: Connection;

beforeAll(async () => {
  relay = await startRelay({ variables: { connect_timeout: 30, max_allowed_packet: 65_536 } });
  root = await relay.session();
});

afterAll(async () => {
  await root.close();
  await relay.wipe();
});

describe('the data folder', () => {
  test('is for its owner alone', () => {
    expect(statSync(relay.folder).mode & 0o777).toBe(0o700);
    for (const name of ['root.cnf', 'secret.key', 'relay.sqlite', 'private_key.pem']) {
      expect(statSync(join(relay.folder, name)).mode & 0o077, name).toBe(0);
    }
  });

  test('keeps no password as it is', async () => {
    await root.query("CREATE USER u IDENTIFIED BY 'correct horse battery'");
    await root.query("CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', SOURCE_PASSWORD='staple correct horse'");
    for (const name of readdirSync(relay.folder)) {
      const path = join(relay.folder, name);
      if (!statSync(path).isFile()) continue;
      const bytes = readFileSync(path);
      expect(bytes.includes('correct horse'), name).toBe(false);
    }
    await root.query('DROP USER u');
    await root.query('RESET REPLICA ALL');
  });
});

describe('who cannot log in', () => {
  test('looks the same whether the account exists or not', async () => {
    const message = async (user: string): Promise<string> =>
      relay.session(user, 'wrong').then(
        () => 'came in',
        (error: Error) => error.message.replace(user, 'USER'),
      );
    expect(await message('nobody')).toBe(await message('root'));
    expect(relay.audit.filter(({ event }) => event === 'refused').map(({ reason }) => reason)).toEqual([
      'there is no such account',
      'the password is wrong',
    ]);
  });

  test('and says nothing is dropped', async () => {
    await root.query('SET GLOBAL connect_timeout = 2');
    const socket = dial(relay.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => {
      socket
        .on('data', () => undefined)
        .on('error', () => undefined)
        .on('close', () => resolve());
    });
    await closed;
    await root.query('SET GLOBAL connect_timeout = 30');
    // It is counted a moment after the other end hears of it.
    await untilTrue(() => relay.context.counters.abortedConnects > 0);
  });

  test('sends a huge packet in vain', async () => {
    const socket = dial(relay.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => {
      socket.on('error', () => undefined).on('close', () => resolve());
    });
    socket.once('data', () => socket.write(Buffer.from([0xff, 0xff, 0xff, 1, 0, 0])));
    const before = process.memoryUsage().rss;
    await closed;
    expect(process.memoryUsage().rss - before).toBeLessThan(16 * 1024 * 1024);
  });
});

describe('a session', () => {
  test('sends no packet above max_allowed_packet', async () => {
    const other = await relay.session();
    await expect(other.query(`SELECT '${'x'.repeat(100_000)}'`)).rejects.toThrow(
      /max_allowed_packet|Lost connection/,
    );
    expect((await root.value('SELECT 1'))?.toString()).toBe('1');
  });

  test.each([
    "SELECT 'x' INTO OUTFILE '/tmp/rowlock-outfile'",
    "SELECT 'x' INTO DUMPFILE '/tmp/rowlock-outfile'",
    "SELECT LOAD_FILE('/etc/passwd')",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE t",
    "ATTACH '/tmp/rowlock-outfile' AS x",
    "SELECT 1; ATTACH '/tmp/rowlock-outfile' AS x",
    "VACUUM INTO '/tmp/rowlock-outfile'",
    "PRAGMA temp_store_directory = '/tmp'",
    "SELECT load_extension('/tmp/x')",
    "SELECT writefile('/tmp/rowlock-outfile', 'x')",
    "SHOW VARIABLES WHERE load_extension('/tmp/x')",
    'SHOW VARIABLES WHERE Value IN (SELECT * FROM sqlite_master)',
    "SET @a = readfile('/etc/passwd')",
    "INSTALL PLUGIN x SONAME '/tmp/x.so'",
  ])('reaches no file: %s', async (sql) => {
    await expect(root.query(sql)).rejects.toThrow();
    expect(existsSync('/tmp/rowlock-outfile')).toBe(false);
  });

  test('cannot make the relay work for ever', async () => {
    const join8 = Array.from({ length: 8 }, (_, i) => `performance_schema.global_variables v${i}`).join(', ');
    await expect(root.query(`SELECT COUNT(*) FROM ${join8}`)).rejects.toThrow('MAX_JOIN_SIZE');
    const [[long]] = (await root.query("SELECT REPLACE(REPEAT('a', 1000000000), 'a', 'aa')")).rows as [
      [null],
    ];
    expect(long).toBeNull();
    const many = 'performance_schema.global_variables a, performance_schema.global_variables b';
    await expect(root.query(`SELECT REPEAT('a', 60000) FROM ${many}`)).rejects.toThrow('LIMIT the rows');
  });

  test('has a bounded number of variables', async () => {
    const other = await relay.session();
    const names = Array.from({ length: 600 }, (_, i) => i);
    await other.query(`SET ${names.map((i) => `@a${i} = 1`).join(', ')}`);
    await expect(other.query(`SET ${names.map((i) => `@b${i} = 1`).join(', ')}`)).rejects.toThrow('memory');
    await other.close();
  });
});

test('FLUSH ERROR LOGS and FLUSH LOGS have log files begun anew, other logs do not', async () => {
  let begun = 0;
  const other = await startRelay({ reopenLogs: () => (begun += 1) });
  const session = await other.session();
  for (const what of ['ERROR LOGS', 'SLOW LOGS', 'BINARY LOGS', 'LOGS', 'ENGINE LOGS'])
    await session.query(`FLUSH ${what}`);
  expect(begun).toBe(2);
  await session.close();
  await other.wipe();
});

describe('certificates', () => {
  test('that do not load change nothing', async () => {
    // Both are whole, and no pair: of one kind, and of two.
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const key = join(relay.folder, 'other-key.pem');
    await root.query(`SET GLOBAL ssl_key = '${key}'`);
    for (const [other, words] of [
      [ec, 'Unable to get private key'],
      [rsa, 'Private key does not match the certificate public key'],
    ] as const) {
      writeFileSync(key, other.export({ type: 'pkcs8', format: 'pem' }));
      await expect(root.query('ALTER INSTANCE RELOAD TLS')).rejects.toThrow(`library error: ${words}`);
    }
    await root.query(`SET GLOBAL ssl_key = '${relay.context.tls.active.key}'`);
    await root.query("SET GLOBAL ssl_cert = 'nowhere.pem'");
    await expect(root.query('ALTER INSTANCE RELOAD TLS')).rejects.toThrow(
      'Failed to set up SSL because of the following SSL library error: Unable to get certificate',
    );
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const certificate = join(relay.folder, 'weak.pem');
    const [notBefore, notAfter] = [new Date(Date.now() - 1000), new Date(Date.now() + 86_400_000)];
    const made = await selfSign({ subject: parseName('/CN=weak'), validity: { notBefore, notAfter } }, weak);
    writeFileSync(certificate, formatCertificate(made));
    writeFileSync(key, weak.export({ type: 'pkcs8', format: 'pem' }));
    await root.query(`SET GLOBAL ssl_cert = '${certificate}'`);
    await root.query(`SET GLOBAL ssl_key = '${key}'`);
    await expect(relay.reloadTls()).rejects.toMatchObject({
      message: expect.stringContaining('Unable to get certificate') as string,
      hint: expect.stringContaining('ee key too small') as string,
    });
    await root.query('SET GLOBAL ssl_cert = DEFAULT');
    await root.query(`SET GLOBAL ssl_key = '${relay.context.tls.active.key}'`);
    expect(relay.context.tls.active.cert).not.toBe('');
    const secure = await connect({
      host: '127.0.0.1',
      port: relay.port,
      user: 'root',
      passwords: [relay.password],
      ssl: { sslMode: 'VERIFY_IDENTITY', sslCa: relay.authority },
    });
    await secure.close();
  });

  test('are swapped under sessions that go on', async () => {
    const active = relay.context.tls.active;
    await root.query(`SET GLOBAL ssl_cert = '${active.cert}'`);
    await root.query('ALTER INSTANCE RELOAD TLS');
    await root.query('FLUSH SSL');
    await relay.reloadTls();
    expect((await root.value('SELECT 1'))?.toString()).toBe('1');
  });
});

describe('a folder that is in use', () => {
  test('is not opened twice, and comes back after a close', async () => {
    await expect(startRelay({ folder: relay.folder })).rejects.toThrow(
      'another process has this data folder',
    );
  });
});
