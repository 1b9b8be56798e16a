import { TextOutput } from '../output/text-output.ts';
import { writeString } from './json-text.ts';

/** What every change of a rows event says of where it stands. */
export interface ChangePlace {
  readonly file: string;
  /** Of the event, or of the compressed transaction around it. */
  readonly position: number;
  readonly gtid: string | undefined;
}

/** JSON has no such byte: behind it stands the name of the event at that position. */
const NUL = 0;

export const noPlace: Buffer = Buffer.of(NUL);

/** Puts the bytes together that change lines have of their place, and what errors say of it. */
export class PlaceText {
  readonly #out = new TextOutput(undefined, 256);
  #file = '';
  #fileText: Buffer = noPlace;

  /** `,"file":"…","position":4`, `,"gtid":"…"` where there is one, NUL, the event's name. Valid until the next call. */
  of({ file, position, gtid }: ChangePlace, event: string): Buffer {
    const out = this.#out;
    out.length = 0;
    if (file !== this.#file || this.#fileText === noPlace) {
      out.text(',"file":');
      writeString(out, file);
      out.text(',"position":');
      this.#file = file;
      this.#fileText = out.take();
    }
    out.bytes(this.#fileText);
    out.integer(position);
    if (gtid !== undefined) out.text(`,"gtid":"${gtid}"`);
    out.byte(NUL);
    out.text(event);
    return out.buffer.subarray(0, out.length);
  }
}

/** The part that lines have. */
export function textOf(place: Buffer): Buffer {
  return place.subarray(0, place.indexOf(NUL));
}

/** File and position. */
export function placeOf(place: Buffer): { readonly file: string; readonly position: number } {
  const { file, position } = JSON.parse(`{${textOf(place).toString('utf8').slice(1)}}`) as ChangePlace;
  return { file, position };
}

/** The event's name. */
export function eventOf(place: Buffer): string {
  return place.toString('latin1', place.indexOf(NUL) + 1);
}
