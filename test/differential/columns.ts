import type { Column, ColumnKind } from './column-kind.ts';
import { type Flavour, isModern, isMysql97 } from './flavour.ts';
import {
  quoteText,
  randomClock,
  randomDate,
  randomDecimal,
  randomDouble,
  randomFraction,
  randomGeometry,
  randomInteger,
  randomJson,
  randomText,
  randomTime,
} from './literals.ts';
import { OWN_TYPES } from './own-types.ts';
import type { Random } from './random.ts';

const INTEGERS = { TINYINT: 1, SMALLINT: 2, MEDIUMINT: 3, INT: 4, BIGINT: 8 } as const;
const GEOMETRIES = [
  'GEOMETRY',
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMETRYCOLLECTION',
];
const CHARSETS = [
  'utf8mb4',
  'latin1',
  'ucs2',
  'utf16',
  'utf32',
  'utf16le',
  'utf8',
  'ascii',
  'binary',
  'cp1251',
  'gbk',
  'sjis',
  'big5',
  'euckr',
  'koi8r',
  'greek',
  'hebrew',
  'cp932',
  'latin2',
  'swe7',
  'latin5',
  'latin7',
  'ujis',
  'tis620',
  'cp850',
  'cp1256',
  'macce',
  'geostd8',
  'eucjpms',
  'gb2312',
];
const COLLATIONS = [
  'utf8mb4_bin',
  'latin1_german1_ci',
  'utf8mb4_general_ci',
  'utf8mb4_unicode_ci',
  'latin1_bin',
  'ucs2_bin',
  'utf16_unicode_ci',
  'utf32_bin',
  'cp1250_czech_cs',
  'sjis_bin',
];
/** Collations with numbers above 255, and a charset of its own. */
const MYSQL97_COLLATIONS = [
  'utf8mb4_0900_ai_ci',
  'utf8mb4_ja_0900_as_cs_ks',
  'utf8mb4_0900_bin',
  'utf8mb4_de_pb_0900_as_cs',
  'gb18030_unicode_520_ci',
];

function charset(random: Random, flavour: Flavour): string {
  if (random.chance(0.4)) return '';
  if (isMysql97(flavour) && random.chance(0.2)) return ` COLLATE ${random.pick(MYSQL97_COLLATIONS)}`;
  return random.chance(0.7)
    ? ` CHARACTER SET ${random.pick(CHARSETS)}`
    : ` COLLATE ${random.pick(COLLATIONS)}`;
}

const binary = (random: Random, longest: number): string => {
  const length = random.int(0, random.chance(0.85) ? Math.min(longest, 24) : longest);
  return length === 0 ? "''" : `0x${random.hex(length)}`;
};

const text = (random: Random, longest: number): string =>
  random.chance(0.15) ? binary(random, Math.min(longest, 200)) : quoteText(randomText(random, longest));

const members = (random: Random, most: number): string[] =>
  random.times(1, most, (index) => `${random.pick(['m', 'ä', 'a b', 'x"', 'Ω', '-'])}${index}`);

const fsp = (random: Random): number => random.pick([0, 0, 1, 2, 3, 4, 5, 6]);
const width = (digits: number): string => (digits === 0 ? '' : `(${digits})`);

