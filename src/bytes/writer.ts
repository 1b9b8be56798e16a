/**
 * Writes little-endian fields into one growing buffer: the mirror of {@link Cursor}.
 *
 * A writer is reused: {@link reset} keeps the memory. {@link view} borrows the bytes, {@link take} owns a copy.
 */
export class Writer {
  length = 0;
  #bytes: Buffer;
  #view: DataView;

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  reset(): this {
    this.length = 0;
    return this;
  }

  /** The bytes so far; valid until the next write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  /** A copy of the bytes so far. */
  take(): Buffer {
    return Buffer.from(this.view());
  }

  u8(value: number): void {
    const at = this.reserve(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.reserve(2);
    this.#view.setUint16(at, value, true);
  }

  u24(value: number): void {
    const at = this.reserve(3);
    this.#view.setUint16(at, value & 0xffff, true);
    this.#view.setUint8(at + 2, value >>> 16);
  }

  u32(value: number): void {
    const at = this.reserve(4);
    this.#view.setUint32(at, value, true);
  }

  u48(value: number): void {
    const at = this.reserve(6);
    this.#view.setUint32(at, value % 0x1_0000_0000, true);
    this.#view.setUint16(at + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  u56(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    const at = this.reserve(7);
    this.#view.setUint32(at, value % 0x1_0000_0000, true);
    this.#view.setUint16(at + 4, high & 0xffff, true);
    this.#view.setUint8(at + 6, high >>> 16);
  }

  u64(value: bigint): void {
    const at = this.reserve(8);
    this.#view.setBigUint64(at, value, true);
  }

  i64(value: bigint): void {
    const at = this.reserve(8);
    this.#view.setBigInt64(at, value, true);
  }

  f32(value: number): void {
    const at = this.reserve(4);
    this.#view.setFloat32(at, value, true);
  }

  f64(value: number): void {
    const at = this.reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  u16be(value: number): void {
    const at = this.reserve(2);
    this.#view.setUint16(at, value, false);
  }

  u32be(value: number): void {
    const at = this.reserve(4);
    this.#view.setUint32(at, value, false);
  }

  /** `length` (0 to 8) big-endian bytes. */
  uintBe(value: bigint, length: number): void {
    for (let shift = (length - 1) * 8; shift >= 0; shift -= 8)
      this.u8(Number((value >> BigInt(shift)) & 0xffn));
  }

  /** A size or position in a 64-bit field. */
  offset(value: number): void {
    const at = this.reserve(8);
    this.#view.setUint32(at, value % 0x1_0000_0000, true);
    this.#view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  lenenc(value: number): void {
    if (value < 251) this.u8(value);
    else if (value < 0x1_0000) {
      this.u8(252);
      this.u16(value);
    } else if (value < 0x100_0000) {
      this.u8(253);
      this.u24(value);
    } else {
      this.u8(254);
      this.offset(value);
    }
  }

  lenenc64(value: bigint): void {
    if (value < 0x100_0000n) this.lenenc(Number(value));
    else {
      this.u8(254);
      this.u64(value);
    }
  }

  bytes(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  latin1(text: string): void {
    const at = this.reserve(text.length);
    this.#bytes.write(text, at, 'latin1');
  }

  utf8(text: string): void {
    const size = Buffer.byteLength(text);
    const at = this.reserve(size);
    this.#bytes.write(text, at, 'utf8');
  }

  zeros(count: number): void {
    const at = this.reserve(count);
    this.#bytes.fill(0, at, at + count);
  }

  /** Overwrites a u32 written earlier. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** Makes room for `count` more bytes and returns where they start. */
  reserve(count: number): number {
    const at = this.length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.length = needed;
    return at;
  }
}
