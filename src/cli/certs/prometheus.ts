import { severities, worst } from '../../certificates/index.ts';
import type { SurveyEntry } from './survey/index.ts';

/** The families, in the order they are printed. Times are Unix seconds, as Prometheus wants them. */
const families = [
  {
    name: 'rowlock_certificate_not_after_seconds',
    help: 'End of validity, Unix time.',
    value: ({ view }: SurveyEntry) => seconds(view?.notAfter),
  },
  {
    name: 'rowlock_certificate_not_before_seconds',
    help: 'Start of validity, Unix time.',
    value: ({ view }: SurveyEntry) => seconds(view?.notBefore),
  },
  {
    name: 'rowlock_crl_next_update_seconds',
    help: 'Time a revocation list must be renewed by, Unix time.',
    value: ({ list }: SurveyEntry) => seconds(list?.nextUpdate),
  },
  {
    name: 'rowlock_certificate_severity',
    help: 'Worst finding: 0 ok, 1 warning, 2 critical.',
    value: ({ findings }: SurveyEntry) => severities.indexOf(worst(findings)),
  },
] as const;

/** A text file for the node exporter's textfile collector. */
export function prometheusText(entries: readonly SurveyEntry[], now: Date): string {
  const lines = families.flatMap(({ name, help, value }) => {
    const samples = entries.flatMap((entry) => {
      const found = value(entry);
      return found === undefined ? [] : [`${name}{${labels(entry)}} ${found}`];
    });
    // Two entries of the same labels would make the collector drop the whole file.
    return samples.length === 0
      ? []
      : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...new Set(samples)];
  });
  const stamp = 'rowlock_certificate_check_time_seconds';
  return `${[...lines, `# HELP ${stamp} When these were looked at, Unix time.`, `# TYPE ${stamp} gauge`, `${stamp} ${seconds(now)}`].join('\n')}\n`;
}

function labels({ place, role, view, list }: SurveyEntry): string {
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['place', place],
    ['role', role],
    ['subject', view?.subject],
    ['issuer', view?.issuer ?? list?.issuer],
    ['serial', view?.serial],
  ];
  return pairs.flatMap(([key, text]) => (text === undefined ? [] : [`${key}="${escape(text)}"`])).join(',');
}

/** Label values escape backslash, quote and newline (exposition format 0.0.4). */
function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function seconds(time: Date | undefined): number | undefined {
  return time === undefined ? undefined : Math.floor(time.getTime() / 1000);
}
