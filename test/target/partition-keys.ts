import type { Random } from '../differential/random.ts';

type Maker = (random: Random) => string;

/** What tables are partitioned by, and values of partitions in ascending order: `step` counts from 0. */
export interface PartitionKey {
  readonly by: string;
  readonly value: (step: number) => string;
  readonly steps: number;
}

const INTEGERS = [
  '0',
  '1',
  '-1',
  '4',
  '5',
  '6',
  '9',
  '10',
  '11',
  '14',
  '20',
  '37',
  '49',
  '50',
  '-100',
  '100',
];
const EDGES = ['-2147483648', '2147483647', '99999', '-7'];
const BIG = ['0', '5', '50', '9223372036854775807', '9223372036854775808', '18446744073709551615', '1000000'];
const DATES = [
  '2019-12-31',
  '2020-01-01',
  '2020-01-05',
  '2020-02-29',
  '2020-03-01',
  '2020-12-31',
  '2021-01-01',
  '2022-06-15',
  '1969-12-31',
  '0001-01-01',
  '0000-01-01',
  '9999-12-31',
];
/** Near the ends of years and centuries, where weeks and leap years are counted. */
const someDate: Maker = (r) =>
  `${r.pick(['19', '20', '0'])}${r.int(10, 99)}-${r.pick(['01', '02', '03', '12'])}-${r.pick(['01', '02', '03', '07', '28'])}`.padStart(
    10,
    '0',
  );

const ODD_DATES = ['0000-00-00', '2020-00-00', '2020-03-00', '0000-00-05', '0000-03-00'];
const CLOCKS = ['00:00:00', '00:00:01', '23:59:59', '12:00:00.5', '12:00:00.499'];
const TEXTS = ['a', 'A', 'b', 'B ', 'b', 'no', 'NO', 'ab', 'a b', '', ' ', 'z', 'Z9', 'm'];
/** Ä, é, ß and what weighs less than a space. */
const LETTERS = ["_utf8 X'C384'", "_utf8 X'6EC3A9'", "_utf8 X'C39F'", "_utf8 X'6109'"];
const someText: Maker = (r) => (r.chance(0.2) ? r.pick(LETTERS) : `'${r.pick(TEXTS)}'`);

export const COLUMNS: Readonly<Record<string, { readonly type: string; readonly value: Maker }>> = {
  a: { type: 'INT', value: (r) => r.pick(r.chance(0.8) ? INTEGERS : EDGES) },
  w: { type: 'BIGINT UNSIGNED', value: (r) => r.pick(BIG) },
  d: {
    type: 'DATE',
    value: (r) => `'${r.chance(0.2) ? someDate(r) : r.pick(r.chance(0.8) ? DATES : ODD_DATES)}'`,
  },
  t: {
    type: 'DATETIME',
    value: (r) =>
      `'${r.chance(0.2) ? someDate(r) : r.pick(r.chance(0.9) ? DATES : ODD_DATES)} ${r.pick(CLOCKS)}'`,
  },
  m: { type: 'DATETIME(3)', value: (r) => `'${r.pick(DATES)} ${r.pick(CLOCKS)}'` },
  u: {
    type: 'TIMESTAMP NULL',
    value: (r) =>
      r.chance(0.1)
        ? '0'
        : `'${r.pick(['2020', '2021', '2022', '1975'])}-0${r.int(1, 9)}-01 0${r.int(0, 9)}:00:00'`,
  },
  v: {
    type: 'TIMESTAMP(3) NULL',
    value: (r) =>
      r.chance(0.1)
        ? '0'
        : `'202${r.int(0, 3)}-04-01 0${r.int(1, 4)}:00:00${r.pick(['', '.001', '.5', '.999'])}'`,
  },
  h: { type: 'VARCHAR(10) CHARACTER SET latin1', value: someText },
  c: { type: 'DECIMAL(8,2)', value: (r) => r.pick(['0.5', '-0.5', '-1', '1.99', '-1.01', '3', '10.01']) },
  s: { type: 'VARCHAR(10) COLLATE utf8_bin', value: (r) => `'${r.pick(TEXTS)}'` },
  f: { type: 'VARCHAR(10) CHARACTER SET utf8 COLLATE utf8_general_ci', value: someText },
  g: { type: 'INT AS (a * 2) PERSISTENT', value: () => 'DEFAULT' },
};

const years = (step: number): string => `${2018 + step}`;
const tens = (step: number): string => String(-20 + step * 10);
const days = (step: number): string => `'20${18 + Math.floor(step / 2)}-0${1 + (step % 2) * 5}-01'`;
const letters = (step: number): string => `'${'abmno'[step] ?? 'z'.repeat(step - 4)}'`;

