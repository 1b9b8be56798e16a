import { ServerError } from '../../../errors/index.ts';

const refused = (errno: number, message: string) => (): ServerError =>
  new ServerError(errno, 'HY000', message);

/** ER_REGEXP_RULE_SYNTAX. `at`: index of the character. */
export const syntaxError = (at: number): ServerError =>
  new ServerError(3688, 'HY000', `Syntax error in regular expression on line 1, character ${at + 1}.`);
/** ER_REGEXP_ILLEGAL_ARGUMENT */
export const illegalArgument = refused(3685, 'Illegal argument to a regular expression.');
/** ER_REGEXP_BAD_ESCAPE_SEQUENCE */
export const badEscape = refused(3689, 'Unrecognized escape sequence in regular expression.');
/** ER_REGEXP_MISMATCHED_PAREN */
export const mismatchedParenthesis = refused(3691, 'Mismatched parenthesis in regular expression.');
/** ER_REGEXP_BAD_INTERVAL */
export const badInterval = refused(3692, 'Incorrect description of a {min,max} interval.');
/** ER_REGEXP_MAX_LT_MIN; the word is the server's. */
export const maximumBelowMinimum = refused(
  3693,
  'The maximum is less than the minumum in a {min,max} interval.',
);
/** ER_REGEXP_MISSING_CLOSE_BRACKET */
export const unclosedBracket = refused(
  3696,
  'The regular expression contains an unclosed bracket expression.',
);
/** ER_REGEXP_INVALID_RANGE */
export const invalidRange = refused(
  3697,
  'The regular expression contains an [x-y] character range where x comes after y.',
);
/** ER_REGEXP_TIME_OUT */
export const tooLong = refused(3699, 'Timeout exceeded in regular expression match.');
/** ER_REGEXP_PATTERN_TOO_BIG */
export const tooBig = refused(3700, 'The regular expression pattern exceeds limits on size or complexity.');
