import { isUtf8 } from 'node:buffer';
import { ServerError } from '../../../errors/index.ts';
import { quoteString, SqlLexer, Token } from '../../../sql/index.ts';
import type { BinaryValue, Parameter, ParameterTypes } from '../../../wire/index.ts';
import { areTooMany } from './kept-bytes.ts';

/** A statement with `?` in it, and what earlier executions said about them. */
export interface PreparedStatement {
  readonly text: Buffer;
  /** Where the question marks stand. */
  readonly places: readonly number[];
  types: ParameterTypes | undefined;
  /** COM_STMT_SEND_LONG_DATA, by parameter. */
  readonly longData: Map<number, Buffer>;
  /** There was more of it than is kept. */
  isTooLong: boolean;
}

/** Statements of one session; more than anybody needs (max_prepared_stmt_count counts all sessions together). */
export const MAX_STATEMENTS = 1000;
/** The protocol counts parameters in 16 bits. */
const MAX_PARAMETERS = 0xffff;

export const tooManyStatements = (): ServerError =>
  new ServerError(
    1461,
    '42000',
    `Can't create more than max_prepared_stmt_count statements (current value: ${MAX_STATEMENTS})`,
  );

/** `called` is what gave the name or number of a statement that is not there. */
export const unknownStatement = (statement: string | number, called: string): ServerError =>
  new ServerError(1243, 'HY000', `Unknown prepared statement handler (${statement}) given to ${called}`);

/** The prepared statements of a session. */
export class PreparedStatements {
  readonly #statements = new Map<number, PreparedStatement>();
  #last = 0;

  prepare(text: Buffer): { readonly id: number; readonly statement: PreparedStatement } {
    if (this.#statements.size >= MAX_STATEMENTS || areTooMany(this.#kept(), text.length))
      throw tooManyStatements();
    const places = questionMarks(text);
    const statement = { text, places, types: undefined, longData: new Map(), isTooLong: false };
    this.#last += 1;
    this.#statements.set(this.#last, statement);
    return { id: this.#last, statement };
  }

  /** @throws ServerError 1243 */
  get(id: number): PreparedStatement {
    const statement = this.#statements.get(id);
    if (statement !== undefined) return statement;
    throw unknownStatement(id, 'mysqld_stmt_execute');
  }

  /** Nobody waits for an answer to this: what is wrong with it is said when the statement is executed. */
  addLongData(id: number, parameter: number, data: Buffer): void {
    const statement = this.#statements.get(id);
    if (statement === undefined || parameter >= statement.places.length) return;
    statement.isTooLong ||= areTooMany(this.#kept(), data.length);
    if (statement.isTooLong) return;
    const { longData } = statement;
    longData.set(parameter, Buffer.concat([longData.get(parameter) ?? Buffer.alloc(0), data]));
  }

  /** The long data of a statement is used up, or not wanted any more. */
  forgetLongData(statement: PreparedStatement): void {
    statement.longData.clear();
    statement.isTooLong = false;
  }

  close(id: number): void {
    this.#statements.delete(id);
  }

  clear(): void {
    this.#statements.clear();
  }

  *#kept(): Generator<Buffer> {
    for (const { text, longData } of this.#statements.values()) {
      yield text;
      yield* longData.values();
    }
  }
}

/** Where parameters go. @throws ServerError 1390 */
export function questionMarks(text: Buffer): number[] {
  const lexer = new SqlLexer(text);
  const places: number[] = [];
  while (lexer.next() !== Token.END) {
    if (!lexer.isSymbol('?')) continue;
    if (places.push(lexer.start) > MAX_PARAMETERS)
      throw new ServerError(1390, 'HY000', 'Prepared statement contains too many placeholders');
  }
  return places;
}

/** The statement with its parameters written out. @throws ServerError 1105: long data was too long */
export function bound(
  { text, places, longData, isTooLong }: Omit<PreparedStatement, 'types'>,
  parameters: readonly Pick<Parameter, 'value'>[],
): Buffer {
  if (isTooLong) {
    throw new ServerError(
      1105,
      'HY000',
      "Parameter of prepared statement which is set through mysql_send_long_data() is longer than 'max_allowed_packet' bytes",
    );
  }
  const pieces: Buffer[] = [];
  let copied = 0;
  for (const [i, at] of places.entries()) {
    const value = longData.get(i) ?? parameters[i]?.value ?? null;
    const written = isWhole(value) && isLimit(text, at) ? value : Buffer.from(literal(value));
    pieces.push(text.subarray(copied, at), written);
    copied = at + 1;
  }
  pieces.push(text.subarray(copied));
  return Buffer.concat(pieces);
}

/** Bytes in front of a parameter that are looked at for LIMIT. */
const LOOK_BACK = 64;
const LIMIT = /\b(?:LIMIT|OFFSET)\s+$|\bLIMIT\s+[?\d]+\s*,\s*$/i;
const isLimit = (text: Buffer, at: number): boolean =>
  LIMIT.test(text.toString('latin1', Math.max(0, at - LOOK_BACK), at));

/** Drivers bind numbers as texts: behind LIMIT the servers take them for numbers, where a literal would be none. */
const isWhole = (value: BinaryValue): value is Buffer =>
  Buffer.isBuffer(value) && /^\d+$/.test(value.toString('latin1'));

const two = (value: number): string => String(value).padStart(2, '0');

function literal(value: BinaryValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Buffer.isBuffer(value))
    return isUtf8(value) ? quoteString(value.toString()) : `0x${value.toString('hex')}`;
  const clock = `${two(value.hour + value.days * 24)}:${two(value.minute)}:${two(value.second)}`;
  if (value.year === 0) return quoteString(`${value.negative ? '-' : ''}${clock}`);
  return quoteString(`${String(value.year).padStart(4, '0')}-${two(value.month)}-${two(value.day)} ${clock}`);
}
