import { SqlLexer, Token } from '../../../sql/index.ts';
import type { Context } from '../context.ts';
import { failoverFunctions } from './failover-functions.ts';
import type { CallValue, PerformedFunction } from './performed-function.ts';
import { waitFunctions } from './wait-functions.ts';

const functions: Readonly<Record<string, PerformedFunction>> = { ...failoverFunctions, ...waitFunctions };
/** Their names, in small letters. */
export const performedNames: ReadonlySet<string> = new Set(Object.keys(functions));

/** A call of a function by its name. */
export interface WrittenCall {
  /** As it is written. */
  readonly text: string;
  /** In small letters. */
  readonly name: string;
  /** Expressions. */
  readonly values: readonly string[];
}

/** Does what the calls in a query say, from left to right: values by the text of the call. @throws ServerError */
export async function performedCalls(
  text: string,
  context: Context,
  evaluate: (expression: string) => Promise<CallValue>,
): Promise<ReadonlyMap<string, CallValue>> {
  const answers = new Map<string, CallValue>();
  for (const { text: call, name, values } of callsIn(text, performedNames)) {
    const called = functions[name]!;
    if (values.length < called.least || values.length > called.most)
      throw called.wrongCount(name, values.length > called.most);
    const given: CallValue[] = [];
    // oxlint-disable-next-line no-await-in-loop -- in their order
    for (const value of values) given.push(await evaluate(value));
    // oxlint-disable-next-line no-await-in-loop -- in their order
    answers.set(call, await called.run(given, context, name));
  }
  return answers;
}

/** The calls of these functions in a query, from left to right. What stands in quotes and comments calls nothing. */
export function callsIn(text: string, names: ReadonlySet<string>): WrittenCall[] {
  const lowered = text.toLowerCase();
  if (![...names].some((name) => lowered.includes(name))) return [];
  const bytes = Buffer.from(text);
  const lexer = new SqlLexer(bytes);
  const calls: WrittenCall[] = [];
  lexer.next();
  while (lexer.token !== Token.END) {
    const name = lexer.token === Token.WORD ? lexer.text.toLowerCase() : '';
    const { start } = lexer;
    lexer.next();
    if (!names.has(name) || !lexer.isSymbol('(')) continue;
    const values: string[] = [];
    let from = lexer.end;
    for (let depth = 1; depth > 0; ) {
      if (lexer.next() === Token.END) return calls;
      if (lexer.isSymbol('(')) depth += 1;
      if (lexer.isSymbol(')')) depth -= 1;
      if (depth > 0 && !(depth === 1 && lexer.isSymbol(','))) continue;
      const value = bytes.toString('utf8', from, lexer.start).trim();
      if (value !== '' || depth > 0) values.push(value);
      from = lexer.end;
    }
    calls.push({ text: bytes.toString('utf8', start, lexer.end), name, values });
    lexer.next();
  }
  return calls;
}
