import { SqlLexer, Token } from '../lexer.ts';

/** A string behind one of these is a secret, or may be. */
const BEFORE_SECRETS: ReadonlySet<string> = new Set([
  'PASSWORD',
  'SOURCE_PASSWORD',
  'MASTER_PASSWORD',
  'TARGET_PASSWORD',
  'TARGET_URL',
  'BY',
  // A statement that is prepared may hold one.
  'FROM',
  'IMMEDIATE',
  'REPLACE',
  'AS',
  'USING',
]);

/** Statements that may hold a secret, by their first words. */
const MAY_HOLD_SECRETS = /^\s*(CHANGE|START|CREATE|ALTER|GRANT|SET|PREPARE|EXECUTE)\b/i;
/** A text that hides its beginning in a comment is not looked at twice. */
const STARTS_WITH_COMMENT = /^\s*(\/\*|#|--)/;

/** The text of a statement as it may be shown to others: secrets become `<secret>`. */
export function redactStatement(statement: string): string {
  if (!MAY_HOLD_SECRETS.test(statement) && !STARTS_WITH_COMMENT.test(statement)) return statement;
  const lexer = new SqlLexer(Buffer.from(statement));
  let shown = '';
  let copied = 0;
  let armed = false;
  let setsPassword = false;
  while (lexer.next() !== Token.END) {
    const hexadecimal = lexer.token === Token.NUMBER && /^0x/i.test(lexer.text);
    if ((armed || setsPassword) && (lexer.token === Token.STRING || hexadecimal)) {
      shown += `${lexer.bytes.toString('utf8', copied, lexer.start)}<secret>`;
      copied = lexer.end;
    } else if (lexer.word !== '') {
      armed = BEFORE_SECRETS.has(lexer.word);
      setsPassword ||= lexer.word === 'PASSWORD';
    } else if (!lexer.isSymbol('=') && !lexer.isSymbol('(')) armed = false;
  }
  return shown + lexer.bytes.toString('utf8', copied);
}
