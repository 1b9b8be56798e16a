import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The recordings: logs of real servers and what the real tools print for them. */
export const CORPUS: string = join(import.meta.dirname, '../corpus');

/** A file the tool makes; `content` where the corpus keeps a copy. */
export interface MadeFile {
  readonly path: string;
  readonly content?: Buffer;
}

/** One command line of a real tool and everything it did. */
export interface GoldenCase {
  /** `mysql97/ddl.vv` */
  readonly id: string;
  readonly folder: string;
  readonly tool: 'mysqlbinlog' | 'mariadb-binlog';
  readonly argv: readonly string[];
  readonly timeZone: string;
  /** Names of the logs the case wants in its folder; those on the command line, and the one on standard input. */
  readonly logs: readonly string[];
  readonly stdin?: string;
  readonly exit: number;
  readonly stdout: () => Buffer;
  readonly stderr: () => Buffer;
  readonly made: () => readonly MadeFile[];
}

/**
 * Logs that the original gives up on and Rowlock prints: version 1 rows events and old temporal types, geometry under `-v`, empty
 * vectors (docs/compatibility.md); and an unknown event, of which MariaDB's tool shows another one's checksum. The recordings hold for `--compat=exact`.
 */
const exactOnly =
  /^(mysql56\/rows-v1|mysql97\/(types-geometry|row-metadata-full|types-vector)|mysql56\/types-string|mariadb118\/(types-time-old|damaged-unknown-type))\b/;

/** Split as a shell would, for the quoting the table uses: words, and words in single quotes. */
export function splitShellWords(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\.|"[^"]*"|[^\s'"\\])+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|"([^"]*)"|\\(.)/g,
      (_, single?: string, double?: string, escaped?: string) => single ?? double ?? escaped ?? '',
    ),
  );
}

function golden(folder: string, name: string): Buffer {
  if (name === '-') return Buffer.alloc(0);
  const bytes = readFileSync(join(CORPUS, folder, 'golden', name));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** The bytes of a log of the corpus. */
export function corpusLog(folder: string, name: string): Buffer {
  const path = join(CORPUS, folder, name);
  return existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
}

function madeFiles(folder: string, column: string): MadeFile[] {
  if (column === '-') return [];
  return column.split(',').map((entry) => {
    const [path = '', copy] = entry.split('->');
    return copy === undefined ? { path } : { path, content: golden(folder, copy) };
  });
}

function parseCase(row: string): GoldenCase {
  const [
    folder = '',
    name = '',
    environment = '',
    tool,
    words = '',
    exit,
    stdout = '-',
    stderr = '-',
    made = '-',
  ] = row.split('\t');
  const all = splitShellWords(words);
  const stdin = all.find((word) => word.startsWith('stdin:'))?.slice('stdin:'.length);
  const argv = all.filter((word) => !word.startsWith('stdin:'));
  if (exactOnly.test(`${folder}/${name}`)) argv.splice(1, 0, '--compat=exact');
  const named = argv.filter((word) => word.endsWith('.binlog'));
  return {
    id: `${folder}/${name}`,
    folder,
    tool: tool as GoldenCase['tool'],
    argv,
    timeZone: /TZ=(\S+)/.exec(environment)?.[1] ?? 'UTC',
    logs: [...new Set(stdin === undefined ? named : [...named, stdin])],
    ...(stdin !== undefined && { stdin }),
    exit: Number(exit),
    stdout: () => golden(folder, stdout),
    stderr: () => golden(folder, stderr),
    made: () => madeFiles(folder, made),
  };
}

/** Every case of goldens.tsv. */
export function goldenCases(): GoldenCase[] {
  const rows = readFileSync(join(CORPUS, 'goldens.tsv'), 'utf8').trimEnd().split('\n');
  return rows.slice(1).map(parseCase);
}
