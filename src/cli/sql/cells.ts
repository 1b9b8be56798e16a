/**
 * Characters of U+0000 to U+FFFF that take two columns of a terminal, as pairs of first and last: measured with the tables that mysql 9.7
 * prints. It counts none at all for what is beyond U+FFFF and for bytes that are no UTF-8.
 */
const WIDE: readonly number[] = [
  0x1100, 0x1159, 0x115f, 0x115f, 0x2329, 0x232a, 0x2e80, 0x2e99, 0x2e9b, 0x2ef3, 0x2f00, 0x2fd5, 0x2ff0,
  0x2ffb, 0x3000, 0x303e, 0x3041, 0x3096, 0x3099, 0x30ff, 0x3105, 0x312c, 0x3131, 0x318e, 0x3190, 0x31b7,
  0x31f0, 0x321e, 0x3220, 0x3243, 0x3250, 0x327d, 0x327f, 0x32fe, 0x3300, 0x4db5, 0x4e00, 0x9fa5, 0xa000,
  0xa48c, 0xa490, 0xa4c6, 0xac00, 0xd7a3, 0xf900, 0xfa2d, 0xfa30, 0xfa6a, 0xfe30, 0xfe52, 0xfe54, 0xfe66,
  0xfe68, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6,
];

function isWide(character: number): boolean {
  for (let i = 0; i < WIDE.length && WIDE[i]! <= character; i += 2)
    if (character <= WIDE[i + 1]!) return true;
  return false;
}

const FIRST_BEYOND_ASCII = /[\x80-\xff]/;

/** How many columns of a terminal mysql takes bytes for that should be UTF-8. `text` holds a byte in each character. */
export function cellsOf(text: string): number {
  if (!FIRST_BEYOND_ASCII.test(text)) return text.length;
  let cells = 0;
  for (let i = 0; i < text.length; ) {
    const [character, length] = characterAt(text, i);
    i += length;
    if (character >= 0) cells += isWide(character) ? 2 : 1;
  }
  return cells;
}

/** A character of three bytes at most, or -1, and how many bytes it takes. */
function characterAt(text: string, at: number): readonly [character: number, length: number] {
  const first = text.charCodeAt(at);
  if (first < 0x80) return [first, 1];
  const second = following(text, at + 1);
  if (first >= 0xc2 && first < 0xe0 && second >= 0) return [((first & 0x1f) << 6) | second, 2];
  if (first < 0xe0 || first > 0xef || second < 0) return [-1, 1];
  const third = following(text, at + 2);
  const character = ((first & 0x0f) << 12) | (second << 6) | third;
  const isSurrogate = character >= 0xd800 && character < 0xe000;
  return third < 0 || character < 0x800 || isSurrogate ? [-1, 1] : [character, 3];
}

function following(text: string, at: number): number {
  const byte = text.charCodeAt(at);
  return byte >= 0x80 && byte < 0xc0 ? byte & 0x3f : -1;
}
