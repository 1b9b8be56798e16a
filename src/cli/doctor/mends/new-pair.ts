import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  type CertificateView,
  certificateOf,
  DAY_MS,
  inspectCertificate,
  isYasslKey,
  matchesHost,
  type PairRecord,
  quoteText,
} from '../../../certificates/index.ts';
import { shellWord } from '../../shell-word.ts';
import type { DoctorSettings } from '../doctor-settings.ts';
import { serverPath } from '../facts/local-files.ts';
import type { ServerFacts } from '../facts/server-facts.ts';
import { isMysqlFrom } from '../facts/server-version.ts';
import { mysqld, persistsTls, reloadSteps, restart, type Step, shell, sql } from './mend.ts';

/** What the files of a deployed pair are called. */
const deployed = { ssl_ca: 'ca.pem', ssl_cert: 'server-cert.pem', ssl_key: 'server-key.pem' } as const;

/** The folder a server has its files in, if a deployment there would be taken as it is. */
export function presentFolder({ variables }: ServerFacts): string | undefined {
  if (variables === undefined) return undefined;
  const folder = dirname(serverPath(variables, 'ssl_cert'));
  const fits = Object.entries(deployed).every(([name, file]) => {
    const path = serverPath(variables, name);
    return path !== '' && dirname(path) === folder && basename(path) === file;
  });
  // A data folder takes no folders in it but databases.
  const data = join(variables.get('datadir') ?? '/', '.');
  return fits && join(folder, '.') !== data.replace(/\/$/, '') ? folder : undefined;
}

/** Names that a certificate has to have. */
interface Names {
  /** The first becomes the common name of a new one. */
  readonly hosts: readonly string[];
  /** Somebody looks at the common name alone, as clients of MySQL 5.6 and before do. */
  readonly byCommonName: boolean;
}

/** Words of `certs init` and `certs server` for servers that know RSA and the old form of keys alone. */
const forOldServers = ' --key rsa-2048 --key-form traditional';

/** Whether the server may be linked with yaSSL, as builds of MySQL before 5.7.28 are. */
const mayBeYassl = (facts: ServerFacts): boolean => !facts.mariadb && !isMysqlFrom(facts, [5, 7, 28]);

/** The pair of the authority for this server: the one it shows, else one that is good for the host, of a key that it can read. */
function knownPair(
  facts: ServerFacts,
  { authority, warnDays }: DoctorSettings,
  { hosts, byCommonName }: Names,
): PairRecord | undefined {
  // One that lives no longer than the warning would be renewed for nothing.
  const pairs = (authority.ledger?.pairs ?? []).filter(
    ({ kind, days, keyKind, keyForm }) =>
      kind === 'server' && days > warnDays && (!mayBeYassl(facts) || isYasslKey(keyKind, keyForm)),
  );
  const good = pairs.filter((pair) => {
    const view = viewOf(pair);
    return hosts.every((host) => matchesHost(view, host)) && (!byCommonName || view.commonName === hosts[0]);
  });
  return (
    good.find((pair) => viewOf(pair).fingerprint === facts.look.served[0]?.fingerprint256) ??
    good.toSorted((a, b) => viewOf(b).notAfter.getTime() - viewOf(a).notAfter.getTime())[0]
  );
}

const viewOf = (pair: PairRecord): CertificateView => inspectCertificate(certificateOf(pair).raw);

/** Steps that make an authority where there is none. */
export function needAuthority(facts: ServerFacts, { authority }: DoctorSettings): Step[] {
  if (authority.missing === undefined) return [];
  return [
    shell(`rowlock certs init ${shellWord(authority.missing)}${mayBeYassl(facts) ? forOldServers : ''}`),
  ];
}

