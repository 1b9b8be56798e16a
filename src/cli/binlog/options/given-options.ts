import {
  type Dialect,
  FatalOptionError,
  type GivenOption,
  OptionError,
  type WarningSink,
} from '../../../options/index.ts';
import type { LocalTime } from '../../../text/index.ts';
import { localTime } from '../time-zone.ts';
import { readDatetime } from './datetime.ts';
import { type Expiry, parseExpiry } from './expiry.ts';
import {
  formatPositionGtid,
  type PositionGtid,
  readBytePosition,
  readIds,
  readPositionGtids,
} from './mariadb-lists.ts';
import { type RewriteRule, readRewriteRule } from './rewrite-rules.ts';

/** What options mean beyond their value, gathered while they are parsed, because their order and number matter. */
export class GivenOptions {
  verbose = 0;
  readonly rewrites: RewriteRule[] = [];
  startTimestamp: number | undefined;
  stopTimestamp: number | undefined;
  /** Bytes: the last number given. GTIDs given later stand beside it. */
  startPosition: bigint | undefined;
  stopPosition: bigint | undefined;
  startGtids: readonly PositionGtid[] | undefined;
  stopGtids: readonly PositionGtid[] | undefined;
  hasGtidPositions = false;
  /** Which command reads from a server; undefined: files. */
  dump: 'COM_BINLOG_DUMP' | 'COM_BINLOG_DUMP_GTID' | undefined;
  /** -R was given, in whatever form: the real programs look at nothing else. */
  remoteAlias = false;
  /** Likewise. */
  flashback = false;
  shortForm = false;
  toLastLog = false;
  askPassword = false;
  /** Attempts in a row; undefined: the first broken link ends the copy. */
  reconnect: number | undefined;
  expiry: Expiry | undefined;
  /** MariaDB: a port on the command line asks for TCP, a socket takes that back. */
  wantsTcp = false;
  /** Whether TLS is wanted, by the last option that says so; undefined: none did. */
  ssl: boolean | undefined;
  readonly ids: Map<IdRule, ReadonlySet<number>> = new Map();
  action: 'run' | 'help' | 'version' = 'run';
  readonly #dialect: Dialect;
  readonly #warn: WarningSink;
  readonly #env: Readonly<Record<string, string | undefined>>;

  /** `env` says what local time is. */
  constructor(dialect: Dialect, warn: WarningSink, env: Readonly<Record<string, string | undefined>> = {}) {
    this.#dialect = dialect;
    this.#warn = warn;
    this.#env = env;
  }

  /** Takes note of one option. */
  accept(given: GivenOption): 'stop' | undefined {
    const handle = handlers[given.option.name];
    if (handle === undefined) return undefined;
    handle(this, given);
    return this.action !== 'run' && this.#dialect === 'mysql' ? 'stop' : undefined;
  }

  get dialect(): Dialect {
    return this.#dialect;
  }

