import { DerWalk, objectIdentifier, Tag } from '../../tls/index.ts';

/**
 * What a `TRUSTED CERTIFICATE` block says beside its certificate (`openssl x509 -trustout`): object identifiers of usages.
 *
 *   SEQUENCE { SEQUENCE OF OBJECT IDENTIFIER, [0] SEQUENCE OF OBJECT IDENTIFIER, … }, every part optional
 */
export interface ExplicitTrust {
  readonly trusted: readonly string[];
  readonly rejected: readonly string[];
}

const REJECTED = 0xa0;
const ANY_USAGE = '2.5.29.37.0';
/** What whoever is at the other end must be for. */
const USAGES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/** Takes a block apart. @throws CertificateError for bytes that are no such thing */
export function readTrusted(bytes: Buffer): { readonly certificate: Buffer; readonly trust: ExplicitTrust } {
  const outer = new DerWalk(bytes);
  const certificate = Buffer.from(outer.encodingOf(outer.next(Tag.SEQUENCE)));
  const none: ExplicitTrust = { trusted: [], rejected: [] };
  if (outer.done) return { certificate, trust: none };
  const walk = outer.into(outer.next(Tag.SEQUENCE));
  const list = (tag: number): string[] => {
    const found = walk.optional(tag);
    const items = found === undefined ? undefined : walk.into(found);
    const usages: string[] = [];
    while (items?.done === false)
      usages.push(objectIdentifier(items.contentOf(items.next(Tag.OBJECT_IDENTIFIER))));
    return usages;
  };
  return { certificate, trust: { trusted: list(Tag.SEQUENCE), rejected: list(REJECTED) } };
}

/**
 * Whether OpenSSL believes in an authority by what its block says: true ends the chain there, with or without a root; false refuses it; undefined leaves it
 * to the chain. A list of usages that lacks this one refuses, too.
 */
export function explicitTrust(
  trust: ExplicitTrust | undefined,
  role: keyof typeof USAGES | 'any',
): boolean | undefined {
  if (trust === undefined || role === 'any') return undefined;
  const names = (usages: readonly string[]): boolean =>
    usages.includes(USAGES[role]) || usages.includes(ANY_USAGE);
  if (names(trust.rejected)) return false;
  return trust.trusted.length === 0 ? undefined : names(trust.trusted);
}
