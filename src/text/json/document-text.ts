import { writePlainJson } from '../mysql/rows/json-binary-text.ts';
import { TextOutput } from '../output/text-output.ts';

/** Of most documents. What a larger one needed is not kept. */
const ROOM_BYTES = 1 << 16;

let room: TextOutput | undefined;

/**
 * A binary document as JSON text, the same as `JsonDocument.text`, in half the time: for whoever wants no more of it than its text.
 *
 * @throws FormatError where the bytes are no legal document
 */
export function documentText(bytes: Buffer): string {
  const out = (room ??= new TextOutput(undefined, ROOM_BYTES));
  out.length = 0;
  writePlainJson(out, bytes, 0, bytes.length);
  if (out.buffer.length > ROOM_BYTES) room = undefined;
  return out.buffer.toString('utf8', 0, out.length);
}
