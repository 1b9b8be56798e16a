import { ServerError } from '../../errors/index.ts';

/** ER_PARSE_ERROR */
const PARSE_ERROR = 1064;
/** The server shows this many characters of what it did not understand (`%-.80s`). */
const SHOWN = 80;

/** What the servers cut off the end of a statement before they read it. */
const TAIL = /(?<![\s;])[\s;]+$/;

/** A statement that does not parse, in the server's words. `near` is the rest of the text from the first strange token on. */
export function syntaxError(near: string, line: number): ServerError {
  return new ServerError(
    PARSE_ERROR,
    '42000',
    'You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax ' +
      `to use near '${near.replace(TAIL, '').slice(0, SHOWN)}' at line ${line}`,
    { code: 'SQL_SYNTAX' },
  );
}
