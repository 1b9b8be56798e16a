/** Text (as UTF-8) or bytes as a literal that no sql_mode and no character set reads otherwise. */
export function hexLiteral(value: string | Uint8Array): string {
  const bytes =
    typeof value === 'string'
      ? Buffer.from(value)
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return `x'${bytes.toString('hex')}'`;
}
