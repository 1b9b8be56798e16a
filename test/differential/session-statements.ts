import { type Flavour, isMaria, isModern, isMysql97 } from './flavour.ts';
import { quoteText, randomDouble, randomInteger, randomText } from './literals.ts';
import type { Random } from './random.ts';
import { ROW_STATEMENTS } from './row-statements.ts';
import { randomAssignments, randomRows, randomWhere } from './schema.ts';
import { randomStatements, type Script, type StatementKind, someTable } from './script.ts';

const CHARSETS = [
  'utf8mb4',
  'latin1',
  'utf8',
  'cp1251',
  'gbk',
  'binary',
  'koi8r',
  'sjis',
  'big5',
  'cp932',
  'euckr',
  'latin2',
  'cp850',
];
const SQL_MODES = [
  '',
  'ANSI_QUOTES',
  'NO_BACKSLASH_ESCAPES',
  'STRICT_ALL_TABLES',
  'TRADITIONAL',
  'ALLOW_INVALID_DATES',
  'NO_ZERO_DATE',
  'IGNORE_SPACE',
  'NO_AUTO_VALUE_ON_ZERO',
  'PAD_CHAR_TO_FULL_LENGTH',
  'HIGH_NOT_PRECEDENCE',
  'PIPES_AS_CONCAT',
  'ORACLE',
  'MSSQL',
  'TIME_ROUND_FRACTIONAL',
  'EMPTY_STRING_IS_NULL',
  'SIMULTANEOUS_ASSIGNMENT',
];

const oneOf =
  (name: string, values: readonly (string | number)[]) =>
  (random: Random): string =>
    `SET SESSION ${name} = ${random.pick(values)}`;

interface Variable {
  readonly in?: StatementKind['in'];
  readonly set: (random: Random) => string;
}

/** What decides which events a log has: set at the start of most scripts, so that whole logs are made so. */
const LOGGING: readonly Variable[] = [
  { set: oneOf('binlog_format', ['STATEMENT', 'STATEMENT', 'MIXED']) },
  { set: oneOf('binlog_row_image', ['MINIMAL', 'NOBLOB']) },
  { in: (flavour) => !isMaria(flavour), set: () => 'SET SESSION binlog_rows_query_log_events = ON' },
  { in: isMysql97, set: () => "SET SESSION binlog_row_value_options = 'PARTIAL_JSON'" },
  { in: isMysql97, set: () => 'SET SESSION binlog_transaction_compression = ON' },
  { in: isMysql97, set: oneOf('binlog_transaction_compression_level_zstd', [1, 10, 22]) },
  { in: isMaria, set: oneOf('binlog_row_image', ['FULL_NODUP', 'MINIMAL']) },
  { in: isMaria, set: () => 'SET SESSION binlog_alter_two_phase = ON' },
  { set: () => "SET SESSION sql_mode = ''" },
];

/** The first statements of a script. */
export function loggingSettings(random: Random, flavour: Flavour): string[] {
  const known = LOGGING.filter((variable) => variable.in === undefined || variable.in(flavour));
  return known.filter(() => random.chance(0.3)).map((variable) => variable.set(random));
}

