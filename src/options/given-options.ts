import { type Dialect, defaultValue, type OptionValue, type ResolvedOption } from './definition.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { OptionMessages } from './messages.ts';
import { FatalOptionError, OptionError, type WarningSink } from './option-error.ts';
import { readBoolean, readValue } from './read-value.ts';

/** An option that was just given. `argument` is what the user wrote (`'0'` where a prefix switched it off). */
export interface GivenOption {
  readonly option: ResolvedOption;
  readonly value: OptionValue;
  readonly argument: string | undefined;
  /** From an option file, not from the command line. */
  readonly fromFile: boolean;
}

/** By whose rules words are parsed, and who hears of them. */
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

/** The argument of an option that a prefix or a value switched off. */
export const DISABLED = '0';

/** What options have been given so far, and their values. */
export class GivenOptions {
  /** Of every option, defaults included. */
  readonly values: Map<string, OptionValue> = new Map();
  readonly names: Set<string> = new Set();
  /** Whether the word at hand stands in an option file. */
  fromFile = false;
  /** An option ended the parsing. */
  stopped = false;
  readonly #settings: ParseSettings;
  readonly #messages: OptionMessages;
  readonly #diagnostics: Diagnostics;

  constructor(
    options: readonly ResolvedOption[],
    settings: ParseSettings,
    messages: OptionMessages,
    diagnostics: Diagnostics,
  ) {
    this.#settings = settings;
    this.#messages = messages;
    this.#diagnostics = diagnostics;
    for (const { name, type } of options) this.values.set(name, defaultValue(type));
  }

  /** A boolean without argument takes one after all: `--raw=off`. What it does not understand it ignores. */
  setBoolean(option: ResolvedOption, argument: string | undefined): void {
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
    this.values.set(option.name, value);
    this.#announce({ option, value, argument: value === false ? DISABLED : argument });
  }

  /** Takes the text of a value; undefined: none was given. `loose`: what is wrong with it is a warning where the programs say so. */
  store(option: ResolvedOption, argument: string | undefined, loose: boolean): void {
    const { dialect } = this.#settings;
    const previous = this.values.get(option.name) ?? null;
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
    this.values.set(option.name, read.value);
    this.#announce({ option, value: read.value, argument });
  }

  #announce(given: Omit<GivenOption, 'fromFile'>): void {
    this.names.add(given.option.name);
    try {
      if (this.#settings.onOption?.({ ...given, fromFile: this.fromFile }) === 'stop') this.stopped = true;
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      this.#diagnostics.fail(error);
    }
  }
}
