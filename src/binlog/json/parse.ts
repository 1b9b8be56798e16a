import { LimitError, UsageError } from '../../errors/index.ts';
import { limits } from '../limits.ts';
import { decimalNode } from './decimal-node.ts';
import { JsonInteger, type JsonNode, JsonObject } from './node.ts';

/**
 * Parses JSON text into the nodes MySQL would make of it: whole numbers are integers, unsigned from 2^32 (as its parser
 * tells them apart), any other number a double; the last of equal keys wins.
 *
 * @param decimals it was printed by MySQL: a number that a double would not be printed as is a decimal
 * @throws UsageError where the text is no JSON, LimitError where it is too deep
 */
export function parseJson(text: string, { decimals = false }: { decimals?: boolean } = {}): JsonNode {
  const parser = new Parser(text, decimals);
  const node = parser.value(1);
  parser.end();
  return node;
}

const words: readonly (readonly [word: string, node: JsonNode])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const SIGNED_LEAST = -(2n ** 63n);
const UNSIGNED_MOST = 2n ** 64n - 1n;

class Parser {
  readonly #text: string;
  readonly #decimals: boolean;
  #at = 0;

  constructor(text: string, decimals: boolean) {
    this.#text = text;
    this.#decimals = decimals;
  }

  value(depth: number): JsonNode {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') {
      if (depth > limits.jsonDepth) throw new LimitError(`JSON document is deeper than ${limits.jsonDepth}`);
      this.#at += 1;
      return first === '{' ? this.#object(depth) : this.#array(depth);
    }
    if (first === '"') return this.#string();
    for (const [word, node] of words) if (this.#take(word)) return node;
    return this.#number();
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail('text after the document');
  }

  #array(depth: number): JsonNode {
    const values: JsonNode[] = [];
    this.#space();
    if (this.#take(']')) return values;
    for (;;) {
      values.push(this.value(depth + 1));
      this.#space();
      if (this.#take(']')) return values;
      if (!this.#take(',')) this.#fail('neither , nor ]');
    }
  }

  #object(depth: number): JsonNode {
    const members = new Map<string, JsonNode>();
    this.#space();
    if (this.#take('}')) return new JsonObject([]);
    for (;;) {
      this.#space();
      const key = this.#string();
      this.#space();
      if (!this.#take(':')) this.#fail('no : after a key');
      members.set(key, this.value(depth + 1));
      this.#space();
      if (this.#take('}')) return sortedObject(members);
      if (!this.#take(',')) this.#fail('neither , nor }');
    }
  }

  #number(): JsonNode {
    const match = this.#match(number) ?? this.#fail('no value');
    const [text, fraction, exponent] = match;
    if (fraction === undefined && exponent === undefined) {
      const integer = BigInt(text);
      if (integer >= SIGNED_LEAST && integer <= UNSIGNED_MOST && text !== '-0') {
        const small = integer >= -0x8000_0000n && integer <= 0xffff_ffffn;
        return new JsonInteger(small ? Number(integer) : integer, integer > 0xffff_ffffn);
      }
    }
    return (this.#decimals && exponent === undefined ? decimalNode(text) : undefined) ?? Number(text);
  }

  #string(): string {
    const start = this.#at;
    if (!this.#take('"')) this.#fail('no string');
    for (
      let quote = this.#text.indexOf('"', this.#at);
      quote >= 0;
      quote = this.#text.indexOf('"', quote + 1)
    ) {
      let slash = quote;
      while (this.#text[slash - 1] === '\\') slash -= 1;
      if ((quote - slash) % 2 === 1) continue;
      this.#at = quote + 1;
      try {
        return JSON.parse(this.#text.slice(start, this.#at)) as string;
      } catch {
        this.#at = start;
        return this.#fail('no legal string');
      }
    }
    return this.#fail('a string without end');
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #space(): void {
    this.#match(space);
  }

  #fail(what: string): never {
    throw new UsageError(`not JSON: ${what} at character ${this.#at}`);
  }
}

function sortedObject(members: ReadonlyMap<string, JsonNode>): JsonObject {
  const keyed = [...members].map(([key, value]) => ({ key, bytes: Buffer.from(key), value }));
  keyed.sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes));
  return new JsonObject(keyed.map(({ key, value }) => [key, value] as const));
}