/** Session variables that change what is logged, or that statement events carry. */
const VARIABLES: readonly Variable[] = [
  { set: oneOf('binlog_format', ['ROW', 'ROW', 'STATEMENT', 'MIXED']) },
  { set: oneOf('binlog_row_image', ['FULL', 'FULL', 'MINIMAL', 'NOBLOB']) },
  { in: (flavour) => !isMaria(flavour), set: oneOf('binlog_rows_query_log_events', ['ON', 'OFF']) },
  { in: isMysql97, set: oneOf('binlog_row_value_options', ["'PARTIAL_JSON'", "'PARTIAL_JSON'", "''"]) },
  { in: isMysql97, set: oneOf('binlog_transaction_compression', ['ON', 'OFF']) },
  { in: isMysql97, set: oneOf('binlog_transaction_compression_level_zstd', [1, 3, 19]) },
  { in: isMysql97, set: oneOf('transaction_isolation', ["'READ-COMMITTED'", "'REPEATABLE-READ'"]) },
  { in: isMysql97, set: oneOf('pseudo_replica_mode', [0, 1]) },
  { in: isMysql97, set: oneOf('pseudo_thread_id', [12, 99]) },
  { in: isMysql97, set: oneOf('use_secondary_engine', ["'ON'", "'OFF'"]) },
  { in: isMysql97, set: oneOf('xa_detach_on_prepare', ['ON', 'OFF']) },
  { in: isMysql97, set: oneOf('default_storage_engine', ['InnoDB', 'MyISAM', 'MEMORY']) },
  { in: (flavour) => !isMaria(flavour), set: oneOf('binlog_direct_non_transactional_updates', [0, 1]) },
  {
    in: isMysql97,
    set: oneOf('default_collation_for_utf8mb4', ['utf8mb4_0900_ai_ci', 'utf8mb4_general_ci']),
  },
  { in: isMysql97, set: oneOf('sql_require_primary_key', ['ON', 'OFF', 'OFF']) },
  { in: isMysql97, set: oneOf('default_table_encryption', ['OFF', 'ON']) },
  { in: isMysql97, set: oneOf('sql_generate_invisible_primary_key', ['ON', 'OFF']) },
  { in: isModern, set: oneOf('explicit_defaults_for_timestamp', ['ON', 'OFF']) },
  { set: oneOf('time_zone', ["'+05:30'", "'-03:00'", "'SYSTEM'", "'+00:00'"]) },
  { set: oneOf('auto_increment_increment', [1, 1, 5, 65535]) },
  { set: oneOf('auto_increment_offset', [1, 3]) },
  { set: oneOf('foreign_key_checks', [0, 1]) },
  { set: oneOf('unique_checks', [0, 1]) },
  { set: oneOf('sql_auto_is_null', [0, 1]) },
  { set: oneOf('lc_time_names', ["'de_DE'", "'en_US'", "'ja_JP'"]) },
  { set: oneOf('character_set_client', CHARSETS) },
  { set: oneOf('collation_connection', ['latin1_german1_ci', 'utf8mb4_bin', 'utf8mb4_unicode_ci']) },
  { set: oneOf('collation_server', ['latin1_swedish_ci', 'utf8mb4_general_ci']) },
  { set: oneOf('insert_id', [1, 100, 1_000_000]) },
  { set: oneOf('last_insert_id', [1, 42]) },
  {
    set: (random) =>
      `SET TIMESTAMP = ${random.pick(['DEFAULT', 1, 1_400_000_000, 2_147_483_647, `1500000000.${random.int(100000, 999999)}`, random.int(1_000_000_000, 1_900_000_000)])}`,
  },
  { set: (random) => `SET NAMES ${random.pick(CHARSETS)}` },
  {
    set: (random) =>
      `SET SESSION sql_mode = '${random
        .times(0, 3, () => random.pick(SQL_MODES))
        .filter(Boolean)
        .join(',')}'`,
  },
  { in: isMaria, set: oneOf('binlog_annotate_row_events', ['ON', 'ON', 'OFF']) },
  { in: isMaria, set: oneOf('gtid_domain_id', [0, 1, 7, 4294967295]) },
  { in: isMaria, set: oneOf('server_id', [1, 2, 77]) },
  { in: isMaria, set: oneOf('binlog_alter_two_phase', ['ON', 'OFF']) },
  { in: isMaria, set: oneOf('check_constraint_checks', [0, 1]) },
  { in: isMaria, set: oneOf('sql_if_exists', [0, 1]) },
  { in: isMaria, set: oneOf('skip_parallel_replication', [0, 1]) },
  { in: isMaria, set: oneOf('skip_replication', [0, 1]) },
  { in: isMaria, set: oneOf('system_versioning_alter_history', ["'KEEP'", "'ERROR'"]) },
  { in: isMaria, set: oneOf('column_compression_threshold', [10, 100]) },
  { in: isMaria, set: oneOf('system_versioning_insert_history', [0, 1]) },
  { in: isMaria, set: oneOf('pseudo_thread_id', [12, 99]) },
];

const USER_VARIABLES: readonly ((random: Random) => string)[] = [
  (random) => quoteText(randomText(random, 30)),
  (random) => `_latin1 0x${random.hex(3)}`,
  (random) => `_binary 0x${random.hex(5)}`,
  (random) => randomInteger(random, 8),
  randomDouble,
  () => 'CAST(-12345.678 AS DECIMAL(20,5))',
  () => 'NULL',
  () => 'CAST(18446744073709551615 AS UNSIGNED)',
  () => "'x' COLLATE utf8mb4_bin",
  () => "CONVERT('ä' USING ucs2)",
];

