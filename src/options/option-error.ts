import { UsageError } from '../errors/index.ts';

/** Exit statuses of the server's option parser (`EXIT_*` in its my_getopt header). */
export const OptionExit = {
  FAILURE: 1,
  UNKNOWN_OPTION: 2,
  AMBIGUOUS_OPTION: 3,
  NO_ARGUMENT_ALLOWED: 4,
  ARGUMENT_REQUIRED: 5,
  VAR_PREFIX_NOT_UNIQUE: 6,
  UNKNOWN_VARIABLE: 7,
  UNKNOWN_SUFFIX: 9,
  OPTION_DISABLED: 12,
  ARGUMENT_INVALID: 13,
} as const;

/** A command line or option file that the real program refuses. */
export class OptionError extends UsageError {
  /** What to print on standard error, one entry a line, exactly as the real program would. May be empty. */
  readonly lines: readonly string[];
  readonly exitStatus: number;

  constructor(lines: readonly string[], exitStatus: number) {
    super(lines.find((line) => line !== '') ?? 'wrong options');
    this.lines = lines;
    this.exitStatus = exitStatus;
  }
}

/** An error in an option's value that ends both real programs at once, also the one that otherwise collects errors. */
export class FatalOptionError extends OptionError {}

/** Where diagnostics go that do not end the program: one line of standard error, without its newline. */
export type WarningSink = (line: string) => void;
