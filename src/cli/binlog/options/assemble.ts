import type { Dialect, ParsedArguments } from '../../../options/index.ts';
import type { BinlogOptions, Remote, TlsOptionValues } from './binlog-options.ts';
import type { GivenOptions } from './given-options.ts';
import { formatPositionGtids } from './mariadb-lists.ts';
import { beginPosition, filePosition, type Values } from './values.ts';

/** What of the command line's surroundings options take their defaults from. */
interface AssembledLine {
  readonly dialect: Dialect;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The typed options of a command line that passed the checks. */
export function assemble(
  line: AssembledLine,
  given: GivenOptions,
  parsed: ParsedArguments,
  values: Values,
): BinlogOptions {
  const base64 = values.word<'NEVER' | 'AUTO' | 'UNSPEC' | 'DECODE-ROWS'>('base64-output');
  const bits = parsed.given.has('server-id-bits') ? values.number('server-id-bits') : 32;
  const rowFormat = parsed.values.get('require-row-format');
  return {
    dialect: line.dialect,
    logs: parsed.positionals,
    flavor: values.word('flavor') ?? 'auto',
    compat: values.word('compat') ?? 'better',
    decryptKeyFile: values.text('decrypt-key-file') ?? line.env['ROWLOCK_DECRYPT_KEY_FILE'],
    remote: given.dump === undefined ? undefined : remoteOf(line, given, given.dump, parsed, values),
    selection: {
      startPosition: beginPosition(
        given.startPosition ?? values.position('start-position') ?? 4n,
        given.dump !== undefined,
      ),
      startGtids: given.startGtids && formatPositionGtids(given.startGtids),
      stopPosition: filePosition(given.stopPosition ?? values.position('stop-position')),
      stopGtids: given.stopGtids && formatPositionGtids(given.stopGtids),
      hasGtidPositions: given.hasGtidPositions,
      startTimestamp: given.startTimestamp,
      stopTimestamp: given.stopTimestamp,
      stopDatetimeText: values.text('stop-datetime'),
      offset: values.number('offset'),
      database: values.text('database'),
      table: values.text('table'),
      serverIds: given.ids.get('do-server'),
      ignoreServerIds: given.ids.get('ignore-server'),
      serverIdMask: bits === 32 ? 0xffff_ffff : 2 ** bits - 1,
      domainIds: given.ids.get('do-domain'),
      ignoreDomainIds: given.ids.get('ignore-domain'),
      includeGtids: values.text('include-gtids'),
      excludeGtids: values.text('exclude-gtids'),
      gtidStrictMode: values.on('gtid-strict-mode'),
    },
    output: {
      base64: base64 === 'NEVER' ? 'never' : base64 === 'DECODE-ROWS' ? 'decode-rows' : 'auto',
      verbose: given.verbose,
      hexdump: values.on('hexdump'),
      shortForm: given.shortForm,
      json: values.word('json'),
      raw: values.on('raw'),
      resultFile: values.text('result-file'),
      printTableMetadata: values.on('print-table-metadata'),
      // mariadb-binlog's defaults; what was given holds.
      printRowCount: values.switch('print-row-count') ?? !given.shortForm,
      printRowEventPositions:
        values.switch('print-row-event-positions') ?? !(given.shortForm || given.flashback),
      skipAnnotateRowEvents: values.on('skip-annotate-row-events'),
      skipGtids: values.on('skip-gtids'),
      setCharset: values.text('set-charset'),
      disableLogBin: values.on('disable-log-bin'),
      idempotent: values.on('idempotent'),
      flashback: given.flashback,
      rewrites: given.rewrites,
      localLoad: values.text('local-load'),
      rowEventMaxSize: values.number('binlog-row-event-max-size'),
    },
    checks: {
      verifyChecksum: values.on('verify-binlog-checksum'),
      requireRowFormat: rowFormat === 'strict' ? 'strict' : rowFormat === true ? 'basic' : 'off',
      forceIfOpen: values.on('force-if-open'),
      forceRead: values.on('force-read'),
    },
  };
}

/** How to reach a server, and what to ask it for. */
export function remoteOf(
  { dialect, env }: AssembledLine,
  given: GivenOptions,
  dump: Remote['dump'],
  parsed: ParsedArguments,
  values: Values,
): Remote {
  const stopNever = values.on('stop-never');
  const asReplica = values.number('stop-never-slave-server-id');
  const connection = parsed.given.has('connection-server-id') ? values.number('connection-server-id') : -1;
  const waiting = parsed.given.has('stop-never-slave-server-id') && asReplica >= 0 ? asReplica : 1;
  return {
    dump,
    toLastLog: values.on('to-last-log') || given.toLastLog,
    stopNever,
    resume: values.on('resume'),
    reconnect: given.reconnect,
    expireLogs: given.expiry,
    serverId: connection >= 0 ? connection : stopNever ? waiting : 0,
    host: values.text('host') ?? (dialect === 'mariadb' ? env['MARIADB_HOST'] : undefined),
    port: values.number('port') || portOf(env['MYSQL_TCP_PORT']),
    user: values.text('user'),
    password: values.text('password') ?? (given.askPassword ? undefined : env['MYSQL_PWD']),
    askPassword: given.askPassword,
    socket: values.text('socket') ?? env['MYSQL_UNIX_PORT'],
    protocol: values.word('protocol') ?? (given.wantsTcp ? 'TCP' : undefined),
    bindAddress: values.text('bind-address'),
    defaultAuth: values.text('default_auth'),
    // libmysqlclient's own switch for programs that have no option for it.
    enableCleartextPlugin: /^[1Yy]/.test(env['LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN'] ?? ''),
    serverPublicKeyPath: values.text('server-public-key-path'),
    getServerPublicKey: values.on('get-server-public-key'),
    compress: values.on('compress'),
    compressionAlgorithms: values.text('compression-algorithms'),
    zstdCompressionLevel: values.number('zstd-compression-level'),
    tls: tlsOf(values, given),
  };
}

/** What C's atoi makes of an environment variable. */
function portOf(text: string | undefined): number {
  return Number((/^\s*(\d{1,5})/.exec(text ?? '') ?? [])[1] ?? 0);
}

function tlsOf(values: Values, given: GivenOptions): TlsOptionValues {
  return {
    sslMode: values.word('ssl-mode'),
    ssl: given.ssl,
    verifyServerCert: values.switch('ssl-verify-server-cert'),
    ca: values.text('ssl-ca'),
    capath: values.text('ssl-capath'),
    cert: values.text('ssl-cert'),
    key: values.text('ssl-key'),
    cipher: values.text('ssl-cipher'),
    crl: values.text('ssl-crl'),
    crlpath: values.text('ssl-crlpath'),
    tlsVersion: values.text('tls-version'),
    tlsCiphersuites: values.text('tls-ciphersuites'),
    fipsMode: values.word('ssl-fips-mode'),
    sessionData: values.text('ssl-session-data'),
    continueOnFailedReuse: values.on('ssl-session-data-continue-on-failed-reuse'),
    sniServername: values.text('tls-sni-servername'),
    fingerprint: values.text('ssl-fp'),
    fingerprintList: values.text('ssl-fplist'),
  };
}
