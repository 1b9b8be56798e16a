import type { IndexDefinition, IndexPart, TableChange } from './definition.ts';
import { foreignKey } from './foreign-key.ts';
import type { DefinitionReader } from './reader.ts';

const FIRST_WORDS = new Set([
  'INDEX',
  'KEY',
  'UNIQUE',
  'PRIMARY',
  'FULLTEXT',
  'SPATIAL',
  'VECTOR',
  'CONSTRAINT',
  'FOREIGN',
  'CHECK',
]);

/** Whether an index or a constraint begins here, and no column: these words must be quoted to be names. */
export const startsIndex = (reader: DefinitionReader): boolean => FIRST_WORDS.has(reader.word);

/** An index or a foreign key with the IF NOT EXISTS that MariaDB allows, as ALTER TABLE would add it. */
export type IndexClause = Extract<TableChange, { kind: 'addIndex' | 'addForeignKey' }>;

/** Takes an index or constraint of CREATE TABLE or ALTER TABLE … ADD; undefined for checks, which no replica needs. */
export function indexClause(reader: DefinitionReader): IndexClause | undefined {
  let constraint: string | undefined;
  if (reader.accept('CONSTRAINT')) {
    reader.ifNotExists();
    if (!startsIndex(reader)) constraint = reader.name();
  }
  if (reader.accept('CHECK')) {
    reader.skipParentheses();
    reader.accept('NOT');
    reader.accept('ENFORCED');
    return undefined;
  }
  if (reader.accept('FOREIGN')) {
    reader.expect('KEY');
    return { kind: 'addForeignKey', ...foreignKey(reader, constraint) };
  }
  return index(reader, kindOf(reader), constraint);
}

function kindOf(reader: DefinitionReader): IndexDefinition['kind'] {
  if (reader.accept('PRIMARY')) {
    reader.expect('KEY');
    return 'primary';
  }
  const kinds = { UNIQUE: 'unique', FULLTEXT: 'fulltext', SPATIAL: 'spatial', VECTOR: 'vector' } as const;
  for (const [word, kind] of Object.entries(kinds)) {
    if (!reader.accept(word)) continue;
    reader.accept('INDEX', 'KEY');
    return kind;
  }
  if (!reader.accept('INDEX', 'KEY')) reader.fail('an index');
  return 'index';
}

function index(
  reader: DefinitionReader,
  kind: IndexDefinition['kind'],
  constraint: string | undefined,
): IndexClause {
  const ifNotExists = reader.ifNotExists();
  let name = constraint;
  if (!reader.isSymbol('(') && reader.word !== 'USING' && reader.word !== 'TYPE') name = reader.name();
  usingType(reader);
  const { parts, withoutOverlaps } = indexParts(reader);
  indexOptions(reader);
  return {
    kind: 'addIndex',
    index: { kind, name: kind === 'primary' ? undefined : name, parts, withoutOverlaps },
    ifNotExists,
  };
}

export function usingType(reader: DefinitionReader): void {
  if (reader.accept('USING', 'TYPE')) reader.name();
}

export function indexParts(reader: DefinitionReader): { parts: IndexPart[]; withoutOverlaps: boolean } {
  const parts: IndexPart[] = [];
  let withoutOverlaps = false;
  reader.expectSymbol('(');
  do {
    if (reader.isSymbol('(')) {
      reader.parenthesized();
      parts.push({ column: undefined, prefix: undefined, descending: direction(reader) });
      continue;
    }
    const column = reader.columnName();
    let prefix: number | undefined;
    if (reader.acceptSymbol('(')) {
      prefix = reader.number();
      reader.expectSymbol(')');
    }
    if (reader.accept('WITHOUT')) {
      reader.expect('OVERLAPS');
      withoutOverlaps = true;
      continue;
    }
    parts.push({ column, prefix, descending: direction(reader) });
  } while (reader.acceptSymbol(','));
  reader.expectSymbol(')');
  return { parts, withoutOverlaps };
}

function direction(reader: DefinitionReader): boolean {
  if (reader.accept('DESC')) return true;
  reader.accept('ASC');
  return false;
}

const VALUE_OPTIONS = [
  'KEY_BLOCK_SIZE',
  'COMMENT',
  'ENGINE_ATTRIBUTE',
  'SECONDARY_ENGINE_ATTRIBUTE',
  'CLUSTERING',
  'M',
  'DISTANCE',
];
const FLAGS = ['VISIBLE', 'INVISIBLE', 'IGNORED'];

function indexOptions(reader: DefinitionReader): void {
  for (;;) {
    if (reader.word === 'USING' || reader.word === 'TYPE') usingType(reader);
    else if (reader.accept('WITH')) {
      reader.expect('PARSER');
      reader.name();
    } else if (reader.accept(...VALUE_OPTIONS)) {
      reader.acceptSymbol('=');
      reader.skipValue();
    } else if (reader.accept('NOT')) reader.expect('IGNORED');
    else if (!reader.accept(...FLAGS)) return;
  }
}
