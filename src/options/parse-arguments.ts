import { type Dialect, defaultValue, type OptionValue, type ResolvedOption } from './definition.ts';
import { Diagnostics } from './diagnostics.ts';
import { type LongName, readLongName } from './long-name.ts';
import { type OptionMessages, optionMessages } from './messages.ts';
import { FatalOptionError, OptionError, OptionExit, type WarningSink } from './option-error.ts';
import { readBoolean, readValue } from './read-value.ts';

/** One word to parse. Words from option files never take the word after them as their value. */
export interface Argument {
  readonly text: string;
  readonly fromFile: boolean;
}

/** An option that was just given. `argument` is what the user wrote (`'0'` where a prefix switched it off). */
export interface GivenOption {
  readonly option: ResolvedOption;
  readonly value: OptionValue;
  readonly argument: string | undefined;
  /** From an option file, not from the command line. */
  readonly fromFile: boolean;
}

export interface ParseSettings {
  readonly dialect: Dialect;
  /** The name the user started the program by, without folders. */
  readonly program: string;
  readonly warn: WarningSink;
  /**
   * Called for every option in order, after its value was stored. `'stop'` ends parsing at once, as --help and --version
   * do in MySQL's programs. An {@link OptionError} thrown here ends parsing in MySQL; in MariaDB, only if it `endsNow`.
   */
  onOption?(given: GivenOption): 'stop' | undefined;
}

export interface ParsedArguments {
  /** Value of every option by name, defaults included. */
  readonly values: ReadonlyMap<string, OptionValue>;
  /** Names that were given, in any way. */
  readonly given: ReadonlySet<string>;
  /** Words that are no options. */
  readonly positionals: readonly string[];
  readonly stopped: boolean;
}

/**
 * Parses as MySQL's or MariaDB's `handle_options` does. MySQL stops at the first error. MariaDB reports every wrong option
 * and ends with the last one's status; what it reported before goes to `warn`.
 *
 * @throws OptionError with the lines not yet printed and the exit status.
 */
export function parseArguments(
  options: readonly ResolvedOption[],
  words: readonly Argument[],
  settings: ParseSettings,
): ParsedArguments {
  return new ArgumentParser(options, words, settings).parse();
}

const DISABLED = '0';

class ArgumentParser {
  readonly #options: readonly ResolvedOption[];
  readonly #words: readonly Argument[];
  readonly #settings: ParseSettings;
  readonly #messages: OptionMessages;
  readonly #diagnostics: Diagnostics;
  readonly #values = new Map<string, OptionValue>();
  readonly #given = new Set<string>();
  readonly #positionals: string[] = [];
  #next = 0;
  #stopped = false;
  #fromFile = false;
  #passwordWarned = false;

  constructor(options: readonly ResolvedOption[], words: readonly Argument[], settings: ParseSettings) {
    this.#options = options;
    this.#words = words;
    this.#settings = settings;
    this.#messages = optionMessages(settings.dialect, settings.program);
    this.#diagnostics = new Diagnostics(settings.dialect, this.#messages, settings.warn);
    for (const option of options) this.#values.set(option.name, defaultValue(option.type));
  }

  parse(): ParsedArguments {
    let onlyPositionals = false;
    while (!this.#stopped) {
      const word = this.#words[this.#next++];
      if (word === undefined) break;
      const { text } = word;
      this.#fromFile = word.fromFile;
      if (onlyPositionals || !text.startsWith('-') || text === '-') this.#positionals.push(text);
      else if (text === '--') onlyPositionals = true;
      else if (text.startsWith('--')) this.#long(text.slice(2), word);
      else this.#bundle(text.slice(1), word);
    }
    this.#diagnostics.finish();
    return {
      values: this.#values,
      given: this.#given,
      positionals: this.#positionals,
      stopped: this.#stopped,
    };
  }

