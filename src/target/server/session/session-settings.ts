import { Flags2, type Flavor, type Query, type StatusVariables } from '../../../binlog/index.ts';
import { charsetOfCollation, defaultCollationsText } from '../../../charset/index.ts';
import type { Connection } from '../../../connection/index.ts';
import { quoteName } from '../../../sql/index.ts';
import { roundsFractions } from '../../fraction-rounding.ts';
import { hexLiteral } from '../hex-literal.ts';
import { keptCollations } from './kept-collations.ts';
import { SettingsBefore } from './settings-before.ts';

/** Header flag of statements that need no default schema (LOG_EVENT_SUPPRESS_USE_F). */
const SUPPRESS_USE = 0x8;

/** Bits that sessions may be told of: MySQL's applier masks what it does not know, and so do sessions that replay. */
const flag = (flags: number, bit: number): number => ((flags & bit) === 0 ? 1 : 0);

type Settings = Readonly<Record<string, string>>;

interface Told {
  readonly flags2?: StatusVariables['flags2'] | undefined;
  readonly sqlMode?: StatusVariables['sqlMode'] | undefined;
  readonly timeZone?: StatusVariables['timeZone'] | undefined;
}

/** What the last transaction was told: the next one mostly is told the same. */
let last: { readonly status: Told; readonly flavor: Flavor; readonly settings: Settings } | undefined;

function isLast({ flags2, sqlMode, timeZone }: Told, flavor: Flavor): boolean {
  if (last?.flavor !== flavor || last.status.flags2 !== flags2 || last.status.sqlMode !== sqlMode)
    return false;
  const known = last.status.timeZone;
  return timeZone === undefined || known === undefined ? timeZone === known : timeZone.equals(known);
}

/** Settings that decide what rows become: of generated columns, and of checks. The same object while they are the same. */
export function rowSettings({ status }: Query, flavor: Flavor): Settings {
  if (last !== undefined && isLast(status, flavor)) return last.settings;
  const { flags2, sqlMode, timeZone } = status;
  const settings = {
    ...(sqlMode === undefined ? {} : { sql_mode: String(sqlMode) }),
    ...(timeZone === undefined ? {} : { time_zone: `'${timeZone.toString('latin1').replaceAll("'", '')}'` }),
    ...(flags2 === undefined
      ? {}
      : {
          foreign_key_checks: String(flag(flags2, Flags2.NO_FOREIGN_KEY_CHECKS)),
          unique_checks: String(flag(flags2, Flags2.RELAXED_UNIQUE_CHECKS)),
          ...(flavor === 'mariadb'
            ? { check_constraint_checks: String(flag(flags2, Flags2.NO_CHECK_CONSTRAINT_CHECKS)) }
            : {}),
        }),
  };
  const copy = { flags2, sqlMode, timeZone: timeZone === undefined ? undefined : Buffer.from(timeZone) };
  last = { status: copy, flavor, settings };
  return settings;
}

/** Everything that a statement ran under. `timestamp`: of its event, seconds since 1970; `isExplicit`: `explicit_defaults_for_timestamp`. */
export function statementSettings(
  query: Query,
  timestamp: number,
  flavor: Flavor,
  isExplicit: boolean,
): Settings {
  const { status } = query;
  const { flags2 = 0, charset, autoIncrement, lcTimeNames, charsetDatabase } = status;
  return {
    ...rowSettings(query, flavor),
    timestamp: momentOf(query, timestamp),
    sql_auto_is_null: String(1 - flag(flags2, Flags2.AUTO_IS_NULL)),
    auto_increment_increment: String(autoIncrement?.increment ?? 1),
    auto_increment_offset: String(autoIncrement?.offset ?? 1),
    ...(charset === undefined
      ? {}
      : {
          character_set_client: String(charset.client),
          collation_connection: String(charset.connection),
          collation_server: String(charset.server),
        }),
    lc_time_names: String(lcTimeNames ?? 0),
    collation_database: charsetDatabase === undefined ? 'DEFAULT' : String(charsetDatabase),
    explicit_defaults_for_timestamp: isExplicit ? '1' : '0',
    ...(flavor === 'mysql' ? mysqlSettings(query) : mariadbSettings(query)),
  };
}

