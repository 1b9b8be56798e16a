/** Bounds on what is read from files and requests. Real files are far below them; hostile ones meet them first. */
export const limits = {
  /** Bytes of a PEM file. Debian's bundle of all public authorities has about 220 KB. */
  pemFileBytes: 4_194_304,
  /** Blocks in one PEM file. */
  pemBlocks: 1024,
  /** Bytes of one certificate or request in DER. */
  certificateBytes: 65_536,
  /** Bytes of one revocation list in DER: about 100 000 entries. */
  revocationListBytes: 3_145_728,
  /** Bytes of an option file. */
  optionFileBytes: 1_048_576,
  /** Bytes of a passphrase: OpenSSL's PEM_BUFSIZE. */
  passphraseBytes: 1024,
} as const;
