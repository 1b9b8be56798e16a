import { type Column, ColumnCode, skipValue } from '../../../binlog/index.ts';
import { TruncatedError } from '../../../errors/index.ts';
import type { TextOutput } from '../../output/text-output.ts';
import type { ColumnText, WriteValue } from '../columns/definition.ts';
import { ImageSizes } from './image-sizes.ts';
import { Piece } from './piece.ts';
import type { ImageFields } from './row-event-bytes.ts';

/** What of a column shows in its rows. */
export type ShownColumn = Pick<Column, 'index' | 'code' | 'meta' | 'nullable'>;

/** More than any row has. */
const UNCOUNTED_BYTES = 0x7fff_ffff;

/** BIT's two bytes of metadata print in the other order than those of all others. */
function printedMeta({ code, meta }: ShownColumn): number {
  return code === ColumnCode.BIT ? ((meta & 0xff) << 8) | (meta >> 8) : meta;
}

/** At `-vv` a comment with type, metadata and nullability; and the end of the line. */
function lineEnd(column: ShownColumn, type: string, verbose: number, isNull: boolean): string {
  if (verbose < 2) return '\n';
  return ` /* ${type} meta=${printedMeta(column)} nullable=${column.nullable ? 1 : 0} is_null=${isNull ? 1 : 0} */\n`;
}

/**
 * How the rows of one table print when these of its columns are there.
 *
 * Everything between two values is one piece of bytes: what ends the line of one column and what begins that of the next.
 */
export class ImageText {
  readonly writers: readonly WriteValue[];
  /** {@link ColumnText.size} of each. */
  readonly #sizes: Int32Array;
  readonly #printed: ImageSizes;
  /** The same for counting, with sizes that fit no row where the original gives up. */
  readonly #counted: ImageSizes;
  /** Places in the table. */
  readonly #columns: readonly number[];
  /** Before the first value. */
  readonly first: Piece;
  /** After the value of a column that is not NULL, and in place of one that is. */
  readonly after: readonly Piece[];
  readonly afterNull: readonly Piece[];

  constructor(
    columns: readonly ShownColumn[],
    texts: readonly ColumnText[],
    verbose: number,
    isPresent: (index: number) => boolean,
  ) {
    const present = columns.filter(({ index }) => isPresent(index));
    const starts = present.map(({ index }) => `###   @${index + 1}=`);
    this.first = new Piece(starts[0] ?? '');
    this.writers = present.map(({ index }) => texts[index]!.write);
    this.#counted = new ImageSizes(
      Int32Array.from(present, ({ index }) =>
        texts[index]!.uncounted === true ? UNCOUNTED_BYTES : texts[index]!.size,
      ),
    );
    this.#columns = present.map(({ index }) => index);
    this.#sizes = Int32Array.from(present, ({ index }) => texts[index]!.size);
    this.#printed = new ImageSizes(this.#sizes);
    const piece =
      (isNull: boolean) =>
      (column: ShownColumn, place: number): Piece =>
        new Piece(
          (isNull ? 'NULL' : '') +
            lineEnd(column, texts[column.index]!.type, verbose, isNull) +
            (starts[place + 1] ?? ''),
        );
    this.after = present.map(piece(false));
    this.afterNull = present.map(piece(true));
  }

  /** Whether it has no columns: the original then gives up, but for the second image of an update. */
  get isEmpty(): boolean {
    return this.#columns.length === 0;
  }

  /**
   * Where the image that starts at `start` ends; beyond `end`, or not a number, where it does not fit.
   *
   * @param counting by the sizes that the original counts rows by
   */
  skip(bytes: Buffer, start: number, end: number, counting: boolean): number {
    return (counting ? this.#counted : this.#printed).skip(bytes, start, end);
  }

  /** How many images there are; negated where the last does not fit. */
  count(bytes: Buffer, start: number, end: number, counting: boolean): number {
    return (counting ? this.#counted : this.#printed).count(bytes, start, end);
  }

  /** @throws TruncatedError when the image does not fit */
  fields(bytes: Buffer, start: number, end: number, columnCount: number): ImageFields {
    const values: (Buffer | null | undefined)[] = Array.from({ length: columnCount }, () => undefined);
    let at = start + ((this.#columns.length + 7) >> 3);
    this.#columns.forEach((column, i) => {
      if ((bytes[start + (i >> 3)]! & (1 << (i & 7))) !== 0) {
        values[column] = null;
        return;
      }
      const from = at;
      at = skipValue(this.#sizes[i]!, bytes, at);
      if (!(at <= end)) throw new TruncatedError(`value leaves the row by ${at - end} bytes`);
      values[column] = bytes.subarray(from, at);
    });
    return { start, end: at, values };
  }

  /** Writes the image that starts at `start`; returns where it ends. */
  write(out: TextOutput, bytes: Buffer, start: number, end: number): number {
    const { writers, after, afterNull } = this;
    const count = writers.length;
    let at = start + ((count + 7) >> 3);
    if (at > end) throw new TruncatedError('row is shorter than its bitmap');
    this.first.write(out);
    for (let i = 0; i < count; i += 1) {
      if ((bytes[start + (i >> 3)]! & (1 << (i & 7))) !== 0) {
        afterNull[i]!.write(out);
        continue;
      }
      at = writers[i]!(out, bytes, at, end);
      if (at > end) throw new TruncatedError(`value leaves the row by ${at - end} bytes`);
      after[i]!.write(out);
    }
    return at;
  }
}
