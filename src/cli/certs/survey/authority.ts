import { join } from 'node:path';
import {
  type Authority,
  type Examination,
  exists,
  type Finding,
  type Ledger,
  outdatedPairs,
  pairFiles,
} from '../../../certificates/index.ts';
import { loadFile, type SurveyEntry } from './entry.ts';
import { surveyLists, surveyPair, surveyTrust } from './files.ts';

/** Entries for an authority: itself, its revocation lists, and every pair it answers for. */
export async function surveyAuthority(authority: Authority, at: Examination): Promise<SurveyEntry[]> {
  const { folder, ledger } = authority;
  const trust = await loadFile(join(folder, 'ca.pem'));
  const entries = surveyTrust(trust, at);
  const listFile = join(folder, 'crl.pem');
  const lists = (await exists(listFile)) ? await loadFile(listFile) : undefined;
  if (lists !== undefined) entries.push(...surveyLists(lists, at));
  for (const pair of ledger.pairs) {
    const own = join(folder, `${pair.kind}s`, pair.name);
    const files = pairFiles[pair.kind];
    const certificate = await loadFile(join(own, files.certificate));
    const key = pair.keyKind === null ? undefined : await loadFile(join(own, files.key));
    entries.push(
      ...surveyPair(
        { role: pair.kind === 'server' ? 'server' : 'client', certificate, key, trust, lists },
        at,
      ),
    );
  }
  const pending = rolloverFinding(authority, ledger);
  if (pending !== undefined)
    entries.push({ place: join(folder, 'authority.json'), role: 'authority', findings: [pending] });
  return entries;
}

function rolloverFinding(authority: Authority, { rollover }: Ledger): Finding | undefined {
  if (rollover === null) return undefined;
  const behind = rollover.stage === 'pairs' ? outdatedPairs(authority).length : 0;
  const what = behind > 0 ? `, ${behind} pairs still of the old authority` : '';
  return {
    severity: 'warning',
    code: 'ROLLOVER_PENDING',
    message: `roll-over of the authority stands at stage '${rollover.stage}' since ${rollover.since.slice(0, 10)}${what}`,
    mend: 'rowlock certs deploy …, then rowlock certs rotate --ca',
  };
}
