import type { StatementCursor } from './statement-cursor.ts';

/** BEGIN, START TRANSACTION, COMMIT and ROLLBACK. `chain`: another transaction begins at once. */
export type TransactionStatement =
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit' | 'rollback'; readonly chain: boolean }
  /** What is rolled back to a savepoint, or releases it, has changed nothing here. */
  | { readonly kind: 'nothing'; readonly word: string };

const savepoint = (cursor: StatementCursor): TransactionStatement => {
  cursor.name();
  return { kind: 'nothing', word: 'SAVEPOINT' };
};

/** Behind COMMIT and ROLLBACK: `[WORK] [AND [NO] CHAIN] [[NO] RELEASE]`. */
function end(kind: 'commit' | 'rollback', cursor: StatementCursor): TransactionStatement {
  let chain = false;
  if (cursor.accept('AND')) {
    chain = !cursor.accept('NO');
    cursor.expect('CHAIN');
  }
  if (cursor.accept('NO')) cursor.expect('RELEASE');
  else if (!chain) cursor.accept('RELEASE');
  return { kind, chain };
}

/** Behind START: each characteristic once. */
export function readStartTransaction(cursor: StatementCursor): TransactionStatement {
  cursor.expect('TRANSACTION');
  const said = new Set<string>();
  do {
    if (said.size === 0 && cursor.atStatementEnd) break;
    const word = cursor.expectOne('WITH', 'READ');
    if (said.has(word)) throw cursor.fail();
    said.add(word);
    if (word === 'WITH') cursor.expect('CONSISTENT', 'SNAPSHOT');
    else cursor.expectOne('ONLY', 'WRITE');
  } while (cursor.acceptSymbol(','));
  return { kind: 'begin' };
}

/** By the first word, which has been taken. */
export const transactionReaders = {
  BEGIN: (cursor) => {
    cursor.accept('WORK');
    return { kind: 'begin' };
  },
  COMMIT: (cursor) => {
    cursor.accept('WORK');
    return end('commit', cursor);
  },
  ROLLBACK: (cursor) => {
    cursor.accept('WORK');
    if (!cursor.accept('TO')) return end('rollback', cursor);
    cursor.accept('SAVEPOINT');
    return savepoint(cursor);
  },
  SAVEPOINT: savepoint,
  RELEASE: (cursor) => {
    cursor.expect('SAVEPOINT');
    return savepoint(cursor);
  },
} as const satisfies Readonly<Record<string, (cursor: StatementCursor) => TransactionStatement>>;
