import type { ParsedArguments } from '../../../options/index.ts';

/** Typed access to parsed values by option name. */
export class Values {
  readonly #parsed: ParsedArguments;

  constructor(parsed: ParsedArguments) {
    this.#parsed = parsed;
  }

  on(name: string): boolean {
    return this.#parsed.values.get(name) === true;
  }

  isGiven(name: string): boolean {
    return this.#parsed.given.has(name);
  }

  /** A switch that has no default: undefined when it was not given. */
  switch(name: string): boolean | undefined {
    return this.#parsed.given.has(name) ? this.on(name) : undefined;
  }

  text(name: string): string | undefined {
    const value = this.#parsed.values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** One of a choice's words. The table guarantees that it is one of `Word`. */
  word<Word extends string>(name: string): Word | undefined {
    return this.text(name) as Word | undefined;
  }

  integer(name: string): bigint {
    const value = this.#parsed.values.get(name);
    return typeof value === 'bigint' ? value : 0n;
  }

  number(name: string): number {
    return Number(this.integer(name));
  }

  /** MySQL's byte position, its default where none was given; undefined where GTIDs stand instead, or MariaDB's text. */
  position(name: string): bigint | undefined {
    const value = this.#parsed.values.get(name);
    return typeof value === 'bigint' ? value : undefined;
  }
}

const LAST_POSITION = BigInt(Number.MAX_SAFE_INTEGER);

/** A position that a file can have; others are as good as none. */
export function filePosition(position: bigint | undefined): number | undefined {
  return position === undefined || position > LAST_POSITION ? undefined : Number(position);
}

/** The last position that fits into a request for a dump. */
export const LAST_REMOTE_POSITION = 0xffff_ffffn;

/** Where to begin: behind the end of any file, where no file can have the position. */
export function beginPosition(position: bigint, isRemote: boolean): number {
  const last = isRemote ? LAST_REMOTE_POSITION : LAST_POSITION;
  return Number(position > last ? last : position);
}
