import { isUtf8 } from 'node:buffer';

/** SQLite reads no text further than a NUL: one with it is bytes, here and in functions. */
export const isTextual = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0);

/** A text as a literal of SQLite, or bytes that are none. */
export function quote(text: string | Buffer): string {
  const bytes = Buffer.from(text);
  return isTextual(bytes) ? `'${bytes.toString().replaceAll("'", "''")}'` : `x'${bytes.toString('hex')}'`;
}
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""').replaceAll('\0', '')}"`;

/** A value as a literal of SQLite. */
export function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : quote(value);
}
