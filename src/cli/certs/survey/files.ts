import {
  CertificateError,
  type CertificateView,
  type Examination,
  examineCertificate,
  examineList,
  examinePair,
  type Finding,
  inspectCertificate,
  type PairRole,
  type PemBlock,
  readKey,
  readRevocationList,
  sameKey,
} from '../../../certificates/index.ts';
import { blocksOf, type EntryRole, type LoadedFile, loadFile, type SurveyEntry } from './entry.ts';

/** The files a server or client is configured with. */
export interface PairFiles {
  readonly role: PairRole;
  readonly certificate: LoadedFile | undefined;
  readonly key: LoadedFile | undefined;
  readonly trust: LoadedFile | undefined;
  readonly lists: LoadedFile | undefined;
}

/** Entries for a pair: its own certificate with everything that concerns the pair, then the rest of its chain. */
export function surveyPair(files: PairFiles, at: Examination): SurveyEntry[] {
  const { certificate, key } = files;
  if (certificate === undefined) return [];
  const role: EntryRole = files.role === 'any' ? 'certificate' : files.role;
  const place = certificate.path;
  const keyBlock = blocksOf(key ?? certificate, 'key')[0];
  const fileFindings = [
    ...certificate.findings,
    ...(key === undefined || key === certificate ? [] : atFile(key)),
  ];
  const chain = blocksOf(certificate, 'certificate');
  if (chain.length === 0)
    return [{ place, role, findings: fileFindings.length > 0 ? fileFindings : [noCertificate] }];
  return guarded(place, role, () => {
    const trust = blocksOf(files.trust, 'certificate');
    const lists = blocksOf(files.lists, 'crl');
    const pair = examinePair(
      {
        role: files.role,
        chain,
        key: keyBlock,
        trust: trust.length === 0 ? undefined : trust,
        lists: lists.length === 0 ? undefined : lists,
      },
      at,
    );
    const missing: Finding[] =
      key !== undefined && keyBlock === undefined && key.findings.length === 0
        ? [{ severity: 'critical', code: 'NO_KEY', message: `no private key in ${key.path}` }]
        : [];
    return chain.map((block, index) => {
      const view = inspectCertificate(block.der);
      const own = examineCertificate(view, index === 0 ? files.role : 'any', at);
      const findings = index === 0 ? [...own, ...pair, ...missing, ...fileFindings] : own;
      return { place, role: index === 0 ? role : 'authority', view, findings };
    });
  });
}

const noCertificate: Finding = {
  severity: 'critical',
  code: 'NO_CERTIFICATE',
  message: 'no certificate in the file',
};

function atFile(file: LoadedFile): Finding[] {
  return file.findings.map((finding) => ({ ...finding, message: `${file.path}: ${finding.message}` }));
}

/** Entries for a file of authorities. */
export function surveyTrust(file: LoadedFile, at: Examination): SurveyEntry[] {
  if (file.findings.length > 0 && file.blocks.length === 0)
    return [{ place: file.path, role: 'authority', findings: file.findings }];
  const blocks = blocksOf(file, 'certificate');
  const isInForce = (view: CertificateView | undefined): boolean =>
    view !== undefined && (view.authority || view.versionOneRoot) && view.notAfter > at.now;
  const inForce = blocks.some((block) => isInForce(quietView(block)));
  return blocks.flatMap((block) =>
    guarded(file.path, 'authority', () => {
      const view = inspectCertificate(block.der);
      const own = examineCertificate(view, 'any', at);
      // Beside an authority in force, one that has ended only takes up room.
      const findings = own.map((finding) =>
        finding.code === 'EXPIRED' && inForce ? { ...finding, severity: 'warning' as const } : finding,
      );
      if (!view.authority && !view.versionOneRoot) {
        findings.push({
          severity: view.selfSigned || inForce ? 'warning' : 'critical',
          code: 'NOT_AN_AUTHORITY',
          message: `${view.subject} may not sign certificates`,
        });
      }
      return [{ place: file.path, role: 'authority', view, findings }];
    }),
  );
}

/** Entries for the revocation lists of a file. */
export function surveyLists(file: LoadedFile, at: Examination): SurveyEntry[] {
  if (file.blocks.length === 0) return [{ place: file.path, role: 'crl', findings: file.findings }];
  return blocksOf(file, 'crl').flatMap((block) =>
    guarded(file.path, 'crl', () => {
      const list = readRevocationList(block.der);
      return [{ place: file.path, role: 'crl', list, findings: examineList(list, at) }];
    }),
  );
}

/** Entries for one file by itself: whatever it holds. */
export async function surveyFile(path: string, at: Examination): Promise<SurveyEntry[]> {
  const file = await loadFile(path);
  if (file.blocks.length === 0) return [{ place: path, role: 'certificate', findings: file.findings }];
  const certificates = blocksOf(file, 'certificate');
  const lists = blocksOf(file, 'crl').length > 0 ? surveyLists(file, at) : [];
  if (certificates.length > 0) {
    const onlyAuthorities = certificates.every((block) => quietView(block)?.authority === true);
    const own = onlyAuthorities
      ? surveyTrust(file, at)
      : surveyPair(
          { role: 'any', certificate: file, key: undefined, trust: undefined, lists: undefined },
          at,
        );
    return [...own, ...lists];
  }
  if (lists.length > 0) return lists;
  const key = blocksOf(file, 'key')[0];
  if (key === undefined) return [{ place: path, role: 'certificate', findings: [noCertificate] }];
  return guarded(path, 'key', () => {
    if (!key.encrypted) readKey(key);
    return [{ place: path, role: 'key', findings: file.findings }];
  });
}

/** The certificate of a block, or undefined when it is unreadable. */
export function quietView(block: PemBlock): CertificateView | undefined {
  try {
    return inspectCertificate(block.der);
  } catch {
    return undefined;
  }
}

/** The file among these that holds the private key of a certificate. */
export function keyFor(view: CertificateView, files: readonly LoadedFile[]): LoadedFile | undefined {
  return files.find((file) =>
    blocksOf(file, 'key').some((block) => {
      try {
        return !block.encrypted && sameKey(readKey(block), view.certificate.publicKey);
      } catch {
        return false;
      }
    }),
  );
}

function guarded(place: string, role: EntryRole, action: () => SurveyEntry[]): SurveyEntry[] {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return [
      { place, role, findings: [{ severity: 'critical', code: 'UNREADABLE', message: error.message }] },
    ];
  }
}
