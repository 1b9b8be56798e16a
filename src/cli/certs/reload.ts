import { X509Certificate } from 'node:crypto';
import { UsageError } from '../../errors/index.ts';
import type { ServerAddress, ServerVisit, Visit, VisitOptions } from './visit.ts';

/** What became of a server's certificate after its files changed. */
export type ReloadOutcome =
  | { readonly state: 'active'; readonly statement: string | undefined }
  /** The server is too old to take new files while it runs. */
  | { readonly state: 'restart'; readonly mayBeYassl: boolean }
  /** It took them, or said so, but serves another certificate. */
  | { readonly state: 'other'; readonly served: string | undefined };

/** How to log in before and after: before, a server may still have a certificate of its own. */
export interface ReloadLogin {
  readonly before: VisitOptions;
  readonly after: VisitOptions;
}

/** Version of a server as numbers, and whose it is. */
export function parseVersion(text: string): {
  readonly mariadb: boolean;
  readonly number: readonly [number, number, number];
} {
  // MariaDB before 11 greets with 5.5.5- in front, for old MySQL replicas.
  const plain = text.replace(/^5\.5\.5-(?=\d+\.\d+\.\d+-MariaDB)/i, '');
  const [, major = '0', minor = '0', patch = '0'] = /^(\d+)\.(\d+)\.(\d+)/.exec(plain) ?? [];
  return { mariadb: /mariadb/i.test(text), number: [Number(major), Number(minor), Number(patch)] };
}

/** Whether a version is this one or a later one. */
export function isFrom(number: readonly number[], from: readonly number[]): boolean {
  const order =
    number.map((part, index) => part - (from[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  return order >= 0;
}

// First versions that take new files while they run: MySQL 8.0.16, MariaDB 10.4.
const reloads = {
  mysql: { from: [8, 0, 16], statement: 'ALTER INSTANCE RELOAD TLS' },
  mariadb: { from: [10, 4, 0], statement: 'FLUSH SSL' },
} as const;

/** The statement that makes a server of this version take new files; undefined when only a restart does. */
export function reloadStatement(version: string): string | undefined {
  const { mariadb, number } = parseVersion(version);
  const { from, statement } = reloads[mariadb ? 'mariadb' : 'mysql'];
  return isFrom(number, from) ? statement : undefined;
}

/** Community builds of MySQL had yaSSL until 5.7.27. */
function mayBeYassl(version: string): boolean {
  const { mariadb, number } = parseVersion(version);
  const [major, minor, patch] = number;
  return !mariadb && (major < 5 || (major === 5 && (minor < 7 || (minor === 7 && patch < 28))));
}

/**
 * Makes a server take the files it was given, and looks with a new connection whether it serves them.
 *
 * @param options how to log in; and whether the person says that it was restarted: which authorities an old server trusts
 *   cannot be seen from outside
 * @param expected the certificate that was deployed, PEM
 */
export async function reload(
  visit: Visit,
  address: ServerAddress,
  options: ReloadLogin & { readonly restarted?: boolean },
  expected: string,
): Promise<ReloadOutcome> {
  // A look needs no account and no protocol that this machine still speaks: the oldest servers have neither for us.
  const sight = await visit(address, { timeoutMs: options.before.timeoutMs });
  await sight.close();
  const statement = reloadStatement(sight.version);
  if (statement === undefined)
    return options.restarted === true && isServed(sight, expected)
      ? { state: 'active', statement: undefined }
      : { state: 'restart', mayBeYassl: mayBeYassl(sight.version) };
  if (options.before.user === undefined) {
    throw new UsageError(`the files are in place, but ${statement} needs an account: --reload-user NAME`);
  }
  const first = await visit(address, options.before);
  try {
    await first.query(statement);
  } finally {
    await first.close();
  }
  const second = await visit(address, options.after);
  await second.close();
  if (isServed(second, expected)) return { state: 'active', statement };
  return { state: 'other', served: second.served[0]?.fingerprint256 };
}

function isServed(conversation: ServerVisit, expected: string): boolean {
  return conversation.served[0]?.fingerprint256 === new X509Certificate(expected).fingerprint256;
}
