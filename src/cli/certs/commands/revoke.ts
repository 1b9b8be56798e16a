import { X509Certificate } from 'node:crypto';
import { type Command, Option } from 'commander';
import {
  CertificateError,
  DEFAULT_LIST_DAYS,
  inspectCertificate,
  parsePem,
  publishLists,
  type RevocationReason,
  readText,
  revocationReasons,
  revokeCertificate,
  revokePair,
} from '../../../certificates/index.ts';
import type { CertsContext, CommonOptions } from '../context.ts';
import { changeAuthority, resolvePath } from '../open.ts';
import { type AddCommand, authorityOptions, wholeNumber } from './definition.ts';
import { namedPairs } from './rotate.ts';

interface RevokeOptions extends CommonOptions {
  readonly reason: RevocationReason;
}

interface CrlOptions extends CommonOptions {
  readonly days?: number;
}

/** `certs revoke NAME or FILE`. */
export const addRevoke: AddCommand = (program: Command, context: CertsContext) => {
  const reasons = Object.keys(revocationReasons);
  const command = program
    .command('revoke <pair>')
    .description(
      'withdraw a pair by name, or any certificate of this authority by its file, and renew crl.pem',
    )
    .addOption(new Option('--reason <why>', 'reason').choices(reasons).default('unspecified'));
  authorityOptions(command).action(async (what: string, options: RevokeOptions) => {
    await changeAuthority(context, options, async (authority) => {
      const text = await readText(resolvePath(context, what)).catch(() => undefined);
      const [block] = text === undefined ? [] : parsePem(text).filter(({ kind }) => kind === 'certificate');
      const [pair] = block === undefined ? namedPairs(authority, what) : [];
      const certificate =
        block === undefined ? undefined : new X509Certificate(inspectCertificate(block.der).certificate.raw);
      if (pair === undefined && certificate === undefined) {
        throw new CertificateError('CERTIFICATE_MISSING', `neither a pair nor a certificate file: ${what}`);
      }
      const record =
        pair !== undefined
          ? await revokePair(authority, pair, options.reason)
          : await revokeCertificate(authority, certificate as X509Certificate, options.reason);
      if (options.json === true) context.say(JSON.stringify(record));
      else {
        context.say(
          `Revoked ${record.subject} (${record.serial}, ${record.reason}). It is refused where crl.pem is in force:`,
          '  [mysqld] ssl_crl = …/crl.pem, then ALTER INSTANCE RELOAD TLS (MySQL) or FLUSH SSL (MariaDB)',
          `Lists are valid for ${authority.ledger.lists?.days ?? DEFAULT_LIST_DAYS} days: renew them in time with rowlock certs crl.`,
        );
      }
    });
  });
};

/** `certs crl`. */
export const addCrl: AddCommand = (program: Command, context: CertsContext) => {
  const command = program
    .command('crl')
    .description('write the revocation list anew; once it is in force it must be renewed before it ends')
    .option(
      '--days <n>',
      `validity (default: as before, at first ${DEFAULT_LIST_DAYS})`,
      wholeNumber(1, 3650),
    );
  authorityOptions(command).action(async (options: CrlOptions) => {
    await changeAuthority(context, options, async (authority) => {
      const { nextUpdate } = await publishLists(authority, options.days);
      const { ledger } = authority;
      const revoked = ledger.revoked.length;
      if (options.json === true)
        context.say(
          JSON.stringify({ nextUpdate: nextUpdate.toISOString(), number: ledger.lists?.number, revoked }),
        );
      else
        context.say(
          `crl.pem: ${revoked} revoked, to be renewed before ${nextUpdate.toISOString().slice(0, 10)}.`,
        );
    });
  });
};
