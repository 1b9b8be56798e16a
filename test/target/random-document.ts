import type { Random } from '../differential/random.ts';

/** SQL of MySQL's for random JSON values, and what UPDATE statements do to them. */
export class RandomDocument {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** An expression whose value is in a document what it is outside of it. */
  scalar(): string {
    const random = this.#random;
    const day = `${random.pick(['1000', '1970', '2024', '2037', '9999'])}-0${random.int(1, 9)}-1${random.int(0, 9)}`;
    const time = `${random.int(0, 23)}:${random.int(10, 59)}:${random.int(10, 59)}.${random.int(0, 999_999)}`;
    const scale = random.int(0, 30);
    const digits = random.int(Math.max(scale, 1), 65);
    return random.pick([
      () => String(random.int(-70_000, 70_000)),
      () => `CAST(${random.int(0, 9)} AS UNSIGNED)`,
      () =>
        random.pick([
          '4294967296',
          '-9223372036854775808',
          '18446744073709551615',
          'CAST(1 AS SIGNED) << 40',
        ]),
      () => `CAST(${random.pick(['4294967296', '9223372036854775807'])} AS SIGNED)`,
      () => `${random.int(-999, 999)}.${random.int(0, 9999)}e${random.int(-300, 300)}`,
      () => random.pick(['0e0', '-0e0', '1e15', '0.1e0', '123456789012345e0', '5e-324']),
      () =>
        `CAST(${random.int(-99, 99)}.${random.int(0, 99_999)} AS DECIMAL(${digits}, ${Math.min(scale, digits)}))`,
      () => '-98765432109876543210987654321.012345678901234567890123456789',
      () => `CAST('${day}' AS DATE)`,
      () => `CAST('${day} ${time}' AS DATETIME(${random.int(0, 6)}))`,
      () => `CAST('${random.pick(['', '-'])}${random.pick(['', '7'])}${time}' AS TIME(${random.int(0, 6)}))`,
      () => "CAST('0000-00-00' AS DATE)",
      () => `x'${random.hex(random.int(0, 90))}'`,
      () =>
        `(SELECT ${random.pick(['bi', 'tb', 'bl', 'mb', 'lb', 'fb', 'ts', 'tn', 'dc', 'ye', 'en', 'ge'])} FROM kinds)`,
      () => `CAST('${random.pick(['true', 'false', 'null'])}' AS JSON)`,
      () => random.pick(["''", "'a\\\\\"b'", "'é\\n€ 𝄞'", "'1.50'", "REPEAT('long ', 60)"]),
    ])();
  }

  value(depth: number): string {
    const random = this.#random;
    if (depth <= 0 || random.chance(0.3)) return this.scalar();
    if (random.chance(0.5))
      return `JSON_ARRAY(${random.times(0, 5, () => this.value(depth - 1)).join(', ')})`;
    const members = random.times(0, 5, () => `${quoted(this.#key())}, ${this.value(depth - 1)}`);
    return `JSON_OBJECT(${members.join(', ')})`;
  }

  /** As a whole; a scalar too. */
  whole(depth: number): string {
    return `JSON_EXTRACT(JSON_ARRAY(${this.value(depth)}), '$[0]')`;
  }

  #key(): string {
    return this.#random.pick(['a', 'b', 'cc', 'd d', '', 'e"f', 'ü', 'x', 'zzz', "g'h", 'i\\j', '0']);
  }

  /** A place that a document may have, and sometimes has. */
  #path(): string {
    const legs = this.#random.times(1, 3, () =>
      this.#random.chance(0.5) ? `[${this.#random.int(0, 5)}]` : `.${JSON.stringify(this.#key())}`,
    );
    return quoted(`$${legs.join('')}`);
  }

  /** What the server logs as steps where they are shorter than the document. */
  change(column: string): string {
    const random = this.#random;
    let changed = column;
    for (let left = random.int(1, 3); left > 0; left -= 1) {
      const verb = random.pick(['JSON_SET', 'JSON_SET', 'JSON_REPLACE', 'JSON_REMOVE']);
      const places = random.times(1, random.chance(0.05) ? 80 : 4, () =>
        verb === 'JSON_REMOVE' ? this.#path() : `${this.#path()}, ${this.value(1)}`,
      );
      changed = `${verb}(${changed}, ${places.join(', ')})`;
    }
    return changed;
  }
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
