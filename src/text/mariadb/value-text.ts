import {
  type Intvar,
  IntvarKind,
  type Rand,
  type RawEvent,
  type UserVar,
  UserVarType,
  type UserVarValue,
} from '../../binlog/index.ts';
import { Cursor } from '../../bytes/index.ts';
import { charsetOfCollation, collationName } from '../../charset/index.ts';
import { END } from '../delimiter.ts';
import { writeGeneral } from '../output/c-format.ts';
import { writeIdentifier } from '../output/identifier.ts';
import type { TextOutput } from '../output/text-output.ts';
import { decimal } from './columns/number.ts';
import type { PrintState } from './print-state.ts';

const intvarNames: Readonly<Record<number, string>> = {
  [IntvarKind.LAST_INSERT_ID]: 'LAST_INSERT_ID',
  [IntvarKind.INSERT_ID]: 'INSERT_ID',
};

export function writeIntvar(state: PrintState, event: RawEvent, body: Intvar): void {
  const { out } = state;
  if (!state.options.shortForm) {
    state.writeHeader(event);
    out.text('\tIntvar\n');
  }
  out.text(`SET ${intvarNames[body.variable] ?? 'INVALID_INT'}=`);
  // The original prints ids of BIGINT UNSIGNED as signed numbers.
  out.bigint(BigInt.asIntN(64, body.value));
  out.text(END);
}

export function writeRand(state: PrintState, event: RawEvent, body: Rand): void {
  const { out } = state;
  if (!state.options.shortForm) {
    state.writeHeader(event);
    out.text('\tRand\n');
  }
  out.text(`SET @@RAND_SEED1=${body.seed1}, @@RAND_SEED2=${body.seed2}${END}`);
}

/** A literal of the value's character set; what the tool does not know is left to the reader to notice. */
function writeString(out: TextOutput, value: UserVarValue): void {
  const charset = charsetOfCollation(value.collation, 'mariadb')?.name;
  const collation = collationName(value.collation, 'mariadb');
  if (charset === undefined || collation === undefined) {
    out.text('???');
    return;
  }
  out.text(`_${charset} `);
  if (value.bytes.length === 0) out.text('""');
  else out.text(`X'${value.bytes.toString('hex').toUpperCase()}'`);
  out.text(` COLLATE \`${collation}\``);
}

const UNSIGNED = 1;
/** Precision and scale stand before a packed decimal. */
const DECIMAL_HEAD_BYTES = 2;

const writers: Readonly<Record<number, (out: TextOutput, value: UserVarValue) => void>> = {
  [UserVarType.REAL]: (out, { bytes }) => writeGeneral(out, new Cursor(bytes).f64(), 14),
  [UserVarType.INT](out, { bytes, flags }) {
    const cursor = new Cursor(bytes);
    out.bigint((flags ?? 0) & UNSIGNED ? cursor.u64() : cursor.i64());
  },
  [UserVarType.DECIMAL](out, { bytes }) {
    const text = decimal(bytes[0] ?? 0, bytes[1] ?? 0);
    text?.write(out, bytes, DECIMAL_HEAD_BYTES, bytes.length);
  },
  [UserVarType.STRING]: writeString,
};

export function writeUserVar(state: PrintState, event: RawEvent, body: UserVar): void {
  const { out } = state;
  if (!state.options.shortForm) {
    state.writeHeader(event);
    out.text('\tUser_var\n');
  }
  out.text('SET @');
  writeIdentifier(out, body.name);
  out.text(':=');
  if (body.value === undefined) out.text('NULL');
  else writers[body.value.type]?.(out, body.value);
  out.text(END);
}
