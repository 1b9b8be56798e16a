import { join } from 'node:path';
import { CertificateError } from '../../tls/index.ts';
import type { AlternativeName } from '../x509/alternative-names.ts';
import { type KeyForm, type KeyKind, keyForms, keyKinds } from '../x509/keys.ts';
import type { RevocationReason } from '../x509/revocation.ts';
import { modes, type Owner, readText, writeAtomic } from './files.ts';

/** File that makes a folder an authority. Everything but private keys can be written again from it. */
export const LEDGER_FILE = 'authority.json';

/** Where a generation of the authority stands in a roll-over. */
export type GenerationState = 'current' | 'next' | 'previous';

/** One generation of the authority: the certificate and where its key lies. */
export interface Generation {
  readonly number: number;
  readonly state: GenerationState;
  /** PEM. */
  readonly certificate: string;
  /** Name in the folder. */
  readonly keyFile: string;
}

/** Kinds of pair, which are also folder names: `servers/NAME`, `users/NAME`. */
export const pairKinds = ['server', 'user'] as const;
export type PairKind = (typeof pairKinds)[number];

/** A pair the authority answers for. */
export interface PairRecord {
  readonly kind: PairKind;
  readonly name: string;
  /** What the person asked for: common name or slash form. Null when the subject came from a request. */
  readonly subject: string | null;
  readonly names: readonly AlternativeName[];
  readonly days: number;
  /** Null when the private key never left its own machine. */
  readonly keyKind: KeyKind | null;
  readonly keyForm: KeyForm;
  /** PEM of the certificate, without the chain. */
  readonly certificate: string;
  readonly generation: number;
}

/** A withdrawn certificate; its serial number is unique within its generation. */
export interface RevokedRecord {
  readonly serial: string;
  readonly generation: number;
  readonly subject: string;
  readonly at: string;
  readonly reason: RevocationReason;
}

/** What was last put on a target. */
export interface DeploymentRecord {
  /** `user@host:/path` or a local path. */
  readonly target: string;
  readonly kind: PairKind;
  readonly name: string;
  readonly at: string;
  /** SHA-256 of the certificate and of every authority in the trust file. */
  readonly fingerprint: string;
  readonly trust: readonly string[];
  /** The server was seen to serve this certificate. Always true for users: their programs read files when they connect. */
  readonly active: boolean;
  /** `host:port` of the server that uses the files; null when nobody said. */
  readonly reload: string | null;
}

/** Stages of a roll-over that wait for deployment: trust handed out, then pairs handed out. */
export type RolloverStage = 'trust' | 'pairs';

/** All an authority knows. */
export interface Ledger {
  readonly format: 1;
  readonly keyKind: KeyKind;
  readonly keyForm: KeyForm;
  readonly encrypted: boolean;
  readonly authorityDays: number;
  readonly generations: readonly Generation[];
  readonly pairs: readonly PairRecord[];
  readonly revoked: readonly RevokedRecord[];
  /** Number of the last revocation list and how long lists are valid; null while none was asked for. */
  readonly lists: { readonly number: number; readonly days: number } | null;
  readonly rollover: { readonly stage: RolloverStage; readonly since: string } | null;
  readonly deployments: readonly DeploymentRecord[];
}

/** Reads the ledger of a folder. */
export async function readLedger(folder: string): Promise<Ledger> {
  const file = join(folder, LEDGER_FILE);
  const text = await readText(file);
  if (text === undefined) {
    throw new CertificateError('CERTIFICATE_MISSING', `no certificate authority in ${folder}`, {
      hint: 'Make one with rowlock certs init DIR, or name its folder with --authority DIR.',
    });
  }
  let ledger: unknown;
  try {
    ledger = JSON.parse(text);
  } catch (cause) {
    throw new CertificateError('CERTIFICATE_FORMAT', 'not JSON', { cause, context: { file } });
  }
  if (!isLedger(ledger)) {
    throw new CertificateError('CERTIFICATE_FORMAT', 'not a ledger this version reads', {
      context: { file },
    });
  }
  return ledger;
}

/** Writes the ledger; with it a change becomes true. */
export function writeLedger(folder: string, ledger: Ledger, owner?: Owner): Promise<void> {
  const text = `${JSON.stringify(ledger, null, 2)}\n`;
  return writeAtomic(join(folder, LEDGER_FILE), { text, mode: modes.key }, { replace: true, owner });
}

// The folder is the owner's own, mode 0700: this catches other versions and torn hands, not attacks.
function isLedger(value: unknown): value is Ledger {
  if (typeof value !== 'object' || value === null) return false;
  const ledger = value as Partial<Record<keyof Ledger, unknown>>;
  const lists: readonly (keyof Ledger)[] = ['generations', 'pairs', 'revoked', 'deployments'];
  return (
    ledger.format === 1 &&
    keyKinds.includes(ledger.keyKind as KeyKind) &&
    keyForms.includes(ledger.keyForm as KeyForm) &&
    lists.every((name) => Array.isArray(ledger[name])) &&
    (ledger.generations as readonly Generation[]).some(({ state }) => state === 'current')
  );
}