/** When a statement ran, seconds since 1970; microseconds are logged where it asked for them. */
function momentOf({ status: { microseconds } }: Query, seconds: number): string {
  return microseconds === undefined ? String(seconds) : `${seconds}.${String(microseconds).padStart(6, '0')}`;
}

function mysqlSettings({ status }: Query): Settings {
  const { defaultCollationForUtf8mb4, sqlRequirePrimaryKey, defaultTableEncryption } = status;
  return {
    ...(defaultCollationForUtf8mb4 === undefined
      ? {}
      : { default_collation_for_utf8mb4: String(defaultCollationForUtf8mb4) }),
    sql_require_primary_key: String(sqlRequirePrimaryKey ?? 0),
    ...(defaultTableEncryption === undefined
      ? {}
      : { default_table_encryption: String(defaultTableEncryption) }),
  };
}

function mariadbSettings({ status }: Query): Settings {
  const { flags2 = 0, characterSetCollations = [] } = status;
  return {
    // Servers before 11.2 do not say: there every character set has the collation that it always had.
    sql_if_exists: String(1 - flag(flags2, Flags2.IF_EXISTS)),
    // What the source has carried out it had allowed.
    system_versioning_alter_history: "'KEEP'",
    character_set_collations: hexLiteral(defaultCollationsText(characterSetCollations)),
  };
}

/** Modes that decide how a text is read, and what both families call alike. */
const READING_MODES: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'REAL_AS_FLOAT'],
  [0x2, 'PIPES_AS_CONCAT'],
  [0x4, 'ANSI_QUOTES'],
  [0x8, 'IGNORE_SPACE'],
  [0x10_0000, 'NO_BACKSLASH_ESCAPES'],
  [0x2000_0000, 'HIGH_NOT_PRECEDENCE'],
  // Of what a generated column that is added comes to.
  [0x40, 'NO_UNSIGNED_SUBTRACTION'],
  // Of the values that a CHAR has when it becomes another type.
  [0x8000_0000, 'PAD_CHAR_TO_FULL_LENGTH'],
];

/** What makes a server of either family round or cut off as the source did, to be added to other modes; MySQL has it since 8.0.1, MariaDB since 10.4. */
export function fractionMode(sqlMode: bigint, from: Flavor): string {
  return roundsFractions(sqlMode, from)
    ? " /*M!100400 , ',TIME_ROUND_FRACTIONAL' */"
    : " /*!80001 , ',TIME_TRUNCATE_FRACTIONAL' */";
}

/** What of {@link statementSettings} means the same to the other family; the statement is UTF-8 then. */
export function translatedSettings(
  query: Query,
  timestamp: number,
  from: Flavor,
  isExplicit: boolean,
): Settings {
  const { sqlMode = 0n, charset } = query.status;
  const bits = Number(sqlMode & 0xffff_ffffn);
  const modes = READING_MODES.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  const server = charset === undefined ? undefined : charsetOfCollation(charset.server, from)?.name;
  const { sql_mode: _mode, check_constraint_checks: _checks, ...rest } = rowSettings(query, from);
  return {
    ...rest,
    sql_mode: `CONCAT('${['ALLOW_INVALID_DATES', ...modes].join(',')}'${fractionMode(sqlMode, from)})`,
    timestamp: momentOf(query, timestamp),
    character_set_client: 'utf8mb4',
    collation_connection: 'utf8mb4_general_ci',
    ...(from === 'mysql'
      ? keptCollations(charset?.server, query.status.defaultCollationForUtf8mb4)
      : server === undefined
        ? {}
        : { character_set_server: server }),
    explicit_defaults_for_timestamp: isExplicit ? '1' : '0',
    // MariaDB has nothing that refuses tables without one.
    sql_require_primary_key: '0',
  };
}

