import { isIP } from 'node:net';
import { CertificateError } from '../../tls/index.ts';

/** A subject alternative name a MySQL client can match against the host it connects to. */
export interface AlternativeName {
  readonly kind: 'dns' | 'ip';
  readonly value: string;
}

/**
 * Reads a name a person typed: `db1.example.com`, `*.example.com`, `192.0.2.1`, `2001:db8::1`, also with the prefix
 * `DNS:` or `IP:` as OpenSSL writes them.
 *
 * @throws CertificateError for text that no client would ever match.
 */
export function parseAlternativeName(text: string): AlternativeName {
  const match = /^(?:(dns|ip)(?: address)?:)?(.*)$/i.exec(text.trim());
  const prefix = match?.[1]?.toLowerCase();
  const value = (match?.[2] ?? '').replace(/^\[(.*)\]$/, '$1');
  if (isIP(value) !== 0 && prefix !== 'dns') return { kind: 'ip', value };
  const name = value.toLowerCase().replace(/\.$/, '');
  const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
  // A last label of digits alone makes it an address, and not one that exists.
  const isNumeric = /(^|\.)\d+$/.test(name);
  if (
    prefix === 'ip' ||
    isNumeric ||
    name.length > 253 ||
    !new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`).test(name)
  ) {
    throw new CertificateError('CERTIFICATE_FORMAT', `'${text}' is neither a host name nor an IP address`, {
      hint: 'Internationalised names go in their ASCII form (xn--…).',
    });
  }
  return { kind: 'dns', value: name };
}

/** The octets of an IP address, 4 or 16, as a certificate holds them. */
export function addressOctets(text: string): Uint8Array {
  if (isIP(text) === 4) return Uint8Array.from(text.split('.'), Number);
  const zoneless = text.replace(/%.*$/, '');
  // The dotted tail of an IPv4-mapped address is two groups of hex.
  const hex = zoneless.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_all, a: string, b: string, c: string, d: string) =>
      [(Number(a) << 8) | Number(b), (Number(c) << 8) | Number(d)]
        .map((group) => group.toString(16))
        .join(':'),
  );
  const [head = '', tail] = hex.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return Uint8Array.from(
    [...first, ...zeros, ...last].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}

/** Text of the octets of an IP address in a certificate; hex for a wrong number of octets. */
export function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return Buffer.from(octets).toString('hex');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((octets[index * 2] ?? 0) << 8) | (octets[index * 2 + 1] ?? 0)).toString(16),
  ).join(':');
  // RFC 5952: the longest run of zero groups, at least two, becomes `::`.
  const runs = groups.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = runs.toSorted((a, b) => b.length - a.length)[0];
  if (longest === undefined) return groups;
  const at = groups.indexOf(longest);
  const before = groups.slice(0, at);
  const after = groups.slice(at + longest.length);
  return `${before}::${after.replace(/^:/, '')}`;
}
