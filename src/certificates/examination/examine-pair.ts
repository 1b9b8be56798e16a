import type { KeyObject } from 'node:crypto';
import { CertificateError, readRevocationList } from '../../tls/index.ts';
import { explicitTrust } from '../x509/explicit-trust.ts';
import { type CertificateView, inspectCertificate, verifies } from '../x509/inspect.ts';
import { publicBytes, readKey } from '../x509/keys.ts';
import type { PemBlock } from '../x509/pem.ts';
import { signedBy } from '../x509/revocation.ts';
import type { PairRole } from './examine-certificate.ts';
import { examineList } from './examine-list.ts';
import type { Examination, Finding } from './finding.ts';

/** A pair as a server or client would load it, from PEM blocks of its files. */
export interface PairParts {
  readonly role: PairRole;
  readonly chain: readonly PemBlock[];
  readonly key?: PemBlock | undefined;
  readonly trust?: readonly PemBlock[] | undefined;
  readonly lists?: readonly PemBlock[] | undefined;
}

/** Findings about a pair: key and certificate match, the chain is complete and in order, trusted, not revoked. */
export function examinePair(parts: PairParts, at: Examination): Finding[] {
  const found: Finding[] = [];
  const chain = parts.chain.map(({ der }) => inspectCertificate(der));
  const leaf = chain[0];
  if (leaf === undefined)
    return [{ severity: 'critical', code: 'NO_CERTIFICATE', message: 'no certificate in the file' }];
  if (leaf.authority && chain.some(({ authority }) => !authority)) {
    found.push({
      severity: 'critical',
      code: 'CHAIN_ORDER',
      message: 'an authority comes before the certificate: servers take the first one as their own',
      mend: 'Put the server certificate first, then intermediates, in one file.',
    });
  }
  if (parts.key !== undefined) found.push(...examineKey(parts.key, leaf));
  for (const [index, view] of chain.entries()) {
    const next = chain[index + 1];
    // OpenSSL finds the next one wherever it stands; that the chain is whole is another finding.
    if (next !== undefined && !verifies(view.certificate, next.certificate.publicKey) && !view.authority) {
      found.push({
        severity: 'warning',
        code: 'CHAIN_ORDER',
        message: `${view.subject} is not signed by ${next.subject}, which follows it`,
        mend: 'Put each certificate before the one that signed it.',
      });
    }
  }
  // A file of authorities may hold keys and lists as well, which OpenSSL passes over.
  const trust = parts.trust?.filter(({ kind }) => kind === 'certificate');
  if (trust !== undefined) {
    const examine = (sent: readonly CertificateView[]): Finding[] =>
      examineTrust(sent, trust, parts.role, at);
    const untrusted = examine(chain);
    found.push(...untrusted);
    if (untrusted.length === 0 && examine([leaf]).length > 0) found.push(onlyFirstSent);
  }
  if (parts.lists !== undefined) found.push(...examineLists(leaf, trust ?? [], parts.lists, at));
  return found;
}

/** Measured with MySQL 9.7: of ssl_cert it reads the first certificate, and completes the chain from ssl_ca. */
const onlyFirstSent: Finding = {
  severity: 'warning',
  code: 'CHAIN_NOT_SENT',
  message: 'MySQL sends the first certificate of this file alone: who has no intermediate refuses it',
  mend: 'Put the intermediates into the file of ssl_ca as well; they are sent from there.',
};

function examineKey(block: PemBlock, leaf: CertificateView): Finding[] {
  if (block.encrypted) {
    return [
      {
        severity: 'critical',
        code: 'KEY_ENCRYPTED',
        message: 'private key is under a passphrase: a server cannot ask for it and starts without TLS',
        mend: 'openssl pkey -in KEY -out KEY.plain, or make a new pair',
      },
    ];
  }
  let key: KeyObject;
  try {
    key = readKey(block);
  } catch (error) {
    return [
      {
        severity: 'critical',
        code: 'KEY_UNREADABLE',
        message: error instanceof CertificateError ? error.message : 'unreadable private key',
      },
    ];
  }
  if (publicBytes(key).equals(publicBytes(leaf.certificate.publicKey))) return [];
  return [
    { severity: 'critical', code: 'KEY_MISMATCH', message: `private key does not belong to ${leaf.subject}` },
  ];
}