  #long(text: string, word: Argument): void {
    const { dialect, program } = this.#settings;
    const match = readLongName(this.#options, text, dialect);
    if (match.abbreviated !== undefined)
      this.#diagnostics.warn(
        `Info: Using unique option prefix '${match.abbreviated.written}' is error-prone and can break in the future. ` +
          `Please use the full name '${match.abbreviated.name}' instead.`,
      );
    switch (match.found) {
      case 'one':
        return this.#apply(match, word);
      case 'several': {
        const { written, prefix, first, last } = match;
        // MariaDB tells of an ambiguity behind a prefix twice.
        if (prefix !== undefined)
          this.#diagnostics.error(
            `${program}: ambiguous option '--${prefix}-${written}' (--${prefix}-${first})`,
            OptionExit.AMBIGUOUS_OPTION,
          );
        if (match.mustBeVariable)
          return this.#diagnostics.error(
            `${program}: variable prefix '${written}' is not unique`,
            OptionExit.VAR_PREFIX_NOT_UNIQUE,
          );
        return this.#diagnostics.error(
          `${program}: ambiguous option '--${written}' (${first}, ${last})`,
          OptionExit.AMBIGUOUS_OPTION,
        );
      }
      case 'none': {
        const shown = match.mustBeVariable
          ? this.#messages.unknownVariable(text)
          : this.#messages.unknownOption(text);
        if (match.loose) return this.#diagnostics.warn(this.#messages.warning(shown));
        const status = match.mustBeVariable ? OptionExit.UNKNOWN_VARIABLE : OptionExit.UNKNOWN_OPTION;
        return this.#diagnostics.error(shown, status);
      }
    }
  }

  #apply(match: Extract<LongName, { found: 'one' }>, word: Argument): void {
    const { option, argument, written, loose, enabledByPrefix } = match;
    const { name, type } = option;
    const { program, dialect } = this.#settings;
    if (type.kind === 'disabled') {
      const shown = this.#messages.disabled(written);
      if (loose) this.#diagnostics.warn(this.#messages.warning(shown));
      else this.#diagnostics.error(shown, OptionExit.OPTION_DISABLED);
      return;
    }
    if (option.argument === 'none' && type.kind === 'bool') {
      this.#switch(option, argument);
      return;
    }
    if (option.argument === 'none') {
      // A switch without value still refuses what --enable- puts there, as the real parser does.
      if (argument !== undefined || enabledByPrefix) {
        this.#diagnostics.error(this.#messages.noArgument(name), OptionExit.NO_ARGUMENT_ALLOWED);
        return;
      }
    } else if (match.autoset) {
      if (argument !== undefined) {
        this.#diagnostics.error(
          `${program}: automatically set option '--${name}' cannot take an argument`,
          OptionExit.NO_ARGUMENT_ALLOWED,
        );
        return;
      }
      const shown = `${program}: automatic setup request is unsupported by option '--${name}'`;
      if (loose) this.#diagnostics.warn(this.#messages.warning(shown));
      else this.#diagnostics.error(shown, OptionExit.ARGUMENT_INVALID);
      return;
    }
    let value = argument;
    if (option.argument === 'required' && argument === undefined && !enabledByPrefix) {
      const following = word.fromFile ? undefined : this.#words[this.#next++]?.text;
      if (following === undefined) {
        this.#diagnostics.error(this.#messages.argumentRequired(name), OptionExit.ARGUMENT_REQUIRED);
        return;
      }
      value = following;
    }
    if (type.kind === 'password' && dialect === 'mysql' && !word.fromFile)
      if (value !== undefined || enabledByPrefix) this.#warnOfPassword();
    // The handlers of the real programs take a password that is switched off for an empty one.
    const isOff = type.kind === 'password' && enabledByPrefix && value === DISABLED;
    this.#store(option, isOff ? '' : value, loose);
  }

  /** A boolean without argument takes one after all: `--raw=off`. What it does not understand it ignores. */
  #switch(option: ResolvedOption, argument: string | undefined): void {
    const words = option.type.kind === 'bool' ? (option.type.words ?? []) : [];
    const value =
      argument === undefined
        ? true
        : words.includes(argument.toLowerCase())
          ? argument.toLowerCase()
          : this.#settings.dialect === 'mariadb' && /^[01]/.test(argument)
            ? argument.startsWith('1')
            : readBoolean(argument);
    if (value === undefined) {
      this.#diagnostics.warn(
        this.#messages.warning(this.#messages.ignoredBoolean(option.name, argument ?? '')),
      );
      return;
    }
    this.#values.set(option.name, value);
    this.#announce({ option, value, argument: value === false ? DISABLED : argument });
  }

  #bundle(letters: string, word: Argument): void {
    for (let at = 0; at < letters.length && !this.#stopped; at++) {
      const letter = letters.charAt(at);
      const option = this.#options.find((candidate) => candidate.short === letter);
      if (option === undefined) {
        this.#diagnostics.error(this.#messages.unknownShort(letter), OptionExit.UNKNOWN_OPTION);
        continue;
      }
      if (option.type.kind === 'disabled') {
        this.#diagnostics.error(
          `${this.#settings.program}: Option '-${letter}' was used, but is disabled`,
          OptionExit.OPTION_DISABLED,
        );
        continue;
      }
      if (option.argument === 'none') {
        if (option.type.kind === 'bool') this.#switch(option, undefined);
        else this.#store(option, undefined, false);
        continue;
      }
      let argument: string | undefined = letters.slice(at + 1);
      if (argument !== '') {
        if (option.type.kind === 'password' && this.#settings.dialect === 'mysql' && !word.fromFile)
          this.#warnOfPassword();
      } else if (option.argument === 'optional') {
        if (option.type.kind === 'bool') this.#switch(option, undefined);
        else this.#store(option, undefined, false);
        continue;
      } else {
        argument = this.#words[this.#next++]?.text;
        if (argument === undefined) {
          this.#diagnostics.error(this.#messages.shortArgumentRequired(letter), OptionExit.ARGUMENT_REQUIRED);
          return;
        }
      }
      this.#store(option, argument, false);
      return;
    }
  }

  #store(option: ResolvedOption, argument: string | undefined, loose: boolean): void {
    const { dialect } = this.#settings;
    const previous = this.#values.get(option.name) ?? null;
    const read = readValue({ option, dialect, messages: this.#messages }, argument, previous);
    if ('errors' in read) {
      if (loose && dialect === 'mariadb' && read.endsProgram !== true)
        for (const line of read.errors) this.#diagnostics.warn(line);
      else {
        // A choice is looked up in the program's own handler, which has said what it has to say about the option before.
        if (read.endsProgram === true) this.#announce({ option, value: null, argument });
        const FailedOption = read.endsProgram === true ? FatalOptionError : OptionError;
        this.#diagnostics.fail(new FailedOption(read.errors, read.exitStatus));
      }
      return;
    }
    for (const line of read.warnings) this.#diagnostics.warn(line);
    this.#values.set(option.name, read.value);
    this.#announce({ option, value: read.value, argument });
  }

  #announce(given: Omit<GivenOption, 'fromFile'>): void {
    this.#given.add(given.option.name);
    try {
      const fromFile = this.#fromFile;
      if (this.#settings.onOption?.({ ...given, fromFile }) === 'stop') this.#stopped = true;
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      this.#diagnostics.fail(error);
    }
  }

  #warnOfPassword(): void {
    if (this.#passwordWarned) return;
    this.#passwordWarned = true;
    this.#diagnostics.warn(
      this.#messages.warning('Using a password on the command line interface can be insecure'),
    );
  }
}
