import {
  type Authority,
  accountStatements,
  type PairRecord,
  quoteAccount,
  type Requirement,
  yasslForm,
} from '../../../certificates/index.ts';
import type { CertsContext } from '../context.ts';
import { pairJson, sayPair, viewOf } from './pair-report.ts';

/** What the statements of a pair depend on. */
export interface AccountOptions {
  readonly account?: string;
  readonly require: Requirement;
  readonly json?: boolean;
}

/** What was made for an account, and the statements that tie the account to it. */
export function sayAccount(
  context: CertsContext,
  authority: Authority,
  pair: PairRecord,
  options: AccountOptions,
): void {
  const account = quoteAccount(options.account ?? pair.name);
  const view = viewOf(pair);
  const statements = accountStatements(account, view, options.require);
  const old = accountStatements(account, view.oldForm, options.require);
  const yassl = accountStatements(account, yasslForm(view.oldForm), options.require);
  if (options.json === true) {
    context.say(
      JSON.stringify({
        ...pairJson(authority, pair),
        statements,
        oldStatements: old,
        yasslStatements: yassl,
      }),
    );
    return;
  }
  sayPair(context, authority, pair);
  context.say(
    '',
    '-- a new account (add IDENTIFIED BY … before REQUIRE if it shall have a password as well):',
    statements.create,
    '-- an account that exists:',
    statements.alter,
    '-- a server without ALTER USER … REQUIRE (MySQL before 5.7.6, MariaDB before 10.2; yaSSL in MySQL 5.6 knows only',
    '-- C, ST, L, O, OU, CN and emailAddress, and leaves other parts out of the name):',
    old.grant,
    ...(yassl.grant === old.grant
      ? []
      : ['-- MySQL 5.6 with yaSSL, which writes letters beyond ASCII as they are:', yassl.grant]),
    ...(old.alter === statements.alter
      ? []
      : [
          '-- a server with OpenSSL 1 or yaSSL, which write / and + in names differently:',
          old.create,
          old.alter,
        ]),
  );
}
