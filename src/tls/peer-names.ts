import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** The names a certificate answers to, as its subjectAltName spells them; the common name where it has no DNS names. */
export function certificateNames(certificate: X509Certificate): readonly string[] {
  const names: string[] = [];
  for (const part of certificate.subjectAltName?.split(', ') ?? []) {
    const match = /^(?:DNS|IP Address):(.*)$/.exec(part);
    if (match !== null) names.push(match[1]!);
  }
  const dns = /(?:^|, )DNS:/.test(certificate.subjectAltName ?? '');
  const common = commonName(certificate.subject);
  if (!dns && common !== undefined) names.push(common);
  return names;
}

/** Whether the certificate is for `host`, as MySQL asks OpenSSL: an address among the addresses only, a name as SAN, or as CN without SAN. */
export function isFor(certificate: X509Certificate, host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (isIP(bare) !== 0) return certificate.checkIP(bare) !== undefined;
  return certificate.checkHost(host) !== undefined;
}

/** Undoes the escapes Node puts into names. */
function unescape(text: string): string {
  const bytes: number[] = [];
  const source = Buffer.from(text);
  for (let i = 0; i < source.length; i += 1) {
    if (source[i] !== 0x5c) {
      bytes.push(source[i]!);
      continue;
    }
    const hex = source.toString('latin1', i + 1, i + 3);
    if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else {
      i += 1;
      bytes.push(source[i] ?? 0x5c);
    }
  }
  return Buffer.from(bytes).toString('latin1');
}

function commonName(name: string | undefined): string | undefined {
  const line = name?.split('\n').findLast((part) => part.startsWith('CN='));
  return line === undefined ? undefined : Buffer.from(unescape(line.slice(3)), 'latin1').toString();
}
