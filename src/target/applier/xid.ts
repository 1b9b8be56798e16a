/** Name of the XA transaction that a statement of a log is about, as `xidText` of the binlog room writes it. */
export function xidOf(statement: Buffer): string {
  const text = statement.toString('latin1');
  return text
    .replace(/^\s*XA\s+(START|BEGIN|END|PREPARE|COMMIT|ROLLBACK)\s+/i, '')
    .replace(/(?<!\s)\s+ONE\s+PHASE\s*$/i, '')
    .replaceAll(/\s/g, '');
}