const KINDS: readonly ColumnKind[] = [
  {
    weight: 6,
    make: (random) => {
      const [name, bytes] = random.pick(Object.entries(INTEGERS));
      const unsigned = random.pick(['', '', ' UNSIGNED', ' UNSIGNED ZEROFILL']);
      return { type: `${name}${unsigned}`, value: (r) => randomInteger(r, bytes) };
    },
  },
  {
    weight: 3,
    make: (random) => {
      const precision = random.int(1, 65);
      const scale = random.int(0, Math.min(precision, 30));
      const unsigned = random.chance(0.15) ? ' UNSIGNED' : '';
      return {
        type: `DECIMAL(${precision},${scale})${unsigned}`,
        value: (r) => randomDecimal(r, precision, scale),
      };
    },
  },
  {
    weight: 2,
    make: (random) => ({
      type: random.pick([
        'FLOAT',
        'DOUBLE',
        'FLOAT(7,3)',
        'DOUBLE(20,5)',
        'FLOAT UNSIGNED',
        'FLOAT(53)',
        'REAL ZEROFILL',
      ]),
      value: randomDouble,
    }),
  },
  {
    weight: 1,
    make: (random) => {
      const bits = random.int(1, 64);
      return { type: `BIT(${bits})`, value: (r) => `b'${r.times(1, bits, () => r.int(0, 1)).join('')}'` };
    },
  },
  {
    weight: 1,
    make: () => ({ type: 'YEAR', value: (r) => r.pick(['0', '1901', '2155', '1999', "'00'", '2026']) }),
  },
  { weight: 1, make: () => ({ type: 'BOOL', value: (r) => r.pick(['0', '1', 'TRUE', 'FALSE']) }) },
  { weight: 1, make: () => ({ type: 'DATE', value: (r) => `'${randomDate(r)}'` }) },
  {
    weight: 2,
    make: (random) => {
      const digits = fsp(random);
      return { type: `TIME${width(digits)}`, value: (r) => `'${randomTime(r)}${randomFraction(r, digits)}'` };
    },
  },
  {
    weight: 2,
    make: (random) => {
      const digits = fsp(random);
      const value = (r: Random): string => `'${randomDate(r)} ${randomClock(r)}${randomFraction(r, digits)}'`;
      return { type: `DATETIME${width(digits)}`, value };
    },
  },
  {
    weight: 2,
    make: (random) => {
      const digits = fsp(random);
      const value = (r: Random): string =>
        r.chance(0.1)
          ? "'0000-00-00 00:00:00'"
          : `'${randomDate(r)} ${randomClock(r)}${randomFraction(r, digits)}'`;
      return { type: `TIMESTAMP${width(digits)} NULL`, value };
    },
  },
  {
    weight: 3,
    make: (random, flavour) => {
      const length = random.pick([0, 1, 10, 63, 64, 85, 86, 255]);
      return { type: `CHAR(${length})${charset(random, flavour)}`, value: (r) => text(r, length) };
    },
  },
  {
    weight: 4,
    make: (random, flavour) => {
      const length = random.pick([0, 1, 20, 63, 64, 255, 256, 500, 1000]);
      return { type: `VARCHAR(${length})${charset(random, flavour)}`, value: (r) => text(r, length) };
    },
  },
  {
    weight: 2,
    make: (random) => {
      const length = random.pick([1, 8, 16, 255]);
      return { type: `${random.pick(['BINARY', 'VARBINARY'])}(${length})`, value: (r) => binary(r, length) };
    },
  },
  { weight: 1, make: () => ({ type: 'VARBINARY(1000)', value: (r) => binary(r, 1000) }) },
  {
    weight: 2,
    make: (random) => ({
      type: `${random.pick(['TINY', '', 'MEDIUM', 'LONG'])}BLOB`,
      value: (r) => binary(r, 255),
    }),
  },
  {
    weight: 2,
    make: (random, flavour) => ({
      type: `${random.pick(['TINY', '', 'MEDIUM', 'LONG'])}TEXT${charset(random, flavour)}`,
      value: (r) => text(r, r.chance(0.1) ? 3000 : 60),
    }),
  },
  {
    weight: 2,
    make: (random, flavour) => {
      const names = members(random, random.chance(0.1) ? 300 : 8);
      const type = `ENUM(${names.map((name) => `'${name}'`).join(',')})${charset(random, flavour)}`;
      return { type, value: (r) => r.pick([`'${r.pick(names)}'`, String(r.int(1, names.length)), '0']) };
    },
  },
  {
    weight: 2,
    make: (random, flavour) => {
      const names = members(random, random.chance(0.2) ? 64 : 8);
      const type = `SET(${names.map((name) => `'${name}'`).join(',')})${charset(random, flavour)}`;
      return {
        type,
        value: (r) => r.pick(["''", String(r.int(0, 255)), `'${r.pick(names)},${r.pick(names)}'`]),
      };
    },
  },
  { weight: 3, in: isModern, make: () => ({ type: 'JSON', value: (r) => quoteText(randomJson(r)) }) },
  {
    weight: 1,
    in: isMysql97,
    make: () => ({
      type: 'JSON',
      value: (r) =>
        `JSON_OBJECT('d', CAST('${randomDate(r)}' AS DATE), 't', CAST('${randomTime(r)}.5' AS TIME(3)), 'n', ${randomDecimal(r, 20, 5)}, 'b', 0x${r.hex(4)}, 'f', ${randomDouble(r)})`,
    }),
  },
  {
    weight: 1,
    make: (random, flavour) => {
      const kind = random.pick(GEOMETRIES);
      const from = flavour === 'mysql56' ? 'GeomFromText' : 'ST_GeomFromText';
      const srid = (r: Random): string => (r.chance(0.2) && isMysql97(flavour) ? ', 4326' : '');
      return { type: kind, value: (r) => `${from}('${randomGeometry(r, kind)}'${srid(r)})` };
    },
  },
  ...OWN_TYPES,
];

/** A column of a random kind that the server knows. */
export function randomColumn(random: Random, flavour: Flavour, name: string): Column {
  const kind = random.weighted(KINDS.filter((one) => one.in === undefined || one.in(flavour)));
  return { name, writable: true, ...kind.make(random, flavour) };
}

/** A literal for the column, now and then NULL or DEFAULT. */
export function randomValue(random: Random, column: Column): string {
  if (random.chance(0.12)) return random.chance(0.8) ? 'NULL' : 'DEFAULT';
  return column.value(random);
}
