import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Issued, makePki, openssl, type Pki } from '../../connection/authority.ts';
import type { Loopback } from '../../connection/loopback.ts';
import { type RunningServer, startServer } from '../../servers/index.ts';
import type { MatrixDialect } from './dimensions.ts';
import { standIn } from './stand-in.ts';

export const PASSWORD = 'right-Pw0';
export const LOG = 'mysql-bin.000002';

/** REQUIRE clause → SQL. */
const CLAUSES: Readonly<Record<string, string>> = {
  NONE: 'REQUIRE NONE',
  SSL: 'REQUIRE SSL',
  X509: 'REQUIRE X509',
  CIPHER12: "REQUIRE CIPHER 'ECDHE-ECDSA-AES128-GCM-SHA256'",
  CIPHER13: "REQUIRE CIPHER 'TLS_AES_128_GCM_SHA256'",
  ISSUER: "REQUIRE ISSUER '/O=Rowlock Test/CN=Root'",
  SUBJECT: "REQUIRE SUBJECT '/O=Feat/CN=alice'",
};

/** The account of a plugin and a clause. */
export function accountName(plugin: string, clause: string): string {
  return `${plugin.slice(0, 6)}_${clause.toLowerCase()}`;
}

/** Where a server is reached; `socket` undefined: by TCP only. */
export type Showing = Pick<RunningServer, 'port'> & { readonly socket: string | undefined };

/** Two real servers, one with TLS and one without, the certificates, and where they stand. */
export class Stage {
  readonly dialect: MatrixDialect;
  readonly folder: string;
  readonly pki: Pki;
  readonly secured: RunningServer;
  readonly plain: RunningServer;
  readonly capath: string;
  readonly crls: string;
  #shown = '';
  readonly #plugins: readonly string[];
  readonly #standIns = new Map<string, Loopback>();

  private constructor(
    dialect: MatrixDialect,
    folder: string,
    pki: Pki,
    servers: readonly [RunningServer, RunningServer],
    plugins: readonly string[],
  ) {
    this.#plugins = plugins;
    this.dialect = dialect;
    this.folder = folder;
    this.pki = pki;
    [this.secured, this.plain] = servers;
    this.capath = join(folder, 'capath');
    mkdirSync(this.capath);
    copyFileSync(pki.root.cert, join(this.capath, 'root.pem'));
    openssl(this.capath, ['rehash', '.']);
    this.crls = join(folder, 'crls.pem');
    writeFileSync(this.crls, readFileSync(pki.crl, 'utf8') + readFileSync(pki.middleCrl, 'utf8'));
  }

  static async start(dialect: MatrixDialect, folder: string, plugins: readonly string[]): Promise<Stage> {
    const pki = makePki(folder);
    const name = dialect === 'mysql' ? 'mysql97' : 'mariadb118';
    const tls = join(folder, 'server');
    mkdirSync(tls);
    copyFileSync(pki.servers.good.chain, join(tls, 'cert.pem'));
    copyFileSync(pki.servers.good.key, join(tls, 'key.pem'));
    const common = ['--max-connect-errors=1000000000', '--skip-name-resolve'];
    const secured = [
      ...common,
      `--ssl-ca=${pki.root.cert}`,
      `--ssl-cert=${join(tls, 'cert.pem')}`,
      `--ssl-key=${join(tls, 'key.pem')}`,
    ];
    const without = [...common, dialect === 'mysql' ? '--tls-version=' : '--skip-ssl'];
    const started: RunningServer[] = [];
    try {
      for (const [tag, args] of [
        ['tls', secured],
        ['plain', without],
      ] as const) {
        const server = await startServer(name, `matrix-${tag}-${process.pid}`, { args });
        started.push(server);
        await server.query(accounts(dialect, plugins), { args: unprotected(dialect) });
      }
    } catch (error) {
      for (const server of started) await server.wipe();
      throw error;
    }
    return new Stage(dialect, folder, pki, [started[0]!, started[1]!], plugins);
  }

  /** The server that shows this certificate. MySQL's refuses those that its own authority does not vouch for: ours shows them. */
  async showing(certificate: string): Promise<Showing> {
    if (certificate === 'off') return this.plain;
    if (certificate === this.#shown) return this.secured;
    const issued = this.pki.servers[certificate as keyof Pki['servers']];
    const { chain, key } = issued;
    copyFileSync(chain, join(this.folder, 'server/cert.pem'));
    copyFileSync(key, join(this.folder, 'server/key.pem'));
    const reload = this.dialect === 'mysql' ? 'ALTER INSTANCE RELOAD TLS' : 'FLUSH SSL';
    try {
      await this.secured.query(reload, { args: unprotected(this.dialect) });
      this.#shown = certificate;
      return this.secured;
    } catch (error) {
      if (!String(error).includes('Invalid certificates')) throw error;
      this.#shown = '';
      return this.#standIn(certificate, issued);
    }
  }

  async #standIn(certificate: string, issued: Issued): Promise<Showing> {
    const users = Object.fromEntries(
      this.#plugins.flatMap((plugin) =>
        Object.keys(CLAUSES).map((clause) => [
          accountName(plugin, clause),
          { plugin, password: PASSWORD, clause },
        ]),
      ),
    );
    const log = join(this.secured.dataFolder, LOG);
    const server =
      this.#standIns.get(certificate) ?? (await standIn(issued, [this.pki.root.cert], users, log));
    this.#standIns.set(certificate, server);
    return { port: server.port, socket: undefined };
  }

  async close(): Promise<void> {
    for (const server of this.#standIns.values()) await server.close();
    await this.secured.wipe();
    await this.plain.wipe();
  }
}

/** The servers' own client must reach them whatever certificate they show. */
function unprotected(dialect: MatrixDialect): string[] {
  return dialect === 'mysql' ? [] : ['--skip-ssl'];
}

function accounts(dialect: MatrixDialect, plugins: readonly string[]): string {
  const lines = plugins.flatMap((plugin) =>
    Object.entries(CLAUSES).map(([clause, sql]) => {
      const user = accountName(plugin, clause);
      const identified =
        dialect === 'mysql'
          ? `IDENTIFIED WITH ${plugin} BY '${PASSWORD}'`
          : `IDENTIFIED VIA ${plugin} USING PASSWORD('${PASSWORD}')`;
      return `CREATE USER ${user}@'%' ${identified} ${sql}; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO ${user}@'%';`;
    }),
  );
  const load = dialect === 'mariadb' ? "INSTALL SONAME 'auth_ed25519'; INSTALL SONAME 'auth_parsec';" : '';
  return `${load} FLUSH BINARY LOGS; CREATE DATABASE d; FLUSH BINARY LOGS; SET sql_log_bin=0; ${lines.join('\n')}`;
}
