import {
  attributeName,
  attributeType,
  CertificateError,
  DerWalk,
  objectIdentifier,
  Tag,
} from '../../tls/index.ts';

/** One part of a distinguished name: attribute type as dotted number, and its text. */
export interface NamePart {
  readonly type: string;
  readonly value: string;
}

/** A subject or issuer to be written into a certificate, outermost part first. */
export type DistinguishedName = readonly NamePart[];

/** The common name of a DER Name as text; undefined when it has none. With several, the last: the most specific. */
export function commonName(der: Uint8Array): string | undefined {
  const walk = new DerWalk(der);
  let found: string | undefined;
  const parts = walk.into(walk.next(Tag.SEQUENCE));
  while (!parts.done) {
    const set = parts.into(parts.next(Tag.SET));
    while (!set.done) {
      const pair = set.into(set.next(Tag.SEQUENCE));
      const type = objectIdentifier(pair.contentOf(pair.next(Tag.OBJECT_IDENTIFIER)));
      const value = pair.next();
      if (type === '2.5.4.3') found = decodeText(value.tag, pair.contentOf(value));
    }
  }
  return found;
}

function decodeText(tag: number, content: Uint8Array): string {
  const bytes = Buffer.from(content);
  if (tag === Tag.BMP_STRING) return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : '';
  return bytes.toString(tag === Tag.UTF8_STRING ? 'utf8' : 'latin1');
}

/**
 * Reads a name a person typed: `/C=DE/O=Acme/CN=db CA` with `\/` and `\\` for a literal slash and backslash. Text
 * without a leading slash is taken as the common name alone.
 *
 * @throws CertificateError for an attribute type nobody knows or an empty value.
 */
export function parseName(text: string): DistinguishedName {
  if (!text.startsWith('/')) {
    const type = /^\s*([A-Za-z]+)\s*=/.exec(text)?.[1];
    if (type !== undefined && attributeType(type) !== undefined) {
      throw new CertificateError('CERTIFICATE_FORMAT', `'${text}' would be a common name as a whole`, {
        hint: `A name with types begins with a slash: /${text.replace(/,\s*(?=[A-Za-z]+\s*=)/g, '/')}`,
      });
    }
    return checked([{ type: '2.5.4.3', value: text }]);
  }
  const parts = text.slice(1).match(/(\\.|[^\\/])+/gs) ?? [];
  return checked(
    parts.map((part) => {
      const equals = part.indexOf('=');
      const type = attributeType(part.slice(0, Math.max(0, equals)).trim());
      if (type === undefined) {
        throw new CertificateError(
          'CERTIFICATE_FORMAT',
          `'${part}' is not TYPE=VALUE with a known attribute type`,
          {
            hint: 'Write a name as /C=DE/O=Acme/CN=name, with \\/ for a slash inside a value.',
          },
        );
      }
      return { type, value: part.slice(equals + 1).replace(/\\(.)/gs, '$1') };
    }),
  );
}

// Upper bounds of RFC 5280, appendix A.1, that OpenSSL enforces when it reads a request and some servers when they verify.
const longest: Readonly<Record<string, number>> = {
  '2.5.4.3': 64,
  '2.5.4.6': 2,
  '2.5.4.10': 64,
  '2.5.4.11': 64,
};

function checked(name: DistinguishedName): DistinguishedName {
  if (name.length === 0) throw new CertificateError('CERTIFICATE_FORMAT', 'a name without parts');
  for (const { type, value } of name) {
    const short = attributeName(type);
    if (value === '') throw new CertificateError('CERTIFICATE_FORMAT', `empty value for ${short} in a name`);
    // oxlint-disable-next-line no-control-regex -- control characters are what is refused
    if (/[\u0000-\u001f\u007f]/.test(value)) {
      throw new CertificateError('CERTIFICATE_FORMAT', `control character in ${short}`);
    }
    const bound = longest[type];
    if (bound !== undefined && Array.from(value).length > bound) {
      throw new CertificateError(
        'CERTIFICATE_FORMAT',
        `${short} '${value}' is longer than ${bound} characters`,
      );
    }
    if (type === '2.5.4.6' && !/^[A-Za-z]{2}$/.test(value)) {
      throw new CertificateError('CERTIFICATE_FORMAT', `country '${value}' is not two letters`);
    }
  }
  return name;
}
