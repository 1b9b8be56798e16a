import type { Rows } from '../../../binlog/index.ts';
import { Cursor } from '../../../bytes/index.ts';
import { RowlockError } from '../../../errors/index.ts';
import type { TextOutput } from '../../output/text-output.ts';

/** Kinds of extra data before the rows (MySQL `enum_extra_row_info_typecode`). */
const ExtraRowInfo = { NDB: 0, PARTITION: 1 } as const;

/** Whether the original takes it: what it knows must not end beyond what the event says. */
export function isLegalExtra({ extra, shape }: Rows): boolean {
  let at = 0;
  while (at < extra.length) {
    const kind = extra[at];
    if (kind === ExtraRowInfo.NDB) at += 1 + (extra[at + 1] ?? extra.length);
    else if (kind === ExtraRowInfo.PARTITION) at += shape.operation === 'update' ? 5 : 3;
    else return true;
  }
  return at === extra.length;
}

/** Says which partition the rows belong to, where the log says so. */
export function writeExtraRowInfo(out: TextOutput, body: Rows): void {
  if (body.extra.length === 0) return;
  const cursor = new Cursor(body.extra);
  try {
    while (cursor.remaining > 0) {
      const kind = cursor.u8();
      if (kind === ExtraRowInfo.NDB) {
        cursor.skip(Math.max(0, cursor.u8() - 1));
      } else if (kind === ExtraRowInfo.PARTITION) {
        const partition = cursor.u16();
        out.text('### Extra row info for partitioning: ');
        if (body.shape.operation === 'update') {
          out.text(`source_partition: ${cursor.u16()} target_partition: ${partition}`);
        } else {
          out.text(`partition: ${partition}`);
        }
        out.text('\n');
      } else {
        return;
      }
    }
  } catch (error) {
    if (!(error instanceof RowlockError)) throw error;
  }
}
