import { randomBytes, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { CertificateError } from '../../tls/index.ts';
import { type Authority, save, trustBundle } from '../authority/authority.ts';
import { modes, readText } from '../authority/files.ts';
import type { DeploymentRecord, PairRecord } from '../authority/ledger.ts';
import { pairFiles, pairFolder } from '../authority/pair-folder.ts';
import { certificateOf } from '../authority/pairs.ts';
import type { DeployedFile } from './plan.ts';

export { lookLocal, takeSteps } from './local.ts';
export { type DeployedFile, describeStep, planDeployment, type Step, type TargetState } from './plan.ts';
export { cameToEnd, lookScript, quoteWord, readLook, stepsScript } from './shell.ts';

/** The files a server or user needs: trust, certificate, key and, once there is one, the revocation list. */
export async function filesToDeploy(authority: Authority, pair: PairRecord): Promise<DeployedFile[]> {
  const names = pairFiles[pair.kind];
  const folder = pairFolder(authority, pair.kind, pair.name);
  const wanted = [
    { name: 'ca.pem', mode: modes.certificate, needed: true },
    { name: names.certificate, mode: modes.certificate, needed: true },
    // A pair made from a request has its key where it goes already.
    { name: names.key, mode: modes.key, needed: pair.keyKind !== null },
    { name: 'crl.pem', mode: modes.certificate, needed: false },
  ];
  const files: DeployedFile[] = [];
  for (const { name, mode, needed } of wanted) {
    const file = join(folder, name);
    const text = await readText(file);
    if (text !== undefined) files.push({ name, mode, text });
    else if (needed) throw new CertificateError('CERTIFICATE_MISSING', 'no such file', { context: { file } });
  }
  return files;
}

/** A name for a generation: time, then four random digits. */
export function generationName(now: Date): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(2).toString('hex')}`;
}

/** Remembers what a target has, which is what a roll-over waits for. The address of its server stays known. */
export async function recordDeployment(
  authority: Authority,
  pair: PairRecord,
  done: { readonly target: string; readonly active: boolean; readonly reload: string | undefined },
): Promise<void> {
  const isSame = ({ target, kind, name }: DeploymentRecord): boolean =>
    target === done.target && kind === pair.kind && name === pair.name;
  const before = authority.ledger.deployments.find(isSame);
  const record: DeploymentRecord = {
    target: done.target,
    kind: pair.kind,
    name: pair.name,
    at: authority.now().toISOString(),
    fingerprint: certificateOf(pair).fingerprint256,
    trust: trustFingerprints(trustBundle(authority.ledger)),
    active: done.active,
    reload: done.reload ?? before?.reload ?? null,
  };
  const others = authority.ledger.deployments.filter((other) => !isSame(other));
  await save(authority, { deployments: [...others, record] });
}

function trustFingerprints(bundle: string): string[] {
  return (bundle.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem).fingerprint256,
  );
}
