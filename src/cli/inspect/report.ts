import type { Inspection } from '../../inspect/index.ts';

const BAR_WIDTH = 24;
const SHOWN_ROWS = 12;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of block characters, in eighths of a column. */
export function bar(share: number): string {
  const units = Math.max(share > 0 ? 1 : 0, Math.round(share * BAR_WIDTH * 8));
  return '█'.repeat(units >> 3) + eighths[units & 7]!;
}

/** `1.2 MB`: decimal units, as disks count. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

function moment(seconds: number | undefined): string {
  return seconds === undefined ? '-' : new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 19);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 event`, `2 events`. */
function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Columns as wide as their widest cell; numbers to the right. */
function table(rows: readonly (readonly string[])[], right: ReadonlySet<number>): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => (right.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ')}`.trimEnd(),
  );
}

function barTable(rows: readonly { readonly cells: readonly string[]; readonly weight: number }[]): string[] {
  const most = Math.max(1, ...rows.map(({ weight }) => weight));
  const shown = rows.slice(0, SHOWN_ROWS);
  const lines = table(
    shown.map(({ cells, weight }) => [...cells, bar(weight / most)]),
    new Set(numberColumns(shown[0]?.cells.length ?? 0)),
  );
  if (rows.length > shown.length) lines.push(`  … ${rows.length - shown.length} more`);
  return lines;
}

/** All columns but the first hold numbers. */
function numberColumns(columns: number): number[] {
  return Array.from({ length: Math.max(0, columns - 1) }, (_, index) => index + 1);
}

function files(inspection: Inspection): string[] {
  return inspection.files.flatMap((file) => [
    `${file.name}: ${size(file.bytes)}, ${counted(file.events, 'event')}, ${file.serverVersion ?? 'no format description'}`,
    `  ${moment(file.from)} to ${moment(file.to)} UTC, checksums ${file.checksums}, ${
      file.nextFile === undefined ? file.ending : `${file.ending} to ${file.nextFile}`
    }`,
    ...(file.problem === undefined ? [] : [`  ${file.problem}`]),
  ]);
}

function transactions({
  transactions: { count: number, bytes, sizes, largest, open },
}: Inspection): string[] {
  if (number === 0) return ['', 'Transactions: none'];
  return [
    '',
    `Transactions: ${count(number)}, ${size(bytes)}, mean ${size(Math.round(bytes / number))}${open > 0 ? ', one does not end here' : ''}`,
    ...barTable(
      sizes.map(({ upTo, count: weight }) => ({ cells: [`up to ${size(upTo)}`, count(weight)], weight })),
    ),
    '  largest:',
    ...table(
      largest.map(({ file, position, bytes: length, rows, gtid }) => [
        `  ${file}:${position}`,
        size(length),
        counted(rows, 'row'),
        gtid ?? 'anonymous',
      ]),
      new Set([1, 2]),
    ),
  ];
}

function tables(inspection: Inspection): string[] {
  if (inspection.tables.length === 0) return ['', 'Rows: none'];
  return [
    '',
    'Rows by table:',
    ...barTable(
      inspection.tables.map(({ schema, table: name, inserts, updates, deletes, bytes }) => ({
        cells: [
          `${schema}.${name}`,
          `${count(inserts)} inserted`,
          `${count(updates)} updated`,
          `${count(deletes)} deleted`,
          size(bytes),
        ],
        weight: bytes,
      })),
    ),
  ];
}

function gtids({ gtids: { before, seen, gaps, anonymous } }: Inspection): string[] {
  const lines = ['', `GTIDs: ${seen ?? 'none'}`];
  if (before !== undefined) lines.push(`  before these logs: ${before}`);
  if (anonymous > 0) lines.push(`  anonymous transactions: ${count(anonymous)}`);
  lines.push(gaps === undefined ? '  no gaps' : `  missing: ${gaps}`);
  return lines;
}

function checksums({ checksums: { verified, without, bad, badCount } }: Inspection): string[] {
  const lines = [
    '',
    `Checksums: ${count(verified)} right, ${count(badCount)} wrong, ${counted(without, 'event')} without`,
  ];
  for (const { file, position, event } of bad) lines.push(`  wrong at ${file}:${position} ${event}`);
  return lines;
}

function refused({ refused: { count: number, reasons, first } }: Inspection): string[] {
  if (number === 0) return ['', 'Row format: everything here may pass a row-only channel'];
  const lines = ['', `Row format: a row-only channel would refuse ${counted(number, 'event')}`];
  for (const { sentence, count: times } of reasons) lines.push(`  ${count(times)} × ${sentence}`);
  lines.push('  first:');
  for (const { file, position, event, statement } of first) {
    const shown = statement === undefined ? '' : `: ${statement.replace(/\s+/g, ' ')}`;
    lines.push(`    ${file}:${position} ${event}${shown}`);
  }
  return lines;
}

/** The inspection for a person, in lines without newlines. */
export function inspectionReport(inspection: Inspection): string[] {
  const { compression } = inspection;
  return [
    ...files(inspection),
    ...transactions(inspection),
    ...(compression === undefined
      ? []
      : [
          `  compressed: ${counted(compression.transactions, 'transaction')}, ${size(compression.bytes)} hold ${size(compression.inflatedBytes)}`,
        ]),
    ...tables(inspection),
    '',
    'Events:',
    ...barTable(
      inspection.eventTypes.map(({ type, events, bytes }) => ({
        cells: [type, count(events), size(bytes)],
        weight: bytes,
      })),
    ),
    ...gtids(inspection),
    ...checksums(inspection),
    ...refused(inspection),
  ];
}
