import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDoctor } from '../../src/cli/doctor/index.ts';
import {
  missingServers,
  type RunningServer,
  SERVER_NAMES,
  type ServerName,
  startServer,
  sweepInstances,
} from '../servers/index.ts';
import { certsOk, printedBy } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-doctor-'));
const env = { MYSQL_PWD: 'a secret' };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly mend?: string;
}

/** A server whose settings and files a test breaks, and the doctor's eyes on it. */
class Patient {
  readonly name: ServerName;
  readonly ca: string;
  readonly tls: string;
  /** Lines of [mysqld] that a mend has asked for since. */
  #args: readonly string[] = [];
  #server: RunningServer | undefined;
  password = 'a secret';

  constructor(name: ServerName) {
    this.name = name;
    this.ca = `ca-${name}`;
    this.tls = join(folder, `tls-${name}`);
  }

  get pair(): string[] {
    return [
      `--ssl-ca=${this.tls}/ca.pem`,
      `--ssl-cert=${this.tls}/server-cert.pem`,
      `--ssl-key=${this.tls}/server-key.pem`,
    ];
  }

  async start(args: readonly string[]): Promise<void> {
    const again = this.#server !== undefined;
    await this.#server?.stop();
    this.#args = args;
    this.#server = await startServer(this.name, `doctor-${process.pid}`, { args, reuse: again });
  }

  async wipe(): Promise<void> {
    await this.#server?.wipe();
  }

