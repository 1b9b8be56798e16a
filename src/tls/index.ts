export { attributeName, attributeType } from './attribute-types.ts';
export { CertificateError, type CertificateErrorCode } from './certificate-error.ts';
export { certificateProof, isCertificateProof } from './certificate-proof.ts';
export { type SecuredSocket, secureClient } from './client-handshake.ts';
export { type ClientSetup, prepareClient } from './client-setup.ts';
export { DerWalk, type Element, integerHex, objectIdentifier, Tag, timeOf } from './der.ts';
export { type CertificateFacts, explainCertificate } from './explain-certificate.ts';
export {
  explainDenied,
  explainLateLoss,
  type Offer,
  opensslWords,
} from './explain-handshake.ts';
export { peerOf, type TlsPeer } from './peer.ts';
export { pemBlocks } from './pem.ts';
export { type PemContent, whyUnusable } from './pem-file.ts';
export { type RevocationList, readRevocationList } from './revocation-list.ts';
export { type SecuredClient, type ServerSetup, secureServer } from './server-handshake.ts';
export { prepareServer, type ServerMaterial } from './server-setup.ts';
export { sessionText } from './session-data.ts';
export { issuerLine, type SlashStyle, slashForm, subjectLine } from './slash-form.ts';
export {
  type Dialect,
  parseSslMode,
  parseTlsVersions,
  resolvePolicy,
  SSL_MODES,
  type SslMode,
  type SslOptions,
  type TlsPolicy,
  type TlsVersion,
} from './ssl-options.ts';
export { TlsText, tlsError } from './tls-error.ts';
export { type OwnCertificate, readTrust, type TrustFiles } from './tls-files.ts';
export { VERDICT_TEXT } from './verdict.ts';