  get zone(): LocalTime {
    return localTime(this.#env);
  }

  /** MySQL's "will be removed" warnings; their text ends with a newline of its own. */
  deprecated(option: string, instead?: string): void {
    if (this.#dialect !== 'mysql') return;
    const advice = instead === undefined ? '' : `. Use ${instead} instead.`;
    this.#warn(`WARNING: ${option} is deprecated and will be removed in a future version${advice}`);
    this.#warn('');
  }
}

/** With the pauses in between, about half an hour. */
const DEFAULT_ATTEMPTS = 60;

type IdRule = 'do-server' | 'ignore-server' | 'do-domain' | 'ignore-domain';
type Handler = (options: GivenOptions, given: GivenOption) => void;

const refuse = (...lines: readonly string[]): never => {
  throw new OptionError(lines, 1);
};

function datetime(field: 'startTimestamp' | 'stopTimestamp'): Handler {
  return (options, { value }) => {
    const text = typeof value === 'string' ? value : '';
    const seconds = readDatetime(text, options.dialect, options.zone);
    if (seconds === undefined)
      throw new FatalOptionError([`ERROR: Incorrect date and time argument: ${text}`], 1);
    options[field] = seconds;
  };
}

function position(which: 'start' | 'stop', title: string): Handler {
  return (options, { value, option }) => {
    options[`${which}Gtids`] = undefined;
    // MySQL's numbers have been held against their limit.
    const byte = typeof value === 'string' ? readBytePosition(value) : value;
    if (typeof byte === 'bigint') options[`${which}Position`] = byte;
    if (typeof value !== 'string' || byte !== undefined) return;
    const gtids = readPositionGtids(value);
    if (gtids === undefined)
      return refuse(
        `ERROR: --${option.name} argument value is invalid. Should be either a positive integer or GTID.`,
      );
    const seen = new Map<number, PositionGtid>();
    for (const gtid of gtids) {
      const earlier = seen.get(gtid.domainId);
      if (earlier !== undefined)
        refuse(
          `ERROR: ${title} position cannot have repeated domain ids (found ${formatPositionGtid(gtid)} ` +
            `when ${formatPositionGtid(earlier)} was previously specified)`,
        );
      seen.set(gtid.domainId, gtid);
    }
    options[`${which}Gtids`] = gtids;
    options.hasGtidPositions = true;
  };
}

function ids(rule: 'do' | 'ignore', kind: 'server' | 'domain'): Handler {
  return (options, { value, option }) => {
    const opposite = rule === 'do' ? 'ignore' : 'do';
    // MySQL's number has been held against its limit.
    const list = typeof value === 'bigint' ? [Number(value)] : readIds(String(value ?? ''));
    if (list === undefined)
      return refuse(`ERROR: Input for --${option.name} is invalid. Should be a list of positive integers`);
    if (options.ids.has(`${opposite}-${kind}`))
      return refuse(
        `ERROR: Cannot create ${rule} filtering rule for ${kind} id because ${opposite} rule already exists`,
      );
    // mysqlbinlog's --server-id=0 means every server.
    if (typeof value === 'bigint' && value === 0n) options.ids.delete(`${rule}-${kind}`);
    else options.ids.set(`${rule}-${kind}`, new Set(list));
  };
}

const chooseDump: Handler = (options, { value }) => {
  options.dump = value === 'BINLOG-DUMP-GTIDS' ? 'COM_BINLOG_DUMP_GTID' : 'COM_BINLOG_DUMP';
};

/** In MariaDB every option about TLS switches it on; a --skip-ssl behind it switches it off again. */
const enableSsl: Handler = (options) => {
  if (options.dialect === 'mariadb') options.ssl = true;
};

const handlers: Readonly<Record<string, Handler | undefined>> = {
  help: (options) => {
    if (options.action === 'run') options.action = 'help';
  },
  version: (options) => {
    if (options.action === 'run') options.action = 'version';
  },
  verbose: (options) => {
    options.verbose++;
  },
  'rewrite-db': (options, { argument = '1' }) => {
    const rule = readRewriteRule(argument, options.dialect);
    if ('errors' in rule) refuse(...rule.errors);
    else options.rewrites.push(rule);
  },
  'start-datetime': datetime('startTimestamp'),
  'stop-datetime': datetime('stopTimestamp'),
  'start-position': position('start', 'Start'),
  'stop-position': position('stop', 'Stop'),
  'server-id': ids('do', 'server'),
  'do-server-ids': ids('do', 'server'),
  'ignore-server-ids': ids('ignore', 'server'),
  'do-domain-ids': ids('do', 'domain'),
  'ignore-domain-ids': ids('ignore', 'domain'),
  'read-from-remote-server': (options) => {
    options.remoteAlias = true;
    options.dump = 'COM_BINLOG_DUMP';
  },
  'read-from-remote-master': (options, given) => {
    options.deprecated('--read-from-remote-master', '--read-from-remote-source');
    chooseDump(options, given);
  },
  'read-from-remote-source': chooseDump,
  'stop-never': (options, { value }) => {
    // mysqlbinlog sets it for --skip-stop-never too; that is of no use to anybody.
    if (value === true) options.toLastLog = true;
  },
  'stop-never-slave-server-id': (options) =>
    options.deprecated('--stop-never-slave-server-id', '--connection-server-id'),
  compress: (options) => options.deprecated('--compress', '--compression-algorithms'),
  'short-form': (options, { value }) => {
    options.deprecated('--short-form');
    options.shortForm = options.dialect === 'mysql' || value === true;
  },
  flashback: (options) => {
    options.flashback = true;
  },
  password: (options, { value }) => {
    options.askPassword = value === null;
  },
  port: (options, { fromFile }) => {
    if (options.dialect === 'mariadb' && !fromFile) options.wantsTcp = true;
  },
  socket: (options, { fromFile }) => {
    if (!fromFile) options.wantsTcp = false;
  },
  reconnect: (options, { value }) => {
    const text = typeof value === 'string' && value !== '' ? value : String(DEFAULT_ATTEMPTS);
    if (!/^\d{1,9}$/.test(text))
      return refuse(`ERROR: --reconnect takes a number of attempts, not '${text}'`);
    options.reconnect = Number(text);
  },
  'expire-logs': (options, { value }) => {
    options.expiry = parseExpiry(String(value));
    if (options.expiry === undefined)
      return refuse(
        `ERROR: --expire-logs takes an age (12h, 7d, 2w) or a size (500M, 20G, 1T), not '${String(value)}'`,
      );
  },
  ssl: (options, { value }) => {
    options.ssl = value === true;
  },
  'ssl-ca': enableSsl,
  'ssl-capath': enableSsl,
  'ssl-cert': enableSsl,
  'ssl-key': enableSsl,
  'ssl-cipher': enableSsl,
  'ssl-crl': enableSsl,
  'ssl-crlpath': enableSsl,
  'tls-version': enableSsl,
};
