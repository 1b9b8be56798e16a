import { relative } from 'node:path';
import { daysUntil, type Severity, worst } from '../../certificates/index.ts';
import { visibleText } from '../visible-text.ts';
import { bar, showsUnicode } from './bar.ts';
import type { CertsContext } from './context.ts';
import type { SurveyEntry } from './survey/index.ts';

const words: Readonly<Record<Severity, string>> = { ok: 'ok', warning: 'WARNING', critical: 'CRITICAL' };
// SGR codes: green, yellow, red.
const colours: Readonly<Record<Severity, number>> = { ok: 32, warning: 33, critical: 31 };

/** Lines a person reads: one an entry, its findings below, the mend behind an arrow. */
export function reportLines(context: CertsContext, entries: readonly SurveyEntry[]): string[] {
  const colour = context.stdout.isTTY === true && (context.env['NO_COLOR'] ?? '') === '';
  const unicode = showsUnicode(context.env);
  const now = context.now();
  const paint = (severity: Severity, text: string): string =>
    colour ? `\u001b[${colours[severity]}m${text}\u001b[0m` : text;
  return entries.flatMap((entry) => {
    const severity = worst(entry.findings);
    const place = shortPlace(context.cwd, entry.place);
    const about = describe(entry);
    const time = timeLeft(entry, now, unicode);
    const head = `${paint(severity, words[severity].padEnd(8))}  ${time}  ${entry.role.padEnd(11)}  ${place}`;
    const findings = entry.findings.flatMap(({ message, mend, severity: own }) => [
      `${' '.repeat(10)}${paint(own, own === 'critical' ? '✗' : '!')} ${visibleText(message)}`.replace(
        '✗',
        unicode ? '✗' : 'x',
      ),
      ...(mend === undefined ? [] : [`${' '.repeat(12)}${unicode ? '→' : '->'} ${mend}`]),
    ]);
    return [head, ...(about === '' ? [] : [`${' '.repeat(10)}${about}`]), ...findings];
  });
}

/** Subject, names and key of a certificate; issuer of a list. */
function describe({ view, list }: SurveyEntry): string {
  if (list !== undefined) return `${list.issuer}, ${list.serials.size} revoked`;
  if (view === undefined) return '';
  const names = view.names.map(({ value }) => value).join(', ');
  const issuer = view.selfSigned ? 'self-signed' : `by ${view.issuer}`;
  return [view.subject, ...(names === '' ? [] : [`(${names})`]), view.key.text, issuer].join('  ');
}

function timeLeft({ view, list }: SurveyEntry, now: Date, unicode: boolean): string {
  const from = view?.notBefore ?? list?.thisUpdate;
  const to = view?.notAfter ?? list?.nextUpdate;
  if (from === undefined || to === undefined) return ' '.repeat(17);
  return `${bar(from, to, now, unicode)} ${String(daysUntil(to, now)).padStart(4)} d`;
}

function shortPlace(cwd: string, place: string): string {
  if (!place.startsWith('/')) return place;
  const short = relative(cwd, place);
  return short === '' || short.startsWith('..') ? place : short;
}

/** The same as data: for `--json`. */
export function reportJson(context: CertsContext, entries: readonly SurveyEntry[]): Record<string, unknown> {
  const now = context.now();
  return {
    checkedAt: now.toISOString(),
    severity: worst(entries.flatMap(({ findings }) => findings)),
    entries: entries.map(({ place, role, view, list, findings }) => ({
      place,
      role,
      severity: worst(findings),
      ...(view === undefined
        ? {}
        : {
            subject: view.subject,
            issuer: view.issuer,
            serial: view.serial,
            names: view.names.map(({ value }) => value),
            key: view.key.text,
            authority: view.authority,
            selfSigned: view.selfSigned,
            notBefore: view.notBefore.toISOString(),
            notAfter: view.notAfter.toISOString(),
            daysLeft: daysUntil(view.notAfter, now),
            fingerprint: view.fingerprint,
          }),
      ...(list === undefined
        ? {}
        : {
            issuer: list.issuer,
            thisUpdate: list.thisUpdate.toISOString(),
            nextUpdate: list.nextUpdate?.toISOString() ?? null,
            revoked: list.serials.size,
          }),
      findings,
    })),
  };
}
