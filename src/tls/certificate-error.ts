import { type ErrorContext, RowlockError } from '../errors/index.ts';

/** What went wrong with a certificate, in one searchable word. */
export type CertificateErrorCode =
  | 'CERTIFICATE_FORMAT'
  | 'CERTIFICATE_KEY'
  | 'CERTIFICATE_PASSPHRASE'
  | 'CERTIFICATE_EXISTS'
  | 'CERTIFICATE_MISSING'
  | 'CERTIFICATE_AUTHORITY'
  | 'CERTIFICATE_STAGE'
  | 'CERTIFICATE_DEPLOY';

/** A certificate, key, request or revocation list that cannot be made, read, found or handed out. */
export class CertificateError extends RowlockError {
  constructor(
    code: CertificateErrorCode,
    message: string,
    options: { cause?: unknown; hint?: string; context?: ErrorContext } = {},
  ) {
    super(code, message, options);
  }
}
