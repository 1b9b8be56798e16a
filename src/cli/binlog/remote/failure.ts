import { RowlockError } from '../../../errors/index.ts';
import type { Dialect } from '../../../options/index.ts';

/** What was being done when it failed. */
export type Step = 'connect' | 'version' | 'checksums' | 'capability' | 'position' | 'dump' | 'event';

const steps: Readonly<Record<Dialect, Readonly<Record<Step, (message: string) => string>>>> = {
  mysql: {
    connect: (message) => `Failed on connect: ${message}`,
    version: (message) =>
      `Could not find server version: Query failed when checking server version: ${message}`,
    checksums: (message) => `Could not notify source about checksum awareness. Source returned '${message}'`,
    capability: (message) => `Could not inform source about capability. Source returned '${message}'`,
    position: (message) => `Setting @slave_connect_state failed with error: ${message}`,
    dump: (message) => `Got error reading packet from server: ${message}`,
    event: (message) => `Could not construct log event object: ${message}`,
  },
  mariadb: {
    connect: (message) => `Failed on connect: ${message}`,
    version: (message) =>
      `Could not find server version: Query failed when checking master version: ${message}`,
    checksums: (message) => `Could not notify master about checksum awareness. Master returned '${message}'`,
    capability: (message) => `Could not inform master about capability. Master returned '${message}'`,
    position: (message) => `Setting @slave_connect_state failed with error: ${message}`,
    dump: (message) => `Got error reading packet from server: ${message}`,
    event: (message) => `Could not construct log event object: ${message}`,
  },
};

/** MySQL's client library has a line of its own for files that are no pair. */
const UNREADABLE: Readonly<Record<string, string>> = {
  TLS_CERT_UNREADABLE: "Unable to get certificate from 'FILE'",
  TLS_KEY_UNREADABLE: "Unable to get private key from 'FILE'",
  TLS_KEY_MISMATCH: "Unable to get private key from 'FILE'",
  TLS_KEY_KIND: 'Private key does not match the certificate public key',
};

/** What mysqlbinlog does not say of a step: before it connects, and once it has. */
const WITHOUT_STEP: Readonly<Record<string, (message: string) => string[]>> = {
  TLS_SESSION_UNREADABLE: (message) => [`Error: ${message}`, 'ERROR: Failed to set ssl related options.'],
  TLS_SESSION_NOT_REUSED: (message) => [`ERROR: ${message}`],
};

/** A step of a conversation failed: ends the run with the original's words. */
export class RemoteFailure extends Error {
  readonly step: Step;

  constructor(step: Step, cause: RowlockError) {
    super(cause.message, { cause });
    this.step = step;
  }

  /** Lines for standard error: the original's, then what we know beyond it. */
  lines(dialect: Dialect, program: string): string[] {
    const { code, context, hint, message } = this.cause as RowlockError;
    const unreadable =
      dialect === 'mysql' ? UNREADABLE[code]?.replace('FILE', () => context.file ?? '') : undefined;
    const words = dialect === 'mysql' ? WITHOUT_STEP[code]?.(message) : undefined;
    return [
      ...(unreadable === undefined ? [] : [`${program}: [ERROR] SSL error: ${unreadable}.`]),
      ...(words ?? [
        `ERROR: ${steps[dialect][this.step](dialect === 'mariadb' ? mariadbWords(message) : message)}`,
      ]),
      ...(hint === undefined ? [] : hint.split('\n').map((line) => `hint: ${line}`)),
    ];
  }
}

/**
 * MariaDB's client library speaks of servers without a brand and names no port. It connects without waiting, and what it prints of a
 * refusal is the number of the wait, EINPROGRESS; of a connection that ends before the greeting EAGAIN (11.8).
 */
function mariadbWords(message: string): string {
  return message
    .replaceAll(/\bMySQL server\b/g, 'server')
    .replace(/^(Can't connect to server on '.*):\d+'/, "$1'")
    .replace(/^(Can't connect to server on '.*') \(111\)$/, '$1 (115)')
    .replace(
      / at '(reading initial communication packet'), system error: 0$/,
      " at 'handshake: $1, system error: 11",
    );
}

/** Runs a step; what it fails with becomes a {@link RemoteFailure}. */
export async function during<T>(step: Step, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw asFailure(step, error);
  }
}

export function asFailure(step: Step, error: unknown): unknown {
  if (!(error instanceof RowlockError)) return error;
  if (step === 'dump') error.hint ??= DUMP_HINTS.find(([words]) => words.test(error.message))?.[1];
  return new RemoteFailure(step, error);
}

/** What a server says when it does not send a log, and what to do where its words do not say that. */
const DUMP_HINTS: readonly (readonly [RegExp, string])[] = [
  [/^could not find first log/i, 'SHOW BINARY LOGS lists the logs that the server has'],
  [
    /position > file size|truncated in the middle of event|bogus data in log event|impossible position/i,
    'no event begins at this --start-position: take one that is printed behind "# at" or "end_log_pos"',
  ],
  [/^binary log is not open/i, 'the server writes no binary log: start it with log_bin'],
];
