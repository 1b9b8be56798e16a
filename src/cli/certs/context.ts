import type { Readable, Writable } from 'node:stream';
import type { Visit } from './visit.ts';

/** What a command line runs in. Nothing in this folder touches `process`. */
export interface CertsInput {
  /** Words after `rowlock certs`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  /** The clock; the system's when absent. */
  readonly now?: () => Date;
  /** Talks to a MySQL or MariaDB server; over the network when absent. */
  readonly visit?: Visit;
}

/** What a command ends with. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A command's surroundings with defaults filled in. */
export interface CertsContext extends CertsInput {
  readonly now: () => Date;
  readonly visit: Visit;
  /** Writes lines to standard output. */
  readonly say: (...lines: readonly string[]) => void;
  /** Writes lines to standard error. */
  readonly note: (...lines: readonly string[]) => void;
}

/** Options every command has. */
export interface CommonOptions {
  readonly authority?: string;
  readonly json?: boolean;
  readonly passphraseFile?: string;
  readonly owner?: string;
}

/** Fills in the defaults. */
export function contextOf(input: CertsInput & { readonly visit: Visit }): CertsContext {
  return {
    ...input,
    now: input.now ?? (() => new Date()),
    say: (...lines) => void input.stdout.write(lines.map((line) => `${line}\n`).join('')),
    note: (...lines) => void input.stderr.write(lines.map((line) => `${line}\n`).join('')),
  };
}
