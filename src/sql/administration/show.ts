import type { Limit, PlainShow, ShowFilter, ShowStatement } from './show-statement.ts';
import type { StatementCursor } from './statement-cursor.ts';

const NO_FILTER: ShowFilter = { like: undefined, where: undefined };

function readFilter(cursor: StatementCursor): ShowFilter {
  if (cursor.accept('LIKE')) return { like: cursor.string(), where: undefined };
  if (cursor.accept('WHERE')) return { like: undefined, where: cursor.rest() };
  return NO_FILTER;
}

function readLimit(cursor: StatementCursor): Limit | undefined {
  if (!cursor.accept('LIMIT')) return undefined;
  const first = cursor.integer();
  if (cursor.acceptSymbol(',')) return { offset: first, count: cursor.integer() };
  if (cursor.accept('OFFSET')) return { offset: cursor.integer(), count: first };
  return { offset: 0, count: first };
}

function readLogEvents(cursor: StatementCursor) {
  cursor.expect('EVENTS');
  const file = cursor.accept('IN') ? cursor.string() : undefined;
  const position = cursor.accept('FROM') ? cursor.integer() : undefined;
  return { file, position, limit: readLimit(cursor) };
}

const fromSchema = (cursor: StatementCursor): string | undefined =>
  cursor.acceptOne('FROM', 'IN') === undefined ? undefined : cursor.name();

const plain =
  (what: PlainShow) =>
  (cursor: StatementCursor): ShowStatement => ({ kind: 'showPlain', what, filter: readFilter(cursor) });

const variables =
  (kind: 'showVariables' | 'showStatus', scope: 'global' | 'session') =>
  (cursor: StatementCursor): ShowStatement => ({ kind, scope, filter: readFilter(cursor) });

function scoped(scope: 'global' | 'session') {
  return (cursor: StatementCursor): ShowStatement => {
    const kind = cursor.expectOne('VARIABLES', 'STATUS') === 'STATUS' ? 'showStatus' : 'showVariables';
    return variables(kind, scope)(cursor);
  };
}

function tables(kind: 'showTables' | 'showTableStatus', full = false) {
  return (cursor: StatementCursor): ShowStatement => {
    const schema = fromSchema(cursor);
    return { kind, schema, full, filter: readFilter(cursor) };
  };
}

function ofTable(kind: 'showColumns' | 'showIndex', full = false) {
  return (cursor: StatementCursor): ShowStatement => {
    cursor.expectOne('FROM', 'IN');
    const { schema, name: table } = cursor.path();
    return { kind, schema: fromSchema(cursor) ?? schema, table, full, filter: readFilter(cursor) };
  };
}

function programs(what: 'triggers' | 'events') {
  return (cursor: StatementCursor): ShowStatement => {
    const schema = fromSchema(cursor);
    readFilter(cursor);
    return { kind: 'showEmpty', what, schema };
  };
}

function routines(what: 'procedureStatus' | 'functionStatus') {
  return (cursor: StatementCursor): ShowStatement => {
    cursor.expect('STATUS');
    readFilter(cursor);
    return { kind: 'showEmpty', what, schema: undefined };
  };
}

function warnings(onlyErrors: boolean) {
  return (cursor: StatementCursor): ShowStatement => ({
    kind: 'showWarnings',
    onlyErrors,
    count: false,
    limit: readLimit(cursor),
  });
}

function replicaStatus(words: 'replica' | 'slave') {
  return (cursor: StatementCursor): ShowStatement => {
    if (cursor.accept('HOSTS')) return { kind: 'showReplicas', words: 'slaveHosts' };
    const name = cursor.atString ? cursor.string() : undefined;
    cursor.expect('STATUS');
    return { kind: 'showReplicaStatus', words, channel: cursor.channel(name) };
  };
}

/** `SHOW MASTER STATUS | LOGS`, `SHOW BINARY LOGS | LOG STATUS`, `SHOW BINLOG EVENTS | STATUS`. */
function masterForms(cursor: StatementCursor): ShowStatement {
  const logs = cursor.expectOne('STATUS', 'LOGS') === 'LOGS';
  return { kind: logs ? 'showBinaryLogs' : 'showBinaryLogStatus' };
}

function binaryForms(cursor: StatementCursor): ShowStatement {
  if (cursor.accept('LOGS')) return { kind: 'showBinaryLogs' };
  cursor.expect('LOG', 'STATUS');
  return { kind: 'showBinaryLogStatus' };
}

const PROGRAMS = ['FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT'] as const;

function create(cursor: StatementCursor): ShowStatement {
  const program = cursor.acceptOne(...PROGRAMS);
  if (program !== undefined) return { kind: 'showCreateProgram', what: program, ...cursor.path() };
  const what = cursor.expectOne('USER', 'DATABASE', 'SCHEMA', 'TABLE', 'VIEW');
  switch (what) {
    case 'USER':
      return {
        kind: 'showCreateUser',
        account: cursor.atStatementEnd ? { user: '', host: '', current: true } : cursor.account(),
      };
    case 'DATABASE':
    case 'SCHEMA': {
      const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS');
      return { kind: 'showCreateSchema', ifNotExists, schema: cursor.name() };
    }
    default: {
      const { schema, name } = cursor.path();
      return { kind: 'showCreateTable', schema, table: name, view: what === 'VIEW' };
    }
  }
}

