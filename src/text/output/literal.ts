/** Bytes that are written again and again: kept as 4-byte words, so that {@link TextOutput.literal} needs few stores. */
export class Literal {
  /** Little-endian words, the last one padded with zeros. */
  readonly words: Int32Array;
  readonly length: number;
  readonly bytes: Uint8Array;

  /** A string stands for its characters as latin1 bytes. */
  constructor(text: string | Uint8Array) {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
    this.bytes = bytes;
    this.length = bytes.length;
    this.words = new Int32Array((bytes.length + 3) >> 2);
    for (let i = 0; i < bytes.length; i += 1) this.words[i >> 2]! |= bytes[i]! << ((i & 3) * 8);
  }

  /** This one and another behind it. */
  with(next: Literal): Literal {
    return new Literal(Buffer.concat([this.bytes, next.bytes]));
  }
}
