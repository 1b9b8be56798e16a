import { createHash } from 'node:crypto';
import { type LexerOptions, SqlLexer, Token } from '../../sql/index.ts';

/** Tokens whose text is data, not structure. */
const literals: ReadonlySet<number> = new Set([Token.STRING, Token.NUMBER]);

/**
 * Names the shape of a statement without a word of its data: SHA-256 of its tokens, words in capitals, every literal and every list of
 * them a question mark. The same statement with other values has the same digest.
 */
export function statementDigest(statement: Uint8Array, options: LexerOptions): string {
  const lexer = new SqlLexer(statement, options);
  const hash = createHash('sha256');
  let wasLiteral = false;
  let wasComma = false;
  for (let token = lexer.next(); token !== Token.END; token = lexer.next()) {
    const isLiteral = literals.has(token);
    // `1, 2, 3` and `1` have one shape.
    const isSeparator = wasLiteral && token === Token.SYMBOL && lexer.text === ',';
    if (isLiteral) {
      if (!wasComma) hash.update('? ');
      wasLiteral = true;
      wasComma = false;
    } else if (isSeparator) {
      wasComma = true;
    } else {
      hash.update(`${token === Token.WORD ? lexer.text.toUpperCase() : lexer.text} `);
      wasLiteral = false;
      wasComma = false;
    }
  }
  return hash.digest('hex');
}
