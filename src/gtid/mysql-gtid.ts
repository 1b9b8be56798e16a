import { UsageError } from '../errors/index.ts';
import { isDigit, MarkedText } from './marked-text.ts';
import { scanTag } from './tag.ts';
import { formatUuidKey, scanUuid } from './uuid.ts';

/** MySQL: GNO_END; the largest transaction number is one less. */
export const GNO_END: bigint = (1n << 63n) - 1n;

/** The name of one MySQL transaction. */
export interface MysqlGtid {
  /** Lower case, `8-4-4-4-12`. */
  readonly uuid: string;
  /** Lower case; `''` if there is none. */
  readonly tag: string;
  /** 1 … 2^63 − 2. */
  readonly gno: bigint;
}

/**
 * Reads `uuid:gno` or `uuid:tag:gno`; spaces may stand around each part.
 * Throws {@link UsageError} with the text of the server's error 1774.
 */
export function parseMysqlGtid(text: string): MysqlGtid {
  const marked = new MarkedText(text);
  try {
    const gtid = scanMysqlGtid(marked);
    if (!marked.atEnd) throw marked.error('Expected end of string');
    return gtid;
  } catch (cause) {
    throw new UsageError(`Malformed GTID specification '${text}'.`, { cause });
  }
}

function scanMysqlGtid(marked: MarkedText): MysqlGtid {
  const colon = (): void => {
    marked.skipSpace();
    marked.expect(0x3a);
    marked.skipSpace();
  };
  marked.skipSpace();
  const uuid = formatUuidKey(scanUuid(marked));
  colon();
  let tag = '';
  if (!isDigit(marked.peek())) {
    tag = scanTag(marked) ?? '';
    if (tag !== '') colon();
  }
  const gno = marked.number();
  if (gno < 1n || gno >= GNO_END) throw marked.error('Number out of range');
  marked.skipSpace();
  return { uuid, tag, gno };
}

/** `uuid:gno` or `uuid:tag:gno`, as the server prints it. */
export function formatMysqlGtid(gtid: MysqlGtid): string {
  return gtid.tag === '' ? `${gtid.uuid}:${gtid.gno}` : `${gtid.uuid}:${gtid.tag}:${gtid.gno}`;
}
