import { type Command, Option } from 'commander';
import {
  type Authority,
  createAuthority,
  currentGeneration,
  inspectCertificate,
  type KeyForm,
  type KeyKind,
  keyForms,
  keyKinds,
  makeFolder,
  parsePem,
  refuseAuthority,
} from '../../../certificates/index.ts';
import type { CertsContext, CommonOptions } from '../context.ts';
import { withLock } from '../lock.ts';
import { resolvePath } from '../open.ts';
import { findOwner } from '../owner.ts';
import { passphraseSource } from '../passphrase.ts';
import { type AddCommand, MOST_DAYS, wholeNumber } from './definition.ts';

interface InitOptions extends CommonOptions {
  readonly name: string;
  readonly days: number;
  readonly key: KeyKind;
  readonly keyForm: KeyForm;
  readonly encrypt?: boolean;
}

/** `certs init DIR`. */
export const addInit: AddCommand = (program: Command, context: CertsContext) => {
  program
    .command('init <dir>')
    .description('make a certificate authority in a new folder')
    .option('--name <name>', 'common name, or a whole name as /C=DE/O=Acme/CN=db CA', 'Rowlock MySQL CA')
    .option('--days <n>', 'validity', wholeNumber(1, MOST_DAYS), 3650)
    .addOption(
      new Option('--key <kind>', 'key; RSA for servers and clients that know nothing else')
        .choices(keyKinds)
        .default('ec-p256'),
    )
    .addOption(new Option('--key-form <form>', 'form of key files').choices(keyForms).default('pkcs8'))
    .option('--encrypt', "put the authority's key under a passphrase")
    .option(
      '--passphrase-file <file>',
      'the passphrase; - reads standard input (default: $ROWLOCK_PASSPHRASE, else asked for)',
    )
    .option('--owner <user[:group]>', 'owner of the files')
    .option('--json', 'print JSON')
    .action(async (dir: string, options: InitOptions) => {
      const encrypted = options.encrypt === true || options.passphraseFile !== undefined;
      const folder = resolvePath(context, dir);
      const owner = options.owner === undefined ? undefined : await findOwner(options.owner);
      await refuseAuthority(folder);
      await makeFolder(folder, owner);
      const authority = await withLock(folder, () =>
        createAuthority(
          folder,
          {
            name: options.name,
            days: options.days,
            keyKind: options.key,
            keyForm: options.keyForm,
            encrypted,
          },
          { now: context.now, passphrase: passphraseSource(context, options, true), owner },
        ),
      );
      report(context, authority, options, dir);
    });
};

function report(context: CertsContext, authority: Authority, options: InitOptions, dir: string): void {
  const [block] = parsePem(currentGeneration(authority.ledger).certificate);
  if (block === undefined) return;
  const view = inspectCertificate(block.der);
  if (options.json === true) {
    context.say(
      JSON.stringify({
        folder: authority.folder,
        subject: view.subject,
        notAfter: view.notAfter.toISOString(),
        encrypted: authority.ledger.encrypted,
      }),
    );
    return;
  }
  context.say(
    `Authority ${view.subject} in ${authority.folder}, valid until ${view.notAfter.toISOString().slice(0, 10)}.`,
    '  ca.pem          for every server and client',
    `  ca-key.pem      stays here${authority.ledger.encrypted ? ', under its passphrase' : '; --encrypt would put it under a passphrase'}`,
    '  authority.json  what this authority has issued; back it up with the key',
    '',
    `Next: rowlock certs server db1.example.com --authority ${dir}`,
  );
}
