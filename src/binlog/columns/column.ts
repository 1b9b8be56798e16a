import { ColumnCode } from './column-code.ts';
import { Labels } from './labels.ts';

/**
 * One column of a table map. One class, all fields always set, so that the hot loops stay monomorphic.
 *
 * `code` and `meta` are as logged. `realCode` and `length` undo the STRING trick: CHAR, ENUM and SET all travel as STRING, and
 * the two highest bits of a CHAR's length hide, inverted, in its type byte (MySQL Field_string::save_field_metadata).
 */
export class Column {
  readonly index: number;
  readonly code: number;
  /** Two-byte metadata is `first byte << 8 | second byte` for STRING, NEWDECIMAL and BIT order as logged; VARCHAR is its length. */
  readonly meta: number;
  /** STRING (CHAR, BINARY), ENUM or SET behind code STRING; else `code`. */
  readonly realCode: number;
  /** CHAR and VARCHAR: most bytes of a value; ENUM and SET: bytes of a value; else 0. */
  readonly length: number;
  nullable = true;
  /** What follows is known only from optional metadata. */
  name: string | undefined = undefined;
  unsigned: boolean | undefined = undefined;
  /** Collation id of a character, ENUM or SET column. */
  collation: number | undefined = undefined;
  /** Its character set, `utf8mb4`; `binary` for bytes. */
  charset: string | undefined = undefined;
  /** ENUM and SET members, in the column's character set. */
  members: readonly Buffer[] | undefined = undefined;
  /** 0 geometry, 1 point, 2 linestring, 3 polygon, 4 multipoint, 5 multilinestring, 6 multipolygon, 7 collection. */
  geometryType: number | undefined = undefined;
  visible: boolean | undefined = undefined;
  vectorDimension: number | undefined = undefined;
  /** Position in the primary key, from 0; undefined when not part of it or not logged. */
  primaryKeyPart: number | undefined = undefined;
  /**
   * TIME, DATETIME and TIMESTAMP of MariaDB in the old format: digits of the fraction. The log does not say; a {@link RowReader} finds
   * out from the rows.
   */
  fractionDigits = 0;
  /** Characters of the column in the primary key; 0 is all of it. */
  primaryKeyPrefix = 0;
  #labels: Labels | undefined = undefined;

  constructor(index: number, code: number, meta: number) {
    this.index = index;
    this.code = code;
    this.meta = meta;
    this.realCode = code;
    this.length = 0;
    if (code === ColumnCode.STRING) {
      const first = meta >> 8;
      const second = meta & 0xff;
      if (first === 0) {
        // A CHAR of servers that did not hide the type there.
        this.realCode = ColumnCode.STRING;
        this.length = second;
      } else if ((first & 0x30) !== 0x30) {
        this.realCode = first | 0x30;
        this.length = second | (((first & 0x30) ^ 0x30) << 4);
      } else {
        this.realCode = first === ColumnCode.ENUM || first === ColumnCode.SET ? first : ColumnCode.STRING;
        this.length = second;
      }
    } else if (
      code === ColumnCode.VARCHAR ||
      code === ColumnCode.VAR_STRING ||
      code === ColumnCode.VARCHAR_COMPRESSED
    ) {
      this.length = meta;
    }
  }

  /** The members as text. */
  get labels(): Labels {
    let labels = this.#labels;
    if (labels === undefined || labels.members !== this.members) {
      labels = new Labels(this.members, this.charset);
      this.#labels = labels;
    }
    return labels;
  }
}
