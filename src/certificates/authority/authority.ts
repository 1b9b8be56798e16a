import { X509Certificate } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CertificateError } from '../../tls/index.ts';
import { DAY_MS } from '../examination/finding.ts';
import { formatCertificate, type Issuer, selfSign, subjectOf, type Validity } from '../x509/issue.ts';
import { formatKey, type KeyForm, type KeyKind, makeKey, readKeyText } from '../x509/keys.ts';
import { type DistinguishedName, parseName } from '../x509/name.ts';
import { exists, makeFolder, modes, namesIn, type Owner, readText, writeAtomic } from './files.ts';
import { type Generation, LEDGER_FILE, type Ledger, readLedger, writeLedger } from './ledger.ts';

/** An open authority: its folder, what it knows, and what a command lends it. */
export interface Authority {
  readonly folder: string;
  ledger: Ledger;
  readonly now: () => Date;
  /** Passphrase of the authority's key; asked for only when a key is really needed. */
  readonly passphrase: () => Promise<string | undefined>;
  /** Owner of new files. */
  readonly owner: Owner | undefined;
}

/** What a command lends an authority. */
export interface AuthorityContext {
  readonly now: () => Date;
  readonly passphrase: () => Promise<string | undefined>;
  readonly owner?: Owner | undefined;
}

/** Choices for a new authority. */
export interface AuthorityPlan {
  /** Common name or slash form. */
  readonly name: string;
  readonly days: number;
  readonly keyKind: KeyKind;
  readonly keyForm: KeyForm;
  readonly encrypted: boolean;
}

/** Clocks of servers and clients may be behind ours by this much without refusing a new certificate. */
const CLOCK_SKEW = 300_000;

/** Validity of a certificate made now, inside its issuer's. */
export function validityFrom(now: Date, days: number, issuer?: X509Certificate): Validity {
  const start = now.getTime() - CLOCK_SKEW;
  const end = now.getTime() + days * DAY_MS;
  if (issuer === undefined) return { notBefore: new Date(start), notAfter: new Date(end) };
  return {
    notBefore: new Date(Math.max(start, Date.parse(issuer.validFrom))),
    notAfter: new Date(Math.min(end, Date.parse(issuer.validTo))),
  };
}

/**
 * Makes a new authority in a folder that does not exist or holds no certificates.
 *
 * @throws CertificateError `CERTIFICATE_EXISTS` rather than overwrite anything.
 */
export async function createAuthority(
  folder: string,
  plan: AuthorityPlan,
  context: AuthorityContext,
): Promise<Authority> {
  const subject = parseName(plan.name);
  await refuseAuthority(folder);
  await makeFolder(folder, context.owner);
  const authority: Authority = {
    folder,
    now: context.now,
    passphrase: context.passphrase,
    owner: context.owner,
    ledger: {
      format: 1,
      keyKind: plan.keyKind,
      keyForm: plan.keyForm,
      encrypted: plan.encrypted,
      authorityDays: plan.days,
      generations: [],
      pairs: [],
      revoked: [],
      lists: null,
      rollover: null,
      deployments: [],
    },
  };
  try {
    const generation = await makeGeneration(authority, { number: 1, state: 'current', subject });
    await save(authority, { generations: [generation] });
  } catch (error) {
    // A key of nobody would stand in the way of the next attempt. One that was there before is somebody's.
    const isOurs = !(error instanceof CertificateError) && !(await exists(join(folder, LEDGER_FILE)));
    if (isOurs) await rm(join(folder, 'ca-key.pem'), { force: true }).catch(() => undefined);
    throw error;
  }
  await publishTrust(authority);
  return authority;
}

/** @throws CertificateError `CERTIFICATE_EXISTS` for a folder in which an authority, or a part of one, lies already */
export async function refuseAuthority(folder: string): Promise<void> {
  for (const name of [LEDGER_FILE, 'ca.pem', 'ca-key.pem']) {
    if (await exists(join(folder, name))) {
      throw new CertificateError('CERTIFICATE_EXISTS', 'file exists and is never overwritten', {
        context: { file: join(folder, name) },
        hint: 'Choose another folder, or renew with certs rotate --ca.',
      });
    }
  }
}

/** Opens an authority as it is; before a change, recoverAuthority() finishes what a crash left behind. */
export async function openAuthority(folder: string, context: AuthorityContext): Promise<Authority> {
  const ledger = await readLedger(folder);
  return { folder, ledger, now: context.now, passphrase: context.passphrase, owner: context.owner };
}

