import type { Flavor } from '../../../../binlog/index.ts';
import { quoteString } from '../../../../sql/index.ts';
import { definitionAround, gone, isName, type Piece, plainName } from './pieces.ts';
import { typePlaces } from './rewrite-types.ts';
import { untold } from './untold.ts';

/** Where the AS stands behind which a generated column has its expression; -1: it is an ordinary one. */
export const placeOfAs = (definition: readonly Piece[], depth: number): number =>
  definition.findIndex(
    (piece, index) => piece.word === 'AS' && piece.depth === depth && definition[index + 1]?.text === '(',
  );

const isKept = (word: string): boolean => word === 'STORED' || word === 'PERSISTENT';

/**
 * Generated columns whose expressions the target does not take: one that is stored becomes an ordinary column, which has its values from the
 * source's rows, and says so in its comment; a virtual one is always NULL, as its values are not in every row that is logged.
 *
 * A stored column that is added to a table has values that no row has told: it stays as it is.
 *
 * @param alsoVirtual the target has refused them also where stored ones are ordinary
 */
export function rewriteGenerated(
  pieces: readonly Piece[],
  isAlter: boolean,
  to: Flavor,
  alsoVirtual: boolean,
): void {
  // Of MySQL, no generated column that the table has by now may depend on one that counts by itself.
  if (isAlter && to === 'mysql') pieces.filter(({ word }) => word === 'AUTO_INCREMENT').forEach(gone);
  for (const generated of generatedColumns(pieces, isAlter)) {
    if (generated.isStored && !isAlter) becomeOrdinary(generated);
    else if (!generated.isStored && alsoVirtual) becomeNull(generated);
  }
}

/** Types of MariaDB that are their bytes in MySQL, where an expression finds no text or address. */
const OF_BYTES: ReadonlySet<string> = new Set(['INET4', 'INET6', 'UUID']);
/** What such a column is in MySQL by then; it may have been no other at the source. */
const BYTES = /^binary\((4|16)\)$/i;

/**
 * The same of generated columns that name a UUID or an address of MariaDB: MySQL would take their expressions, and work out other values.
 *
 * @param types what the table has by now: names in small letters → their types
 * @throws CatalogError a stored column is added: nobody knows its values
 */
export function rewriteOfBytes(
  pieces: readonly Piece[],
  isAlter: boolean,
  types: ReadonlyMap<string, string>,
): void {
  const columns = generatedColumns(pieces, isAlter);
  const defined = [...typePlaces(pieces, isAlter)].filter((at) => OF_BYTES.has(pieces[at]!.word));
  const names = new Set(defined.map((at) => plainName(pieces[at - 1]!)));
  const maybe = new Set([...types].filter(([, type]) => BYTES.test(type)).map(([name]) => name));
  const isOf = ({ expression }: Generated, known: ReadonlySet<string>): boolean =>
    expression.some(
      (piece, at) => isName(piece) && known.has(plainName(piece)) && !isNullTest(expression.slice(at + 1)),
    );
  // What is NULL takes along what is worked out of it.
  for (let virtual = true; virtual; ) {
    virtual = false;
    for (const generated of columns) {
      const { name, isStored } = generated;
      if (isStored || names.has(name) || !isOf(generated, names)) continue;
      becomeNull(generated);
      names.add(name);
      virtual = true;
    }
  }
  for (const generated of columns.filter(({ isStored }) => isStored)) {
    if (!isAlter && isOf(generated, names)) becomeOrdinary(generated);
    if (isAlter && (isOf(generated, names) || isOf(generated, maybe)))
      throw untold(
        `ALTER TABLE adds ${generated.name}, which is worked out of a UUID or an address: its values are not in the log`,
      );
  }
}

/** `IS [NOT] NULL`, which means the same of bytes. */
const isNullTest = ([is, ...words]: readonly Piece[]): boolean =>
  is?.word === 'IS' && (words[0]?.word === 'NOT' ? words[1] : words[0])?.word === 'NULL';

/** A generated column, as its definition says it. */
interface Generated {
  readonly name: string;
  readonly definition: readonly Piece[];
  /** Where AS stands in it, and the parenthesis behind the expression. */
  readonly as: number;
  readonly end: number;
  readonly expression: readonly Piece[];
  readonly isStored: boolean;
}

function generatedColumns(pieces: readonly Piece[], isAlter: boolean): readonly Generated[] {
  return [...typePlaces(pieces, isAlter)].flatMap((place) => {
    const definition = definitionAround(pieces, place);
    const { depth } = pieces[place]!;
    const as = placeOfAs(definition, depth);
    if (as < 0) return [];
    const end = definition.findIndex(
      (piece, index) => index > as + 1 && piece.text === ')' && piece.depth === depth,
    );
    // Nothing between its parentheses, or cut off.
    if (end < as + 3) return [];
    const isStored = definition.some(
      ({ word, depth: own }, index) => index > end && own === depth && isKept(word),
    );
    const expression = definition.slice(as + 2, end);
    return [{ name: plainName(pieces[place - 1]!), definition, as, end, expression, isStored }];
  });
}

/** What the source works an ordinary column out of, by its comment; empty: of anything. */
export const sourceOfComment = (comment: string): string | undefined => /^AS \((.*)\)$/s.exec(comment)?.[1];

/** Characters that a comment has room for, all of them of four bytes and quoted. */
const MOST_COMMENTED = 500;

function becomeOrdinary({ definition, as, end, expression }: Generated): void {
  const names = [...new Set(expression.filter(isName).map(plainName))].join(' ');
  const from = definition[as - 1]?.word === 'ALWAYS' ? as - 2 : as;
  definition.slice(from, end + 1).forEach(gone);
  for (const [index, { word }] of definition.entries()) {
    if (index <= end) continue;
    if (isKept(word)) gone(definition[index]);
    if (word === 'COMMENT') [definition[index], definition[index + 1]].forEach(gone);
  }
  definition[end]!.text = `COMMENT ${quoteString(`AS (${names.length > MOST_COMMENTED ? '' : names})`)}`;
}

function becomeNull({ expression }: Generated): void {
  expression.slice(1).forEach(gone);
  expression[0]!.text = 'NULL';
}
