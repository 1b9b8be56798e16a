import { stat } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import {
  type CertificateView,
  type Examination,
  examinePair,
  type Finding,
  inspectCertificate,
  type PemBlock,
} from '../../../certificates/index.ts';
import { blocksOf, type LoadedFile, loadFile, type SurveyEntry } from '../../certs/survey/entry.ts';
import { surveyLists, surveyPair, surveyTrust } from '../../certs/survey/files.ts';
import type { ChannelFacts } from './channel-facts.ts';
import type { Values } from './values.ts';

/** The TLS files of a server that runs on the doctor's own machine. */
export interface LocalFiles {
  /** `uid:gid` of the data folder, where it is somebody else's than the doctor's. */
  readonly owner: string | undefined;
  readonly certificate: CertificateView | undefined;
  /** The file of authorities it holds its clients against. */
  readonly trust: LoadedFile | undefined;
  /** Files that channels name, by the name the channel has for them. */
  readonly ofChannels: ReadonlyMap<string, LoadedFile>;
  readonly entries: readonly SurveyEntry[];
  /** Why the file of authorities does not vouch for the certificate itself; undefined where it does, or nothing is to be compared. */
  readonly unvouched: string | undefined;
  /** Files that are there and that the doctor may not read. */
  readonly hidden: readonly string[];
}

/** The path of a file as the server has it: names without a folder lie in its data folder. */
export function serverPath(variables: Values, name: string): string {
  const value = variables.get(name) ?? '';
  return value === '' ? value : absolute(variables, value);
}

function absolute(variables: Values, path: string): string {
  return isAbsolute(path) ? path : join(variables.get('datadir') ?? '', path);
}

/** True where the server says it runs on this machine, and its data folder is there. */
async function isHere(variables: Values): Promise<boolean> {
  if (variables.get('hostname') !== hostname()) return false;
  const folder = variables.get('datadir') ?? '';
  return folder !== '' && (await stat(folder).catch(() => undefined)) !== undefined;
}

const wasHidden = ({ findings }: LoadedFile): boolean =>
  findings.some(({ code, message }) => code === 'UNREADABLE' && /\(E(ACCES|PERM)\)/.test(message));

/** Reads the files named in the settings of a server on this machine; undefined for one on another. */
export async function readLocalFiles(
  variables: Values,
  channels: readonly ChannelFacts[],
  at: Examination,
): Promise<LocalFiles | undefined> {
  if (!(await isHere(variables))) return undefined;
  const { uid, gid } = await stat(variables.get('datadir') ?? '');
  const hidden: string[] = [];
  const load = async (name: string): Promise<LoadedFile | undefined> => {
    const path = serverPath(variables, `ssl_${name}`);
    return path === '' ? undefined : loadPath(path);
  };
  const loadPath = async (path: string): Promise<LoadedFile | undefined> => {
    const file = await loadFile(path);
    if (!wasHidden(file)) return file;
    hidden.push(path);
    return undefined;
  };
  const [trust, certificate, key, lists] = [
    await load('ca'),
    await load('cert'),
    await load('key'),
    await load('crl'),
  ];
  const ofChannels = new Map<string, LoadedFile>();
  for (const name of new Set(channels.flatMap((channel) => [channel.ca, channel.certificate]))) {
    const file = name === '' ? undefined : await loadPath(absolute(variables, name));
    if (file !== undefined) ofChannels.set(name, file);
  }
  const [block] = blocksOf(certificate, 'certificate');
  // What a server shows need not be signed by what it trusts: its file of authorities is for its clients.
  const pair = surveyPair({ role: 'server', certificate, key, trust: undefined, lists }, at);
  const entries = [
    ...pair,
    ...(certificate === undefined && key !== undefined && key.findings.length > 0
      ? [{ place: key.path, role: 'key' as const, findings: key.findings }]
      : []),
    ...(trust === undefined ? [] : surveyTrust(trust, at)),
    ...(lists === undefined ? [] : surveyLists(lists, at)),
  ];
  return {
    // Windows knows no such numbers.
    owner: [uid, -1].includes(userInfo().uid) ? undefined : `${uid}:${gid}`,
    certificate: block === undefined ? undefined : viewOf(block.der),
    trust,
    ofChannels,
    entries,
    unvouched: block === undefined ? undefined : unvouched(block, blocksOf(trust, 'certificate'), at),
    hidden,
  };
}

function unvouched(own: PemBlock, trust: readonly PemBlock[], at: Examination): string | undefined {
  if (trust.length === 0) return undefined;
  try {
    return examinePair({ role: 'any', chain: [own], trust }, at)[0]?.message;
  } catch {
    // A file that is no certificate has a finding of its own.
    return undefined;
  }
}

function viewOf(der: Uint8Array): CertificateView | undefined {
  try {
    return inspectCertificate(der);
  } catch {
    return undefined;
  }
}

/** Codes of files by which a server cannot start TLS. */
const fatal: ReadonlySet<string> = new Set([
  'FILE_MISSING',
  'UNREADABLE',
  'NOT_PEM',
  'NO_CERTIFICATE',
  'NO_KEY',
  'KEY_MISMATCH',
  'KEY_ENCRYPTED',
  'KEY_UNREADABLE',
  'CHAIN_ORDER',
]);

/** Findings of files by which a server cannot start TLS, each with the file's path in front. */
export function unusableFiles(files: LocalFiles): Finding[] {
  return findingsOf(files, fatal);
}

/** Those, and the weak keys: servers of today refuse them, and where one takes them its clients do not. */
export function refusedFiles(files: LocalFiles): Finding[] {
  return findingsOf(files, new Set([...fatal, 'WEAK_KEY']));
}

function findingsOf({ entries }: LocalFiles, codes: ReadonlySet<string>): Finding[] {
  return entries.flatMap(({ place, findings }) =>
    findings
      // What follows a pair's own certificate may stand in any order.
      .filter(({ severity, code }) => severity === 'critical' && codes.has(code))
      .map((finding) => ({
        ...finding,
        message: finding.message.startsWith('/') ? finding.message : `${place}: ${finding.message}`,
      })),
  );
}
