import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, connect } from '../../../src/connection/index.ts';
import { openStreams } from '../../../src/relay/index.ts';
import { type Issued, makePki, openssl, type Pki } from '../../connection/authority.ts';
import type { Loopback } from '../../connection/loopback.ts';
import { type RunningServer, startServer } from '../../servers/index.ts';
import { startRelay, type TestRelay } from '../relay.ts';
import { frontOf } from './front.ts';
import type { Family } from './settings.ts';

export const PASSWORD = 'right-Pw0';
const LOG = 'mysql-bin.000002';

/** REQUIRE clause → SQL. */
const CLAUSES: Readonly<Record<string, string>> = {
  none: 'REQUIRE NONE',
  ssl: 'REQUIRE SSL',
  x509: 'REQUIRE X509',
  cipher: "REQUIRE CIPHER 'ECDHE-ECDSA-AES128-GCM-SHA256'",
  issuer: "REQUIRE ISSUER '/O=Rowlock Test/CN=Root'",
  subject: "REQUIRE SUBJECT '/O=Feat/CN=alice'",
  other: "REQUIRE SUBJECT '/O=Feat/CN=carol'",
};

const ssl = { sslMode: 'DISABLED' as const };

/** Sources with TLS and without, fronts that show other certificates, a real replica and a relay. */
export class Stage {
  readonly family: Family;
  readonly pki: Pki;
  readonly replica: Connection;
  readonly relay: Connection;
  /** What the settings name: files by what is right or wrong with them. */
  readonly files: Readonly<Record<string, string>>;
  readonly #sources: Readonly<Record<'secured' | 'plain', RunningServer>>;
  readonly #owned: readonly (() => Promise<void>)[];
  readonly #fronts = new Map<string, Loopback>();

  private constructor(
    family: Family,
    pki: Pki,
    files: Readonly<Record<string, string>>,
    sources: Readonly<Record<'secured' | 'plain', RunningServer>>,
    [replica, relay]: readonly [Connection, Connection],
    owned: readonly (() => Promise<void>)[],
  ) {
    this.family = family;
    this.pki = pki;
    this.files = files;
    this.#sources = sources;
    this.replica = replica;
    this.relay = relay;
    this.#owned = owned;
  }

  static async start(family: Family, folder: string): Promise<Stage> {
    const pki = makePki(folder);
    const name = family === 'mysql' ? 'mysql97' : 'mariadb118';
    const common = ['--max-connect-errors=1000000000', '--skip-name-resolve'];
    const { good } = pki.servers;
    const tls = [`--ssl-ca=${pki.root.cert}`, `--ssl-cert=${good.chain}`, `--ssl-key=${good.key}`];
    const plain = [family === 'mysql' ? '--tls-version=' : '--skip-ssl'];
    const owned: (() => Promise<void>)[] = [];
    const start = async (tag: string, args: readonly string[]): Promise<RunningServer> => {
      const server = await startServer(name, `change-${tag}-${process.pid}`, { args: [...common, ...args] });
      owned.unshift(() => server.wipe());
      return server;
    };
    const open = async (socketPath: string, passwords: readonly string[]): Promise<Connection> => {
      const connection = await connect({ socketPath, user: 'root', passwords, ssl });
      owned.unshift(() => connection.close());
      return connection;
    };
    try {
      const sources = { secured: await start('tls', tls), plain: await start('plain', plain) };
      for (const { socket } of Object.values(sources)) await prepare(family, await open(socket, []));
      const replica = await open(
        (await start('replica', [family === 'mysql' ? '--skip-replica-start' : '--skip-slave-start'])).socket,
        [],
      );
      const relay: TestRelay = await startRelay({
        flavor: family,
        openStreams: (surroundings) => openStreams(surroundings),
      });
      owned.unshift(() => relay.wipe());
      const ours = await open(relay.socket, [relay.password]);
      return new Stage(family, pki, prepareFiles(folder, pki), sources, [replica, ours], owned);
    } catch (error) {
      for (const end of owned) await end();
      throw error;
    }
  }

  /** Where a server with this certificate is; `good`: the source itself, `off`: one without TLS, `closed`: nobody. */
  async port(shown: string): Promise<number> {
    if (shown === 'good') return this.#sources.secured.port;
    if (shown === 'off') return this.#sources.plain.port;
    // The port of the discard service: nothing listens there.
    if (shown === 'closed') return 9;
    const issued: Issued = this.pki.servers[shown as keyof Pki['servers']];
    const front = this.#fronts.get(shown) ?? (await frontOf(this.#sources.secured.port, issued));
    this.#fronts.set(shown, front);
    return front.port;
  }

  async close(): Promise<void> {
    for (const front of this.#fronts.values()) await front.close();
    for (const end of this.#owned) await end();
  }
}

async function prepare(family: Family, source: Connection): Promise<void> {
  await source.query('FLUSH BINARY LOGS');
  await source.query(family === 'mysql' ? 'SET sql_log_bin = 0' : 'SET SESSION sql_log_bin = 0');
  const by =
    family === 'mysql' ? `BY '${PASSWORD}'` : `VIA mysql_native_password USING PASSWORD('${PASSWORD}')`;
  for (const [name, clause] of Object.entries(CLAUSES)) {
    await source.query(`CREATE USER '${name}'@'%' IDENTIFIED ${by} ${clause}`);
    await source.query(`GRANT REPLICATION SLAVE ON *.* TO '${name}'@'%'`);
  }
  await source.query(`CREATE USER reader@'%' IDENTIFIED ${by}`);
  const log = await source.query(family === 'mysql' ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS');
  if (log.rows[0]?.[0]?.toString() !== LOG) throw new Error(`the source writes another log than ${LOG}`);
}

function prepareFiles(folder: string, pki: Pki): Readonly<Record<string, string>> {
  const path = (name: string): string => join(folder, name);
  const written = (name: string, text: string): string => {
    writeFileSync(path(name), text);
    return path(name);
  };
  const hashed = (name: string, source: string): string => {
    mkdirSync(path(name));
    copyFileSync(source, join(path(name), 'one.pem'));
    openssl(path(name), ['rehash', '.']);
    return path(name);
  };
  mkdirSync(path('empty-folder'));
  const encrypted = path('encrypted-key.pem');
  openssl(folder, [
    'pkey',
    '-in',
    pki.clients.alice.key,
    '-aes128',
    '-passout',
    'pass:secret',
    '-out',
    encrypted,
  ]);
  const { alice, bob, stranger, expired } = pki.clients;
  const both = readFileSync(pki.crl, 'utf8') + readFileSync(pki.middleCrl, 'utf8');
  return {
    root: pki.root.cert,
    stranger: pki.stranger.cert,
    missing: '/nonexistent/file.pem',
    folder: path('empty-folder'),
    empty: written('empty.pem', ''),
    garbage: written('garbage.pem', 'no PEM at all\n'),
    broken: written(
      'broken.pem',
      '-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n',
    ),
    rootFolder: hashed('root-folder', pki.root.cert),
    strangerFolder: hashed('stranger-folder', pki.stranger.cert),
    crl: pki.crl,
    middleCrl: pki.middleCrl,
    bothCrls: written('both-crls.pem', both),
    crlFolder: hashed('crl-folder', pki.crl),
    alice: alice.cert,
    aliceKey: alice.key,
    bob: bob.cert,
    bobKey: bob.key,
    strangerCert: stranger.cert,
    strangerKey: stranger.key,
    expired: expired.cert,
    expiredKey: expired.key,
    encrypted,
  };
}
