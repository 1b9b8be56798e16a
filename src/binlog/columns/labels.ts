import { textOf } from './text-value.ts';

const MOST_JOINED = 1024;

/** The members of an ENUM or SET column as text. */
export class Labels {
  readonly members: readonly Buffer[] | undefined;
  /** Null where the log does not list them or they are no text. */
  readonly texts: readonly string[] | null;
  readonly hasEmpty: boolean;
  /** Texts of SETs of one to four bytes by their bits: rows mostly repeat a few of them. */
  readonly #joined = new Map<number, string | bigint>();

  constructor(members: readonly Buffer[] | undefined, charset: string | undefined) {
    this.members = members;
    const texts = members?.map((member) => textOf(member, charset));
    this.texts = texts === undefined || texts.some((text) => text === undefined) ? null : (texts as string[]);
    this.hasEmpty = this.texts?.includes('') ?? false;
  }

  /** The members of a SET, joined; the bits where they cannot be told by names. */
  joined(bits: bigint): string | bigint {
    const { texts } = this;
    // An empty member cannot be told from no member, nor can a bit without a name: those stay a number.
    if (texts === null || this.hasEmpty || bits >> BigInt(texts.length) !== 0n) return bits;
    return texts.filter((_, index) => (bits & (1n << BigInt(index))) !== 0n).join(',');
  }

  /** As {@link joined}, of bits that fit into 32. */
  joinedSmall(bits: number): string | bigint {
    let text = this.#joined.get(bits);
    if (text === undefined) {
      text = this.joined(BigInt(bits));
      if (this.#joined.size < MOST_JOINED) this.#joined.set(bits, text);
    }
    return text;
  }
}