/** Changes the ledger on disk, then in memory. */
export async function save(authority: Authority, change: Partial<Ledger>): Promise<void> {
  const ledger = { ...authority.ledger, ...change };
  await writeLedger(authority.folder, ledger, authority.owner);
  authority.ledger = ledger;
}

/** Makes the key and certificate of a generation. The key is on disk before the ledger names it. */
export async function makeGeneration(
  authority: Authority,
  plan: {
    readonly number: number;
    readonly state: Generation['state'];
    readonly subject: DistinguishedName | Uint8Array;
  },
): Promise<Generation> {
  const { ledger, folder } = authority;
  const keyFile = plan.number === 1 ? 'ca-key.pem' : `ca-key-${plan.number}.pem`;
  const passphrase = ledger.encrypted ? await requirePassphrase(authority) : undefined;
  const key = await makeKey(ledger.keyKind);
  const certificate = await selfSign(
    { subject: plan.subject, validity: validityFrom(authority.now(), ledger.authorityDays) },
    key,
  );
  const image = { text: formatKey(key, ledger.keyForm, passphrase), mode: modes.key };
  await writeAtomic(join(folder, keyFile), image, { owner: authority.owner });
  return { number: plan.number, state: plan.state, certificate: formatCertificate(certificate), keyFile };
}

/** The generation in a state; `current` always exists. */
export function generationIn(ledger: Ledger, state: Generation['state']): Generation | undefined {
  return ledger.generations.find((generation) => generation.state === state);
}

/** The generation that signs now. */
export function currentGeneration(ledger: Ledger): Generation {
  const found = generationIn(ledger, 'current');
  if (found === undefined)
    throw new CertificateError('CERTIFICATE_FORMAT', 'ledger without a current authority');
  return found;
}

/** Certificate and private key of a generation. */
export async function issuerOf(authority: Authority, generation: Generation): Promise<Issuer> {
  const file = join(authority.folder, generation.keyFile);
  const text = await readText(file);
  if (text === undefined) {
    throw new CertificateError('CERTIFICATE_MISSING', 'private key of the authority is not there', {
      context: { file },
    });
  }
  const passphrase = authority.ledger.encrypted ? await requirePassphrase(authority) : undefined;
  try {
    return { certificate: new X509Certificate(generation.certificate), key: readKeyText(text, passphrase) };
  } catch (error) {
    throw error instanceof CertificateError ? error.at({ file }) : error;
  }
}

async function requirePassphrase(authority: Authority): Promise<string> {
  const passphrase = await authority.passphrase();
  if (passphrase === undefined || passphrase === '') {
    throw new CertificateError(
      'CERTIFICATE_PASSPHRASE',
      'the key of this authority is under a passphrase and none was given',
      {
        hint: 'Give it with --passphrase-file FILE or in the environment variable ROWLOCK_PASSPHRASE.',
      },
    );
  }
  return passphrase;
}

/** The trust file: during a roll-over both authorities, the signing one first. */
export function trustBundle(ledger: Ledger): string {
  const order: readonly Generation['state'][] = ['current', 'next', 'previous'];
  return order.flatMap((state) => generationIn(ledger, state)?.certificate ?? []).join('');
}

/** Folders with files of the authority: its own, and those of the pairs. */
export async function foldersOf(authority: Authority): Promise<readonly string[]> {
  const folders = [authority.folder];
  for (const kind of ['servers', 'users']) {
    for (const name of await namesIn(join(authority.folder, kind))) {
      if (!name.startsWith('.')) folders.push(join(authority.folder, kind, name));
    }
  }
  return folders;
}

/** Brings `ca.pem` of the authority and of every pair's folder to what the ledger says. Can be repeated. */
export async function publishTrust(authority: Authority): Promise<void> {
  const text = trustBundle(authority.ledger);
  const lists = await readText(join(authority.folder, 'crl.pem'));
  for (const folder of await foldersOf(authority)) {
    await refresh(join(folder, 'ca.pem'), text, authority.owner);
    if (lists !== undefined && folder !== authority.folder)
      await refresh(join(folder, 'crl.pem'), lists, authority.owner);
  }
}

async function refresh(path: string, text: string, owner: Owner | undefined): Promise<void> {
  if ((await readText(path)) === text) return;
  await writeAtomic(path, { text, mode: modes.certificate }, { replace: true, owner });
}

/** DER subject of a generation: a successor keeps it, so that REQUIRE ISSUER clauses stay true. */
export function subjectOfGeneration(generation: Generation): Uint8Array {
  return subjectOf(new X509Certificate(generation.certificate));
}