/** What follows SHOW, by its first word. */
const forms: Readonly<Record<string, (cursor: StatementCursor) => ShowStatement>> = {
  REPLICA: replicaStatus('replica'),
  SLAVE: replicaStatus('slave'),
  ALL(cursor) {
    cursor.expectOne('SLAVES', 'REPLICAS');
    cursor.expect('STATUS');
    return { kind: 'showAllSlavesStatus' };
  },
  REPLICAS: () => ({ kind: 'showReplicas', words: 'replicas' }),
  MASTER: masterForms,
  BINARY: binaryForms,
  BINLOG(cursor) {
    if (cursor.accept('STATUS')) return { kind: 'showBinaryLogStatus' };
    return { kind: 'showBinlogEvents', ...readLogEvents(cursor) };
  },
  RELAYLOG(cursor) {
    const name = cursor.atString ? cursor.string() : undefined;
    return { kind: 'showRelaylogEvents', ...readLogEvents(cursor), channel: cursor.channel(name) };
  },
  PROCESSLIST: () => ({ kind: 'showProcesslist', full: false }),
  FULL(cursor) {
    switch (cursor.expectOne('PROCESSLIST', 'TABLES', 'COLUMNS', 'FIELDS', 'TRIGGERS')) {
      case 'PROCESSLIST':
        return { kind: 'showProcesslist', full: true };
      case 'TABLES':
        return tables('showTables', true)(cursor);
      case 'TRIGGERS':
        return programs('triggers')(cursor);
      default:
        return ofTable('showColumns', true)(cursor);
    }
  },
  VARIABLES: variables('showVariables', 'session'),
  STATUS: variables('showStatus', 'session'),
  GLOBAL: scoped('global'),
  SESSION: scoped('session'),
  LOCAL: scoped('session'),
  GRANTS(cursor) {
    return { kind: 'showGrants', account: cursor.accept('FOR') ? cursor.account() : undefined };
  },
  CREATE: create,
  WARNINGS: warnings(false),
  ERRORS: warnings(true),
  COUNT(cursor) {
    cursor.expectSymbol('(');
    cursor.expectSymbol('*');
    cursor.expectSymbol(')');
    const onlyErrors = cursor.expectOne('WARNINGS', 'ERRORS') === 'ERRORS';
    return { kind: 'showWarnings', onlyErrors, count: true, limit: undefined };
  },
  DATABASES: plain('databases'),
  SCHEMAS: plain('databases'),
  TABLES: tables('showTables'),
  TABLE(cursor) {
    cursor.expect('STATUS');
    return tables('showTableStatus')(cursor);
  },
  OPEN(cursor) {
    cursor.expect('TABLES');
    fromSchema(cursor);
    return plain('openTables')(cursor);
  },
  EXTENDED(cursor) {
    const full = cursor.accept('FULL');
    const word = cursor.expectOne('COLUMNS', 'FIELDS', 'TABLES');
    return word === 'TABLES' ? tables('showTables', full)(cursor) : ofTable('showColumns', full)(cursor);
  },
  COLUMNS: ofTable('showColumns'),
  FIELDS: ofTable('showColumns'),
  INDEX: ofTable('showIndex'),
  INDEXES: ofTable('showIndex'),
  KEYS: ofTable('showIndex'),
  ENGINE(cursor) {
    const engine = cursor.nameOrString();
    return { kind: 'showEngine', engine, what: cursor.expectOne('STATUS', 'MUTEX', 'LOGS') };
  },
  ENGINES: plain('engines'),
  STORAGE(cursor) {
    cursor.expect('ENGINES');
    return plain('engines')(cursor);
  },
  PLUGINS: plain('plugins'),
  COLLATION: plain('collation'),
  CHARACTER(cursor) {
    cursor.expect('SET');
    return plain('characterSet')(cursor);
  },
  CHARSET: plain('characterSet'),
  PRIVILEGES: plain('privileges'),
  PROFILES: plain('profiles'),
  TRIGGERS: programs('triggers'),
  EVENTS: programs('events'),
  PROCEDURE: routines('procedureStatus'),
  FUNCTION: routines('functionStatus'),
  PACKAGE(cursor) {
    cursor.accept('BODY');
    return routines('procedureStatus')(cursor);
  },
};

/** Behind SHOW. Undefined: the servers know more forms than a relay has answers for. */
export function readShow(cursor: StatementCursor): ShowStatement | undefined {
  const form = Object.hasOwn(forms, cursor.word) ? forms[cursor.word] : undefined;
  if (form === undefined) return undefined;
  cursor.advance();
  return form(cursor);
}
