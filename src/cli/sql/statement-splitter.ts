import { type CommandDefinition, type CommandName, commandOfLetter, commandOfText } from './commands.ts';

/** A statement with how it ended. Text holds a byte in each character. */
export interface SplitStatement {
  readonly text: string;
  /** With the blanks and the comment behind its end, which mysql counts to it. */
  readonly wholeText: string;
  /** `\G`: show rows upright. */
  readonly vertical: boolean;
  /** Line of the input it began on. */
  readonly line: number;
  /** What `use` named. */
  readonly schema?: string;
}

/** Something that is no statement: `\s`, `quit`, `source FILE`; `text` is the rest of its line. */
export interface ClientCommand {
  readonly command: Exclude<CommandName, 'delimiter' | 'ego' | 'go' | 'use' | 'clear'>;
  readonly text: string;
  /** What had been typed of a statement before it. */
  readonly pending: string;
  readonly line: number;
}

/** A line that cannot be understood. */
export interface SplitFailure {
  readonly failure: string;
  readonly line: number;
}

export type SplitItem = SplitStatement | ClientCommand | SplitFailure;

const SPACE = /\s/;
/** A command may follow comments that no statement has begun with. */
const ONLY_COMMENTS = /^(?:\s*\/\*(?![!+])(?:[^*]|\*(?!\/))*\*\/)*\s*$/;

/** Cuts lines into statements at `;` or what `delimiter` says, `\g` and `\G`, outside quotes and comments. */
export class StatementSplitter {
  /** What of a statement came with the lines before. */
  #text = '';
  #line = 0;
  #startLine = 1;
  #delimiter: string;
  /** The quote that is open. */
  #quote = '';
  #inComment = false;
  /** Within `/*+ …`, where nothing ends and no quote begins; or within `/*! …`, which is like any other text. */
  #special: '' | '!' | '+' = '';
  /** Off where the session's sql_mode has NO_BACKSLASH_ESCAPES. */
  backslashEscapes = true;

  constructor(delimiter = ';') {
    this.#delimiter = delimiter;
  }

  /** Something has been begun and not ended. */
  get pending(): boolean {
    return this.#text !== '';
  }

  /** What is open, for a prompt: a quote, or `*` for a comment. */
  get open(): string {
    return this.#inComment ? '*' : this.#quote;
  }

  /** What ends a statement. */
  get delimiter(): string {
    return this.#delimiter;
  }

