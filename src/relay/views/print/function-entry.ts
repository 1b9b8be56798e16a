import type { Returns } from './returns.ts';

export interface FunctionEntry {
  /** Its name in SQLite. */
  readonly own: string;
  readonly returns: Returns;
  readonly least: number;
  readonly most: number;
  /** What its values have to be; where nothing is said, those of a function that returns a text are texts. */
  readonly takes?: 'texts' | 'numbers' | 'moments' | 'values' | undefined;
}

const FORM = /^(\w+) (\d+)(-?)(\d*)(?: (\w+))?$/;

/** Each is `name in SQLite`, how many values it takes: `1`, `1-2`, `1-` for any number from one, and what they have to be. */
export function returning(
  returns: Returns,
  functions: Readonly<Record<string, string>>,
): Record<string, FunctionEntry> {
  const entry = (text: string): FunctionEntry => {
    const [, own, least, to, most, takes] = FORM.exec(text)!;
    const end = to === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    const taken = (['texts', 'numbers', 'moments', 'values'] as const).find((each) => each === takes);
    return { own: own!, returns, least: Number(least), most: end, takes: taken };
  };
  return Object.fromEntries(Object.entries(functions).map(([name, text]) => [name, entry(text)]));
}

/** Functions that are told the family of the server first. */
export const FLAVORED: ReadonlySet<string> = new Set([
  'UNIX_TIMESTAMP',
  'FROM_UNIXTIME',
  'CONVERT_TZ',
  'ADDTIME',
  'SUBTIME',
  'PERIOD_ADD',
  'PERIOD_DIFF',
  'FROM_DAYS',
  'IS_IPV4',
  'IS_IPV6',
  'TIME_FORMAT',
  'JSON_TYPE',
  'JSON_DEPTH',
  'JSON_CONTAINS',
  'JSON_CONTAINS_PATH',
  'JSON_OVERLAPS',
  'JSON_VALUE',
  'TIME_TO_SEC',
  'EXTRACT',
]);
