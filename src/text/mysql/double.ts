import { writeGeneral } from '../output/c-format.ts';
import type { TextOutput } from '../output/text-output.ts';

/** A double of a user variable: `%.14g`. */
export function writeReal(out: TextOutput, value: number): void {
  writeGeneral(out, value, 14);
}
