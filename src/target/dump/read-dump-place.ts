import { FormatError, UsageError } from '../../errors/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import { DumpFacts } from './dump-facts.ts';
import { DumpScanner } from './dump-scanner.ts';
import { headOf, takeSetting } from './dump-settings.ts';
import { DumpWindow } from './dump-window.ts';
import { insertHead, nextRow } from './insert-rows.ts';
import { RowValues } from './row-values.ts';

/** Where a dump was taken, without loading it. @throws UsageError it does not say; FormatError it is not whole, or cannot be read */
export async function readDumpPlace(pieces: AsyncIterable<Uint8Array>): Promise<SourcePosition> {
  const window = new DumpWindow(pieces);
  try {
    return await findPlace(window);
  } catch (error) {
    if (error instanceof FormatError) error.at({ position: window.place });
    throw error;
  } finally {
    await window.close();
  }
}

async function findPlace(window: DumpWindow): Promise<SourcePosition> {
  const scanner = new DumpScanner(window);
  const facts = new DumpFacts();
  const row = new RowValues();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    const piece = await scanner.next();
    if (piece === undefined) break;
    if (piece.kind === 'comment') facts.comment(piece.text);
    else if (piece.kind === 'statement') {
      if (takeSetting(piece.sql, facts, scanner)) continue;
      // MariaDB's tool writes its GTIDs at the end.
      const isTable = /^CREATE\s+TABLE\s/i.test(headOf(piece.sql));
      if (isTable && facts.flavor === 'mysql' && facts.place !== undefined) break;
    } else {
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      await insertHead(window, facts);
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      while (await nextRow(window, row));
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      await scanner.endStatement();
    }
  }
  return placeOf(facts);
}

/** @throws UsageError the dump does not say */
export function placeOf({ place }: DumpFacts): SourcePosition {
  if (place !== undefined) return place;
  throw new UsageError('the dump does not say where in the source’s log it was taken', {
    hint: 'Make it with --source-data=2 (--master-data=2), or say it with --from=FILE:POSITION or --from=GTIDS.',
  });
}
