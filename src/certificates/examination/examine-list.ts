import type { RevocationList } from '../../tls/index.ts';
import { countDays, DAY_MS, daysUntil, type Examination, expiry, type Finding } from './finding.ts';

/**
 * Findings about a revocation list by itself. Lists live for weeks: the thresholds are at most a third and a tenth of the
 * time from one to the next.
 */
export function examineList(list: RevocationList, at: Examination): Finding[] {
  if (list.nextUpdate === undefined) return [];
  const days = daysUntil(list.nextUpdate, at.now);
  const lasts = (list.nextUpdate.getTime() - list.thisUpdate.getTime()) / DAY_MS;
  const severity = expiry(list.nextUpdate, at.now, {
    warnDays: Math.min(at.warnDays, lasts / 3),
    criticalDays: Math.min(at.criticalDays, lasts / 10),
  });
  if (severity === 'ok') return [];
  const over = list.nextUpdate <= at.now;
  return [
    {
      severity: over ? 'critical' : severity,
      code: over ? 'CRL_EXPIRED' : 'CRL_EXPIRES_SOON',
      message: over
        ? `revocation list of ${list.issuer} is out of date: every certificate of this authority is refused`
        : `revocation list of ${list.issuer} must be renewed within ${countDays(days)}`,
      mend: 'rowlock certs crl',
    },
  ];
}
