import type { Finding } from '../../../certificates/index.ts';
import { reloadStatement } from '../../certs/reload.ts';
import { optionValue } from '../../option-value.ts';
import { isMysqlFrom, type ServerVersion } from '../facts/server-version.ts';

/** Where a step of a mend is taken. The labels of the report. */
export const stepPlaces = {
  /** Statements for any client of the server. */
  sql: 'sql',
  /** A line under `[mysqld]` of the server's option file. */
  mysqld: '[mysqld]',
  /** A command line: `rowlock certs …` where the authority is, others on the server's machine. */
  shell: 'shell',
  /** The server is stopped and started. */
  restart: 'restart',
  /** What only a person can do. */
  person: 'by hand',
} as const;

/** One step of a mend, ready to be pasted. */
export interface Step {
  readonly in: keyof typeof stepPlaces;
  readonly text: string;
}

/** A finding with its mend in steps, in the order they are taken. */
export interface Diagnosis extends Omit<Finding, 'mend'> {
  readonly steps: readonly Step[];
}

/** Statements. */
export const sql = (text: string): Step => ({ in: 'sql', text });

/** A line of `[mysqld]`. */
export const mysqld = (name: string, value: string): Step => ({
  in: 'mysqld',
  text: `${name} = ${optionValue(value)}`,
});

/** A command line. */
export const shell = (text: string): Step => ({ in: 'shell', text });

/** The restart that lines of the option file wait for. */
export const restart: Step = { in: 'restart', text: 'stop and start the server' };

/** For a person. */
export const person = (text: string): Step => ({ in: 'person', text });

/** All steps in one text, for those who print a mend as it is. */
export function mendText(steps: readonly Step[]): string | undefined {
  if (steps.length === 0) return undefined;
  return steps
    .map(({ in: place, text }) => (place === 'mysqld' ? `${stepPlaces.mysqld} ${text}` : text))
    .join('\n');
}

/** SET PERSIST can set a server's TLS files and protocols, and RELOAD TLS takes them, also where TLS was off: since 8.0.16. */
export const persistsTls = (server: ServerVersion): boolean => isMysqlFrom(server, [8, 0, 16]);

/** Changes a setting for now and for the next start. SET PERSIST came with MySQL 8.0. */
export function setting(server: ServerVersion, name: string, value: string): Step[] {
  return isMysqlFrom(server, [8, 0, 0])
    ? [sql(`SET PERSIST ${name} = ${value};`)]
    : [sql(`SET GLOBAL ${name} = ${value};`), mysqld(name, value)];
}

/**
 * Makes a server take changed files.
 *
 * @param active it has TLS already: MariaDB turns TLS on only when it starts
 */
export function reloadSteps({ version, mariadb }: ServerVersion, active: boolean): Step[] {
  const statement = reloadStatement(version);
  return statement === undefined || (mariadb && !active) ? [restart] : [sql(`${statement};`)];
}
