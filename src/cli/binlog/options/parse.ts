import {
  type DefaultsSurroundings,
  type Dialect,
  loadDefaults,
  type ParsedArguments,
  parseArguments,
  printedDefaults,
  type WarningSink,
} from '../../../options/index.ts';
import type { BinlogOptions, Remote, TlsOptionValues } from './binlog-options.ts';
import { checkTogether, type GtidSetCheck } from './checks.ts';
import { GivenOptions } from './given-options.ts';
import { binlogOptionGroups, binlogOptionsFor, binlogOptionTable } from './table.ts';

export interface BinlogCommandLine {
  readonly dialect: Dialect;
  /** The name the program was started by, without folders; messages begin with it. */
  readonly program: string;
  /** Words after the program's name (and after `binlog`). */
  readonly argv: readonly string[];
  readonly env: DefaultsSurroundings['env'];
  readonly home: string | undefined;
  readonly workingDirectory: string;
  /** Folders of the system's option files, where they are not the usual ones. */
  readonly systemFolders?: readonly string[];
  readonly warn: WarningSink;
  readonly checkGtidSet: GtidSetCheck;
}

/** What the command has to do. */
export type BinlogRequest =
  | { readonly action: 'run'; readonly options: BinlogOptions }
  /** Exit status 0; 1 when mysqlbinlog shows its usage because there is no log. */
  | { readonly action: 'help'; readonly exitStatus: 0 | 1 }
  | { readonly action: 'version' }
  /** Print these lines and exit 0. */
  | { readonly action: 'printDefaults'; readonly lines: readonly string[] };

const secretNames: ReadonlySet<string> = new Set(
  binlogOptionTable.filter(({ secret }) => secret === true).map(({ name }) => name),
);

/**
 * Reads option files and command line and checks them as mysqlbinlog or mariadb-binlog would.
 *
 * @throws OptionError with the lines for standard error and the exit status.
 */
export function parseBinlogCommandLine(line: BinlogCommandLine): BinlogRequest {
  const { dialect, program, warn } = line;
  const { words, printDefaults } = loadDefaults({ ...line, groups: binlogOptionGroups[dialect] });
  if (printDefaults) return { action: 'printDefaults', lines: printedDefaults(program, words, secretNames) };

  const given = new GivenOptions(dialect, warn);
  const parsed = parseArguments(binlogOptionsFor(dialect), words, {
    dialect,
    program,
    warn,
    onOption: (option) => given.accept(option),
  });
  if (given.action === 'help') return { action: 'help', exitStatus: 0 };
  if (given.action === 'version') return { action: 'version' };
  if (parsed.positionals.length === 0 && dialect === 'mysql') return { action: 'help', exitStatus: 1 };

  const values = new Values(parsed);
  checkTogether(dialect, {
    given,
    warn,
    checkGtidSet: line.checkGtidSet,
    values: {
      logs: parsed.positionals,
      raw: values.on('raw'),
      json: values.text('json') !== undefined,
      database: parsed.given.has('database'),
      stopPositionGiven: values.stopPosition() !== undefined || given.stopGtids !== undefined,
      startPosition: values.position('start-position'),
      includeGtids: values.text('include-gtids'),
      excludeGtids: values.text('exclude-gtids'),
      stopNever: values.on('stop-never'),
      connectionServerId: values.integer('connection-server-id'),
      stopNeverSlaveServerId: values.integer('stop-never-slave-server-id'),
      gtidStrictMode: values.on('gtid-strict-mode'),
    },
  });
  return { action: 'run', options: assemble(line, given, parsed, values) };
}

/** Typed access to parsed values by option name. */
class Values {
  readonly #parsed: ParsedArguments;

  constructor(parsed: ParsedArguments) {
    this.#parsed = parsed;
  }

  on(name: string): boolean {
    return this.#parsed.values.get(name) === true;
  }

  /** A switch that has no default: undefined when it was not given. */
  switch(name: string): boolean | undefined {
    return this.#parsed.given.has(name) ? this.on(name) : undefined;
  }

  text(name: string): string | undefined {
    const value = this.#parsed.values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** One of a choice's words. The table guarantees that it is one of `Word`. */
  word<Word extends string>(name: string): Word | undefined {
    return this.text(name) as Word | undefined;
  }

  integer(name: string): bigint {
    const value = this.#parsed.values.get(name);
    return typeof value === 'bigint' ? value : 0n;
  }

  number(name: string): number {
    return Number(this.integer(name));
  }

  /** A byte position; undefined where GTIDs stand instead, or nothing. MariaDB keeps positions as text. */
  position(name: string): bigint | undefined {
    const value = this.#parsed.values.get(name);
    if (typeof value === 'bigint') return value;
    return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : undefined;
  }

  /** A position that a file can have. */
  stopPosition(): number | undefined {
    const position = this.position('stop-position');
    return position === undefined || position > BigInt(Number.MAX_SAFE_INTEGER)
      ? undefined
      : Number(position);
  }
}

function assemble(
  line: BinlogCommandLine,
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
    threads: values.number('threads'),
    flavor: values.word('flavor') ?? 'auto',
    compat: values.word('compat') ?? 'better',
    decryptKeyFile: values.text('decrypt-key-file') ?? line.env['ROWLOCK_DECRYPT_KEY_FILE'],
    remote: given.dump === undefined ? undefined : remoteOf(given, given.dump, parsed, values),
    selection: {
      startPosition: Number(values.position('start-position') ?? 4n),
      startGtids: given.startGtids,
      stopPosition: values.stopPosition(),
      stopGtids: given.stopGtids,
      startText: parsed.values.get('start-position')?.toString(),
      stopText: parsed.values.get('stop-position')?.toString(),
      startTimestamp: given.startTimestamp,
      stopTimestamp: given.stopTimestamp,
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
      printRowCount: values.on('print-row-count'),
      printRowEventPositions: values.on('print-row-event-positions'),
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

function remoteOf(
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
    serverId: connection >= 0 ? connection : stopNever ? waiting : 0,
    host: values.text('host'),
    port: values.number('port'),
    user: values.text('user'),
    password: values.text('password'),
    askPassword: given.askPassword,
    socket: values.text('socket'),
    protocol: values.word('protocol'),
    bindAddress: values.text('bind-address'),
    defaultAuth: values.text('default_auth'),
    serverPublicKeyPath: values.text('server-public-key-path'),
    getServerPublicKey: values.on('get-server-public-key'),
    compress: values.on('compress'),
    compressionAlgorithms: values.text('compression-algorithms'),
    zstdCompressionLevel: values.number('zstd-compression-level'),
    tls: tlsOf(values),
  };
}

function tlsOf(values: Values): TlsOptionValues {
  return {
    sslMode: values.word('ssl-mode'),
    ssl: values.switch('ssl'),
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