export const RANGES: readonly PartitionKey[] = [
  { by: 'RANGE (a)', value: tens, steps: 12 },
  {
    by: 'RANGE (`w`)',
    value: (step) => (step < 4 ? String(step * 5) : `9223372036854775${803 + step}`),
    steps: 9,
  },
  { by: 'RANGE (a DIV 3 + a % 4 - -2)', value: tens, steps: 9 },
  { by: 'RANGE (ABS(a) * 2 - MOD(a, 7))', value: tens, steps: 9 },
  { by: 'RANGE (FLOOR(c))', value: (step) => String(step - 2), steps: 6 },
  { by: 'RANGE (CEILING(c))', value: (step) => String(step - 2), steps: 6 },
  { by: 'RANGE (g)', value: tens, steps: 12 },
  { by: 'RANGE (YEAR(d))', value: years, steps: 6 },
  { by: 'RANGE (TO_DAYS(d))', value: (step) => `TO_DAYS(${days(step)})`, steps: 9 },
  { by: 'RANGE (TO_DAYS(t))', value: (step) => (step === 0 ? '1' : `to_days(${days(step)})`), steps: 9 },
  { by: 'RANGE (TO_SECONDS(t))', value: (step) => `TO_SECONDS(${days(step)})`, steps: 9 },
  { by: 'RANGE (YEARWEEK(t))', value: (step) => String(201952 + step), steps: 12 },
  { by: 'RANGE (EXTRACT(YEAR_MONTH FROM d))', value: (step) => String(201910 + step), steps: 12 },
  { by: 'RANGE (DAYOFYEAR(d))', value: (step) => String(step * 60), steps: 8 },
  { by: 'RANGE (DATEDIFF(d, t))', value: (step) => String((step - 4) * 200), steps: 9 },
  {
    by: 'RANGE (UNIX_TIMESTAMP(u))',
    value: (step) => `UNIX_TIMESTAMP('20${20 + step}-04-01 03:00:00')`,
    steps: 4,
  },
  {
    by: 'RANGE (FLOOR(UNIX_TIMESTAMP(v)))',
    value: (step) => `UNIX_TIMESTAMP('20${20 + step}-04-01 03:00:00')`,
    steps: 4,
  },
  {
    by: 'RANGE (CEILING(UNIX_TIMESTAMP(v)))',
    value: (step) => `UNIX_TIMESTAMP('20${20 + step}-04-01 03:00:00')`,
    steps: 4,
  },
  { by: 'RANGE COLUMNS (h)', value: letters, steps: 12 },
  { by: 'RANGE COLUMNS (d)', value: days, steps: 9 },
  { by: 'RANGE COLUMNS (t)', value: days, steps: 9 },
  { by: 'RANGE COLUMNS (m)', value: (step) => `${days(step).slice(0, -1)} 12:00:00.5'`, steps: 9 },
  { by: 'RANGE COLUMNS (s)', value: letters, steps: 12 },
  { by: 'RANGE COLUMNS (f)', value: letters, steps: 12 },
  { by: 'RANGE COLUMNS (a, d)', value: (step) => `${tens(Math.floor(step / 2))}, ${days(step)}`, steps: 9 },
  {
    by: 'RANGE COLUMNS (s, `a`)',
    value: (step) => `${letters(step)}, ${step % 2 === 0 ? '5' : 'MAXVALUE'}`,
    steps: 6,
  },
];

export const LISTS: readonly PartitionKey[] = [
  { by: 'LIST (a)', value: (step) => [...INTEGERS, 'NULL'][step]!, steps: 17 },
  { by: 'LIST (MOD(a, 5))', value: (step) => (step === 9 ? 'NULL' : String(step - 4)), steps: 10 },
  { by: 'LIST (WEEKDAY(d))', value: (step) => (step === 7 ? 'NULL' : String(step)), steps: 8 },
  { by: 'LIST (DAYOFWEEK(t))', value: (step) => (step === 7 ? 'NULL' : String(step + 1)), steps: 8 },
  { by: 'LIST (QUARTER(d))', value: (step) => (step === 5 ? 'NULL' : String(step)), steps: 6 },
  {
    by: 'LIST (MONTH(d) + DAYOFMONTH(d) DIV 40)',
    value: (step) => (step === 13 ? 'NULL' : String(step)),
    steps: 14,
  },
  { by: 'LIST (HOUR(t) + MINUTE(t))', value: (step) => ['0', '12', '82', 'NULL'][step]!, steps: 4 },
  { by: 'LIST COLUMNS (d)', value: (step) => (step === 0 ? 'NULL' : `'${DATES[step]!}'`), steps: 9 },
  {
    by: 'LIST COLUMNS (s)',
    value: (step) => ['NULL', "'a'", "'A'", "'b'", "'B'", "'no'", "''", "'z'"][step]!,
    steps: 8,
  },
  {
    by: 'LIST COLUMNS (f)',
    value: (step) => ['NULL', "'a'", "'B'", "'No'", "'ab'", "''", "'Z9'"][step]!,
    steps: 7,
  },
  {
    by: 'LIST COLUMNS (h)',
    value: (step) => ['NULL', "'a'", "'B'", "'No'", "'ab'", "''", "'Z9'"][step]!,
    steps: 7,
  },
  {
    by: 'LIST COLUMNS (a, s)',
    value: (step) => `(${step % 3}, ${["'a'", "'b'", 'NULL'][Math.floor(step / 3)]!})`,
    steps: 9,
  },
];

export const HASHES: readonly string[] = [
  'HASH (a)',
  'LINEAR HASH (a)',
  'HASH (`w`)',
  'LINEAR HASH (w)',
  'HASH (TO_DAYS(d))',
  'LINEAR HASH (YEAR(t) + a)',
  'HASH (g - 3)',
  'HASH (YEARWEEK(t))',
  'HASH (DAYOFYEAR(d) + WEEKDAY(t))',
  'HASH (TO_SECONDS(t))',
  'HASH (DATEDIFF(d, t))',
  'HASH (EXTRACT(YEAR_MONTH FROM d) - EXTRACT(QUARTER FROM t))',
  'HASH (HOUR(t) * 3600 + MINUTE(t) * 60 + SECOND(t) + TIME_TO_SEC(t))',
  'HASH (UNIX_TIMESTAMP(u))',
];
