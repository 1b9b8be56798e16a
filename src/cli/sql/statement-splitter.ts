import { SqlLexer, Token } from '../../sql/index.ts';

/** A statement with how it ended. */
export interface SplitStatement {
  readonly text: string;
  /** `\G`: show rows upright. */
  readonly vertical: boolean;
  /** Line of the input it began on. */
  readonly line: number;
}

/** A line that is no statement: `\s`, `quit`. */
export interface ClientCommand {
  readonly command: 'quit' | 'status' | 'help' | 'clear';
}

const COMMANDS: Readonly<Record<string, ClientCommand['command']>> = {
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
};

/** Cuts lines into statements at `;`, `\g` and `\G`, outside quotes and comments. */
export class StatementSplitter {
  #text = '';
  #line = 0;
  #startLine = 1;

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
      const command = COMMANDS[line.trim().replace(/;$/, '').toLowerCase()];
      if (command !== undefined) return [{ command }];
    }
    if (line.trim().endsWith('\\c')) {
      this.#text = '';
      return [{ command: 'clear' }];
    }
    this.#text += `${line}\n`;
    return this.#cut();
  }

  /** What is left at the end of the input: a last statement needs no semicolon. */
  finish(): SplitStatement[] {
    const text = this.#text.trim();
    this.#text = '';
    return text === '' ? [] : [{ text, vertical: false, line: this.#startLine }];
  }

  #cut(): SplitStatement[] {
    const found: SplitStatement[] = [];
    for (;;) {
      const end = nextEnd(this.#text);
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

function nextEnd(text: string): End | undefined {
  const bytes = Buffer.from(text);
  const lexer = new SqlLexer(bytes);
  const chars = (byte: number): number => bytes.toString('utf8', 0, byte).length;
  while (lexer.next() !== Token.END) {
    if (lexer.malformed) return undefined;
    if (lexer.isSymbol(';')) {
      return { at: chars(lexer.start), behind: chars(lexer.end), vertical: false };
    }
    if (!lexer.isSymbol('\\')) continue;
    const letter = bytes[lexer.end];
    // `\G` and `\g`; the letter may be the start of a longer word, as in `\Gx`, which is no end.
    if (letter !== 0x47 && letter !== 0x67) continue;
    return { at: chars(lexer.start), behind: chars(lexer.end + 1), vertical: letter === 0x47 };
  }
  return undefined;
}
