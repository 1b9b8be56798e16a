/** Why an event may not pass: a code, and a sentence for people. */
export const Violation = {
  unsupportedEvent: 'an event of this type is not known and not marked as ignorable',
  undecodableQuery: 'a Query event could not be decoded',
  emptyQuery: 'a Query event holds no statement',
  unreadableStatement: 'a statement has a quote or comment that does not end',
  severalStatements: 'one Query event holds several statements',
  ambiguousStatement:
    'executable comments, or settings that the event does not tell, make it another statement for other servers',
  unknownStatement: 'the statement is of no kind that may come without rows',
  statementChange: 'the statement changes rows, which must come as row events',
  temporaryTable: 'the statement creates or drops a temporary table',
  createSelect: 'the statement creates a table from a query, whose rows must come as row events',
  sessionValue: 'a value for a statement-format change: INSERT_ID, RAND or a user variable',
  loadData: 'LOAD DATA in statement format',
  definitionInTransaction: 'a definition inside a transaction of rows',
  outsideTransaction: 'rows or the end of a transaction outside a transaction',
  insideTransaction: 'a transaction begins inside another one',
  foreignInPayload: 'a compressed transaction holds more than one transaction',
  unfinishedPayload: 'a compressed transaction was not read, or does not end inside its payload',
} as const;
export type Violation = keyof typeof Violation;

/** ER_CLIENT_QUERY_FAILURE_INVALID_NON_ROW_FORMAT: what the server itself says where it agrees. */
export const REQUIRE_ROW_FORMAT_ERRNO = 3944;
export const REQUIRE_ROW_FORMAT_MESSAGE =
  'The query does not comply with variable require_row_format restrictions.';

/** The event may pass. */
export interface Pass {
  readonly pass: true;
}

/** The event may not pass, and why. */
export interface Refusal {
  readonly pass: false;
  readonly violation: Violation;
  readonly sentence: string;
  /** The server's error, for what its own applier refuses too. */
  readonly errno: number | undefined;
  readonly message: string | undefined;
}

/** What a guard says of an event. */
export type Verdict = Pass | Refusal;

export const PASS: Pass = { pass: true };

/** What a MySQL applier with REQUIRE_ROW_FORMAT refuses as well. */
const REFUSED_BY_APPLIER: ReadonlySet<Violation> = new Set([
  'statementChange',
  'temporaryTable',
  'loadData',
] satisfies Violation[]);

const refusals = Object.fromEntries(
  Object.entries(Violation).map(([key, sentence]) => {
    const violation = key as Violation;
    const known = REFUSED_BY_APPLIER.has(violation);
    const refusal: Refusal = {
      pass: false,
      violation,
      sentence,
      errno: known ? REQUIRE_ROW_FORMAT_ERRNO : undefined,
      message: known ? REQUIRE_ROW_FORMAT_MESSAGE : undefined,
    };
    return [violation, refusal];
  }),
) as Record<Violation, Refusal>;

/** The same object each time: verdicts are not allocated per event. */
export const refuse = (violation: Violation): Refusal => refusals[violation];
