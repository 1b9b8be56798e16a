import type { TextOutput } from './text-output.ts';

const BACKTICK = 0x60;

/** A name in backticks, those inside it doubled. */
export function writeIdentifier(out: TextOutput, name: Uint8Array): void {
  out.byte(BACKTICK);
  for (let i = 0; i < name.length; i += 1) {
    const byte = name[i]!;
    if (byte === BACKTICK) out.byte(BACKTICK);
    out.byte(byte);
  }
  out.byte(BACKTICK);
}

/** A name in backticks, just as it is: mysqlbinlog's comments do not double them. */
export function writeIdentifierRaw(out: TextOutput, name: Uint8Array): void {
  out.byte(BACKTICK);
  out.bytes(name);
  out.byte(BACKTICK);
}
