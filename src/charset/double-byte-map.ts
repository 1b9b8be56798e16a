import { UsageError } from '../errors/index.ts';
import { doubleByteDifferences } from './double-byte-differences.ts';

/**
 * Double-byte codes ↔ UTF-16 code units, made on first use: the platform's decoder, completed where it lacks codes, then
 * the servers' differences. 0 means "nothing".
 */

const LEAD_FIRST = 0x81;
const LEAD_LAST = 0xfe;
const TRAIL_FIRST = 0x40;
const TRAIL_LAST = 0xfe;
const NEWLINE = 0x0a;
const REPLACEMENT_TEXT = '\ufffd';

/** What completes the platform's table, in the order it is applied. */
export interface DoubleByteSource {
  /** Label of the platform's decoder. */
  readonly label: string;
  /** Byte before every code. */
  readonly prefix?: number;
  readonly complete?: (units: Uint16Array) => void;
  /** Key of {@link doubleByteDifferences}. */
  readonly differences: string;
}

export function makeUnits(source: DoubleByteSource): Uint16Array {
  const units = new Uint16Array(0x1_0000);
  fillFromPlatform(units, source);
  source.complete?.(units);
  const differences = doubleByteDifferences[source.differences]!;
  for (const range of differences.undefined === '' ? [] : differences.undefined.split(' ')) {
    const first = Number.parseInt(range, 16);
    const last = range.length > 4 ? Number.parseInt(range.slice(5), 16) : first;
    units.fill(0, first, last + 1);
  }
  for (const item of differences.changed === '' ? [] : differences.changed.split(' ')) {
    const first = Number.parseInt(item.slice(0, 4), 16);
    for (let i = 4; i < item.length; i += 1) units[first + i - 4] = item.charCodeAt(i);
  }
  return units;
}

function fillFromPlatform(units: Uint16Array, source: DoubleByteSource): void {
  const decoder = platformDecoder(source.label);
  for (let lead = LEAD_FIRST; lead <= LEAD_LAST; lead += 1) {
    const row: number[] = [];
    for (let trail = TRAIL_FIRST; trail <= TRAIL_LAST; trail += 1) {
      if (source.prefix !== undefined) row.push(source.prefix);
      // A newline is no trail byte anywhere: it ends a code that is incomplete.
      row.push(lead, trail, NEWLINE);
    }
    for (const [i, text] of decoder.decode(Uint8Array.from(row)).split('\n').entries()) {
      if (text.length === 1 && text !== REPLACEMENT_TEXT) {
        units[(lead << 8) | (TRAIL_FIRST + i)] = text.charCodeAt(0);
      }
    }
  }
}

function platformDecoder(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch (cause) {
    throw new UsageError(`this Node.js has no decoder for ${label}`, {
      cause,
      hint: 'Use a Node.js with full ICU data.',
    });
  }
}

/** KS C 5601 → Unified Hangul: the syllables that are missing fill the free codes in the order of Unicode. */
export function completeHangul(units: Uint16Array): void {
  const known = new Set(units);
  let syllable = 0xac00;
  for (let lead = 0x81; lead <= 0xc6; lead += 1) {
    for (let trail = 0x41; trail <= (lead > 0xa0 ? 0xa0 : 0xfe); trail += 1) {
      if ((trail > 0x5a && trail < 0x61) || (trail > 0x7a && trail < 0x81)) continue;
      while (known.has(syllable)) syllable += 1;
      if (syllable > 0xd7a3) return;
      units[(lead << 8) | trail] = syllable;
      syllable += 1;
    }
  }
}

/** EUC: rows 0xF5 to 0xFE are for user-defined characters, which Unicode keeps in its private use area. */
export function completeUserDefined(units: Uint16Array, first: number): void {
  let unit = first;
  for (let lead = 0xf5; lead <= 0xfe; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
      units[(lead << 8) | trail] = unit;
      unit += 1;
    }
  }
}

/**
 * Code units → codes. Where a character has two codes the first one counts, unless `secondary` says that the code is not
 * the one to write.
 */
export function invertUnits(units: Uint16Array, secondary: (code: number) => boolean): Uint16Array {
  const codes = new Uint16Array(0x1_0000);
  for (let code = 0; code < units.length; code += 1) {
    const unit = units[code]!;
    if (unit === 0) continue;
    const known = codes[unit]!;
    if (known === 0 || secondary(known)) codes[unit] = code;
  }
  return codes;
}
