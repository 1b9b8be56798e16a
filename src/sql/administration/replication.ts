import { type PasswordValue, readPassword, readSourceOptions, type SourceOptions } from './source-options.ts';
import type { StatementCursor } from './statement-cursor.ts';

/** One rule of CHANGE REPLICATION FILTER. */
export type FilterRule =
  | {
      readonly rule: 'doDb' | 'ignoreDb' | 'doTable' | 'ignoreTable' | 'wildDoTable' | 'wildIgnoreTable';
      /** Schemas, `schema.table`, or patterns. */
      readonly names: readonly string[];
    }
  | { readonly rule: 'rewriteDb'; readonly pairs: readonly (readonly [from: string, to: string])[] };

/** UNTIL as written. */
export type UntilClause =
  | { readonly kind: 'beforeGtids' | 'afterGtids' | 'mariadbGtids'; readonly gtids: string }
  | {
      readonly kind: 'sourcePosition' | 'relayPosition';
      readonly file: string | undefined;
      readonly position: number | undefined;
    }
  | { readonly kind: 'afterMtsGaps' };

/** Which channel a statement names. Undefined: none, which means every channel or the default one. */
type Channel = { readonly channel: string | undefined };

export type ReplicationStatement =
  | ({ readonly kind: 'changeSource'; readonly options: SourceOptions } & Channel)
  | ({ readonly kind: 'changeFilter'; readonly rules: readonly FilterRule[] } & Channel)
  | ({ readonly kind: 'changeTarget'; readonly options: TargetOptions } & Channel)
  | ({
      readonly kind: 'startReplica';
      readonly threads: ThreadWords;
      readonly until: UntilClause | undefined;
      readonly user: string | undefined;
      readonly password: string | undefined;
      /** START ALL SLAVES: every channel, and none is no error. */
      readonly all: boolean;
    } & Channel)
  | ({ readonly kind: 'stopReplica'; readonly threads: ThreadWords; readonly all: boolean } & Channel)
  | ({ readonly kind: 'resetReplica'; readonly all: boolean } & Channel);

/** Threads as named; neither: both are meant. */
export interface ThreadWords {
  readonly receiver: boolean;
  readonly applier: boolean;
}

/** CHANGE REPLICATION TARGET TO: where the rows of a channel are applied. Absent: not mentioned. */
export interface TargetOptions {
  readonly targetUrl?: string;
  readonly targetUser?: string;
  readonly targetPassword?: PasswordValue;
  readonly targetSslCa?: string;
  readonly targetSslCapath?: string;
  readonly targetSslCert?: string;
  readonly targetSslKey?: string;
  readonly targetSslCipher?: string;
  readonly targetSslMode?: string;
  readonly targetSslVerifyServerCert?: boolean;
  readonly targetTlsVersion?: string;
  /** `stop`, `skip` or `overwrite`. */
  readonly targetOnConflict?: string;
}

const filters: Readonly<Record<string, FilterRule['rule']>> = {
  REPLICATE_DO_DB: 'doDb',
  REPLICATE_IGNORE_DB: 'ignoreDb',
  REPLICATE_DO_TABLE: 'doTable',
  REPLICATE_IGNORE_TABLE: 'ignoreTable',
  REPLICATE_WILD_DO_TABLE: 'wildDoTable',
  REPLICATE_WILD_IGNORE_TABLE: 'wildIgnoreTable',
  REPLICATE_REWRITE_DB: 'rewriteDb',
};

const targetTexts: Readonly<Record<string, keyof TargetOptions>> = {
  TARGET_URL: 'targetUrl',
  TARGET_USER: 'targetUser',
  TARGET_SSL_CA: 'targetSslCa',
  TARGET_SSL_CAPATH: 'targetSslCapath',
  TARGET_SSL_CERT: 'targetSslCert',
  TARGET_SSL_KEY: 'targetSslKey',
  TARGET_SSL_CIPHER: 'targetSslCipher',
  TARGET_SSL_MODE: 'targetSslMode',
  TARGET_TLS_VERSION: 'targetTlsVersion',
  TARGET_ON_CONFLICT: 'targetOnConflict',
};

/** Behind CHANGE. */
export function readChange(cursor: StatementCursor): ReplicationStatement {
  if (cursor.accept('MASTER')) return changeSource(cursor, cursor.atString ? cursor.string() : undefined);
  cursor.expect('REPLICATION');
  switch (cursor.expectOne('SOURCE', 'FILTER', 'TARGET')) {
    case 'SOURCE':
      return changeSource(cursor, undefined);
    case 'FILTER': {
      const rules = cursor.list(() => filterRule(cursor));
      return { kind: 'changeFilter', rules, channel: cursor.channel() };
    }
    case 'TARGET': {
      cursor.expect('TO');
      const options = targetOptions(cursor);
      return { kind: 'changeTarget', options, channel: cursor.channel() };
    }
  }
}

/** `name` is MariaDB's connection name; FOR CHANNEL says the same. */
function changeSource(cursor: StatementCursor, name: string | undefined): ReplicationStatement {
  cursor.expect('TO');
  const options = readSourceOptions(cursor);
  return { kind: 'changeSource', options, channel: cursor.channel(name) };
}

