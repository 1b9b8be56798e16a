import {
  type Intvar,
  IntvarKind,
  type Rand,
  type RawEvent,
  type UserVar,
  UserVarType,
  type UserVarValue,
} from '../../../binlog/index.ts';
import { writeIdentifier } from '../../output/identifier.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { charsetName, collationName } from '../collations.ts';
import { writeReal } from '../double.ts';
import { writePackedDecimal } from '../packed-decimal.ts';
import { DELIMITER, type PrintState } from '../print-state.ts';
import { writeCharset } from '../session-settings.ts';

export type HeldValueBody = Intvar | Rand | UserVar;

const END = `${DELIMITER}\n`;

const intvarNames: Readonly<Record<number, string>> = {
  [IntvarKind.LAST_INSERT_ID]: 'LAST_INSERT_ID',
  [IntvarKind.INSERT_ID]: 'INSERT_ID',
};

function writeIntvar(out: TextOutput, body: Intvar): void {
  out.text(`SET ${intvarNames[body.variable] ?? 'INVALID_INT'}=`);
  // The original prints ids of BIGINT UNSIGNED as signed numbers.
  out.bigint(BigInt.asIntN(64, body.value));
  out.text(END);
}

function writeRand(out: TextOutput, body: Rand): void {
  out.text(`SET @@RAND_SEED1=${body.seed1}, @@RAND_SEED2=${body.seed2}${END}`);
}

/** The character set in which the server keeps names: collation utf8mb3_general_ci. */
const NAMES_COLLATION = 33;

function writeString(out: TextOutput, value: UserVarValue): void {
  const charset = charsetName(value.collation);
  const collation = collationName(value.collation);
  if (charset === undefined || collation === undefined) {
    // The original leaves a statement that fails, rather than a wrong value.
    out.text(':=???');
    out.text(END);
    return;
  }
  out.text(`:=_${charset} `);
  if (value.bytes.length === 0) out.text('""');
  else out.text(`0x${value.bytes.toString('hex').toUpperCase()}`);
  out.text(` COLLATE \`${collation}\`${END}`);
}

function writeInteger(out: TextOutput, value: UserVarValue): void {
  const unsigned = (value.flags ?? 0) & 1;
  out.text(':=');
  out.bigint(unsigned ? value.bytes.readBigUInt64LE(0) : value.bytes.readBigInt64LE(0));
  out.text(END);
}

const valueWriters: Readonly<Record<number, (out: TextOutput, value: UserVarValue) => void>> = {
  [UserVarType.STRING]: writeString,
  [UserVarType.INT]: writeInteger,
  [UserVarType.REAL](out, value) {
    out.text(':=');
    writeReal(out, value.bytes.readDoubleLE(0));
    out.text(END);
  },
  [UserVarType.DECIMAL](out, value) {
    out.text(':=');
    writePackedDecimal(out, value.bytes, 2, value.bytes[0]!, value.bytes[1]!);
    out.text(END);
  },
};

function writeUserVar(state: PrintState, out: TextOutput, body: UserVar): void {
  const { session } = state;
  const { value } = body;
  // The name is in the server's character set, whatever the session's is; a number takes its collation from the session.
  const numeric = value !== undefined && value.type !== UserVarType.STRING;
  const knowsCharset = session.charsetClient !== -1;
  writeCharset(out, NAMES_COLLATION, numeric ? value.collation : NAMES_COLLATION, NAMES_COLLATION);
  out.text('SET @');
  writeIdentifier(out, body.name);
  if (value === undefined) out.text(`:=NULL${END}`);
  else valueWriters[value.type]?.(out, value);
  if (knowsCharset)
    writeCharset(out, session.charsetClient, session.collationConnection, session.collationServer);
}

const titles = { intvar: 'Intvar', rand: 'Rand', userVar: 'User_var' } as const;

/** Prints a value that the next statement uses. */
export function printValue(state: PrintState, event: RawEvent, body: HeldValueBody): void {
  const { out } = state;
  if (!state.options.shortForm) {
    state.header.print(out, event);
    out.text(`\t${titles[body.kind]}\n`);
  }
  if (body.kind === 'intvar') writeIntvar(out, body);
  else if (body.kind === 'rand') writeRand(out, body);
  else writeUserVar(state, out, body);
}
