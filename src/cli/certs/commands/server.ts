import { type Command, Option } from 'commander';
import {
  type KeyForm,
  type KeyKind,
  keyForms,
  keyKinds,
  makePair,
  namesFor,
} from '../../../certificates/index.ts';
import type { CertsContext, CommonOptions } from '../context.ts';
import { changeAuthority } from '../open.ts';
import { type AddCommand, authorityOptions, MOST_DAYS, repeated, wholeNumber } from './definition.ts';
import { pairJson, sayPair } from './pair-report.ts';

interface ServerOptions extends CommonOptions {
  readonly san?: readonly string[];
  readonly subject?: string;
  readonly days: number;
  readonly key?: KeyKind;
  readonly keyForm?: KeyForm;
}

/** Two years and a quarter: the longest some clients of Apple's systems accept (825 days). */
const SERVER_DAYS = 825;

/** `certs server NAME`. */
export const addServer: AddCommand = (program: Command, context: CertsContext) => {
  const command = program
    .command('server <name>')
    .description('make the pair of a server; a NAME that is a host name or address goes into the certificate')
    .option('--san <name>', 'further host name or IP address clients connect to; may be repeated', repeated)
    .option('--subject <name>', 'subject as /O=Acme/CN=db1 (default: /CN=NAME)')
    .option('--days <n>', 'validity', wholeNumber(1, MOST_DAYS), SERVER_DAYS)
    .addOption(new Option('--key <kind>', "key (default: the authority's kind)").choices(keyKinds))
    .addOption(
      new Option('--key-form <form>', "form of the key file (default: the authority's)").choices(keyForms),
    );
  authorityOptions(command).action(async (name: string, options: ServerOptions) => {
    await changeAuthority(context, options, async (authority) => {
      const pair = await makePair(authority, {
        kind: 'server',
        name,
        subject: options.subject,
        names: namesFor('server', name, options.san ?? []),
        days: options.days,
        keyKind: options.key ?? authority.ledger.keyKind,
        keyForm: options.keyForm ?? authority.ledger.keyForm,
      });
      if (options.json === true) context.say(JSON.stringify(pairJson(authority, pair)));
      else sayPair(context, authority, pair);
    });
  });
};
