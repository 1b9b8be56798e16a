import { type Command, Option } from 'commander';
import {
  type KeyForm,
  type KeyKind,
  keyForms,
  keyKinds,
  makePair,
  namesFor,
  type Requirement,
  requirements,
} from '../../../certificates/index.ts';
import type { CertsContext, CommonOptions } from '../context.ts';
import { changeAuthority } from '../open.ts';
import { sayAccount } from './account-report.ts';
import { type AddCommand, authorityOptions, MOST_DAYS, wholeNumber } from './definition.ts';

interface UserOptions extends CommonOptions {
  readonly subject?: string;
  readonly account?: string;
  readonly require: Requirement;
  readonly days: number;
  readonly key?: KeyKind;
  readonly keyForm?: KeyForm;
}

/** `certs user NAME`. */
export const addUser: AddCommand = (program: Command, context: CertsContext) => {
  const command = program
    .command('user <name>')
    .description('make the pair of a database account, and print the statements that tie the account to it')
    .option('--subject <name>', 'subject as /O=Acme/CN=app (default: /CN=NAME)')
    .option('--account <user@host>', 'account of the statements (default: NAME@%)')
    .addOption(
      new Option('--require <what>', 'what the account must show')
        .choices(requirements)
        .default('subject-issuer'),
    )
    .option('--days <n>', 'validity', wholeNumber(1, MOST_DAYS), 1825)
    .addOption(new Option('--key <kind>', "key (default: the authority's kind)").choices(keyKinds))
    .addOption(
      new Option('--key-form <form>', "form of the key file (default: the authority's)").choices(keyForms),
    );
  authorityOptions(command).action(async (name: string, options: UserOptions) => {
    await changeAuthority(context, options, async (authority) => {
      const pair = await makePair(authority, {
        kind: 'user',
        name,
        subject: options.subject,
        names: namesFor('user', name, []),
        days: options.days,
        keyKind: options.key ?? authority.ledger.keyKind,
        keyForm: options.keyForm ?? authority.ledger.keyForm,
      });
      sayAccount(context, authority, pair, options);
    });
  });
};
