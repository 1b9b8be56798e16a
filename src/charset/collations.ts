import { type Charset, type Flavor, findCharset } from './charsets.ts';
import {
  mariadbCollations,
  mariadbNopadBases,
  mysqlCollations,
  sharedCollations,
  uca1400Charsets,
  uca1400Tailorings,
} from './collation-names.ts';

/** MariaDB: MY_NOPAD_ID(). */
const NOPAD_OFFSET = 1024;
/** MariaDB: the first id of the UCA 14.0.0 collations; 256 ids a character set, 8 a tailoring. */
const UCA1400_FIRST = 2048;

function addPairs(names: Map<number, string>, pairs: string): void {
  const words = pairs.split(' ');
  for (let i = 0; i < words.length; i += 2) names.set(Number(words[i]), words[i + 1]!);
}

function addNopad(names: Map<number, string>): void {
  for (const base of mariadbNopadBases.split(' ').map(Number)) {
    names.set(base + NOPAD_OFFSET, names.get(base)!.replace(/(?=ci$|bin$)/, 'nopad_'));
  }
}

function addUca1400(names: Map<number, string>): void {
  for (const [charset, charsetName] of uca1400Charsets.entries()) {
    for (const [tailoring, tailoringName] of uca1400Tailorings.entries()) {
      if (tailoringName === '-') continue;
      const stem = `${charsetName}_uca1400_${tailoringName === '' ? '' : `${tailoringName}_`}`;
      for (let flags = 0; flags < 8; flags += 1) {
        names.set(
          UCA1400_FIRST + charset * 256 + tailoring * 8 + flags,
          `${stem}${flags & 4 ? 'nopad_' : ''}${flags & 2 ? 'as' : 'ai'}_${flags & 1 ? 'cs' : 'ci'}`,
        );
      }
    }
  }
}

const makers: Readonly<Record<Flavor, () => Map<number, string>>> = {
  mysql() {
    const names = new Map<number, string>();
    addPairs(names, sharedCollations);
    addPairs(names, mysqlCollations);
    return names;
  },
  mariadb() {
    const names = new Map<number, string>();
    addPairs(names, sharedCollations);
    addPairs(names, mariadbCollations);
    addNopad(names);
    addUca1400(names);
    return names;
  },
};

const tables: Partial<Record<Flavor, Map<number, string>>> = {};
const tableOf = (flavor: Flavor): Map<number, string> => (tables[flavor] ??= makers[flavor]());

/** All collations of a server, by id. */
export const collations = (flavor: Flavor): ReadonlyMap<number, string> => tableOf(flavor);

const ids: Partial<Record<Flavor, Map<string, number>>> = {};

/** The name of a collation, e.g. `utf8mb4_0900_ai_ci` for 255. */
export function collationName(id: number, flavor: Flavor): string | undefined {
  return tableOf(flavor).get(id);
}

/** The character set of a collation. */
export function charsetOfCollation(id: number, flavor: Flavor): Charset | undefined {
  const name = collationName(id, flavor);
  return name === undefined ? undefined : charsetOfCollationName(name);
}

/** `utf8mb4=utf8mb4_uca1400_ai_ci,…`, as MariaDB's `character_set_collations` takes it: without those that MariaDB 11.8 does not know. */
export function defaultCollationsText(
  list: readonly { readonly charset: number; readonly collation: number }[],
): string {
  return list
    .flatMap(({ charset, collation }) => {
      const set = charsetOfCollation(charset, 'mariadb')?.name;
      const name = collationName(collation, 'mariadb');
      return set === undefined || name === undefined ? [] : [`${set}=${name}`];
    })
    .join(',');
}

/** The character set of a collation by its name: what stands before the first underscore. */
export function charsetOfCollationName(name: string): Charset | undefined {
  const underscore = name.indexOf('_');
  return findCharset(underscore < 0 ? name : name.slice(0, underscore));
}

/** The id of a collation, by its full name in any case. */
export function collationId(name: string, flavor: Flavor): number | undefined {
  let table = ids[flavor];
  if (table === undefined) {
    table = new Map();
    for (const [id, each] of tableOf(flavor)) table.set(each, id);
    ids[flavor] = table;
  }
  return table.get(name.toLowerCase());
}

/** What MySQL 8.0 and MariaDB 11.5 have made the default of a character set that had another. */
const laterDefaults: Readonly<Record<Flavor, Readonly<Record<string, string>>>> = {
  mysql: { utf8mb4: 'utf8mb4_0900_ai_ci' },
  mariadb: Object.fromEntries(uca1400Charsets.map((name) => [name, `${name}_uca1400_ai_ci`])),
};

/** The collation that `CHARACTER SET name` alone means: MySQL 9.7's or MariaDB 11.8's default. */
export function defaultCollation(charset: string, flavor: Flavor): string | undefined {
  const name = findCharset(charset)?.name;
  if (name === undefined) return undefined;
  return laterDefaults[flavor][name] ?? formerDefaultCollation(name, flavor);
}

/** What `CHARACTER SET name` alone means where no setting says another: to MySQL before 8.0, and to all MariaDB. */
export function formerDefaultCollation(charset: string, flavor: Flavor): string | undefined {
  const name = findCharset(charset)?.name;
  if (name === undefined || name === 'binary') return name;
  if (name === 'latin1') return 'latin1_swedish_ci';
  const general = `${name}_general_ci`;
  if (collationId(general, flavor) !== undefined) return general;
  for (const collation of tableOf(flavor).values()) {
    if (collation.endsWith('_ci') && charsetOfCollationName(collation)?.name === name) return collation;
  }
  return undefined;
}
