import { FormatError } from '../../errors/index.ts';
import type { ColumnType } from './definition.ts';
import { int24, long, longlong, short, tiny } from './integer.ts';
import { noMeta } from './meta.ts';

/** Every column type. A new one is a file and a line here. */
const types: readonly ColumnType[] = [tiny, short, int24, long, longlong];

const byCode: (ColumnType | undefined)[] = Array.from({ length: 256 }, () => undefined);
for (const type of types) byCode[type.code] = type;

function unknownType(code: number): ColumnType {
  const refuse = (): never => {
    throw new FormatError(`column type ${code} is unknown, its values have no known length`);
  };
  return { code, name: `type ${code}`, ...noMeta, skip: refuse, read: refuse, write: refuse };
}

/** The type behind a code. An unknown one has no metadata, as the servers assume, and refuses to read values. */
export function columnTypeOf(code: number): ColumnType {
  return (byCode[code] ??= unknownType(code));
}
