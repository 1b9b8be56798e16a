import { ColumnCode } from '../../../binlog/index.ts';
import type { Charset } from '../../../charset/index.ts';

const geometryNames = [
  'GEOMETRY',
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMETRYCOLLECTION',
] as const;
const sizes = [undefined, 'TINY', '', 'MEDIUM', 'LONG'] as const;

/** What a type's name is made of. */
interface TypeSource {
  /** Two bytes of type metadata, of which the type may use fewer; beyond the last they are zero. */
  readonly first: number;
  readonly second: number;
  /** Undefined for byte strings, and where the character set is not known. */
  readonly charset: Charset | undefined;
  readonly geometryType: number;
}

interface TypeName {
  /** Bytes of type metadata. */
  readonly metaBytes: number;
  readonly name: (source: TypeSource) => string;
}

const plain = (name: string, metaBytes = 0): TypeName => ({ metaBytes, name: () => name });

const fractional = (name: string): TypeName => ({
  metaBytes: 1,
  name: ({ first }) => (first === 0 ? name : `${name}(${first})`),
});

/** Bytes of the longest value as characters; byte strings and columns of unknown character set count bytes. */
function stringName(text: string, binary: string, length: (source: TypeSource) => number): TypeName {
  return {
    metaBytes: 2,
    name: (source) =>
      source.charset === undefined
        ? `${binary}(${length(source)})`
        : `${text}(${Math.floor(length(source) / source.charset.maxBytes)})`,
  };
}

const varchar = stringName('VARCHAR', 'VARBINARY', ({ first, second }) => first + second * 256);

/** Types as SQL writes them. Those that are not here the original has no name for. */
export const typeNames: Readonly<Record<number, TypeName>> = {
  [ColumnCode.TINY]: plain('TINYINT'),
  [ColumnCode.SHORT]: plain('SMALLINT'),
  [ColumnCode.INT24]: plain('MEDIUMINT'),
  [ColumnCode.LONG]: plain('INT'),
  [ColumnCode.LONGLONG]: plain('BIGINT'),
  [ColumnCode.NEWDECIMAL]: {
    metaBytes: 2,
    name: ({ first, second }) => `DECIMAL(${first},${second})`,
  },
  [ColumnCode.FLOAT]: plain('FLOAT', 1),
  [ColumnCode.DOUBLE]: plain('DOUBLE', 1),
  [ColumnCode.BIT]: { metaBytes: 2, name: ({ first, second }) => `BIT(${first + second * 8})` },
  [ColumnCode.YEAR]: plain('YEAR'),
  [ColumnCode.DATE]: plain('DATE'),
  [ColumnCode.NEWDATE]: plain('DATE'),
  [ColumnCode.TIME2]: fractional('TIME'),
  [ColumnCode.DATETIME2]: fractional('DATETIME'),
  [ColumnCode.TIMESTAMP2]: fractional('TIMESTAMP'),
  [ColumnCode.ENUM]: plain('ENUM', 2),
  [ColumnCode.SET]: plain('SET', 2),
  [ColumnCode.BLOB]: {
    metaBytes: 1,
    name({ first, charset }) {
      const kind = charset === undefined ? 'BLOB' : 'TEXT';
      const size = sizes[first];
      return size === undefined ? `INVALID_${kind}(${first})` : `${size}${kind}`;
    },
  },
  [ColumnCode.VARCHAR]: varchar,
  [ColumnCode.VAR_STRING]: varchar,
  // Bits of the length's third digit stand, inverted, in the type's byte.
  [ColumnCode.STRING]: stringName(
    'CHAR',
    'BINARY',
    ({ first, second }) => (((first & 0x30) ^ 0x30) << 4) | second,
  ),
  [ColumnCode.GEOMETRY]: {
    metaBytes: 1,
    name: ({ geometryType }) => geometryNames[geometryType] ?? `INVALID_GEOMETRY_TYPE(${geometryType})`,
  },
};
