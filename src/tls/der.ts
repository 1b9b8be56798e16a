import { CertificateError } from './certificate-error.ts';

/** DER tags this room meets. Context tags are written where they are used. */
export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OBJECT_IDENTIFIER: 0x06,
  ENUMERATED: 0x0a,
  UTF8_STRING: 0x0c,
  GENERAL_STRING: 0x1b,
  UNIVERSAL_STRING: 0x1c,
  BMP_STRING: 0x1e,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** One element of a DER encoding: offsets into the bytes it was read from. */
export interface Element {
  readonly tag: number;
  /** Offset of the tag. */
  readonly start: number;
  /** Offset of the first content byte. */
  readonly content: number;
  /** Offset behind the last content byte. */
  readonly end: number;
}

/**
 * Walks the elements of one level. It never recurses and never allocates by a length it has read, so hostile bytes
 * can only make it throw.
 */
export class DerWalk {
  readonly bytes: Uint8Array;
  #position: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, within?: Element) {
    this.bytes = bytes;
    this.#position = within === undefined ? 0 : within.content;
    this.#end = within === undefined ? bytes.length : within.end;
  }

  /** True when no element is left on this level. */
  get done(): boolean {
    return this.#position >= this.#end;
  }

  /** Tag of the next element, or -1 at the end. */
  get nextTag(): number {
    return this.done ? -1 : (this.bytes[this.#position] ?? -1);
  }

  /** Reads the next element; with `tag`, refuses any other. */
  next(tag?: number): Element {
    const start = this.#position;
    const found = this.#byte(start);
    if (tag !== undefined && found !== tag) {
      throw derError(`expected DER tag 0x${tag.toString(16)}, found 0x${found.toString(16)}`, start);
    }
    if ((found & 0x1f) === 0x1f) throw derError('multi-byte DER tag', start);
    let content = start + 2;
    let length = this.#byte(start + 1);
    if (length >= 0x80) {
      const octets = length & 0x7f;
      // Four length octets reach 4 GiB, beyond every limit of this room; 0 is BER's indefinite form.
      if (octets === 0 || octets > 4) throw derError(`DER length of ${octets} octets`, start);
      length = 0;
      for (let index = 0; index < octets; index++) length = length * 256 + this.#byte(content + index);
      content += octets;
    }
    const end = content + length;
    if (end > this.#end) throw derError(`DER element of ${length} bytes exceeds its parent`, start);
    this.#position = end;
    return { tag: found, start, content, end };
  }

  /** Reads the next element when it has this tag, else leaves it. */
  optional(tag: number): Element | undefined {
    return this.nextTag === tag ? this.next(tag) : undefined;
  }

  /** Walks inside an element. */
  into(element: Element): DerWalk {
    return new DerWalk(this.bytes, element);
  }

  /** The content bytes of an element: a view, not a copy. */
  contentOf(element: Element): Uint8Array {
    return this.bytes.subarray(element.content, element.end);
  }

  /** The whole encoding of an element, tag and length included: a view, not a copy. */
  encodingOf(element: Element): Uint8Array {
    return this.bytes.subarray(element.start, element.end);
  }

  #byte(at: number): number {
    const value = at < this.#end ? this.bytes[at] : undefined;
    if (value === undefined) throw derError('DER ends too early', at);
    return value;
  }
}

/** `2.5.4.3` from the content of an OBJECT IDENTIFIER. */
export function objectIdentifier(content: Uint8Array): string {
  if (content.length === 0 || content.length > 64) throw derError('object identifier of a wrong length', 0);
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content) {
    if (value > 0x1_ffff_ffff_ffff / 128) throw derError('object identifier with an arc above 2^49', 0);
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      arcs.push(first, value - first * 40);
    } else arcs.push(value);
    value = 0;
  }
  if ((content[content.length - 1] ?? 0) & 0x80) throw derError('object identifier ends too early', 0);
  return arcs.join('.');
}

/** Milliseconds since 1970 from a UTCTime or GeneralizedTime element in the only form DER allows in certificates. */
export function timeOf(walk: DerWalk, element: Element): Date {
  const text = Buffer.from(walk.contentOf(element)).toString('latin1');
  const long = element.tag === Tag.GENERALIZED_TIME;
  const match = (
    long ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
  ).exec(text);
  if (match === null) throw derError('time that is not UTC with seconds', element.start);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  // RFC 5280, 4.1.2.5.1: two-digit years from 50 belong to the 1900s.
  const full = long ? year : year < 50 ? 2000 + year : 1900 + year;
  return new Date(Date.UTC(full, month - 1, day, hour, minute, second));
}

/** Upper-case hex of an INTEGER without its sign octet, as OpenSSL and Node print serial numbers. */
export function integerHex(content: Uint8Array): string {
  const hex = Buffer.from(content)
    .toString('hex')
    .toUpperCase()
    .replace(/^(00)+(?=..)/, '');
  return hex === '' ? '00' : hex;
}

function derError(message: string, position: number): CertificateError {
  return new CertificateError('CERTIFICATE_FORMAT', message, { context: { position } });
}
