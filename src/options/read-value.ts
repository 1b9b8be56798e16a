import { findChoice, unknownChoice } from './choices.ts';
import type { Dialect, OptionType, OptionValue, ResolvedOption } from './definition.ts';
import type { OptionMessages } from './messages.ts';
import { limitNumber, readSuffixed } from './numbers.ts';
import { OptionExit } from './option-error.ts';

/** What became of an option's argument. Lines are finished: prefix and all. */
export type ReadValue =
  | { readonly value: OptionValue; readonly warnings: readonly string[] }
  | { readonly errors: readonly string[]; readonly exitStatus: number; readonly endsProgram?: boolean };

interface Reading {
  readonly option: ResolvedOption;
  readonly dialect: Dialect;
  readonly messages: OptionMessages;
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  '1': true,
  false: false,
  off: false,
  '0': false,
};

/** ON, TRUE, 1, OFF, FALSE or 0, in any case. */
export function readBoolean(text: string): boolean | undefined {
  return truths[text.toLowerCase()];
}

function readNumber(
  { option, dialect, messages }: Reading,
  type: Extract<OptionType, { kind: 'signed' | 'unsigned' }>,
  text: string,
): ReadValue {
  const { name } = option;
  const signed = type.kind === 'signed';
  if (type.kind === 'unsigned' && type.texts?.test(text) === true) return { value: text, warnings: [] };
  if (text === '' && dialect === 'mysql')
    return { errors: [messages.error(messages.emptyValue(name))], exitStatus: OptionExit.ARGUMENT_REQUIRED };

  const negative = !signed && (dialect === 'mysql' ? /^\s*-/ : /^-/).test(text);
  const failed = messages.error(messages.failedToSet(text, name));
  if (negative && dialect === 'mariadb')
    return {
      errors: [messages.error(messages.badUnsigned(text, name)), failed],
      exitStatus: OptionExit.ARGUMENT_INVALID,
    };
  if (negative)
    return {
      value: type.min,
      warnings: [messages.warning(messages.adjusted('unsigned', name, text, type.min))],
    };

  const read = readSuffixed(text, signed, dialect === 'mariadb');
  if ('problem' in read) {
    const what =
      read.problem === 'suffix'
        ? messages.unknownSuffix(read.suffix, name, text)
        : signed
          ? messages.badSigned(text, name)
          : messages.badUnsigned(text, name);
    const errors = [messages.error(what)];
    // MySQL goes on to force the 0 it has now into the limits before it gives up.
    if (dialect === 'mysql') errors.push(...limitWarning(messages, type, name, 0n));
    const rangeStatus = dialect === 'mysql' ? OptionExit.UNKNOWN_SUFFIX : OptionExit.ARGUMENT_INVALID;
    return {
      errors: [...errors, failed],
      exitStatus: read.problem === 'suffix' ? OptionExit.UNKNOWN_SUFFIX : rangeStatus,
    };
  }
  return {
    value: limitNumber(read.value, type).value,
    warnings: limitWarning(messages, type, name, read.value),
  };
}

function limitWarning(
  messages: OptionMessages,
  type: Extract<OptionType, { kind: 'signed' | 'unsigned' }>,
  name: string,
  from: bigint,
): readonly string[] {
  const { value, adjusted } = limitNumber(from, type);
  return adjusted ? [messages.warning(messages.adjusted(type.kind, name, from, value))] : [];
}

/**
 * Turns an argument into a value. `text` undefined: the option was given without one, or enabled by a prefix; then a
 * string keeps what it had (`previous`) in MySQL and becomes empty in MariaDB.
 */
export function readValue(reading: Reading, text: string | undefined, previous: OptionValue): ReadValue {
  const { option, dialect, messages } = reading;
  const { type, name } = option;
  switch (type.kind) {
    case 'flag':
    case 'disabled':
      return { value: null, warnings: [] };
    case 'bool': {
      const value = readBoolean(text ?? '1');
      if (value !== undefined) return { value, warnings: [] };
      const word = type.words?.find((each) => each === text?.toLowerCase());
      if (word !== undefined) return { value: word, warnings: [] };
      return { value: false, warnings: [messages.warning(messages.oddBoolean(name, text ?? ''))] };
    }
    case 'signed':
    case 'unsigned':
      return readNumber(reading, type, text ?? '1');
    case 'string':
      return { value: text ?? (dialect === 'mysql' ? previous : ''), warnings: [] };
    case 'password':
      return { value: text ?? null, warnings: [] };
    case 'choice': {
      const value =
        text === undefined && option.argument === 'optional'
          ? type.values[0]
          : findChoice(type.values, text ?? '1');
      if (value !== undefined) return { value, warnings: [] };
      return {
        errors: unknownChoice(type.values, text ?? '1', name),
        exitStatus: OptionExit.FAILURE,
        endsProgram: true,
      };
    }
  }
}
