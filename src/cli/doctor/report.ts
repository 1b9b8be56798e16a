import {
  type CertificateView,
  daysUntil,
  inspectCertificate,
  type Severity,
  severities,
  worst,
} from '../../certificates/index.ts';
import { bar, showsUnicode } from '../certs/bar.ts';
import type { CertsContext } from '../certs/context.ts';
import type { ServerFacts } from './facts/server-facts.ts';
import { type Diagnosis, mendText, stepPlaces } from './mends/mend.ts';

const words: Readonly<Record<Severity, string>> = { ok: 'note', warning: 'WARNING', critical: 'CRITICAL' };

/** The worst first; those of one severity in the order they were found. */
export function inOrder(found: readonly Diagnosis[]): readonly Diagnosis[] {
  return found.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}

/** The certificate a server shows. */
function shown({ look }: ServerFacts): CertificateView | undefined {
  const [leaf] = look.served;
  return leaf === undefined ? undefined : inspectCertificate(leaf.raw);
}

/** One line of JSON: docs/doctor.md lists the keys. */
export function reportJson(
  server: string,
  facts: ServerFacts,
  found: readonly Diagnosis[],
  now: Date,
): string {
  const view = shown(facts);
  const { version, look, unseen } = facts;
  return JSON.stringify({
    server,
    version,
    severity: worst(found),
    tls: look.tls === undefined ? null : { protocol: look.tls.protocol, cipher: look.tls.cipher },
    certificate:
      view === undefined
        ? null
        : {
            subject: view.subject,
            issuer: view.issuer,
            names: view.names.map(({ value }) => value),
            notAfter: view.notAfter.toISOString(),
            daysLeft: daysUntil(view.notAfter, now),
          },
    findings: inOrder(found).map(({ severity, code, message, steps }) => ({
      severity,
      code,
      message,
      mend: mendText(steps) ?? null,
      steps,
    })),
    unseen,
  });
}

/** Counts for the first line: `1 critical, 2 warnings`. */
function counts(found: readonly Diagnosis[]): string {
  const many = (severity: Severity, one: string, more: string): string[] => {
    const number = found.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : more}`];
  };
  const parts = [
    ...many('critical', 'critical', 'critical'),
    ...many('warning', 'warning', 'warnings'),
    ...many('ok', 'note', 'notes'),
  ];
  return parts.length === 0 ? 'all well' : parts.join(', ');
}

/** The report of one server for a person: what it is, what is wrong with it, what mends it. */
export function sayReport(
  context: CertsContext,
  server: string,
  facts: ServerFacts,
  found: readonly Diagnosis[],
): void {
  const unicode = showsUnicode(context.env);
  const now = context.now();
  const view = shown(facts);
  const { tls } = facts.look;
  const secured = tls === undefined ? 'no TLS' : `${tls.protocol} ${tls.cipher}`;
  context.say(`${server}  ${facts.version}  ${secured}  ${counts(found)}`);
  if (view !== undefined) {
    const left = `${bar(view.notBefore, view.notAfter, now, unicode)} ${daysUntil(view.notAfter, now)} d`;
    context.say(`  ${left}  ${view.subject}  by ${view.issuer}`);
  }
  // What one mend clears stands together, with the mend once.
  const groups = new Map<string, Diagnosis[]>();
  for (const finding of inOrder(found)) {
    const mend = mendText(finding.steps) ?? finding.message;
    groups.set(mend, [...(groups.get(mend) ?? []), finding]);
  }
  for (const group of groups.values()) {
    for (const { severity, message } of group) context.say(`  ${words[severity].padEnd(8)}  ${message}`);
    for (const { in: place, text } of group[0]?.steps ?? [])
      context.say(`      ${stepPlaces[place].padEnd(8)}  ${text}`);
  }
  for (const line of facts.unseen) context.say(`  not seen  ${line}`);
}
