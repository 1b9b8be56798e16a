import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CertsContext, ExitCode } from '../context.ts';

/** Adds one command to the program. `end` sets the exit status; without a call it is 0. */
export type AddCommand = (program: Command, context: CertsContext, end: (code: ExitCode) => void) => void;

/** A whole number of at least `least`, for commander. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const bound = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
      throw new InvalidArgumentError(`must be a whole number${bound}.`);
    }
    return value;
  };
}

/** Collects an option that may be repeated, each time also with commas. */
export function repeated(text: string, before: readonly string[] = []): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.includes('')) throw new InvalidArgumentError('must not be empty.');
  return [...before, ...parts];
}

/** 100 years: certificates of private fleets outlive us, but a year 9999 would only show typing errors. */
export const MOST_DAYS = 36_525;

/** Options for a command that reads or changes an authority. */
export function authorityOptions(command: Command): Command {
  return command
    .option(
      '-a, --authority <dir>',
      'folder of the authority (default: $ROWLOCK_AUTHORITY, else the current folder)',
    )
    .option(
      '--passphrase-file <file>',
      "passphrase of the authority's key; - reads standard input (default: $ROWLOCK_PASSPHRASE, else asked for)",
    )
    .option('--owner <user[:group]>', 'owner of the files that are made')
    .addOption(new Option('--json', 'print JSON'));
}
