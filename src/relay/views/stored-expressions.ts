import type { Flavor } from '../../charset/index.ts';
import { ServerError } from '../../errors/index.ts';
import { type Expression, parseQuery, plainType, type Query } from '../../sql/index.ts';
import type { SqliteDatabase } from '../../store/index.ts';
import { CatalogError, type Expressions, type Table, type TranslatedExpression } from '../../target/index.ts';
import { registerFunctions } from './functions.ts';
import type { Domain } from './print/domain.ts';
import { printQuery } from './print/query-printer.ts';
import type { QueryContext } from './query-context.ts';
import { quoteName } from './sqlite-text.ts';
import { storedColumns } from './stored-query.ts';
import { textParts } from './text-parts.ts';

/** Called where only the source is sure. */
const UNSURE = 'mysql_unsure';

/** Databases that have the functions. */
const registered = new WeakSet<SqliteDatabase>();

/** What works out generated columns of the source's in the tables of a target: the same that answers queries over them. */
export const storedExpressions: Expressions = {
  translate(expression, table, flavor) {
    // Only the session that defined the column knows whether this is OR or joins texts, and what the others mean.
    if (/\|\||["\\]/.test(expression)) return undefined;
    try {
      return translated(`SELECT (${expression})`, table, flavor);
    } catch (error) {
      if (error instanceof ServerError) return undefined;
      throw error;
    }
  },

  register(database) {
    if (registered.has(database)) return;
    registered.add(database);
    registerFunctions(database, () => undefined);
    database.function(UNSURE, { deterministic: true }, () => {
      throw new CatalogError('a text that is kept as bytes');
    });
    for (const name of ['mysql_lower', 'mysql_upper'] as const) {
      database.function(
        name,
        { varargs: true, deterministic: true, useBigIntArguments: true },
        (...values) => {
          if (typeof values[0] === 'string' && UNSURE_CASE.test(values[0]))
            throw new CatalogError('the case of a letter depends on the server');
          return textParts[name]!(...values);
        },
      );
    }
  },
};

/**
 * Letters that collations of MySQL 9.7 and MariaDB 11.8 turn into different ones, by their age: those that have a case and are not the usual
 * Latin, Greek and Cyrillic ones.
 */
const UNSURE_CASE = /(?![\0-\u012f\u0131-\u017f\u0386-\u03ce\u0400-\u045f])\p{Changes_When_Casemapped}/u;

/** @throws ServerError it is not understood */
function translated(text: string, table: Table, flavor: Flavor): TranslatedExpression | undefined {
  const query = parseQuery(text, flavor, '');
  const expression = onlyValue(query);
  if (expression === undefined) return undefined;
  const parts = partsOf(expression);
  if (!isExact(parts, table, flavor)) return undefined;
  const context: QueryContext = {
    flavor,
    schema: undefined,
    variable: () => null,
    value: () => undefined,
    awaited: new Map(),
    // Of one row, indexes find nothing.
    columns: storedColumns([{ table: { ...table, indexes: [] }, path: '' }]),
  };
  const { sql, domains } = printQuery(query, context);
  const domain = domains?.[0];
  const type = domain === undefined ? undefined : typeOf(domain);
  // Texts with a NUL in them, or with bytes that are nothing in their character set, are kept as bytes.
  const bytes = columnsOf(parts, table)
    .filter((column) => column?.charset !== undefined)
    .map((column) => `typeof(${quoteName(column!.name)}) = 'blob'`);
  const sure =
    bytes.length === 0 ? sql : `SELECT CASE WHEN ${bytes.join(' OR ')} THEN ${UNSURE}() ELSE (${sql}) END`;
  return type === undefined ? undefined : { sql: sure, type };
}

/** The columns that parts of an expression name; undefined: the table has none of that name. */
function columnsOf(
  parts: readonly Expression[],
  { columns }: Table,
): (Table['columns'][number] | undefined)[] {
  const names = new Set(
    parts.flatMap((part) => (part.kind === 'column' ? [part.path.at(-1)!.toLowerCase()] : [])),
  );
  return [...names].map((name) => columns.find((column) => column.name.toLowerCase() === name));
}

/** What a query selects that selects one value, and from nowhere. */
function onlyValue({ first, rest }: Query): Expression | undefined {
  if (first.kind !== 'select' || first.from.length > 0 || rest.length > 0) return undefined;
  const [item, ...others] = first.items;
  return item?.kind === 'value' && others.length === 0 ? item.value : undefined;
}

/** An expression, and all that it is made of. */
function partsOf(value: unknown): Expression[] {
  if (typeof value !== 'object' || value === null) return [];
  const parts = Object.values(value).flatMap(partsOf);
  return 'kind' in value ? [value as Expression, ...parts] : parts;
}

/** Functions that give here what they give at the source, of all that a generated column may call. */
const EXACT_FUNCTIONS: ReadonlySet<string> = new Set(
  `abs ceil ceiling floor greatest least mod round sign truncate
   coalesce if ifnull nullif
   char_length character_length concat concat_ws lcase left lower lpad ltrim mid replace reverse right rpad rtrim substr substring trim
   ucase upper
   date datediff day dayofmonth dayofweek dayofyear hour last_day minute month quarter second time_to_sec to_days weekday year`.split(
    /\s+/,
  ),
);

/** The same of MySQL alone: MariaDB keeps documents as they were written, with keys that come twice and zeros at the end of numbers. */
const EXACT_OF_DOCUMENTS: ReadonlySet<string> = new Set(
  'json_extract json_length json_unquote json_value'.split(' '),
);

/** The same of texts that are kept in another character set than that of their column. */
const EXACT_OF_BYTES: ReadonlySet<string> = new Set(
  'ascii bit_length crc32 hex length md5 octet_length sha sha1 sha2'.split(' '),
);

const EXACT_KINDS: ReadonlySet<string> = new Set(
  'null boolean number string moment column unary binary every some is between in case cast collate interval call'.split(
    ' ',
  ),
);

/** What chooses one of its values: decimals of several lengths have here the digits of the longest. */
const CHOOSING: ReadonlySet<string> = new Set([
  'case',
  ...'coalesce greatest if ifnull least nullif'.split(' '),
]);

const COMPARING: ReadonlySet<string> = new Set(
  'case in between nullif greatest least = <=> < <= > >= <> LIKE'.split(' '),
);

/** What a part does: the function that it calls, its operator, or its kind. */
const deedOf = (part: Expression): string =>
  part.kind === 'call' ? part.name.toLowerCase() : part.kind === 'binary' ? part.operator : part.kind;

/**
 * Whether the source would make the same of them: what is asked of it, when that is a query over tables, may be nearer or farther from it.
 * MariaDB computes with more digits of a quotient than it shows.
 */
function isExact(parts: readonly Expression[], table: Table, flavor: Flavor): boolean {
  const deeds = new Set(parts.map(deedOf));
  for (const part of parts) {
    if (!EXACT_KINDS.has(part.kind)) return false;
    if (part.kind === 'call' && (part.schema !== undefined || !isExactFunction(deedOf(part), flavor)))
      return false;
  }
  if (deeds.has('/') || deeds.has('REGEXP')) return false;
  const known = columnsOf(parts, table);
  if (!known.every((column) => column !== undefined && isPlain(column))) return false;
  const does = (some: ReadonlySet<string>): boolean => [...deeds].some((deed) => some.has(deed));
  const texts = known.filter((column) => column?.charset !== undefined);
  // Two columns of texts may compare without their collation; so do all that the least is chosen of.
  if (texts.length > 1 && does(COMPARING)) return false;
  if (texts.length > 0 && (deeds.has('greatest') || deeds.has('least'))) return false;
  if (texts.some((column) => !column!.charset!.startsWith('utf8')) && does(EXACT_OF_BYTES)) return false;
  const hasDecimals =
    known.some((column) => column?.type.name === 'decimal') ||
    parts.some((part) => part.kind === 'number' && part.text.includes('.'));
  return !(
    hasDecimals &&
    does(CHOOSING) &&
    [...deeds].some((deed) => deed === 'cast' || deed.startsWith('concat'))
  );
}

const isExactFunction = (name: string, flavor: Flavor): boolean =>
  EXACT_FUNCTIONS.has(name) ||
  EXACT_OF_BYTES.has(name) ||
  (flavor === 'mysql' && EXACT_OF_DOCUMENTS.has(name));

/** Types whose values mean the same here as at the source, whatever its session was. */
const PLAIN_TYPES =
  /^(tinyint|smallint|mediumint|int|bigint|decimal|double|year|date|datetime|time|char|varchar|(tiny|medium|long)?text|json)$/;

const isPlain = ({ generated, type }: Table['columns'][number]): boolean =>
  generated !== 'virtual' && PLAIN_TYPES.test(type.name) && !type.zerofill;

/** The most digits that a DECIMAL has. */
const DECIMAL_DIGITS = 65;

/** The type that holds what an expression gives; undefined: its values do not say what the source makes of them. */
function typeOf({ type, scale, moment, shown }: Domain): TranslatedExpression['type'] | undefined {
  if (type === 'datetime')
    return moment === undefined ? undefined : plainType(moment, { decimals: scale > 0 ? scale : undefined });
  switch (type) {
    case 'boolean':
    case 'integer':
    case 'unsigned':
    case 'year':
      return plainType('bigint');
    case 'decimal':
      return plainType('decimal', { length: DECIMAL_DIGITS, decimals: scale });
    case 'double':
      return shown === undefined ? plainType('double') : undefined;
    case 'text':
    case 'binary':
      return plainType('longtext');
    default:
      return undefined;
  }
}
