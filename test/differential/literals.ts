import type { Random } from './random.ts';

const WORDS = [
  '',
  'a',
  'abc',
  'Rowlock',
  "it's",
  'a\\b',
  'tab\there',
  'line\nbreak',
  'nul\0l',
  '%_',
  '`"',
  'ä€ß',
  '日本語',
  '😀',
  ' lead',
  'trail  ',
  '\r\n',
  '\x1a',
  "''",
  '/*!*/',
  ';',
  '\u007f',
  'ƒ—x',
];

/** Text with everything that needs care: quotes, escapes, control characters, several bytes a character. */
export function randomText(random: Random, longest: number): string {
  const few = random.chance(0.85) ? Math.min(longest, 40) : longest;
  const length = random.int(0, few);
  let text = '';
  while (text.length < length)
    text += random.pick(WORDS) + (random.chance(0.3) ? 'x'.repeat(random.int(0, length)) : '');
  return Array.from(text).slice(0, length).join('');
}

/** A string literal that means the text whatever sql_mode says of backslashes: hexadecimal where one occurs. */
export function quoteText(text: string): string {
  if (/[\\;\p{Cc}]/u.test(text)) return `_utf8mb4 0x${Buffer.from(text).toString('hex')}`;
  return `'${text.replaceAll("'", "''")}'`;
}

/** An identifier in backticks. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A whole number of the given width, extremes often. */
export function randomInteger(random: Random, bytes: number): string {
  const top = 1n << BigInt(8 * bytes);
  const half = top / 2n;
  const extremes = [0n, 1n, -1n, half - 1n, half, -half, top - 1n, -half + 1n, 127n, 128n, 255n, 256n];
  if (random.chance(0.4)) return String(random.pick(extremes));
  const bits = random.int(1, 8 * bytes);
  const value = (BigInt(random.int(0, 0xffffffff)) << 32n) | BigInt(random.int(0, 0xffffffff));
  const cut = value & ((1n << BigInt(bits)) - 1n);
  return String(random.chance(0.3) ? -cut / 2n : cut);
}

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.int(0, 9)).join('');

export function randomDecimal(random: Random, precision: number, scale: number): string {
  const whole = precision - scale;
  if (random.chance(0.2))
    return `${random.pick(['', '-'])}${'9'.repeat(whole) || '0'}${scale > 0 ? `.${'9'.repeat(scale)}` : ''}`;
  const sign = random.chance(0.4) ? '-' : '';
  return `${sign}${digits(random, random.int(0, whole)) || '0'}${scale > 0 ? `.${digits(random, random.int(1, scale))}` : ''}`;
}

export function randomDouble(random: Random): string {
  if (random.chance(0.4)) {
    return random.pick([
      '0',
      '-0e0',
      '1',
      '-1',
      '0.1',
      '1e10',
      '3.14159265358979',
      '1e-5',
      '1e15',
      '123456789.125',
      '1e16',
      '1.7976931348623157e308',
      '2.2250738585072014e-308',
      '3.402823466e38',
      '1e-40',
      '0.3333333333333333',
      '16777217',
      '1e21',
      '100000',
      '1000000',
    ]);
  }
  const exponent = random.int(random.chance(0.8) ? -12 : -300, random.chance(0.8) ? 20 : 300);
  return String((random.fraction() - 0.5) * 2 * 10 ** exponent);
}

const two = (value: number): string => String(value).padStart(2, '0');

export function randomFraction(random: Random, digitCount: number): string {
  if (digitCount === 0 || random.chance(0.2)) return '';
  return `.${random.chance(0.2) ? '9'.repeat(digitCount) : digits(random, digitCount)}`;
}

export function randomDate(random: Random): string {
  if (random.chance(0.15))
    return random.pick([
      '0000-00-00',
      '1000-01-01',
      '9999-12-31',
      '2012-00-00',
      '2013-05-00',
      '1970-01-01',
      '2038-01-19',
      '0001-01-01',
    ]);
  return `${random.int(1970, 2037)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
}

export function randomClock(random: Random): string {
  return `${two(random.int(0, 23))}:${two(random.int(0, 59))}:${two(random.int(0, 59))}`;
}

export function randomTime(random: Random): string {
  if (random.chance(0.2))
    return random.pick(['00:00:00', '838:59:59', '-838:59:59', '-00:00:00', '-00:00:01', '24:00:00']);
  return `${random.chance(0.4) ? '-' : ''}${random.chance(0.2) ? random.int(24, 837) : two(random.int(0, 23))}:${two(random.int(0, 59))}:${two(random.int(0, 59))}`;
}

/** JSON text of a random document. */
export function randomJson(random: Random, depth = 0): string {
  const scalars = [
    'null',
    'true',
    'false',
    '0',
    '-1',
    '32767',
    '-32769',
    '65536',
    '2147483648',
    '18446744073709551615',
    '-9223372036854775808',
    '1.5',
    '1e100',
    '-0.0',
    '0.1',
    '1e-7',
    '""',
    '"a\\"b"',
    '"ä😀"',
    '"\\u0001\\t"',
    '"\\\\"',
  ];
  if (depth > 3 || random.chance(0.4))
    return random.chance(0.85) ? random.pick(scalars) : JSON.stringify('x'.repeat(random.int(100, 400)));
  if (random.chance(0.5)) return `[${random.times(0, 5, () => randomJson(random, depth + 1)).join(', ')}]`;
  return `{${random.times(0, 5, (index) => `"${random.pick(['k', 'key', 'ä', 'b"c'.replaceAll('"', '\\"'), '', 'aa'])}${index}": ${randomJson(random, depth + 1)}`).join(', ')}}`;
}

/** Well-known text of a random geometry of one kind. */
export function randomGeometry(random: Random, kind: string): string {
  const number = (): string => random.pick([String(random.int(-100, 100)), `${random.int(-9, 9)}.5`, '1e-3']);
  const point = (): string => `${number()} ${number()}`;
  const line = (): string => `(${[point(), point(), ...random.times(0, 3, point)].join(',')})`;
  const ring = (): string => {
    const [x, y, size] = [random.int(-50, 50), random.int(-50, 50), random.int(1, 20)];
    return `((${x} ${y},${x + size} ${y},${x + size} ${y + size},${x} ${y}))`;
  };
  const make: Record<string, () => string> = {
    POINT: () => `POINT(${point()})`,
    LINESTRING: () => `LINESTRING${line()}`,
    POLYGON: () => `POLYGON${ring()}`,
    MULTIPOINT: () => `MULTIPOINT(${[point(), ...random.times(0, 3, point)].join(',')})`,
    MULTILINESTRING: () => `MULTILINESTRING(${line()},${line()})`,
    MULTIPOLYGON: () => `MULTIPOLYGON(${ring()})`,
    GEOMETRYCOLLECTION: () => `GEOMETRYCOLLECTION(POINT(${point()}),LINESTRING${line()})`,
  };
  const chosen = kind === 'GEOMETRY' ? random.pick(Object.keys(make)) : kind;
  return make[chosen]?.() ?? 'POINT(0 0)';
}