function examineTrust(
  chain: readonly CertificateView[],
  trust: readonly PemBlock[],
  role: PairRole,
  at: Examination,
): Finding[] {
  const anchors = trust.map(({ der }) => inspectCertificate(der));
  const pool = [...anchors, ...chain];
  const isAnchor = (view: CertificateView): boolean =>
    anchors.some(({ fingerprint }) => fingerprint === view.fingerprint);
  const marks = new Map(
    trust.map((block, i) => [anchors[i]!.fingerprint, explicitTrust(block.trust, role)] as const),
  );
  let view = chain[0];
  // A chain longer than the certificates at hand would be a loop.
  for (let depth = 0; view !== undefined && depth <= pool.length; depth++) {
    const current = view;
    // What stands on its own, at an end of the chain or above, is asked what the file says of it.
    const mark = depth > 0 || current.selfSigned ? marks.get(current.fingerprint) : undefined;
    if (mark === true) return [];
    if (mark === false) return [notForThis(current, role)];
    if (current.selfSigned) {
      if (isAnchor(current)) return [];
      break;
    }
    const issuers = pool.filter(
      (other) =>
        other.subject === current.issuer && verifies(current.certificate, other.certificate.publicKey),
    );
    // An authority that was renewed has two certificates for one key: OpenSSL takes the one that is in force.
    const issuer =
      issuers.find((other) => examineIssuer(other, current, role, at) === undefined) ?? issuers[0];
    if (issuer === undefined) break;
    const wrong = examineIssuer(issuer, current, role, at);
    if (wrong !== undefined) return [wrong];
    view = issuer;
  }
  const message =
    view !== undefined && isAnchor(view)
      ? `${view.subject} is in the CA file, but not its own issuer ${view.issuer}: a chain must reach a root`
      : `no authority in the CA file signed ${view?.subject ?? 'it'} (issuer ${view?.issuer ?? 'unknown'})`;
  return [{ severity: 'critical', code: 'UNTRUSTED', message }];
}

function notForThis({ subject }: CertificateView, role: PairRole): Finding {
  const message = `${subject} is in the CA file as a TRUSTED CERTIFICATE that is not trusted for a ${role}`;
  return { severity: 'critical', code: 'UNTRUSTED', message };
}

/** Why OpenSSL refuses an authority in the place where a chain needs it. */
function examineIssuer(
  issuer: CertificateView,
  below: CertificateView,
  role: PairRole,
  at: Examination,
): Finding | undefined {
  const critical = (code: string, message: string): Finding => ({ severity: 'critical', code, message });
  if (!issuer.authority && !issuer.versionOneRoot)
    return critical('NOT_AN_AUTHORITY', `${issuer.subject} signed ${below.subject} but is no authority`);
  if (issuer.notAfter <= at.now) {
    return {
      ...critical('AUTHORITY_EXPIRED', `authority ${issuer.subject} expired`),
      mend: 'rowlock certs rotate --ca',
    };
  }
  if (issuer.notBefore > at.now)
    return critical(
      'NOT_YET_VALID',
      `authority ${issuer.subject} is valid only from ${issuer.notBefore.toISOString()}`,
    );
  if (role !== 'any' && !issuer.usages[role])
    return critical(
      'WRONG_USAGE',
      `extended key usage of authority ${issuer.subject} does not allow a ${role}`,
    );
  if (issuer.key.weak)
    return critical(
      'WEAK_KEY',
      `key ${issuer.key.text} of authority ${issuer.subject}: clients of today refuse it`,
    );
  if (issuer.weakSignature !== undefined && !issuer.selfSigned)
    return critical(
      'WEAK_SIGNATURE',
      `authority ${issuer.subject} is signed with ${issuer.weakSignature}: clients of today refuse it`,
    );
  return undefined;
}

function examineLists(
  leaf: CertificateView,
  trust: readonly PemBlock[],
  lists: readonly PemBlock[],
  at: Examination,
): Finding[] {
  const found: Finding[] = [];
  for (const { der } of lists) {
    const list = readRevocationList(der);
    // A list that will end soon has a line of its own; one that has ended makes the pair useless.
    found.push(...examineList(list, at).filter(({ code }) => code === 'CRL_EXPIRED'));
    const signer = trust
      .map((block) => inspectCertificate(block.der))
      .find((view) => signedBy(der, view.certificate));
    const mine =
      list.issuer === leaf.issuer &&
      (signer === undefined || verifies(leaf.certificate, signer.certificate.publicKey));
    if (mine && list.serials.has(leaf.serial)) {
      found.push({
        severity: 'critical',
        code: 'REVOKED',
        message: `${leaf.subject} is on the revocation list`,
      });
    }
  }
  return found;
}