function filterRule(cursor: StatementCursor): FilterRule {
  const rule = Object.hasOwn(filters, cursor.word) ? filters[cursor.word] : undefined;
  if (rule === undefined) throw cursor.fail();
  cursor.advance();
  cursor.expectSymbol('=');
  cursor.expectSymbol('(');
  const read = <T>(item: () => T): T[] => (cursor.isSymbol(')') ? [] : cursor.list(item));
  let filter: FilterRule;
  if (rule === 'rewriteDb') {
    filter = { rule, pairs: read(() => pair(cursor)) };
  } else if (rule === 'doTable' || rule === 'ignoreTable') {
    filter = { rule, names: read(() => tableName(cursor)) };
  } else if (rule === 'wildDoTable' || rule === 'wildIgnoreTable') {
    filter = { rule, names: read(() => cursor.string()) };
  } else {
    filter = { rule, names: read(() => cursor.name()) };
  }
  cursor.expectSymbol(')');
  return filter;
}

function pair(cursor: StatementCursor): readonly [string, string] {
  cursor.expectSymbol('(');
  const from = cursor.name();
  cursor.expectSymbol(',');
  const to = cursor.name();
  cursor.expectSymbol(')');
  return [from, to];
}

function tableName(cursor: StatementCursor): string {
  const schema = cursor.name();
  cursor.expectSymbol('.');
  return `${schema}.${cursor.name()}`;
}

function targetOptions(cursor: StatementCursor): TargetOptions {
  const options: Record<string, string | boolean | PasswordValue> = {};
  cursor.list(() => {
    const { word } = cursor;
    if (cursor.accept('TARGET_PASSWORD')) {
      cursor.expectSymbol('=');
      options['targetPassword'] = readPassword(cursor);
      return;
    }
    const key = Object.hasOwn(targetTexts, word) ? targetTexts[word] : undefined;
    if (key === undefined && word !== 'TARGET_SSL_VERIFY_SERVER_CERT') throw cursor.fail();
    cursor.advance();
    cursor.expectSymbol('=');
    if (key === undefined) options['targetSslVerifyServerCert'] = cursor.integer() !== 0;
    else options[key] = cursor.string();
  });
  return options;
}

/** Behind START, with SLAVE, REPLICA or ALL at hand. */
export function readStart(cursor: StatementCursor): ReplicationStatement {
  const all = allSlaves(cursor);
  const name = all ? undefined : threadOwner(cursor);
  const threads = threadWords(cursor);
  const until = cursor.accept('UNTIL') ? untilClause(cursor) : undefined;
  let user: string | undefined;
  let password: string | undefined;
  for (;;) {
    const word = cursor.acceptOne('USER', 'PASSWORD', 'DEFAULT_AUTH', 'PLUGIN_DIR');
    if (word === undefined) break;
    cursor.expectSymbol('=');
    const value = cursor.string();
    if (word === 'USER') user = value;
    if (word === 'PASSWORD') password = value;
  }
  return { kind: 'startReplica', threads, until, user, password, all, channel: cursor.channel(name) };
}

/** Behind STOP. */
export function readStop(cursor: StatementCursor): ReplicationStatement {
  const all = allSlaves(cursor);
  const name = all ? undefined : threadOwner(cursor);
  const threads = threadWords(cursor);
  return { kind: 'stopReplica', threads, all, channel: cursor.channel(name) };
}

/** Behind RESET, with SLAVE or REPLICA at hand. */
export function readResetReplica(cursor: StatementCursor): ReplicationStatement {
  const name = threadOwner(cursor);
  const all = cursor.accept('ALL');
  return { kind: 'resetReplica', all, channel: cursor.channel(name) };
}

function allSlaves(cursor: StatementCursor): boolean {
  if (!cursor.accept('ALL')) return false;
  cursor.expectOne('SLAVES', 'REPLICAS');
  return true;
}

/** SLAVE or REPLICA, and MariaDB's connection name. */
function threadOwner(cursor: StatementCursor): string | undefined {
  cursor.expectOne('SLAVE', 'REPLICA');
  return cursor.atString ? cursor.string() : undefined;
}

const THREADS = ['IO_THREAD', 'RELAY_THREAD', 'SQL_THREAD'] as const;

function threadWords(cursor: StatementCursor): ThreadWords {
  const threads = { receiver: false, applier: false };
  if (!cursor.is(...THREADS)) return threads;
  for (const word of cursor.list(() => cursor.expectOne(...THREADS))) {
    if (word === 'SQL_THREAD') threads.applier = true;
    else threads.receiver = true;
  }
  return threads;
}

function untilClause(cursor: StatementCursor): UntilClause {
  if (cursor.accept('SQL_AFTER_MTS_GAPS')) return { kind: 'afterMtsGaps' };
  const gtids = cursor.acceptOne('SQL_BEFORE_GTIDS', 'SQL_AFTER_GTIDS', 'MASTER_GTID_POS');
  if (gtids !== undefined) {
    cursor.expectSymbol('=');
    const kind =
      gtids === 'MASTER_GTID_POS'
        ? 'mariadbGtids'
        : gtids === 'SQL_AFTER_GTIDS'
          ? 'afterGtids'
          : 'beforeGtids';
    return { kind, gtids: cursor.string() };
  }
  let kind: 'sourcePosition' | 'relayPosition' | undefined;
  let file: string | undefined;
  let position: number | undefined;
  cursor.list(() => {
    const word = cursor.expectOne(
      'SOURCE_LOG_FILE',
      'MASTER_LOG_FILE',
      'SOURCE_LOG_POS',
      'MASTER_LOG_POS',
      'RELAY_LOG_FILE',
      'RELAY_LOG_POS',
    );
    const named = word.startsWith('RELAY') ? 'relayPosition' : 'sourcePosition';
    // A mixture is no position: both parts go missing, and the statement says 1277.
    if (kind !== undefined && kind !== named) file = position = undefined;
    kind = named;
    cursor.expectSymbol('=');
    if (word.endsWith('FILE')) file = cursor.string();
    else position = cursor.integer();
  });
  return { kind: kind!, file, position };
}
