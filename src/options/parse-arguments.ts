import { type Dialect, defaultValue, type OptionValue, type ResolvedOption } from './definition.ts';
import { findByName, type OptionPrefix, splitPrefix } from './lookup.ts';
import { type OptionMessages, optionMessages } from './messages.ts';
import { OptionError, OptionExit, type WarningSink } from './option-error.ts';
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

/** An error found in an option's value that ends the program in both dialects at once, instead of being collected. */
export class FatalOptionError extends OptionError {}

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
  readonly #values = new Map<string, OptionValue>();
  readonly #given = new Set<string>();
  readonly #positionals: string[] = [];
  #next = 0;
  #pending: OptionError | undefined;
  #stopped = false;
  #passwordWarned = false;

  constructor(options: readonly ResolvedOption[], words: readonly Argument[], settings: ParseSettings) {
    this.#options = options;
    this.#words = words;
    this.#settings = settings;
    this.#messages = optionMessages(settings.dialect, settings.program);
    for (const option of options) this.#values.set(option.name, defaultValue(option.type));
  }

  parse(): ParsedArguments {
    let onlyPositionals = false;
    while (!this.#stopped) {
      const word = this.#words[this.#next++];
      if (word === undefined) break;
      const { text } = word;
      if (onlyPositionals || !text.startsWith('-') || text === '-') this.#positionals.push(text);
      else if (text === '--') onlyPositionals = true;
      else if (text.startsWith('--')) this.#long(text.slice(2), word);
      else this.#bundle(text.slice(1), word);
    }
    if (this.#pending !== undefined) throw this.#pending;
    return {
      values: this.#values,
      given: this.#given,
      positionals: this.#positionals,
      stopped: this.#stopped,
    };
  }

  #warn(line: string): void {
    this.#flush();
    this.#settings.warn(line);
  }

  #flush(): void {
    for (const line of this.#pending?.lines ?? []) this.#settings.warn(line);
    if (this.#pending !== undefined) this.#pending = new OptionError([], this.#pending.exitStatus);
  }

  #fail(error: OptionError): void {
    if (this.#settings.dialect === 'mysql' || error instanceof FatalOptionError) {
      this.#flush();
      throw error;
    }
    this.#flush();
    this.#pending = error;
  }

  #error(text: string, exitStatus: number): void {
    this.#fail(new OptionError([this.#messages.error(text)], exitStatus));
  }

  #long(text: string, word: Argument): void {
    const { dialect, program } = this.#settings;
    const written = dialect === 'mariadb' ? afterStructName(text) : text;
    const equals = written.indexOf('=');
    let rest = written;
    let argument = equals < 0 ? undefined : written.slice(equals + 1);
    const nameOf = (whole: string): string =>
      equals < 0 ? whole : whole.slice(0, whole.length - written.length + equals);

    let mustBeVariable = false;
    const applied: OptionPrefix[] = [];
    let match = this.#find(nameOf(rest));
    while (match.found === 'none') {
      mustBeVariable ||= argument !== undefined;
      const split = splitPrefix(rest, dialect);
      if (split === undefined) break;
      rest = split.rest;
      applied.push(split.prefix);
      match = this.#find(nameOf(rest));
      if (match.found === 'several') {
        const shown = `${program}: ambiguous option '--${split.prefix}-${rest}' (--${split.prefix}-${match.first})`;
        this.#error(shown, OptionExit.AMBIGUOUS_OPTION);
      }
    }
    const loose = applied.includes('loose');
    const last = applied.at(-1);
    if (last === 'maximum') mustBeVariable = true;

    if (match.found === 'none') {
      const [shown, status] = mustBeVariable
        ? [this.#messages.unknownVariable(text), OptionExit.UNKNOWN_VARIABLE]
        : [this.#messages.unknownOption(text), OptionExit.UNKNOWN_OPTION];
      if (loose) this.#warn(this.#messages.warning(shown));
      else this.#error(shown, status);
      return;
    }
    if (match.found === 'several') {
      if (mustBeVariable)
        this.#error(`${program}: variable prefix '${rest}' is not unique`, OptionExit.VAR_PREFIX_NOT_UNIQUE);
      else
        this.#error(
          `${program}: ambiguous option '--${rest}' (${match.first}, ${match.last})`,
          OptionExit.AMBIGUOUS_OPTION,
        );
      return;
    }

    // Only the prefix next to the name switches; `--skip-x=0` is a double negation.
    if (last === 'skip' || last === 'disable') argument = argument === '0' ? undefined : DISABLED;
    else if (last === 'enable') argument = argument === '0' ? DISABLED : undefined;
    const enabledByPrefix = last === 'enable' || last === 'skip' || last === 'disable';
    this.#apply(match.option, argument, {
      word,
      written: rest,
      loose,
      enabledByPrefix,
      autoset: applied.includes('autoset'),
    });
  }

  #find(name: string): ReturnType<typeof findByName> {
    const match = findByName(this.#options, name, this.#settings.dialect === 'mariadb');
    if (match.found === 'one' && match.abbreviated)
      this.#warn(
        `Info: Using unique option prefix '${name}' is error-prone and can break in the future. ` +
          `Please use the full name '${match.option.name}' instead.`,
      );
    return match;
  }

  #apply(
    option: ResolvedOption,
    argument: string | undefined,
    how: { word: Argument; written: string; loose: boolean; enabledByPrefix: boolean; autoset: boolean },
  ): void {
    const { name, type } = option;
    const { word, loose, written } = how;
    const { program, dialect } = this.#settings;
    if (type.kind === 'disabled') {
      const shown = this.#messages.disabled(written);
      if (loose) this.#warn(this.#messages.warning(shown));
      else this.#error(shown, OptionExit.OPTION_DISABLED);
      return;
    }
    if (option.argument === 'none' && type.kind === 'bool') {
      this.#switch(option, argument);
      return;
    }
    if (option.argument === 'none') {
      // A switch without value still refuses what --enable- puts there, as the real parser does.
      if (argument !== undefined || how.enabledByPrefix) {
        this.#error(this.#messages.noArgument(name), OptionExit.NO_ARGUMENT_ALLOWED);
        return;
      }
    } else if (how.autoset) {
      if (argument !== undefined) {
        this.#error(
          `${program}: automatically set option '--${name}' cannot take an argument`,
          OptionExit.NO_ARGUMENT_ALLOWED,
        );
        return;
      }
      const shown = `${program}: automatic setup request is unsupported by option '--${name}'`;
      if (loose) this.#warn(this.#messages.warning(shown));
      else this.#error(shown, OptionExit.ARGUMENT_INVALID);
      return;
    }
    let value = argument;
    if (option.argument === 'required' && argument === undefined && !how.enabledByPrefix) {
      const following = word.fromFile ? undefined : this.#words[this.#next++]?.text;
      if (following === undefined) {
        this.#error(this.#messages.argumentRequired(name), OptionExit.ARGUMENT_REQUIRED);
        return;
      }
      value = following;
    }
    if (type.kind === 'password' && dialect === 'mysql' && !word.fromFile)
      if (value !== undefined || how.enabledByPrefix) this.#warnOfPassword();
    this.#store(option, value, loose);
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
      this.#warn(this.#messages.warning(this.#messages.ignoredBoolean(option.name, argument ?? '')));
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
        this.#error(this.#messages.unknownShort(letter), OptionExit.UNKNOWN_OPTION);
        continue;
      }
      if (option.type.kind === 'disabled') {
        this.#error(
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
          this.#error(this.#messages.shortArgumentRequired(letter), OptionExit.ARGUMENT_REQUIRED);
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
        for (const line of read.errors) this.#warn(line);
      else {
        // A choice is looked up in the program's own handler, which has said what it has to say about the option before.
        if (read.endsProgram === true) this.#announce({ option, value: null, argument });
        const FailedOption = read.endsProgram === true ? FatalOptionError : OptionError;
        this.#fail(new FailedOption(read.errors, read.exitStatus));
      }
      return;
    }
    for (const line of read.warnings) this.#warn(line);
    this.#values.set(option.name, read.value);
    this.#announce({ option, value: read.value, argument });
  }

  #announce(given: GivenOption): void {
    this.#given.add(given.option.name);
    try {
      if (this.#settings.onOption?.(given) === 'stop') this.#stopped = true;
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      this.#fail(error);
    }
  }

  #warnOfPassword(): void {
    if (this.#passwordWarned) return;
    this.#passwordWarned = true;
    this.#warn(this.#messages.warning('Using a password on the command line interface can be insecure'));
  }
}

/** MariaDB reads `--cache.option=1` as `option` of a structure called `cache`, also where there are no structures. */
function afterStructName(text: string): string {
  const dot = text.indexOf('.', 1);
  const equals = text.indexOf('=');
  const end = equals < 0 ? text.length : equals;
  return dot > 0 && end - dot > 1 ? text.slice(dot + 1) : text;
}
