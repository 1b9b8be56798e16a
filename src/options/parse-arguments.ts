import type { OptionValue, ResolvedOption } from './definition.ts';
import { Diagnostics } from './diagnostics.ts';
import { DISABLED, GivenOptions, type ParseSettings } from './given-options.ts';
import { type LongName, readLongName } from './long-name.ts';
import { type OptionMessages, optionMessages } from './messages.ts';
import { OptionExit } from './option-error.ts';

/** One word to parse. Words from option files never take the word after them as their value. */
export interface Argument {
  readonly text: string;
  readonly fromFile: boolean;
}

/** What a command line says. */
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

class ArgumentParser {
  readonly #options: readonly ResolvedOption[];
  readonly #words: readonly Argument[];
  readonly #settings: ParseSettings;
  readonly #messages: OptionMessages;
  readonly #diagnostics: Diagnostics;
  readonly #given: GivenOptions;
  readonly #positionals: string[] = [];
  #next = 0;
  #passwordWarned = false;

  constructor(options: readonly ResolvedOption[], words: readonly Argument[], settings: ParseSettings) {
    this.#options = options;
    this.#words = words;
    this.#settings = settings;
    this.#messages = optionMessages(settings.dialect, settings.program);
    this.#diagnostics = new Diagnostics(settings.dialect, this.#messages, settings.warn);
    this.#given = new GivenOptions(options, settings, this.#messages, this.#diagnostics);
  }

  parse(): ParsedArguments {
    let onlyPositionals = false;
    while (!this.#given.stopped) {
      const word = this.#words[this.#next++];
      if (word === undefined) break;
      const { text } = word;
      this.#given.fromFile = word.fromFile;
      if (onlyPositionals || !text.startsWith('-') || text === '-') this.#positionals.push(text);
      else if (text === '--') onlyPositionals = true;
      else if (text.startsWith('--')) this.#long(text.slice(2), word);
      else this.#bundle(text.slice(1), word);
    }
    this.#diagnostics.finish();
    return {
      values: this.#given.values,
      given: this.#given.names,
      positionals: this.#positionals,
      stopped: this.#given.stopped,
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
      this.#given.setBoolean(option, argument);
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
    this.#given.store(option, isOff ? '' : value, loose);
  }

  #bundle(letters: string, word: Argument): void {
    for (let at = 0; at < letters.length && !this.#given.stopped; at++) {
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
        if (option.type.kind === 'bool') this.#given.setBoolean(option, undefined);
        else this.#given.store(option, undefined, false);
        continue;
      }
      let argument: string | undefined = letters.slice(at + 1);
      if (argument !== '') {
        if (option.type.kind === 'password' && this.#settings.dialect === 'mysql' && !word.fromFile)
          this.#warnOfPassword();
      } else if (option.argument === 'optional') {
        if (option.type.kind === 'bool') this.#given.setBoolean(option, undefined);
        else this.#given.store(option, undefined, false);
        continue;
      } else {
        argument = this.#words[this.#next++]?.text;
        if (argument === undefined) {
          this.#diagnostics.error(this.#messages.shortArgumentRequired(letter), OptionExit.ARGUMENT_REQUIRED);
          return;
        }
      }
      this.#given.store(option, argument, false);
      return;
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
