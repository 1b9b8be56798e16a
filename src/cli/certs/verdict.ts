import type { Finding } from '../../certificates/index.ts';
import { explainCertificate } from '../../tls/index.ts';
import type { ServerVisit } from './visit.ts';

/**
 * What OpenSSL has against a certificate that a visit met, where no finding says it already: name constraints, path lengths and
 * the rest of what only the whole of a chain tells.
 */
export function verdictFindings(
  { served, verdict }: Pick<ServerVisit, 'served' | 'verdict'>,
  found: readonly Finding[],
  now: Date,
): Finding[] {
  if (verdict === undefined || found.some(({ severity }) => severity === 'critical')) return [];
  const facts = { verdict, chain: served, authorities: [], source: 'the CA file', now };
  const [why] = explainCertificate(facts);
  return [{ severity: 'critical', code: 'UNTRUSTED', message: `clients refuse it: ${why}` }];
}