function transaction(script: Script): string[] {
  const { random } = script;
  const part = (): string[] => randomStatements(script, ROW_STATEMENTS, random.int(1, 3));
  const savepoint = random.pick(['s1', '`a b`', '`ä`']);
  const end = random.pick([
    `ROLLBACK TO ${savepoint}`,
    `RELEASE SAVEPOINT ${savepoint}`,
    `ROLLBACK TO SAVEPOINT ${savepoint}`,
  ]);
  const middle = random.chance(0.4) ? [`SAVEPOINT ${savepoint}`, ...part(), end] : [];
  return [
    random.pick(['BEGIN', 'START TRANSACTION', 'SET autocommit = 0']),
    ...part(),
    ...middle,
    random.pick(['COMMIT', 'COMMIT', 'COMMIT', 'ROLLBACK']),
    'SET autocommit = 1',
  ];
}

function twoPhase(script: Script): string[] {
  const { random } = script;
  const id = random.pick([
    `'x${script.next()}'`,
    `X'${random.hex(8)}', 'branch', 3`,
    `'', 'b${script.next()}'`,
  ]);
  const end = random.pick([
    [`XA PREPARE ${id}`, `XA COMMIT ${id}`],
    [`XA PREPARE ${id}`, `XA ROLLBACK ${id}`],
    [`XA COMMIT ${id} ONE PHASE`],
    [`XA ROLLBACK ${id}`],
  ]);
  return [
    `XA START ${id}`,
    ...randomStatements(script, ROW_STATEMENTS, random.int(1, 3)),
    `XA END ${id}`,
    ...end,
  ];
}

/** Statements about the session, and groups of statements that belong together. */
export const SESSION_STATEMENTS: readonly StatementKind[] = [
  {
    name: 'variable',
    weight: 14,
    make: ({ random, flavour }) => {
      const known = VARIABLES.filter((variable) => variable.in === undefined || variable.in(flavour));
      return [random.pick(known).set(random)];
    },
  },
  {
    name: 'user variable',
    weight: 3,
    make: ({ random }) => [
      `SET @${random.pick(['a', 'b', '`odd name`', '`ä`'])} = ${random.pick(USER_VARIABLES)(random)}`,
    ],
  },
  { name: 'transaction', weight: 6, table: true, make: transaction },
  { name: 'two phases', weight: 2, table: true, make: twoPhase },
  {
    name: 'comment',
    weight: 1,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [
        `/* first\nline */ UPDATE ${table.name} /* 'in' */ SET ${randomAssignments(s.random, table)}${randomWhere(s.random, table)} -- end`,
      ];
    },
  },
  {
    name: 'tagged GTID',
    weight: 1,
    in: isMysql97,
    table: true,
    make: (s) => {
      const table = someTable(s);
      const uuid = `${s.random.hex(4)}-${s.random.hex(2)}-${s.random.hex(2)}-${s.random.hex(2)}-${s.random.hex(6)}`;
      const gtid = s.random.pick([
        'AUTOMATIC:tag',
        'AUTOMATIC:a_2',
        `${uuid}:${s.random.int(1, 1e9)}`,
        `${uuid}:tagged:${s.random.int(1, 99)}`,
      ]);
      return [
        `SET GTID_NEXT = '${gtid}'`,
        `INSERT IGNORE INTO ${table.name} ${randomRows(s.random, table)}`,
        'COMMIT',
        "SET GTID_NEXT = 'AUTOMATIC'",
      ];
    },
  },
  {
    name: 'sequence number',
    weight: 1,
    in: isMaria,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [
        `SET gtid_seq_no = ${s.random.int(1_000_000, 9_000_000)}`,
        `INSERT IGNORE INTO ${table.name} ${randomRows(s.random, table)}`,
      ];
    },
  },
  {
    name: 'set statement',
    weight: 1,
    in: isMaria,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [
        `SET STATEMENT sort_buffer_size = 100000, time_zone = '+01:00' FOR INSERT IGNORE INTO ${table.name} ${randomRows(s.random, table)}`,
      ];
    },
  },
  { name: 'rotation', weight: 0.3, make: () => ['FLUSH BINARY LOGS'] },
];