  set delimiter(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** What a line completes, as it is asked for: an item may change what the rest of the line means. */
  *push(line: string): Generator<SplitItem, void> {
    this.#line += 1;
    if (this.#text === '') this.#startLine = this.#line;
    if (this.open === '' && ONLY_COMMENTS.test(this.#text)) {
      const named = this.#commandOfLine(line);
      if (named !== undefined) {
        this.#text = '';
        yield* this.#do(named.command, named.rest);
        return;
      }
    }
    yield* this.#scan(line);
  }

  /** Forgets what was begun. */
  clear(): void {
    this.#text = '';
    this.#quote = '';
    this.#inComment = false;
    this.#special = '';
  }

  /** What is left at the end of the input: a last statement needs no semicolon. What it lacks, the server says. */
  *finish(): Generator<SplitItem, void> {
    const text = this.#text;
    this.clear();
    yield* this.#statement(text, false);
  }

  /** mysql leaves a line with an end in it to what follows ends; delimiter alone takes the end as its own. */
  #commandOfLine(line: string): ReturnType<typeof commandOfText> {
    const hasEnd = line.includes('\\g') || line.includes(this.#delimiter);
    const found = commandOfText(line);
    return hasEnd && found?.command.name !== 'delimiter' ? undefined : found;
  }

  *#scan(line: string): Generator<SplitItem, void> {
    /** What of the line belongs to the statement, from here. */
    let kept = '';
    for (let i = 0; i < line.length; ) {
      const character = line[i]!;
      const rest = this.#text + kept;
      if (SPACE.test(character) && rest === '') i += 1;
      else if (character === '\\' && !this.#inComment && this.#quote !== '`' && !this.#isPlainBackslash()) {
        const letter = line[i + 1];
        if (letter === undefined) {
          kept += character;
          break;
        }
        const command = this.#quote === '' && letter !== 'N' ? commandOfLetter(letter) : undefined;
        if (command === undefined) {
          if (this.#quote === '' && letter !== 'N')
            yield { failure: `Unknown command '\\${letter}'.`, line: this.#startLine };
          kept += character + letter;
          i += 2;
          continue;
        }
        this.#text += kept;
        kept = '';
        const text = command.takesText ? this.#restOfLine(line, i + 2) : '';
        i += 2 + text.length;
        yield* this.#do(command, text.trim());
      } else if (this.#endsAt(line, i)) {
        const trailer = this.#trailer(line, i + this.#delimiter.length);
        this.#text = '';
        this.#special = '';
        i += this.#delimiter.length + trailer.length;
        kept = '';
        yield* this.#ended(rest, trailer);
      } else if (this.#isLineComment(line, i, rest === '')) {
        this.#text = rest + line.slice(i);
        kept = '';
        // By itself it is sent at once, so that a command may stand on the next line.
        if (rest === '') {
          const text = this.#text;
          this.#text = '';
          yield* this.#statement(text, false);
        }
        break;
      } else {
        const taken = this.#take(line, i);
        kept += taken;
        i += taken.length;
      }
    }
    if (this.#text !== '' || kept !== '') this.#text += `${kept}\n`;
  }

  #isPlainBackslash(): boolean {
    return this.#quote !== '' && !this.backslashEscapes;
  }

  #endsAt(line: string, at: number): boolean {
    const isText = !this.#inComment && this.#quote === '' && this.#special !== '+';
    return isText && line.startsWith(this.#delimiter, at);
  }

  #isLineComment(line: string, at: number, isFirst: boolean): boolean {
    if (this.#inComment || this.#quote !== '') return false;
    if (line[at] === '#') return true;
    if (!line.startsWith('--', at)) return false;
    const behind = line[at + 2];
    return behind === undefined || SPACE.test(behind) || isFirst;
  }

  /** The next characters that belong together, and what they open and close. */
  #take(line: string, at: number): string {
    const two = line.slice(at, at + 2);
    if (this.#inComment) {
      if (two !== '*/') return line[at]!;
      this.#inComment = false;
      return two;
    }
    if (this.#quote === '' && two === '/*') {
      const kind = line[at + 2];
      if (kind === '!' || kind === '+') this.#special = kind;
      else if (this.#special !== '+') this.#inComment = true;
      return two;
    }
    if (this.#quote === '' && this.#special !== '' && two === '*/') {
      this.#special = '';
      return two;
    }
    const character = line[at]!;
    if (character === this.#quote) this.#quote = '';
    else if (this.#quote === '' && this.#special !== '+' && /['"`]/.test(character)) this.#quote = character;
    return character;
  }

  /** Blanks behind an end, and a comment to the end of the line. */
  #trailer(line: string, at: number): string {
    const blanks = /^\s*/.exec(line.slice(at))![0];
    return this.#isLineComment(line, at + blanks.length, false) ? line.slice(at) : blanks;
  }

  /** What a command takes: up to the end of a statement. */
  #restOfLine(line: string, at: number): string {
    const end = line.indexOf(this.#delimiter, at);
    return end < 0 ? line.slice(at) : line.slice(at, end);
  }

  /** A statement that met its end: it may be a command that was written with one. */
  *#ended(text: string, trailer: string): Generator<SplitItem, void> {
    const named = commandOfText(text);
    if (named === undefined) yield* this.#statement(text, false, trailer);
    else yield* this.#do(named.command, named.rest);
  }

  *#statement(text: string, vertical: boolean, trailer = ''): Generator<SplitItem, void> {
    const wholeText = text + trailer;
    const trimmed = wholeText.trimEnd();
    if (trimmed !== '') yield { text: trimmed, wholeText, vertical, line: this.#startLine };
  }

  *#do({ name }: CommandDefinition, text: string): Generator<SplitItem, void> {
    const pending = this.#text;
    if (name === 'go' || name === 'ego') {
      this.#text = '';
      yield* this.#statement(pending, name === 'ego');
    } else if (name === 'clear') {
      this.clear();
    } else if (name === 'delimiter') {
      const delimiter = /^\S+/.exec(text)?.[0];
      const failure = delimiterFailure(delimiter);
      if (failure === undefined) this.#delimiter = delimiter!;
      else yield { failure, line: this.#startLine };
    } else if (name === 'use') {
      yield* this.#use(text);
    } else {
      yield { command: name, text, pending, line: this.#startLine };
    }
  }

  *#use(text: string): Generator<SplitItem, void> {
    const [, quoted, plain] = /^(?:(`(?:[^`]|``)*`)|([^\s`;]+))/.exec(text) ?? [];
    const name = quoted ?? (plain === undefined ? undefined : `\`${plain}\``);
    if (name === undefined)
      yield { failure: 'USE must be followed by a database name', line: this.#startLine };
    else {
      const schema = name.slice(1, -1).replaceAll('``', '`');
      yield { text: `USE ${name}`, wholeText: `USE ${name}`, vertical: false, line: this.#startLine, schema };
    }
  }
}

function delimiterFailure(delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return "DELIMITER must be followed by a 'delimiter' character or string";
  return delimiter.includes('\\') ? 'DELIMITER cannot contain a backslash character' : undefined;
}
