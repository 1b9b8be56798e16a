import type { ExistingTable } from './existing-table.ts';
import { definitionAround, gone, isName, type Piece, plainName } from './pieces.ts';
import { typePlaces } from './rewrite-types.ts';

/**
 * Columns of a primary key are said to be `NOT NULL`: MariaDB makes them so whatever is written, and MySQL refuses a key of columns that are said
 * to be NULL, or are so by default (1171).
 */
export function rewritePrimaryKey(
  pieces: readonly Piece[],
  isAlter: boolean,
  existing: ExistingTable | undefined,
): void {
  const kept = isDropped(pieces) ? [] : (existing?.indexes.get('primary')?.parts ?? []);
  const names = new Set([...kept.map(({ column }) => column), ...namedColumns(pieces)]);
  for (const at of typePlaces(pieces, isAlter)) {
    const { depth } = pieces[at]!;
    const definition = definitionAround(pieces, at);
    const words = definition.slice(definition.indexOf(pieces[at]!)).filter((piece) => piece.depth === depth);
    const isChange = definition.some((piece) => piece.word === 'CHANGE' && piece.depth === depth);
    const called = [pieces[at - 1]!, ...(isChange ? [pieces[at - 2]!] : [])].map(plainName);
    if (isKey(words) || called.some((name) => names.has(name))) holdValues(words);
  }
}

/** `PRIMARY KEY` behind a column's type, or `KEY` alone, which means the same there. */
const isKey = (words: readonly Piece[]): boolean =>
  words.some(
    ({ word }, at) =>
      word === 'PRIMARY' || (word === 'KEY' && !['PRIMARY', 'UNIQUE'].includes(words[at - 1]?.word ?? '')),
  );

function holdValues(words: readonly Piece[]): void {
  words.forEach((piece, at) => {
    const before = words[at - 1];
    if (piece.word !== 'NULL' || before?.word === 'NOT') return;
    if (before?.word === 'DEFAULT') [before, piece].forEach(gone);
    else piece.text = 'NOT NULL';
  });
}

const isDropped = (pieces: readonly Piece[]): boolean =>
  pieces.some(({ word, depth }, at) => word === 'DROP' && depth === 0 && pieces[at + 1]?.word === 'PRIMARY');

/** The columns between the parentheses of PRIMARY KEY. */
function* namedColumns(pieces: readonly Piece[]): Generator<string, void, undefined> {
  for (const [at, piece] of pieces.entries()) {
    if (piece.word !== 'PRIMARY' || pieces[at + 1]?.word !== 'KEY') continue;
    const open = pieces.findIndex(({ text }, index) => index > at && text === '(');
    const opening = pieces[open];
    if (opening === undefined || open > at + MOST_BETWEEN || opening.depth !== piece.depth) continue;
    for (let index = open + 1; index < pieces.length && pieces[index]!.depth > opening.depth; index += 1) {
      const part = pieces[index]!;
      const begins = index === open + 1 || (pieces[index - 1]!.isComma && part.depth === opening.depth + 1);
      if (begins && isName(part)) yield plainName(part);
    }
  }
}

/** `KEY IF NOT EXISTS name USING BTREE` */
const MOST_BETWEEN = 8;
