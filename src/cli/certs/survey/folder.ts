import { join } from 'node:path';
import { type Examination, namesIn } from '../../../certificates/index.ts';
import { blocksOf, type LoadedFile, loadFile, type SurveyEntry } from './entry.ts';
import { keyFor, quietView, surveyFile, surveyLists, surveyPair, surveyTrust } from './files.ts';

/** Names servers and tools give to the two halves of a pair, and what the pair is for. */
const knownPairs = [
  { role: 'server', certificate: 'server-cert.pem', key: 'server-key.pem' },
  { role: 'client', certificate: 'client-cert.pem', key: 'client-key.pem' },
  { role: 'server', certificate: 'tls.crt', key: 'tls.key' },
] as const;

const trustNames = ['ca.pem', 'ca-cert.pem', 'cacert.pem', 'ca.crt', 'root.crt'];
const listNames = ['crl.pem', 'ca.crl', 'crl-server.pem'];
const pemName = /\.(pem|crt|cer|key|crl)$/i;

/** Entries for a folder: pairs by MySQL's names first, then every other PEM file. Subfolders are not entered. */
export async function surveyFolder(folder: string, at: Examination): Promise<SurveyEntry[]> {
  const names = (await namesIn(folder)).filter((name) => pemName.test(name));
  const files = new Map<string, LoadedFile>();
  for (const name of names) files.set(name, await loadFile(join(folder, name)));
  const trust = trustNames.map((name) => files.get(name)).find((file) => file !== undefined);
  const lists = listNames.map((name) => files.get(name)).find((file) => file !== undefined);
  const seen = new Set<LoadedFile>();
  const entries: SurveyEntry[] = [];
  if (trust !== undefined) {
    seen.add(trust);
    entries.push(...surveyTrust(trust, at));
  }
  for (const pair of knownPairs) {
    const certificate = files.get(pair.certificate);
    if (certificate === undefined) continue;
    const key = files.get(pair.key);
    seen.add(certificate);
    if (key !== undefined) seen.add(key);
    entries.push(...surveyPair({ role: pair.role, certificate, key, trust, lists }, at));
  }
  if (lists !== undefined) {
    seen.add(lists);
    entries.push(...surveyLists(lists, at));
  }
  // What holds neither certificate, key nor list, such as MySQL's own public_key.pem, is none of ours.
  const rest = [...files.values()].filter(
    (file) =>
      !seen.has(file) && (file.blocks.length === 0 || file.blocks.some(({ kind }) => kind !== 'other')),
  );
  for (const file of rest) entries.push(...(await surveyRest(file, [...files.values()], trust, at)));
  return entries;
}

async function surveyRest(
  file: LoadedFile,
  all: readonly LoadedFile[],
  trust: LoadedFile | undefined,
  at: Examination,
): Promise<SurveyEntry[]> {
  const [first] = blocksOf(file, 'certificate');
  const view = first === undefined ? undefined : quietView(first);
  if (view === undefined || view.authority) {
    const keysOnly = blocksOf(file, 'key').length > 0 && first === undefined;
    // A key by itself is worth a line only when something is wrong with it.
    return keysOnly && file.findings.length === 0 ? [] : surveyFile(file.path, at);
  }
  return surveyPair({ role: 'any', certificate: file, key: keyFor(view, all), trust, lists: undefined }, at);
}