function makePair(
  facts: ServerFacts,
  settings: DoctorSettings,
  names: Names,
): { name: string; steps: Step[] } {
  const { authority, now, warnDays } = settings;
  const steps = needAuthority(facts, settings);
  const known = knownPair(facts, settings, names);
  if (known !== undefined) {
    const left = viewOf(known).notAfter.getTime() - now.getTime();
    if (left <= warnDays * DAY_MS)
      steps.push(shell(`rowlock certs rotate ${shellWord(known.name)}${authority.flag}`));
    return { name: known.name, steps };
  }
  // A pair's name is a folder's: the colons of IPv6 go into the certificate alone.
  const taken = new Set((authority.ledger?.pairs ?? []).map(({ name }) => name));
  const { hosts } = names;
  const [first = ''] = hosts;
  const base = first.replaceAll(':', '-').replace(/^-+/, 'ip6-');
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
  const { ledger } = authority;
  const isTold = mayBeYassl(facts) && ledger !== undefined && !isYasslKey(ledger.keyKind, ledger.keyForm);
  const words = [
    ...hosts.filter((host) => host !== name).map((host) => ` --san ${shellWord(host)}`),
    ...(name === first ? [] : [` --subject ${shellWord(`/CN=${first}`)}`]),
    ...(isTold ? [forOldServers] : []),
  ];
  steps.push(shell(`rowlock certs server ${shellWord(name)}${words.join('')}${authority.flag}`));
  return { name, steps };
}

/** Brings a pair to a folder of the server's machine. */
export function deployStep(
  facts: ServerFacts,
  { authority }: DoctorSettings,
  folder: string,
  pair: { readonly kind: 'server' | 'user'; readonly name: string },
): Step {
  const { files, address } = facts;
  const here = files !== undefined || ['localhost', '127.0.0.1', '::1'].includes(address.host);
  const target = here
    ? folder
    : `root@${address.host.includes(':') ? `[${address.host}]` : address.host}:${folder}`;
  // Elsewhere nobody has seen whose the data folder is: packages of both servers make a user mysql.
  const owner = here ? files?.owner : 'mysql:mysql';
  const owned = owner === undefined ? '' : ` --target-owner ${owner}`;
  return shell(
    `rowlock certs deploy ${shellWord(target)} --${pair.kind} ${shellWord(pair.name)}${owned}${authority.flag}`,
  );
}

/** Settings that name the deployed files, and what makes the server take them. */
function nameFiles(facts: ServerFacts, folder: string): Step[] {
  const pairs = Object.entries(deployed).map(([name, file]) => [name, join(folder, file)] as const);
  if (persistsTls(facts)) {
    const sets = pairs.map(([name, path]) => `SET PERSIST ${name} = ${quoteText(path)};`).join(' ');
    return [sql(`${sets} ALTER INSTANCE RELOAD TLS;`)];
  }
  return [...pairs.map(([name, path]) => mysqld(name, path)), restart];
}

/**
 * Makes a pair that is good for the host that was asked for, brings it to where the server looks, and has it taken.
 *
 * @param asked a name that somebody else asks for, and whether they look for it in the common name alone
 */
export function newPair(
  facts: ServerFacts,
  settings: DoctorSettings,
  asked?: { readonly host: string; readonly byCommonName: boolean },
): Step[] {
  const hosts = new Set([...(asked === undefined ? [] : [asked.host]), facts.address.host]);
  const { name, steps } = makePair(facts, settings, {
    hosts: [...hosts],
    byCommonName: asked?.byCommonName ?? false,
  });
  const present = presentFolder(facts);
  const folder = present ?? settings.folder;
  const active = facts.look.served.length > 0;
  return [
    ...steps,
    deployStep(facts, settings, folder, { kind: 'server', name }),
    ...(present === undefined ? nameFiles(facts, folder) : reloadSteps(facts, active)),
  ];
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Makes the revocation list anew and brings it to where the server looks. */
export function newList(facts: ServerFacts, settings: DoctorSettings): Step[] {
  const { authority } = settings;
  const steps = [shell(`rowlock certs crl${authority.flag}`)];
  const list = facts.variables === undefined ? '' : serverPath(facts.variables, 'ssl_crl');
  if (realPath(list) === realPath(join(authority.folder, 'crl.pem')))
    return [...steps, ...reloadSteps(facts, true)];
  const pair = makePair(facts, settings, { hosts: [facts.address.host], byCommonName: false });
  const folder = presentFolder(facts) ?? settings.folder;
  steps.push(...pair.steps, deployStep(facts, settings, folder, { kind: 'server', name: pair.name }));
  if (list === join(folder, 'crl.pem')) return [...steps, ...reloadSteps(facts, true)];
  const path = join(folder, 'crl.pem');
  return persistsTls(facts)
    ? [...steps, sql(`SET PERSIST ssl_crl = ${quoteText(path)}; ALTER INSTANCE RELOAD TLS;`)]
    : [...steps, mysqld('ssl_crl', path), restart];
}
