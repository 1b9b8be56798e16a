/** A text as a literal of SQLite. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`;
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A value as a literal of SQLite. */
export function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : quote(value);
}
