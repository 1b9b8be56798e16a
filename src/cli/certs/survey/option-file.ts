import { dirname, isAbsolute, join } from 'node:path';
import type { Examination, Finding, PairRole } from '../../../certificates/index.ts';
import { loadDefaults, OptionError } from '../../../options/index.ts';
import { type LoadedFile, loadFile, type SurveyEntry } from './entry.ts';
import { surveyLists, surveyPair, surveyTrust } from './files.ts';

/** Groups of an option file, and which end of a connection they configure. */
const sections = [
  { role: 'server', label: '[mysqld]', prefix: 'ssl-', groups: ['mysqld', 'server', 'mariadb', 'mariadbd'] },
  { role: 'server', label: '[mysqld] admin', prefix: 'admin-ssl-', groups: ['mysqld', 'server'] },
  {
    role: 'client',
    label: '[client]',
    prefix: 'ssl-',
    groups: ['client', 'mysql', 'client-server', 'client-mariadb'],
  },
] as const;

/** Entries for everything an option file (and what it includes) makes a server or client load. */
export async function surveyOptionFile(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  at: Examination,
): Promise<SurveyEntry[]> {
  const entries: SurveyEntry[] = [];
  for (const { role, label, prefix, groups } of sections) {
    const warnings: Finding[] = [];
    let options: ReadonlyMap<string, string>;
    try {
      options = readOptions(path, groups, env, warnings);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      return [
        {
          place: path,
          role: 'options',
          findings: [{ severity: 'critical', code: 'OPTION_FILE', message: error.message }],
        },
      ];
    }
    const findings = [...warnings, ...sectionFindings(options, prefix, label)];
    if (findings.length > 0) entries.push({ place: path, role: 'options', findings });
    entries.push(...(await surveySection(path, options, prefix, role, at)));
  }
  if (entries.length === 0) {
    const message = 'no ssl-ca, ssl-cert or ssl-key for a server or client';
    entries.push({
      place: path,
      role: 'options',
      findings: [{ severity: 'warning', code: 'NOT_CONFIGURED', message, mend: 'rowlock certs config' }],
    });
  }
  return entries;
}

/** Options of some groups by name, `_` written as `-`; later ones win. */
function readOptions(
  path: string,
  groups: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  warnings: Finding[],
): ReadonlyMap<string, string> {
  const { words } = loadDefaults({
    // Of the two dialects the one without a login file: only this file is wanted.
    dialect: 'mariadb',
    program: 'rowlock certs',
    groups,
    argv: [`--defaults-file=${path}`],
    env: {},
    home: env['HOME'],
    workingDirectory: dirname(path),
    warn: (text) => warnings.push({ severity: 'warning', code: 'OPTION_FILE', message: text }),
  });
  const options = new Map<string, string>();
  for (const { text } of words) {
    const [, name = '', value = ''] = /^--([^=]+)(?:=([^]*))?$/.exec(text) ?? [];
    options.set(name.replaceAll('_', '-').replace(/^loose-/, ''), value);
  }
  return options;
}

function sectionFindings(options: ReadonlyMap<string, string>, prefix: string, label: string): Finding[] {
  const has = (name: string): boolean => (options.get(`${prefix}${name}`) ?? '') !== '';
  const found: Finding[] = [];
  if (
    prefix === 'ssl-' &&
    (options.has('skip-ssl') || ['0', 'off', 'false'].includes((options.get('ssl') ?? '').toLowerCase()))
  ) {
    found.push({
      severity: 'critical',
      code: 'TLS_OFF',
      message: `${label} turns TLS off`,
      mend: 'Remove skip-ssl and ssl=0.',
    });
  }
  for (const [one, other] of [
    ['cert', 'key'],
    ['key', 'cert'],
  ] as const) {
    if (has(one) && !has(other)) {
      found.push({
        severity: 'critical',
        code: 'HALF_A_PAIR',
        message: `${label} has ${prefix}${one} but no ${prefix}${other}`,
        mend: `${prefix}${other} = …`,
      });
    }
  }
  return found;
}

async function surveySection(
  path: string,
  options: ReadonlyMap<string, string>,
  prefix: string,
  role: PairRole,
  at: Examination,
): Promise<SurveyEntry[]> {
  // A server looks for relative names in its data folder.
  const base = role === 'server' ? (options.get('datadir') ?? dirname(path)) : dirname(path);
  const load = async (name: string): Promise<LoadedFile | undefined> => {
    const value = options.get(`${prefix}${name}`) ?? '';
    return value === '' ? undefined : loadFile(isAbsolute(value) ? value : join(base, value));
  };
  const trust = await load('ca');
  const lists = await load('crl');
  const certificate = await load('cert');
  const key = await load('key');
  return [
    ...(trust === undefined ? [] : surveyTrust(trust, at)),
    ...surveyPair({ role, certificate, key, trust, lists }, at),
    ...(lists === undefined ? [] : surveyLists(lists, at)),
  ];
}
