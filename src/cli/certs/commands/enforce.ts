import { type Command, Option } from 'commander';
import { quoteAccount } from '../../../certificates/index.ts';
import { UsageError } from '../../../errors/index.ts';
import { visibleText } from '../../visible-text.ts';
import { type Account, isLocal, readAccounts, requirementOf, requireStatement } from '../accounts.ts';
import type { CertsContext } from '../context.ts';
import { type LoginOptions, loginOptions, visitOptions } from '../login-options.ts';
import { parseAddress, type ServerVisit } from '../visit.ts';
import type { AddCommand } from './definition.ts';

const requirements = ['ssl', 'x509', 'none'] as const;

/** What the servers call them in `ssl_type`, which knows one more. */
const sslTypes = { none: '', ssl: 'ANY', x509: 'X509' } as const;

/** How much an `ssl_type` demands, for comparisons. */
const demands = (sslType: string): number => ['', 'ANY', 'X509', 'SPECIFIED'].indexOf(sslType);

interface EnforceOptions extends LoginOptions {
  readonly require?: (typeof requirements)[number];
  readonly account: readonly string[];
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `certs enforce HOST`. */
export const addEnforce: AddCommand = (program: Command, context: CertsContext) => {
  const command = program
    .command('enforce <host[:port]>')
    .description(
      'show which accounts can log in without TLS or a certificate, and make those named need it (or not)',
    )
    .addOption(new Option('--require <what>', 'what the named accounts must show').choices(requirements))
    .option('--account <user@host>', 'account to change; may be repeated', collect, [])
    .option('-n, --dry-run', 'print the statements and run none')
    .option(
      '--force',
      'even when this very login would be refused afterwards, or an account demands more already',
    )
    .option('--json', 'print JSON');
  loginOptions(command).action(async (host: string, options: EnforceOptions) => {
    const address = parseAddress(host, 3306);
    if (address === undefined) throw new UsageError(`'${host}' is not HOST or HOST:PORT`);
    if (options.user === undefined) throw new UsageError('enforce needs --user');
    if ((options.require === undefined) !== (options.account.length === 0)) {
      throw new UsageError('--require and --account go together');
    }
    const visit = await context.visit(address, await visitOptions(context, options));
    try {
      const accounts = await readAccounts(visit);
      if (options.require === undefined) show(context, accounts, options.json === true);
      else await change(context, visit, accounts, options, options.require);
    } finally {
      await visit.close();
    }
  });
};

function show(context: CertsContext, accounts: readonly Account[], json: boolean): void {
  if (json) {
    context.say(
      JSON.stringify(
        accounts.map((account) => ({
          account: account.quoted,
          require: requirementOf(account),
          replicates: account.replicates,
        })),
      ),
    );
    return;
  }
  const width = Math.max(0, ...accounts.map(({ quoted }) => quoted.length));
  for (const account of accounts) {
    const notes = [
      ...(account.replicates ? ['replication'] : []),
      ...(account.locked ? ['locked'] : waysIn(account)),
    ];
    context.say(
      `${visibleText(account.quoted).padEnd(width)}  REQUIRE ${requirementOf(account).padEnd(5)}  ${notes.join(', ')}`.trimEnd(),
    );
  }
}

/** What lets somebody in who should perhaps not be. */
function waysIn(account: Account): string[] {
  if (account.sslType === 'ANY') return ['can log in without a certificate'];
  if (account.sslType !== '') return [];
  return [isLocal(account) ? 'local only' : 'can log in without TLS'];
}

/** The account a person means, as its server spells it: hosts are compared, and mostly kept, in small letters. */
function named(text: string, accounts: readonly Account[]): string {
  const wanted = quoteAccount(text);
  const folded = (quoted: string): string =>
    quoted.replace(/@(?:'[^']*'|`[^`]*`)$/, (host) => host.toLowerCase());
  return accounts.find(({ quoted }) => folded(quoted) === folded(wanted))?.quoted ?? wanted;
}

async function change(
  context: CertsContext,
  visit: ServerVisit,
  accounts: readonly Account[],
  options: EnforceOptions,
  require: (typeof requirements)[number],
): Promise<void> {
  const wanted = options.account.map((text) => named(text, accounts));
  const unknown = wanted.filter((name) => !accounts.some(({ quoted }) => quoted === name));
  if (unknown.length > 0) throw new UsageError(`no such account: ${unknown.join(', ')}`);
  const [current] = await visit.query('SELECT CURRENT_USER() AS account');
  const self = quoteAccount(current?.['account'] ?? '');
  const satisfied = { none: true, ssl: visit.tls !== undefined, x509: options.sslCert !== undefined }[
    require
  ];
  if (wanted.includes(self) && !satisfied && options.force !== true) {
    throw new UsageError(
      `${self} is the account of this login, which shows no certificate: it would lock itself out`,
      {
        hint: 'Log in with --ssl-cert and --ssl-key, or say --force.',
      },
    );
  }
  const weaker = accounts.filter(
    (account) => wanted.includes(account.quoted) && demands(account.sslType) > demands(sslTypes[require]),
  );
  if (weaker.length > 0 && require !== 'none' && options.force !== true) {
    const now = weaker.map((account) => `${account.quoted} (REQUIRE ${requirementOf(account)})`).join(', ');
    throw new UsageError(`these demand more already: ${now}`, {
      hint: `REQUIRE ${require.toUpperCase()} would let in more than now. Leave them out, or say --force.`,
    });
  }
  const keyword = ({ none: 'NONE', ssl: 'SSL', x509: 'X509' } as const)[require];
  for (const name of wanted) {
    const statement = requireStatement(visit.version, name, keyword);
    // The semicolon is for people; one statement at a time needs none.
    if (options.dryRun !== true) await visit.query(statement.replace(/;$/, ''));
    context.say(
      options.json === true
        ? JSON.stringify({ account: name, statement, done: options.dryRun !== true })
        : statement,
    );
    const account = accounts.find(({ quoted }) => quoted === name);
    if (account !== undefined && isLocal(account) && require !== 'none') {
      context.note(
        `${name}: the local socket has no TLS unless the client asks for it (--ssl-mode=REQUIRED)`,
      );
    }
  }
}
