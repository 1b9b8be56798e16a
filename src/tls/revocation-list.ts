import { DerWalk, integerHex, Tag, timeOf } from './der.ts';
import { slashForm } from './slash-form.ts';

/** What a revocation list says. */
export interface RevocationList {
  /** Issuer in slash form. */
  readonly issuer: string;
  readonly thisUpdate: Date;
  /** After this time OpenSSL and Node refuse every certificate of the issuer. */
  readonly nextUpdate: Date | undefined;
  /** Serial numbers, upper-case hex. */
  readonly serials: ReadonlySet<string>;
}

/**
 * Reads a revocation list.
 *
 * @throws CertificateError when the bytes are no list.
 */
export function readRevocationList(der: Uint8Array): RevocationList {
  const walk = new DerWalk(der);
  const body = walk.into(walk.into(walk.next(Tag.SEQUENCE)).next(Tag.SEQUENCE));
  body.optional(Tag.INTEGER);
  body.next(Tag.SEQUENCE);
  const issuer = slashForm(body.encodingOf(body.next(Tag.SEQUENCE)));
  const thisUpdate = timeOf(body, body.next());
  const hasNext = body.nextTag === Tag.UTC_TIME || body.nextTag === Tag.GENERALIZED_TIME;
  const nextUpdate = hasNext ? timeOf(body, body.next()) : undefined;
  const serials = new Set<string>();
  const entries = body.optional(Tag.SEQUENCE);
  if (entries !== undefined) {
    const list = body.into(entries);
    while (!list.done) {
      const entry = list.into(list.next(Tag.SEQUENCE));
      serials.add(integerHex(entry.contentOf(entry.next(Tag.INTEGER))));
    }
  }
  return { issuer, thisUpdate, nextUpdate, serials };
}
