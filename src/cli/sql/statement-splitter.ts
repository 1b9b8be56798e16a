import { SqlLexer, Token } from '../../sql/index.ts';

/** A statement with how it ended. */
export interface SplitStatement {
  readonly text: string;
  /** `\G`: show rows upright. */
  readonly vertical: boolean;
  /** Line of the input it began on. */
  readonly line: number;
}

type CommandWord = 'quit' | 'status' | 'help' | 'clear' | 'warnings' | 'nowarning' | 'delimiter';

/** A line that is no statement: `\s`, `quit`; `source FILE` brings the statements of a file, `line` is where it stands. */
export type ClientCommand =
  | { readonly command: CommandWord }
  | { readonly command: 'source'; readonly file: string; readonly line: number };

const COMMANDS: Readonly<Record<string, CommandWord>> = {
  quit: 'quit',
  exit: 'quit',
  '\\q': 'quit',
  status: 'status',
  '\\s': 'status',
  help: 'help',
  '\\h': 'help',
  '?': 'help',
  '\\?': 'help',
  clear: 'clear',
  '\\c': 'clear',
  warnings: 'warnings',
  nowarning: 'nowarning',
};
/** The case of these counts. */
const LETTERS: Readonly<Record<string, CommandWord>> = { '\\W': 'warnings', '\\w': 'nowarning' };

const DELIMITER = /^\s*(?:delimiter\s|\\d)\s*(\S+)/i;
const SOURCE = /^\s*(?:source\s|\\\.)\s*(\S.*?)\s*;?\s*$/i;
const USE = /^\s*(?:use\s|\\u)\s*(`[^`]+`|[^\s;`]+)\s*;?\s*$/i;

/** Cuts lines into statements at `;` or what `delimiter` says, `\g` and `\G`, outside quotes and comments. */
export class StatementSplitter {
  #text = '';
  #line = 0;
  #startLine = 1;
  #delimiter = ';';

  /** Something has been begun and not ended. */
  get pending(): boolean {
    return this.#text.trim() !== '';
  }

  /** What a line completes. */
  push(line: string): (SplitStatement | ClientCommand)[] {
    this.#line += 1;
    if (!this.pending) {
      this.#text = '';
      this.#startLine = this.#line;
      const command = this.#commandOf(line);
      if (command !== undefined) return [command];
    }
    if (line.trim().endsWith('\\c')) {
      this.#text = '';
      return [{ command: 'clear' }];
    }
    this.#text += `${line}\n`;
    return this.#cut();
  }

  /** Forgets what was begun. */
  clear(): void {
    this.#text = '';
  }

  /** What is left at the end of the input: a last statement needs no semicolon. */
  finish(): SplitStatement[] {
    const text = this.#text.trim();
    this.#text = '';
    return text === '' ? [] : [{ text, vertical: false, line: this.#startLine }];
  }

  /** A line that is one by itself, where no statement is under way. */
  #commandOf(line: string): SplitStatement | ClientCommand | undefined {
    const word = line.trim().replace(/;$/, '');
    const command = LETTERS[word] ?? COMMANDS[word.toLowerCase()];
    if (command !== undefined) return { command };
    const delimiter = DELIMITER.exec(line)?.[1];
    if (delimiter !== undefined) {
      this.#delimiter = delimiter;
      return { command: 'delimiter' };
    }
    const file = SOURCE.exec(line)?.[1];
    if (file !== undefined) return { command: 'source', file, line: this.#line };
    const schema = USE.exec(line)?.[1]?.replaceAll('`', '');
    return schema === undefined
      ? undefined
      : { text: `USE \`${schema}\``, vertical: false, line: this.#line };
  }

  #cut(): SplitStatement[] {
    const found: SplitStatement[] = [];
    for (;;) {
      const end = nextEnd(this.#text, this.#delimiter);
      if (end === undefined) return found;
      const text = this.#text.slice(0, end.at).trim();
      this.#text = this.#text.slice(end.behind);
      if (text !== '') found.push({ text, vertical: end.vertical, line: this.#startLine });
      if (!this.pending) this.#text = '';
      this.#startLine = this.#line;
    }
  }
}

interface End {
  readonly at: number;
  readonly behind: number;
  readonly vertical: boolean;
}

function nextEnd(text: string, delimiter: string): End | undefined {
  const bytes = Buffer.from(text);
  const lexer = new SqlLexer(bytes);
  const chars = (byte: number): number => bytes.toString('utf8', 0, byte).length;
  while (lexer.next() !== Token.END) {
    if (lexer.malformed) return undefined;
    if (lexer.token !== Token.STRING && lexer.token !== Token.QUOTED) {
      const at = bytes.indexOf(delimiter, lexer.start);
      if (at >= 0 && at < lexer.end)
        return { at: chars(at), behind: chars(at + Buffer.byteLength(delimiter)), vertical: false };
    }
    if (!lexer.isSymbol('\\')) continue;
    const letter = bytes[lexer.end];
    // `\G` and `\g`; the letter may be the start of a longer word, as in `\Gx`, which is no end.
    if (letter !== 0x47 && letter !== 0x67) continue;
    return { at: chars(lexer.start), behind: chars(lexer.end + 1), vertical: letter === 0x47 };
  }
  return undefined;
}
