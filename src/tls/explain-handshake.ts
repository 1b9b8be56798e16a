import type { X509Certificate } from 'node:crypto';
import { issuerLine, subjectLine } from './slash-form.ts';
import type { TlsVersion } from './ssl-options.ts';

/** What this end brought into a handshake that failed. */
export interface Offer {
  readonly versions: readonly TlsVersion[];
  readonly ciphers: string;
  readonly own: X509Certificate | undefined;
}

function versions({ versions: offered }: Offer): string[] {
  return [
    `offered: ${offered.join(', ')}; the server wants another version of TLS (its tls_version says which)`,
    'servers that end at TLS 1.0 or 1.1 (MySQL 5.6, early 5.7) cannot be reached securely any more',
  ];
}

function ciphers({ ciphers: offered }: Offer): string[] {
  const list = offered.split(':').filter((word) => !/^[!@]/.test(word));
  return [
    `no cipher in common; offered: ${list.join(':')}`,
    'or the key of its certificate is of a kind that clients of today do not take (Ed448, curves other than P-256, P-384 and P-521)',
  ];
}

function refused({ own }: Offer, why: string): string[] {
  if (own === undefined)
    return [`the server refused this end (${why}) though no client certificate was shown`];
  return [
    `the server refused the client certificate '${subjectLine(own)}' (${why})`,
    `it was issued by '${issuerLine(own)}': is that authority in the server's ssl_ca?`,
  ];
}

function hungUp({ own }: Offer): string[] {
  const lines = ['the server closed the connection during the TLS handshake; its error log may say why'];
  if (own !== undefined)
    lines.push(
      `it may have refused the client certificate '${subjectLine(own)}', issued by '${issuerLine(own)}'`,
    );
  return lines;
}

/** OpenSSL's reason → what to say. */
const reasons: readonly (readonly [RegExp, (offer: Offer) => string[]])[] = [
  [/protocol version|unsupported protocol|wrong version number|version too low/, versions],
  [/handshake failure|no shared cipher|no ciphers available|insufficient security/, ciphers],
  [/unknown ca/, (offer) => refused(offer, 'unknown authority')],
  [/certificate expired/, (offer) => refused(offer, 'expired')],
  [/certificate revoked/, (offer) => refused(offer, 'revoked')],
  [
    /bad certificate|certificate unknown|unsupported certificate/,
    (offer) => refused(offer, 'not acceptable'),
  ],
  [/certificate required/, () => ['the server demands a client certificate: give --ssl-cert and --ssl-key']],
  [/unrecognized name/, () => ['the server knows no certificate for the name in --tls-sni-servername']],
  [
    /dh key too small|ee key too small|ca md too weak|ca key too small/,
    () => ['a key or signature of the server is too weak for this OpenSSL'],
  ],
  [
    /packet length too long|unexpected message|bad record type/,
    () => ['what answered did not speak TLS: is something between here and the server?'],
  ],
  [/unexpected eof|disconnected|ECONNRESET/i, hungUp],
];

/** Why a handshake failed, as far as OpenSSL's words tell: one fact a line. */
export function explainHandshake(words: string, offer: Offer): string[] {
  return reasons.find(([pattern]) => pattern.test(words))?.[1](offer) ?? [];
}

/** `error:0A000418:SSL routines::tlsv1 alert unknown ca`, as the client libraries print OpenSSL's errors; Node adds places. */
export function opensslWords(message: string): string {
  const match = /error:([0-9A-F]{8}):([^:]*):[^:]*:([^:\n]*)/i.exec(message);
  if (match === null) return message;
  // OpenSSL 3.2 took the old protocol's name out of its alerts; the clients of today print the new words.
  return `error:${match[1]}:${match[2]}::${match[3]!.replace(/^sslv3 alert/, 'ssl/tls alert')}`;
}

/**
 * Hints for a connection that was lost right after the handshake. In TLS 1.3 the client is done before the server has looked at
 * the client's certificate, so a refusal arrives as a loss while the login is under way.
 */
export function explainLateLoss(words: string, offer: Offer): string[] {
  const lines = explainHandshake(words, offer);
  if (lines.length > 0 && /alert/.test(words)) return lines;
  if (offer.own === undefined) return [];
  return [
    `the server may have refused the client certificate '${subjectLine(offer.own)}', issued by '${issuerLine(offer.own)}'`,
    'TLS 1.3 reports that late; the same attempt with --tls-version=TLSv1.2 names the reason',
  ];
}

/** Hints for "Access denied": every clause of REQUIRE looks like a wrong password. */
export function explainDenied(tls: boolean, own: X509Certificate | undefined): string[] {
  if (!tls) {
    return [
      'apart from a wrong password: an account that REQUIREs SSL is refused like this over a plain connection; try --ssl-mode=REQUIRED',
    ];
  }
  if (own === undefined) {
    return [
      'apart from a wrong password: an account that REQUIREs X509, SUBJECT or ISSUER wants a client certificate (--ssl-cert, --ssl-key)',
    ];
  }
  return [
    `apart from a wrong password: the account may REQUIRE another certificate; shown was SUBJECT '${subjectLine(own)}' ISSUER '${issuerLine(own)}'`,
  ];
}
