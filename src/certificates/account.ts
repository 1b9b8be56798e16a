/** What an account must show besides its password. */
export const requirements = ['subject-issuer', 'subject', 'issuer', 'x509', 'ssl'] as const;
export type Requirement = (typeof requirements)[number];

/** Statements that tie an account to a certificate. */
export interface AccountStatements {
  /** For an account that does not exist yet. */
  readonly create: string;
  /** For one that does. */
  readonly alter: string;
  /** For servers without ALTER USER … REQUIRE: MySQL before 5.7.6, MariaDB before 10.2. */
  readonly grant: string;
  /** The clause alone. */
  readonly clause: string;
}

/** A string literal. Backslashes are doubled too: a name in slash form has them for bytes outside ASCII. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/**
 * `'user'@'host'`. What holds a backslash stands in backticks, where it is a character to every session: in a string, sql_mode decides, and the
 * wrong reading is another account.
 */
export function accountName(user: string, host: string): string {
  const quote = (text: string): string =>
    text.includes('\\') ? `\`${text.replaceAll('`', '``')}\`` : quoteText(text);
  return `${quote(user)}@${quote(host)}`;
}

const QUOTED = /^('(?:[^']|'')*'|`(?:[^`]|``)*`)(?:@('(?:[^']|'')*'|`(?:[^`]|``)*`))?$/;

/** As {@link accountName}, from `user@host`, `user`, or the quoted form itself. Without a host: `%`. */
export function quoteAccount(text: string): string {
  const quoted = QUOTED.exec(text);
  if (quoted !== null) {
    const plain = (part: string): string =>
      part.slice(1, -1).replaceAll(part.startsWith('`') ? '``' : "''", part[0]!);
    return accountName(plain(quoted[1]!), quoted[2] === undefined ? '%' : plain(quoted[2]));
  }
  const at = text.lastIndexOf('@');
  const [user, host] = at === -1 ? [text, '%'] : [text.slice(0, at), text.slice(at + 1)];
  return accountName(user, host);
}

/**
 * Names as yaSSL writes them: like OpenSSL 1, but bytes beyond ASCII as they are. Measured with MySQL 5.6.24.
 *
 * @param oldForm names as OpenSSL 1 writes them
 */
export function yasslForm(oldForm: { readonly subject: string; readonly issuer: string }): {
  readonly subject: string;
  readonly issuer: string;
} {
  const plain = (name: string): string =>
    name.replace(/(?:\\x[89A-F][0-9A-F])+/g, (run) => {
      const text = Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8');
      return text.includes('\uFFFD') ? run : text;
    });
  return { subject: plain(oldForm.subject), issuer: plain(oldForm.issuer) };
}

/** The statements for an account (already quoted) and the slash forms of its certificate. */
export function accountStatements(
  account: string,
  certificate: { readonly subject: string; readonly issuer: string },
  requirement: Requirement,
): AccountStatements {
  const subject = `SUBJECT ${quoteText(certificate.subject)}`;
  const issuer = `ISSUER ${quoteText(certificate.issuer)}`;
  const clauses: Readonly<Record<Requirement, string>> = {
    'subject-issuer': `REQUIRE ${subject} AND ${issuer}`,
    subject: `REQUIRE ${subject}`,
    issuer: `REQUIRE ${issuer}`,
    x509: 'REQUIRE X509',
    ssl: 'REQUIRE SSL',
  };
  const clause = clauses[requirement];
  return {
    clause,
    create: `CREATE USER ${account} ${clause};`,
    alter: `ALTER USER ${account} ${clause};`,
    grant: `GRANT USAGE ON *.* TO ${account} ${clause};`,
  };
}
