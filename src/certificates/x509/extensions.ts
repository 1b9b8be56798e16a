import { DerWalk, type Element, objectIdentifier, Tag } from '../../tls/index.ts';
import { type AlternativeName, addressText } from './alternative-names.ts';

/** One extension of a certificate, request or revocation list. */
export interface ExtensionView {
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the value inside the OCTET STRING. */
  readonly value: Uint8Array;
}

/** The extensions of a SEQUENCE OF Extension. */
export function* extensionsOf(walk: DerWalk, sequence: Element): Generator<ExtensionView> {
  const list = walk.into(sequence);
  while (!list.done) {
    const entry = list.into(list.next(Tag.SEQUENCE));
    const oid = objectIdentifier(entry.contentOf(entry.next(Tag.OBJECT_IDENTIFIER)));
    const flag = entry.optional(Tag.BOOLEAN);
    const value = entry.contentOf(entry.next(Tag.OCTET_STRING));
    yield { oid, critical: flag !== undefined && entry.contentOf(flag)[0] !== 0, value };
  }
}

/** DNS and IP names of a subjectAltName value. */
export function namesOf(value: Uint8Array): AlternativeName[] {
  const walk = new DerWalk(value);
  const list = walk.into(walk.next(Tag.SEQUENCE));
  const names: AlternativeName[] = [];
  while (!list.done) {
    const name = list.next();
    const content = list.contentOf(name);
    if (name.tag === 0x82) names.push({ kind: 'dns', value: Buffer.from(content).toString('latin1') });
    if (name.tag === 0x87) names.push({ kind: 'ip', value: addressText(content) });
  }
  return names;
}
