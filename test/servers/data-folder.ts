import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, serverRoot } from './cache.ts';
import { SERVERS, type ServerName } from './catalogue.ts';
import { runTool } from './program.ts';

/** The lines of an option file for a server whose files live in `folder`. */
export function settingsFile(name: ServerName, folder: string, more: readonly string[]): string {
  const lines = [
    '[mysqld]',
    `datadir=${join(folder, 'data')}`,
    `socket=${join(folder, 's.sock')}`,
    `pid-file=${join(folder, 'pid')}`,
    `tmpdir=${folder}`,
    'bind-address=127.0.0.1',
    'log-bin=mysql-bin',
    'secure-file-priv=',
    // The server refuses to run as root unless told by name.
    ...(process.getuid?.() === 0 ? ['user=root'] : []),
    ...SERVERS[name].settings(serverRoot(name)),
    ...more,
  ];
  return `${lines.join('\n')}\n`;
}

/** The SQL that makes MariaDB's system tables, from the server's own files. */
function bootstrapSql(name: ServerName): string {
  const share =
    ['usr/share/mariadb', 'usr/share/mysql'].map((path) => join(serverRoot(name), path)).find(existsSync) ??
    '';
  const prefix = existsSync(join(share, 'mariadb_system_tables.sql')) ? 'mariadb' : 'mysql';
  const files = ['system_tables', 'performance_tables', 'system_tables_data'].map(
    (part) => `${prefix}_${part}.sql`,
  );
  const first = [
    'create database mysql',
    'use mysql',
    'set @auth_root_socket=NULL',
    'set @skip_auth_anonymous=1',
  ];
  const sql = files.map((file) => readFileSync(join(share, file), 'utf8')).join('\n');
  return [
    first.map((statement) => `${statement};\n`).join(''),
    // Accounts for the machine's own host name: nobody connects by it.
    sql
      .split('\n')
      .filter((line) => !line.includes('@current_hostname'))
      .join('\n'),
    readFileSync(join(share, 'maria_add_gis_sp_bootstrap.sql'), 'utf8'),
  ].join('\n');
}

async function initialise(name: ServerName, folder: string): Promise<void> {
  const defaults = `--defaults-file=${join(folder, 'my.cnf')}`;
  const { initialise: how, program } = SERVERS[name];
  if (how === 'copy') {
    cpSync(join(serverRoot(name), 'package/server/data/mysql'), join(folder, 'data'), { recursive: true });
    return;
  }
  if (how === 'bootstrap') mkdirSync(join(folder, 'data'), { recursive: true });
  const args = how === 'bootstrap' ? ['--bootstrap', '--skip-log-bin'] : ['--initialize-insecure'];
  const stdin = how === 'bootstrap' ? bootstrapSql(name) : '';
  const { exit, stderr } = await runTool(name, program, [defaults, ...args], { stdin });
  if (exit !== 0)
    throw new Error(`${name} did not initialise its data folder: ${stderr.trim().split('\n').at(-1)}`);
}

/** Data folders that are being initialised: several instances may be the first of their server at once. */
const initialising = new Map<ServerName, Promise<void>>();

async function makePristine(name: ServerName, pristine: string): Promise<void> {
  const part = `${pristine}.part-${process.pid}`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  writeFileSync(join(part, 'my.cnf'), settingsFile(name, part, []));
  await initialise(name, part);
  try {
    renameSync(part, pristine);
  } catch (error) {
    rmSync(part, { recursive: true });
    // Another process was quicker.
    if (!existsSync(pristine)) throw error;
  }
}

/**
 * A fresh data folder for an instance: initialised once per server, then copied. The copy has no server UUID and no
 * TLS keys of its own yet; the server makes them when it starts.
 */
export async function freshData(name: ServerName, into: string): Promise<void> {
  const pristine = join(cacheFolder(), 'pristine', name);
  if (!existsSync(pristine)) {
    const made = initialising.get(name) ?? makePristine(name, pristine);
    initialising.set(name, made);
    await made;
  }
  cpSync(join(pristine, 'data'), into, {
    recursive: true,
    filter: (path) => !/(auto\.cnf|\.pem|mysql-bin\.\w+)$/.test(path),
  });
}
