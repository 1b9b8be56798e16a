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
  'INTO RECURSIVE MATCH GLOB PROCEDURE SOUNDS DIV XOR INTERVAL INDEXED PRAGMA ATTACH'.split(' '),
);
