/** Words that end a list of columns or tables, and what they begin. */
export const CLAUSES: Readonly<Record<string, Clause>> = {
  SELECT: 'select',
  FROM: 'from',
  WHERE: 'other',
  GROUP: 'other',
  HAVING: 'other',
  ORDER: 'other',
  LIMIT: 'other',
  UNION: 'other',
  EXCEPT: 'other',
  INTERSECT: 'other',
  VALUES: 'other',
  WINDOW: 'other',
};
export type Clause = 'none' | 'select' | 'from' | 'other';

/** Words before a parenthesis that call nothing. */
export const NO_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'ALL AND ANY AS ASC BETWEEN BY CASE CHAR DESC DISTINCT ELSE EXCEPT EXISTS FROM HAVING IN INTERSECT IS JOIN LIKE LIMIT NOT OFFSET ' +
    'ON OR OVER REGEXP RLIKE SELECT THEN UNION USING VALUES WHEN WHERE XOR'
  ).split(' '),
);

/** Modifiers of SELECT that change nothing here. */
export const SKIPPED: ReadonlySet<string> = new Set([
  'SQL_NO_CACHE',
  'SQL_CACHE',
  'SQL_CALC_FOUND_ROWS',
  'SQL_SMALL_RESULT',
  'SQL_BIG_RESULT',
  'SQL_BUFFER_RESULT',
  'HIGH_PRIORITY',
  'STRAIGHT_JOIN',
  'BINARY',
]);

/** Brackets, colons and question marks mean names and parameters to SQLite, and nothing in MySQL's queries. */
export const SYMBOLS: ReadonlySet<string> = new Set('(),.+-*/%=<>!~&|^;:'.split(''));

/** What SQLite would read otherwise, or not at all. INTO would write files. */
export const REFUSED: ReadonlySet<string> = new Set(
  'INTO RECURSIVE MATCH GLOB PROCEDURE SOUNDS INDEXED PRAGMA ATTACH'.split(' '),
);

/** Words that end a condition wherever it stands. */
export const ENDS_CONDITION: ReadonlySet<string> = new Set([
  ...'OR XOR AS WHEN THEN ELSE END ASC DESC'.split(' '),
  ...Object.keys(CLAUSES),
]);

/** What the words inside a call's parentheses mean, where they are no list of values. */
export type CallSyntax =
  /** DATE_ADD(x, INTERVAL n unit) */
  | 'interval'
  /** EXTRACT(unit FROM x), SUBSTRING(x FROM a FOR b) */
  | 'from'
  /** POSITION(x IN y) */
  | 'in'
  /** CAST(x AS type) */
  | 'cast'
  /** CONVERT(x, type), CONVERT(x USING charset) */
  | 'convert';

export const CALL_SYNTAX: Readonly<Record<string, CallSyntax>> = {
  DATE_ADD: 'interval',
  ADDDATE: 'interval',
  DATE_SUB: 'interval',
  SUBDATE: 'interval',
  EXTRACT: 'from',
  SUBSTRING: 'from',
  SUBSTR: 'from',
  MID: 'from',
  POSITION: 'in',
  CAST: 'cast',
  CONVERT: 'convert',
};

/** Calls whose first argument is a unit. */
export const UNIT_FIRST: ReadonlySet<string> = new Set(['TIMESTAMPDIFF', 'TIMESTAMPADD', 'EXTRACT']);

/** Functions of the servers' that a relay has not. */
export const LACKED: RegExp =
  /^(JSON_\w+|ST_\w+|MBR\w+|GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|IS_(FREE|USED)_LOCK|BENCHMARK|STD|STDDEV\w*|VAR_\w+|VARIANCE|BIT_(AND|OR|XOR)|STR_TO_DATE|LOAD_FILE|EXTRACTVALUE|UPDATEXML|AES_\w+|(UN)?COMPRESS|CHARSET|COLLATION|COERCIBILITY|WEIGHT_STRING|REGEXP_(INSTR|REPLACE|SUBSTR)|UUID_\w+|BIN_TO_UUID|NAME_CONST|VALUES|WEEK|YEARWEEK|WEEKOFYEAR|GET_FORMAT|MAKE\w+|PERIOD_\w+|FROM_DAYS|ADDTIME|SUBTIME|TIME_FORMAT|CONV|OCT|SIN|COS|TAN|COT|ASIN|ACOS|ATAN2?|DEGREES|RADIANS|SOUNDEX|EXPORT_SET|MAKE_SET|OCTET_LENGTH|BIT_LENGTH|ORD|CHAR|INET6?_\w+|IS_IPV[46]\w*|MASTER_POS_WAIT|SOURCE_POS_WAIT|ROLES_GRAPHML|STATEMENT_DIGEST\w*|RANDOM_BYTES|SLEEP|TO_VECTOR|VECTOR_\w+|PS_\w+)$/;