  async query(sql: string): Promise<string> {
    const args = this.name === 'mysql97' ? [] : ['--skip-ssl'];
    return (await this.#server?.query(sql, { args })) ?? '';
  }

  certs(...argv: string[]): Promise<string> {
    return certsOk(folder, [...argv, '-a', this.ca], { env });
  }

  async findings(): Promise<readonly Finding[]> {
    const argv = [`127.0.0.1:${this.#server?.port}`, '--user', 'admin', '--plain', '--json'];
    const { stdout } = await printedBy(folder, { argv, env: { MYSQL_PWD: this.password } }, runDoctor);
    const { findings, unseen } = JSON.parse(stdout) as {
      findings: readonly Finding[];
      unseen: readonly string[];
    };
    expect(unseen, stdout).toEqual([]);
    return findings;
  }

  /** Does what a mend says, as it is printed: commands, statements, lines of the option file, restarts. */
  async apply(mend: string): Promise<void> {
    for (const step of mend.split(/; ?(?:and )?|, then /).filter((text) => text !== '')) {
      const command = /^rowlock certs (.*)$/.exec(step)?.[1];
      const lines = /^(?:in )?\[mysqld\]:? (\w+) = (\S+)(?: and a restart)?$/.exec(step);
      if (command !== undefined) await this.certs(...command.split(' '));
      else if (lines !== null) {
        const option = `--${lines[1]}=${lines[2]}`;
        this.#args = [...this.#args, option];
        if (/restart/.test(step)) await this.start(this.#args);
      } else if (step.startsWith('restart')) await this.start(this.#args);
      else await this.query(step);
    }
  }

  /** The doctor names the state; its mend clears the finding. */
  async mended(code: string, cause: RegExp): Promise<void> {
    const found = (await this.findings()).filter((finding) => finding.code === code);
    expect(found.map(({ message }) => message).join('\n'), `${this.name}: ${code}`).toMatch(cause);
    const mends = found.map(({ mend = '' }) => mend);
    for (const mend of mends) await this.apply(mend);
    const after = (await this.findings()).map((finding) => finding.code);
    expect(after, `${this.name}: ${code} after ${mends.join()}`).not.toContain(code);
  }
}

const changeMaster = (name: ServerName, host: string, tls: boolean, ca: string): string =>
  name === 'mysql97'
    ? `CHANGE REPLICATION SOURCE TO SOURCE_HOST='${host}', SOURCE_USER='r', SOURCE_SSL=${Number(tls)}, SOURCE_SSL_CA='${ca}'`
    : `CHANGE MASTER TO MASTER_HOST='${host}', MASTER_USER='r', MASTER_SSL=${Number(tls)}, MASTER_SSL_CA='${ca}', MASTER_SSL_VERIFY_SERVER_CERT=0`;

describe.each(SERVER_NAMES)('the doctor visits %s', (name) => {
  const patient = new Patient(name);
  const missing = missingServers(name) !== undefined;

  beforeAll(async () => {
    if (missing) return;
    await sweepInstances();
    // yaSSL in MySQL 5.6 shakes no hands with a certificate of its own that has ended.
    const age = name === 'mysql56' ? 0 : 200;
    const longAgo = (): Date => new Date(Date.now() - age * 86_400_000);
    await certsOk(folder, ['init', patient.ca, '--key', 'rsa-2048', '--key-form', 'traditional'], {
      now: longAgo,
    });
    await certsOk(folder, ['server', 'db', '--san', '127.0.0.1', '--days', '100', '-a', patient.ca], {
      now: longAgo,
    });
    await patient.certs('server', 'elsewhere');
    await patient.certs('deploy', patient.tls, '--server', 'db');
    await patient.start(patient.pair);
    const account =
      name === 'mysql56'
        ? "DELETE FROM mysql.user WHERE user = ''; FLUSH PRIVILEGES; GRANT ALL ON *.* TO 'admin'@'127.0.0.1' IDENTIFIED BY 'a secret'"
        : "CREATE USER 'admin'@'127.0.0.1' IDENTIFIED BY 'a secret'; GRANT ALL ON *.* TO 'admin'@'127.0.0.1'";
    await patient.query(account);
  }, 120_000);
  afterAll(() => patient.wipe());

  test.skipIf(missing)('and mends its certificate', { timeout: 180_000 }, async () => {
    if (name !== 'mysql56') await patient.mended('EXPIRED', /^expired (99|100) days ago$/);
    await patient.certs('deploy', patient.tls, '--server', 'elsewhere');
    await patient.start(patient.pair);
    await patient.mended('HOST_MISMATCH', /^certificate is for elsewhere, not for 127\.0\.0\.1/);
  });

  test.skipIf(missing)('and mends accounts, formats and channels', { timeout: 180_000 }, async () => {
    await patient.query(
      "CREATE USER 'app'@'%' IDENTIFIED BY 'x'; CREATE USER 'repl'@'%' IDENTIFIED BY 'x'; GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'",
    );
    await patient.mended('REPLICATION_ACCOUNT_WITHOUT_TLS', /^'repl'@'%', which replicates, can/m);
    await patient.mended('ACCOUNT_WITHOUT_TLS', /^'app'@'%' can log in without TLS$/m);
    if (name !== 'mysql56') await patient.mended('PLAIN_ALLOWED', /without TLS are accepted/);
    await patient.query('SET GLOBAL binlog_format = STATEMENT');
    await patient.mended('NOT_ROW_FORMAT', /^binlog_format is STATEMENT/);
    if (name !== 'mysql56') await patient.mended('ROW_METADATA', /^binlog_row_metadata is (MINIMAL|NO_LOG)/);
    await patient.query(changeMaster(name, '127.0.0.1', false, ''));
    await patient.mended('CHANNEL_PLAIN', /^channel to 127\.0\.0\.1 is not encrypted/);
    const [stop] = name === 'mysql97' ? ['STOP REPLICA'] : ['STOP SLAVE'];
    await patient.query(`${stop}; ${changeMaster(name, 'localhost', true, '')}`);
    if (name === 'mysql97')
      await patient.query('CHANGE REPLICATION SOURCE TO SOURCE_SSL_VERIFY_SERVER_CERT=0');
    await patient.mended('CHANNEL_UNVERIFIED', /amounts to ssl-mode REQUIRED/);
    if (name !== 'mysql97') return;
    await patient.mended('CHANNEL_STATEMENTS', /takes more than rows/);
    await patient.mended('CHANNEL_ALL_PRIVILEGES', /with every privilege/);
  });

  test.skipIf(missing)('and sees why there is no TLS, or old TLS', { timeout: 180_000 }, async () => {
    const codes = async (): Promise<readonly string[]> => (await patient.findings()).map(({ code }) => code);
    if (name === 'mysql97') {
      // Without TLS a password that the server has not seen since its start cannot be checked.
      await patient.query(
        "ALTER USER 'admin'@'127.0.0.1' IDENTIFIED BY ''; SET PERSIST require_secure_transport = OFF",
      );
      patient.password = '';
      const other = `--ssl-key=${folder}/${patient.ca}/servers/elsewhere/server-key.pem`;
      await patient.start([...patient.pair.slice(0, 2), other]);
      expect(await codes()).toContain('TLS_NOT_ACTIVE');
      await patient.start(patient.pair);
      expect(await codes()).not.toContain('TLS_NOT_ACTIVE');
      return;
    }
    await patient.start([]);
    if (name === 'mariadb118') {
      const found = await patient.findings();
      expect(found.find(({ code }) => code === 'SELF_SIGNED')?.message).toContain(
        'made by the server at its start',
      );
    } else expect(await codes()).toContain('TLS_OFF');
    await patient.start(patient.pair);
    expect(await codes()).not.toContain(name === 'mariadb118' ? 'SELF_SIGNED' : 'TLS_OFF');
    if (name === 'mysql56') {
      expect(await codes()).toContain('OLD_PROTOCOL_ONLY');
      return;
    }
    await patient.start([...patient.pair, '--tls-version=TLSv1.1,TLSv1.2']);
    await patient.mended('OLD_PROTOCOL', /^TLSv1\.1 accepted$/);
  });
});
