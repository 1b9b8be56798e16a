import { ServerError } from '../../../errors/index.ts';

/** How an expression is matched. */
export interface MatchType {
  readonly isCaseSensitive: boolean;
  /** `^` and `$` are at the ends of lines as well. */
  readonly isMultiline: boolean;
  /** `.` is the end of a line as well. */
  readonly hasLineEnds: boolean;
}

/** As texts compare that have no case. */
export const LOOSE: MatchType = { isCaseSensitive: false, isMultiline: false, hasLineEnds: false };

/** REGEXP_LIKE's `cimnu`: of two that contradict each other, the last counts. @throws ServerError 1210 there is no such */
export function matchType(letters: string, isCaseSensitive: boolean): MatchType {
  let type = { ...LOOSE, isCaseSensitive };
  for (const letter of letters) {
    const change = LETTERS[letter];
    // ER_WRONG_ARGUMENTS
    if (change === undefined) throw new ServerError(1210, 'HY000', 'Incorrect arguments to regexp_like');
    type = { ...type, ...change };
  }
  return type;
}

const LETTERS: Readonly<Record<string, Partial<MatchType>>> = {
  c: { isCaseSensitive: true },
  i: { isCaseSensitive: false },
  m: { isMultiline: true },
  n: { hasLineEnds: true },
  // Lines end by a line feed alone, as they do here anyway.
  u: {},
};
