import { issuerLine, subjectLine, type TlsPeer } from '../../tls/index.ts';
import type { Requirement } from './account-record.ts';

/**
 * Why the connection does not satisfy an account's REQUIRE; undefined where it does. As MySQL checks: all three values of SPECIFIED
 * want a certificate that is trusted, and compare exactly.
 */
export function unmetRequirement(require: Requirement, tls: TlsPeer | undefined): string | undefined {
  if (require.type === '') return undefined;
  if (tls === undefined) return 'the account requires TLS';
  if (require.type === 'ANY') return undefined;
  const [certificate] = tls.chain;
  const trusted = certificate !== undefined && tls.verified === 'ca';
  if (!trusted) return 'the account requires a client certificate';
  if (require.type === 'X509') return undefined;
  if (require.cipher !== '' && require.cipher !== tls.cipher)
    return mismatch('ciphers', require.cipher, tls.cipher);
  const issuer = issuerLine(certificate);
  if (require.issuer !== '' && require.issuer !== issuer) return mismatch('issuer', require.issuer, issuer);
  const subject = subjectLine(certificate);
  if (require.subject !== '' && require.subject !== subject)
    return mismatch('subject', require.subject, subject);
  return undefined;
}

const mismatch = (what: string, wanted: string, found: string): string =>
  `X.509 ${what} mismatch: should be '${wanted}' but is '${found}'`;
