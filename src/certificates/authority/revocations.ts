import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { CertificateError } from '../../tls/index.ts';
import { DAY_MS } from '../examination/finding.ts';
import { inspectCertificate } from '../x509/inspect.ts';
import { makeRevocationList, type RevocationReason } from '../x509/revocation.ts';
import { type Authority, issuerOf, publishTrust, save } from './authority.ts';
import { exists, modes, writeAtomic } from './files.ts';
import type { PairRecord, RevokedRecord } from './ledger.ts';
import { keepOld, pairFolder } from './pair-folder.ts';
import { certificateOf } from './pairs.ts';

/** Days a revocation list is valid when nothing else was said: long enough for a month of holidays, short enough to matter. */
export const DEFAULT_LIST_DAYS = 30;

/**
 * Withdraws a pair: its certificate goes on the list, its folder to `old-keys/`, and `crl.pem` is written everywhere.
 */
export async function revokePair(
  authority: Authority,
  pair: PairRecord,
  reason: RevocationReason,
): Promise<RevokedRecord> {
  const revoked = await revokeCertificate(authority, certificateOf(pair), reason);
  const { pairs, deployments } = authority.ledger;
  await save(authority, {
    pairs: pairs.filter((other) => other !== pair),
    // Nothing of this pair is to be laid down again, nor waited for.
    deployments: deployments.filter(({ kind, name }) => kind !== pair.kind || name !== pair.name),
  });
  const folder = pairFolder(authority, pair.kind, pair.name);
  if (await exists(folder)) await keepOld(authority, folder, join(`${pair.kind}s`, pair.name));
  return revoked;
}

/** Withdraws any certificate this authority made, also one whose pair is gone. */
export async function revokeCertificate(
  authority: Authority,
  certificate: X509Certificate,
  reason: RevocationReason,
): Promise<RevokedRecord> {
  const generation = authority.ledger.generations.find(({ certificate: pem }) =>
    certificate.verify(new X509Certificate(pem).publicKey),
  );
  const view = inspectCertificate(certificate.raw);
  if (generation === undefined) {
    throw new CertificateError('CERTIFICATE_AUTHORITY', `${view.subject} was not signed by this authority`);
  }
  if (view.authority) {
    throw new CertificateError('CERTIFICATE_AUTHORITY', `${view.subject} is the authority itself`, {
      hint: 'Replace it with rowlock certs rotate --ca.',
    });
  }
  const same = (other: RevokedRecord): boolean =>
    other.serial === view.serial && other.generation === generation.number;
  const known = authority.ledger.revoked.find(same);
  const record = known ?? {
    serial: view.serial,
    generation: generation.number,
    subject: view.subject,
    at: authority.now().toISOString(),
    reason,
  };
  if (known === undefined) await save(authority, { revoked: [...authority.ledger.revoked, record] });
  await publishLists(authority);
  return record;
}

/** Writes `crl.pem` anew: one list for every generation in force, as each authority of a chain needs one. */
export async function publishLists(
  authority: Authority,
  days?: number,
): Promise<{ readonly nextUpdate: Date }> {
  const { ledger } = authority;
  const lasts = days ?? ledger.lists?.days ?? DEFAULT_LIST_DAYS;
  const number = (ledger.lists?.number ?? 0) + 1;
  const thisUpdate = authority.now();
  const nextUpdate = new Date(thisUpdate.getTime() + lasts * DAY_MS);
  const texts: string[] = [];
  for (const generation of ledger.generations) {
    const revoked = ledger.revoked
      .filter((record) => record.generation === generation.number)
      .map(({ serial, at, reason }) => ({ serial, at: new Date(at), reason }));
    texts.push(
      await makeRevocationList(await issuerOf(authority, generation), {
        revoked,
        number,
        thisUpdate,
        nextUpdate,
      }),
    );
  }
  await save(authority, { lists: { number, days: lasts } });
  const image = { text: texts.join(''), mode: modes.certificate };
  await writeAtomic(join(authority.folder, 'crl.pem'), image, { replace: true, owner: authority.owner });
  await publishTrust(authority);
  return { nextUpdate };
}
