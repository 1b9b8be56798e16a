import type { ColumnKind } from './column-kind.ts';
import { isMaria, isMaria118, isMysql97 } from './flavour.ts';
import { quoteText } from './literals.ts';
import type { Random } from './random.ts';

const vector =
  (reader: string): ColumnKind['make'] =>
  (random) => {
    const size = random.int(1, 8);
    const numbers = (r: Random): string => Array.from({ length: size }, () => r.int(-99, 99) / 8).join(',');
    return { type: `VECTOR(${size})`, value: (r) => `${reader}('[${numbers(r)}]')` };
  };

/** Types that not all servers have, or that each has in its own way. */
export const OWN_TYPES: readonly ColumnKind[] = [
  {
    weight: 1,
    in: isMysql97,
    make: vector('STRING_TO_VECTOR'),
  },
  {
    weight: 1,
    in: isMaria118,
    make: vector('VEC_FromText'),
  },
  {
    weight: 2,
    in: isMaria,
    make: (random) =>
      random.pick([
        {
          type: 'INET6',
          value: (r: Random) => r.pick(["'::'", "'2001:db8::1'", "'::ffff:1.2.3.4'", `0x${r.hex(16)}`]),
        },
        { type: 'INET4', value: (r: Random) => `'${r.int(0, 255)}.${r.int(0, 255)}.0.1'` },
        {
          type: 'UUID',
          value: (r: Random) => `'${r.hex(4)}-${r.hex(2)}-${r.hex(2)}-${r.hex(2)}-${r.hex(6)}'`,
        },
        { type: 'VARCHAR(500) COMPRESSED', value: (r: Random) => quoteText('z'.repeat(r.int(0, 450))) },
        { type: 'BLOB COMPRESSED', value: (r: Random) => quoteText('y'.repeat(r.int(0, 900))) },
        { type: 'TINYTEXT COMPRESSED', value: (r: Random) => quoteText('c'.repeat(r.int(0, 200))) },
        { type: 'MEDIUMBLOB COMPRESSED', value: (r: Random) => quoteText('d'.repeat(r.int(0, 300))) },
        { type: 'VARBINARY(300) COMPRESSED', value: (r: Random) => quoteText('e'.repeat(r.int(0, 250))) },
        { type: 'VARCHAR(20) COMPRESSED', value: (r: Random) => quoteText('f'.repeat(r.int(0, 20))) },
        { type: 'TEXT COMPRESSED', value: (r: Random) => quoteText('ab'.repeat(r.int(0, 300))) },
      ]),
  },
];
