/** The PEM blocks of a text whose label ends with `label`, each as a text of its own. */
export function pemBlocks(text: string, label: string): string[] {
  const pattern = new RegExp(`-----BEGIN ([A-Z0-9 ]*${label})-----[\\s\\S]*?-----END \\1-----`, 'g');
  return Array.from(text.matchAll(pattern), ([block]) => `${block}\n`);
}

/** Whether a PEM private key needs a passphrase. */
export function isEncryptedKey(text: string): boolean {
  return text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') || /^Proc-Type: 4,ENCRYPTED/m.test(text);
}

/** The bytes inside the first block with this label; undefined where there is none. */
export function pemBytes(text: string, label: string): Buffer | undefined {
  const [block] = pemBlocks(text, label);
  if (block === undefined) return undefined;
  return Buffer.from(block.replaceAll(/-----[^-]+-----/g, ''), 'base64');
}

/** A PEM block with lines of 64 characters. */
export function toPem(bytes: Uint8Array, label: string): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
