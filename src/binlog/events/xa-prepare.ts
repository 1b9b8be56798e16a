import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** MAXGTRIDSIZE and MAXBQUALSIZE of the X/Open XA specification. */
const MAX_PART_BYTES = 64;

/**
 * Ends the first phase of an XA transaction.
 *
 *   bytes  field
 *   1      1 = XA COMMIT … ONE PHASE
 *   4      format id
 *   4, 4   length of the global and the branch part
 *   n, n   the parts
 */
export interface XaPrepare {
  readonly kind: 'xaPrepare';
  readonly onePhase: boolean;
  readonly formatId: number;
  readonly globalId: Buffer;
  readonly branchQualifier: Buffer;
}

export const xaPrepare: EventDefinition<XaPrepare> = {
  kind: 'xaPrepare',
  codes: [EventType.XA_PREPARE_LOG_EVENT],
  postHeaderLength: 0,
  decode(cursor) {
    const onePhase = cursor.u8() !== 0;
    const formatId = cursor.i32();
    const globalLength = cursor.u32();
    const branchLength = cursor.u32();
    if (globalLength > MAX_PART_BYTES || branchLength > MAX_PART_BYTES) {
      throw new FormatError(`XA identifier of ${globalLength} and ${branchLength} bytes`);
    }
    return {
      kind: 'xaPrepare',
      onePhase,
      formatId,
      globalId: cursor.view(globalLength),
      branchQualifier: cursor.view(branchLength),
    };
  },
  encode(body, writer) {
    writer.u8(body.onePhase ? 1 : 0);
    writer.u32(body.formatId >>> 0);
    writer.u32(body.globalId.length);
    writer.u32(body.branchQualifier.length);
    writer.bytes(body.globalId);
    writer.bytes(body.branchQualifier);
  },
};
