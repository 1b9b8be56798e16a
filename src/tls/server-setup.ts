import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { cipherList } from './ciphers.ts';
import { pemBlocks } from './pem.ts';
import type { ServerSetup } from './server-handshake.ts';
import type { TlsVersion } from './ssl-options.ts';

/** What a server shows and whom it trusts, as PEM texts. */
export interface ServerMaterial {
  /** The server's certificate, and behind it the authorities between it and the root. */
  readonly certificate: string;
  readonly key: string;
  readonly passphrase?: string;
  /** Authorities of clients. Absent: no client certificate is asked for. */
  readonly authorities?: string;
  /** Revocation lists for clients; with any, every authority of a chain needs one. */
  readonly crls?: string;
  readonly versions?: readonly TlsVersion[];
  readonly sslCipher?: string;
  readonly tlsCiphersuites?: string;
}

/** Resumption is refused across servers that use another name. */
const SESSION_CONTEXT = 'rowlock';

/**
 * Makes a server's settings. Make them anew when a certificate is rotated, and give them to the next connections.
 *
 * @throws Error of Node where certificate and key do not fit; SecurityError for ciphers nobody knows
 */
export function prepareServer(material: ServerMaterial): ServerSetup {
  const { versions = ['TLSv1.2', 'TLSv1.3'], sslCipher, tlsCiphersuites } = material;
  const authorities = pemBlocks(material.authorities ?? '', 'CERTIFICATE');
  const crls = pemBlocks(material.crls ?? '', 'CRL');
  const ciphers = cipherList({
    ...(sslCipher === undefined ? {} : { sslCipher }),
    ...(tlsCiphersuites === undefined ? {} : { tlsCiphersuites }),
  });
  return {
    context: createSecureContext({
      cert: material.certificate,
      key: material.key,
      ...(material.passphrase === undefined ? {} : { passphrase: material.passphrase }),
      // Never undefined: Node would then trust every public authority for clients.
      ca: authorities,
      ...(crls.length === 0 ? {} : { crl: crls }),
      ciphers,
      honorCipherOrder: true,
      minVersion: versions[0] ?? 'TLSv1.2',
      maxVersion: versions.at(-1) ?? 'TLSv1.3',
      sessionIdContext: SESSION_CONTEXT,
    }),
    certificate: new X509Certificate(material.certificate),
    askForCertificate: material.authorities !== undefined,
    authorities: authorities.map((pem) => new X509Certificate(pem)),
  };
}
