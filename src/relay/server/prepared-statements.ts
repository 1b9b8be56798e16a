import { ServerError } from '../../errors/index.ts';
import { quoteString, SqlLexer, Token } from '../../sql/index.ts';
import type { BinaryValue, Parameter, ParameterTypes } from '../../wire/index.ts';

/** A statement with `?` in it, and what earlier executions said about them. */
export interface PreparedStatement {
  readonly text: Buffer;
  /** Where the question marks stand. */
  readonly places: readonly number[];
  types: ParameterTypes | undefined;
  /** COM_STMT_SEND_LONG_DATA, by parameter. */
  readonly longData: Map<number, Buffer>;
}

/** Statements of one session; more than anybody needs (max_prepared_stmt_count counts all sessions together). */
export const MAX_STATEMENTS = 1000;
/** Bytes of long data a statement may gather. */
const MAX_LONG_DATA = 1024 * 1024;

export const tooManyStatements = (): ServerError =>
  new ServerError(
    1461,
    '42000',
    `Can't create more than max_prepared_stmt_count statements (current value: ${MAX_STATEMENTS})`,
  );

/** The prepared statements of a session. */
export class PreparedStatements {
  readonly #statements = new Map<number, PreparedStatement>();
  #last = 0;

  prepare(text: Buffer): { readonly id: number; readonly statement: PreparedStatement } {
    if (this.#statements.size >= MAX_STATEMENTS) {
      throw tooManyStatements();
    }
    const statement = { text, places: questionMarks(text), types: undefined, longData: new Map() };
    this.#last += 1;
    this.#statements.set(this.#last, statement);
    return { id: this.#last, statement };
  }

  /** @throws ServerError 1243 */
  get(id: number): PreparedStatement {
    const statement = this.#statements.get(id);
    if (statement !== undefined) return statement;
    throw new ServerError(
      1243,
      'HY000',
      `Unknown prepared statement handler (${id}) given to mysqld_stmt_execute`,
    );
  }

  addLongData(id: number, parameter: number, data: Buffer): void {
    const { longData } = this.get(id);
    const gathered = Buffer.concat([longData.get(parameter) ?? Buffer.alloc(0), data]);
    if (gathered.length <= MAX_LONG_DATA) longData.set(parameter, gathered);
  }

  close(id: number): void {
    this.#statements.delete(id);
  }

  clear(): void {
    this.#statements.clear();
  }
}

/** Where parameters go. */
export function questionMarks(text: Buffer): number[] {
  const lexer = new SqlLexer(text);
  const places: number[] = [];
  while (lexer.next() !== Token.END) if (lexer.isSymbol('?')) places.push(lexer.start);
  return places;
}

/** The statement with its parameters written out. */
export function bound(
  { text, places, longData }: Omit<PreparedStatement, 'types'>,
  parameters: readonly Pick<Parameter, 'value'>[],
): Buffer {
  const pieces: Buffer[] = [];
  let copied = 0;
  for (const [i, at] of places.entries()) {
    const value = longData.get(i) ?? parameters[i]?.value ?? null;
    pieces.push(text.subarray(copied, at), Buffer.from(literal(value)));
    copied = at + 1;
  }
  pieces.push(text.subarray(copied));
  return Buffer.concat(pieces);
}

const two = (value: number): string => String(value).padStart(2, '0');

function literal(value: BinaryValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Buffer.isBuffer(value)) return quoteString(value.toString());
  const clock = `${two(value.hour + value.days * 24)}:${two(value.minute)}:${two(value.second)}`;
  if (value.year === 0) return quoteString(`${value.negative ? '-' : ''}${clock}`);
  return quoteString(`${String(value.year).padStart(4, '0')}-${two(value.month)}-${two(value.day)} ${clock}`);
}
