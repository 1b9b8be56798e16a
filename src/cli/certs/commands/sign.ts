import { type Command } from 'commander';
import {
  CertificateError,
  namesFor,
  readRequest,
  readText,
  signRequest,
} from '../../../certificates/index.ts';
import { UsageError } from '../../../errors/index.ts';
import type { CertsContext, CommonOptions } from '../context.ts';
import { changeAuthority, resolvePath } from '../open.ts';
import { sayAccount } from './account-report.ts';
import { type AddCommand, authorityOptions, MOST_DAYS, repeated, wholeNumber } from './definition.ts';
import { pairJson, sayPair } from './pair-report.ts';

interface SignOptions extends CommonOptions {
  readonly server?: string;
  readonly user?: string;
  readonly san?: readonly string[];
  readonly days: number;
  readonly renew?: boolean;
}

/** `certs sign CSR`. */
export const addSign: AddCommand = (program: Command, context: CertsContext) => {
  const command = program
    .command('sign <request>')
    .description('sign a certificate request whose key stays on its own machine')
    .option('--server <name>', 'the request is of a server')
    .option('--user <name>', 'the request is of an account')
    .option('--san <name>', 'host name or address; may be repeated (default: those of the request)', repeated)
    .option('--days <n>', 'validity', wholeNumber(1, MOST_DAYS), 825)
    .option('--renew', 'replace the certificate of this name; the old one goes to old-keys/');
  authorityOptions(command).action(async (file: string, options: SignOptions) => {
    const { server, user } = options;
    const name = server ?? user;
    if (name === undefined || (server !== undefined && user !== undefined)) {
      throw new UsageError('sign needs either --server NAME or --user NAME');
    }
    const path = resolvePath(context, file);
    const text = await readText(path);
    if (text === undefined)
      throw new CertificateError('CERTIFICATE_MISSING', 'no such request', { context: { file: path } });
    checkRequest(text, path);
    await changeAuthority(context, options, async (authority) => {
      const pair = await signRequest(authority, text, {
        kind: server === undefined ? 'user' : 'server',
        name,
        names:
          options.san === undefined
            ? []
            : namesFor(server === undefined ? 'user' : 'server', name, options.san),
        days: options.days,
        renew: options.renew === true,
      });
      if (server === undefined)
        sayAccount(context, authority, pair, { ...options, require: 'subject-issuer' });
      else if (options.json === true) context.say(JSON.stringify(pairJson(authority, pair)));
      else sayPair(context, authority, pair);
    });
  });
};

/** Says which file it was, before the authority is opened for it. */
function checkRequest(text: string, file: string): void {
  try {
    readRequest(text);
  } catch (error) {
    throw error instanceof CertificateError ? error.at({ file }) : error;
  }
}
