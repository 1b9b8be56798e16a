// The thread beside the main one: takes batches that are ready and writes them.
import { workerData } from 'node:worker_threads';
import { type RowTextOptions, TextOutput } from '../../../text/index.ts';
import { BatchPrinter } from './batch-printer.ts';
import { PIECES, SlotState, Team, type TeamMemory } from './team-memory.ts';

/** Nobody wants text any more. */
class Unwanted extends Error {}

function run(memory: TeamMemory, options: RowTextOptions): void {
  const team = new Team(memory);
  let piece = 0;
  let batch = 0;
  let pieceMemory = team.pieces[0]!;

  const publish = (length: number, isLast: boolean): void => {
    team.publish(piece, batch, length, isLast);
    piece += 1;
    if (!team.awaitSpace(piece)) throw new Unwanted();
    pieceMemory = team.pieces[piece % PIECES]!;
    out.replaceBuffer(pieceMemory);
  };
  const out = new TextOutput((text) => {
    // Text of a row that is longer than a piece was built elsewhere.
    if (text.buffer === pieceMemory.buffer) publish(text.length, false);
    else {
      for (let from = 0; from < text.length; ) {
        const copied = text.copy(pieceMemory, 0, from);
        publish(copied, false);
        from += copied;
      }
    }
  }, 0);
  out.replaceBuffer(pieceMemory);
  const printer = new BatchPrinter(team, options, out);

  for (; team.awaitBatch(batch); batch += 1) {
    if (!team.claim(batch, SlotState.HELPER)) continue;
    try {
      printer.print(batch);
      if (out.buffer !== pieceMemory) out.flush();
      const { length } = out;
      out.length = 0;
      publish(length, true);
    } catch (error) {
      // The main thread writes the batch again, and meets the error where it can be told.
      if (!(error instanceof Unwanted)) team.fail();
      return;
    }
  }
}

const { memory, options } = workerData as { memory: TeamMemory; options: RowTextOptions };
run(memory, options);