/** The default schema of a statement; undefined where it needs none. */
export function defaultSchema(query: Query, eventFlags: number): string | undefined {
  return (eventFlags & SUPPRESS_USE) !== 0 || query.schema.length === 0 ? undefined : query.schema.toString();
}

const GENERATES_KEYS = 'sql_generate_invisible_primary_key';

/** Settings that a session may change with a privilege only. */
const PRIVILEGED: readonly string[] = [
  'auto_increment_increment',
  'auto_increment_offset',
  'check_constraint_checks',
  'default_table_encryption',
  'explicit_defaults_for_timestamp',
  'foreign_key_checks',
  'sql_auto_is_null',
  GENERATES_KEYS,
  'sql_require_primary_key',
  'unique_checks',
];

/** Settings that older servers of the same family have not, or none of the other one. */
const RECENT: readonly string[] = [
  'character_set_collations',
  'check_constraint_checks',
  'sql_if_exists',
  'sql_require_primary_key',
  'system_versioning_alter_history',
];

const WORDS: Readonly<Record<string, string>> = { ON: '1', OFF: '0' };

/** What a session has been told, so that it is told what changes and nothing else. */
export class SessionMemory {
  readonly #known = new Map<string, string>();
  readonly #touched = new Set<string>();
  readonly #initial = new Map<string, string>();
  /** Settings that the server has not. */
  #lacking: readonly string[] = [];
  #schema: string | undefined;
  #last: Settings | undefined;
  #before = new SettingsBefore();

  /** What it had been told when the transaction at hand began, of all that has changed since. */
  get before(): SettingsBefore {
    return this.#before;
  }

  /** A transaction of the target begins. */
  begin(): void {
    this.#before = new SettingsBefore();
  }

  /** Learns what a session begins with: some settings need a privilege even where they change nothing. */
  async load(connection: Connection): Promise<void> {
    const { rows } = await connection.query('SHOW SESSION VARIABLES');
    const values = new Map(rows.map(([name, value]) => [String(name), String(value)]));
    this.#lacking = RECENT.filter((name) => !values.has(name));
    for (const name of PRIVILEGED) {
      const value = values.get(name);
      if (value !== undefined) this.#initial.set(name, WORDS[value] ?? value);
    }
    // What MySQL has since 8.0.30, others do not do.
    if (!values.has(GENERATES_KEYS)) this.#initial.set(GENERATES_KEYS, '0');
    this.#initial.set('collation_database', 'DEFAULT');
    this.clear();
    this.begin();
  }

  /** The settings that differ, as a SET statement; undefined: none does. */
  change(settings: Settings): string | undefined {
    if (settings === this.#last) return undefined;
    this.#last = settings;
    const changed: string[] = [];
    for (const [name, value] of Object.entries(settings)) {
      if (this.#known.get(name) === value || this.#lacking.includes(name)) continue;
      this.#before.note(this.#known);
      this.#before.tell(name);
      this.#known.set(name, value);
      this.#touched.add(name);
      changed.push(`@@session.${name}=${value}`);
    }
    return changed.length === 0 ? undefined : `SET ${changed.join(', ')}`;
  }

  /** USE, where another schema is the default. */
  use(schema: string | undefined): string | undefined {
    if (schema === undefined || schema === this.#schema) return undefined;
    this.#schema = schema;
    return `USE ${quoteName(schema)}`;
  }

  /** The default schema may be gone. */
  forgetSchema(): void {
    this.#schema = undefined;
  }

  /** What was told last may not have been heard. */
  clear(): void {
    this.#before.note(this.#known);
    this.#known.clear();
    this.#last = undefined;
    for (const [name, value] of this.#initial) if (!this.#touched.has(name)) this.#known.set(name, value);
    this.#schema = undefined;
  }
}
