import type { Dialect } from './definition.ts';

/**
 * The two programs' texts. `program` is the name the user started. MySQL puts `program: [ERROR] ` before every line and
 * a full stop after it; MariaDB puts `Warning: ` or `Info: ` before what is no error.
 */
export interface OptionMessages {
  unknownOption(name: string): string;
  unknownShort(letter: string): string;
  unknownVariable(text: string): string;
  disabled(name: string): string;
  noArgument(name: string): string;
  argumentRequired(name: string): string;
  shortArgumentRequired(letter: string): string;
  emptyValue(name: string): string;
  ignoredBoolean(name: string, value: string): string;
  oddBoolean(name: string, value: string): string;
  unknownSuffix(suffix: string, name: string, value: string): string;
  badSigned(value: string, name: string): string;
  badUnsigned(value: string, name: string): string;
  failedToSet(value: string, name: string): string;
  adjusted(kind: 'signed' | 'unsigned', name: string, from: bigint | string, to: bigint): string;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
}

function mysqlMessages(program: string): OptionMessages {
  const error = (text: string): string => `${program}: [ERROR] ${text}.`;
  return {
    unknownOption: (name) => `unknown option '--${name}'`,
    unknownShort: (letter) => `${program}: unknown option '-${letter}'`,
    unknownVariable: (text) => `unknown variable '${text}'`,
    disabled: (name) => `${program}: Option '${name}' was used, but is disabled`,
    noArgument: (name) => `${program}: option '--${name}' cannot take an argument`,
    argumentRequired: (name) => `${program}: option '--${name}' requires an argument`,
    shortArgumentRequired: (letter) => `${program}: option '-${letter}' requires an argument`,
    emptyValue: (name) => `${program}: Empty value for '${name}' specified`,
    ignoredBoolean: (name, value) =>
      `${program}: ignoring option '--${name}' due to invalid value '${value}'`,
    oddBoolean: (name, value) => `option '${name}': boolean value '${value}' was not recognized. Set to OFF`,
    unknownSuffix: (suffix, name, value) =>
      `Unknown suffix '${suffix}' used for variable '${name}' (value '${value}')`,
    badSigned: (value) => `Incorrect integer value: '${value}'`,
    badUnsigned: (value) => `Incorrect unsigned integer value: '${value}'`,
    failedToSet: (value, name) => `${program}: Error while setting value '${value}' to '${name}'`,
    adjusted: (kind, name, from, to) =>
      typeof from === 'string'
        ? `option '${name}': value ${from} adjusted to ${to}`
        : `option '${name}': ${kind} value ${from} adjusted to ${to}`,
    error,
    warning: (text) => `${program}: [Warning] ${text}.`,
  };
}

function mariadbMessages(program: string): OptionMessages {
  return {
    ...mysqlMessages(program),
    unknownOption: (name) => `${program}: unknown option '--${name}'`,
    unknownVariable: (text) => `${program}: unknown variable '${text}'`,
    oddBoolean: (name, value) => `option '${name}': boolean value '${value}' wasn't recognized. Set to OFF.`,
    unknownSuffix: (suffix, name, value) =>
      `Unknown suffix '${suffix}' used for variable '${name}' (value '${value}'). ` +
      'Legal suffix characters are: K, M, G, T, P, E',
    badSigned: (value, name) => `Integer value out of range for int64: '${value}' for ${name}`,
    badUnsigned: (value, name) =>
      value.startsWith('-')
        ? `Incorrect unsigned value: '${value}' for ${name}`
        : `Integer value out of range for uint64: '${value}' for ${name}`,
    error: (text) => text,
    warning: (text) => `Warning: ${text}`,
  };
}

const byDialect = { mysql: mysqlMessages, mariadb: mariadbMessages } as const;

/** The texts of one dialect for a program started as `program`. */
export function optionMessages(dialect: Dialect, program: string): OptionMessages {
  return byDialect[dialect](program);
}
