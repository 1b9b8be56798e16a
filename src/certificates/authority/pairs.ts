import { type KeyObject, X509Certificate } from 'node:crypto';
import { CertificateError } from '../../tls/index.ts';
import { type AlternativeName, parseAlternativeName } from '../x509/alternative-names.ts';
import { formatCertificate, issue } from '../x509/issue.ts';
import { type KeyForm, type KeyKind, makeKey } from '../x509/keys.ts';
import { parseName } from '../x509/name.ts';
import { readRequest } from '../x509/request.ts';
import { type Authority, currentGeneration, issuerOf, validityFrom } from './authority.ts';
import { exists } from './files.ts';
import type { PairKind, PairRecord } from './ledger.ts';
import { pairFolder, place } from './pair-folder.ts';

/** What a person asks for. */
export interface PairPlan {
  readonly kind: PairKind;
  readonly name: string;
  /** Common name or slash form; the name itself when absent. */
  readonly subject?: string | undefined;
  readonly names: readonly AlternativeName[];
  readonly days: number;
  readonly keyKind: KeyKind;
  readonly keyForm: KeyForm;
}

/** Names that are also a host get it as their first subject alternative name. */
export function namesFor(kind: PairKind, name: string, extra: readonly string[]): AlternativeName[] {
  const names = extra.map(parseAlternativeName);
  if (kind === 'user') return names;
  let own: AlternativeName | undefined;
  try {
    own = parseAlternativeName(name);
  } catch {
    return names;
  }
  const { value } = own;
  return names.some((other) => other.value === value) ? names : [own, ...names];
}

/** Makes a new pair. @throws CertificateError `CERTIFICATE_EXISTS` when there is one of this name. */
export async function makePair(authority: Authority, plan: PairPlan): Promise<PairRecord> {
  await refuseTaken(authority, plan.kind, plan.name);
  const { record, key } = await certify(authority, plan);
  await place(authority, record, key);
  return record;
}

/** Makes the pair anew with a new key, and keeps the old one under `old-keys/`. */
export async function renewPair(authority: Authority, old: PairRecord): Promise<PairRecord> {
  if (old.keyKind === null || old.subject === null) {
    throw new CertificateError(
      'CERTIFICATE_MISSING',
      `the key of ${old.kind} ${old.name} is on its own machine`,
      {
        hint: `Make a new request there and run: rowlock certs sign REQUEST --${old.kind} ${old.name} --renew`,
      },
    );
  }
  const { kind, name, subject, names, days, keyKind, keyForm } = old;
  const { record, key } = await certify(authority, { kind, name, subject, names, days, keyKind, keyForm });
  await place(authority, record, key);
  return record;
}

/** Signs a request; the folder of the pair then holds the certificate and the trust file, and no key. */
export async function signRequest(
  authority: Authority,
  text: string,
  plan: {
    readonly kind: PairKind;
    readonly name: string;
    readonly names: readonly AlternativeName[];
    readonly days: number;
    readonly renew: boolean;
  },
): Promise<PairRecord> {
  if (!plan.renew) await refuseTaken(authority, plan.kind, plan.name, 'Replace it by saying --renew.');
  checkName(plan.name);
  const request = readRequest(text);
  const generation = currentGeneration(authority.ledger);
  const issuer = await issuerOf(authority, generation);
  const before = authority.ledger.pairs.find(({ kind, name }) => kind === plan.kind && name === plan.name);
  const names = [plan.names, request.names, before?.names ?? []].find((list) => list.length > 0) ?? [];
  const certificate = await issue(
    {
      purpose: plan.kind,
      subject: request.subject,
      publicKey: request.publicKey,
      names,
      validity: validityFrom(authority.now(), plan.days, issuer.certificate),
    },
    issuer,
  );
  const record: PairRecord = {
    kind: plan.kind,
    name: plan.name,
    subject: null,
    names,
    days: plan.days,
    keyKind: null,
    keyForm: 'pkcs8',
    certificate: formatCertificate(certificate),
    generation: generation.number,
  };
  await place(authority, record);
  return record;
}

async function certify(
  authority: Authority,
  plan: PairPlan,
): Promise<{ record: PairRecord; key: KeyObject }> {
  checkName(plan.name);
  const subject = plan.subject ?? plan.name;
  const generation = currentGeneration(authority.ledger);
  const issuer = await issuerOf(authority, generation);
  const key = await makeKey(plan.keyKind);
  const certificate = await issue(
    {
      purpose: plan.kind,
      subject: parseName(subject),
      publicKey: key,
      names: plan.names,
      validity: validityFrom(authority.now(), plan.days, issuer.certificate),
    },
    issuer,
  );
  const { kind, name, names, days, keyKind, keyForm } = plan;
  if (certificate.subject === certificate.issuer) {
    throw new CertificateError(
      'CERTIFICATE_FORMAT',
      `'${subject}' is the name of the authority itself: clients would take it for self-signed`,
    );
  }
  const record: PairRecord = {
    kind,
    name,
    subject,
    names,
    days,
    keyKind,
    keyForm,
    certificate: formatCertificate(certificate),
    generation: generation.number,
  };
  return { record, key };
}

/** The record of a pair. */
export function findPair(authority: Authority, kind: PairKind, name: string): PairRecord {
  const found = authority.ledger.pairs.find((pair) => pair.kind === kind && pair.name === name);
  if (found === undefined) {
    const known = authority.ledger.pairs.filter((pair) => pair.kind === kind).map((pair) => pair.name);
    throw new CertificateError('CERTIFICATE_MISSING', `no ${kind} '${name}'`, {
      hint: known.length === 0 ? `There is no ${kind} yet.` : `Known: ${known.join(', ')}.`,
    });
  }
  return found;
}

/** The certificate of a pair, parsed. */
export function certificateOf(record: PairRecord): X509Certificate {
  return new X509Certificate(record.certificate);
}

async function refuseTaken(
  authority: Authority,
  kind: PairKind,
  name: string,
  hint = `Renew it with: rowlock certs rotate ${name}`,
): Promise<void> {
  checkName(name);
  const folder = pairFolder(authority, kind, name);
  if (!(await exists(folder))) return;
  throw new CertificateError('CERTIFICATE_EXISTS', `there is a ${kind} '${name}' already`, {
    context: { file: folder },
    hint,
  });
}

/** A pair's name is a folder's name. */
function checkName(name: string): void {
  if (!/^[^./\\\s:*?"<>|][^/\\:*?"<>|]{0,63}$/.test(name)) {
    throw new CertificateError('CERTIFICATE_FORMAT', `'${name}' cannot be the name of a pair`, {
      hint: 'Use up to 64 characters without slashes, colons or wildcards; put host names in --san.',
    });
  }
}
