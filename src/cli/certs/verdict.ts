import { X509Certificate } from 'node:crypto';
import { type Finding, parsePem } from '../../certificates/index.ts';
import { explainCertificate } from '../../tls/index.ts';
import type { ServerVisit } from './visit.ts';

/**
 * Whether OpenSSL, which trusts the chain, has refuted a finding. Of a chain that was sent out of order Node shows what stands before the
 * first gap; OpenSSL has put all of it in order.
 */
export const isRefuted = ({ code }: Finding, { verdict }: Pick<ServerVisit, 'verdict'>): boolean =>
  code === 'UNTRUSTED' && verdict === undefined;

/**
 * What OpenSSL has against a certificate that a visit met, where no finding says it already: name constraints, path lengths and
 * the rest of what only the whole of a chain tells.
 *
 * @param trust the PEM text of the authorities it was held against; absent: none, and there is no verdict
 */
export function verdictFindings(
  { served, verdict }: Pick<ServerVisit, 'served' | 'verdict'>,
  found: readonly Finding[],
  now: Date,
  trust = '',
): Finding[] {
  if (verdict === undefined || found.some(({ severity }) => severity === 'critical')) return [];
  const authorities = parsePem(trust).flatMap(({ kind, der }) =>
    kind === 'certificate' ? [new X509Certificate(der)] : [],
  );
  const why = explainCertificate({ verdict, chain: served, authorities, source: 'the CA file', now });
  return [{ severity: 'critical', code: 'UNTRUSTED', message: `clients refuse it: ${why.join('; ')}` }];
}
