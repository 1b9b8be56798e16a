import { Token } from '../lexer.ts';
import { columnType } from './column-type.ts';
import type { ColumnDefault, ColumnDefinition } from './definition.ts';
import { references } from './foreign-key.ts';
import { introducedLiteral } from './introduced-literal.ts';
import type { DefinitionReader } from './reader.ts';

type Draft = { -readonly [Key in keyof ColumnDefinition]: ColumnDefinition[Key] };

/** Takes `name type attributes…`; the name may have been taken before. */
export function columnDefinition(
  reader: DefinitionReader,
  name: string = reader.columnName(),
): ColumnDefinition {
  const serial = reader.word === 'SERIAL';
  const column: Draft = {
    name,
    type: columnType(reader),
    nullable: !serial,
    default: undefined,
    autoIncrement: serial,
    generated: undefined,
    invisible: false,
    period: undefined,
    key: serial ? 'unique' : undefined,
    comment: '',
  };
  while (attribute(reader, column));
  return column;
}

/** Takes one attribute; false where the definition ends. */
function attribute(reader: DefinitionReader, column: Draft): boolean {
  const take = Object.hasOwn(attributes, reader.word) ? attributes[reader.word] : undefined;
  if (take === undefined) return false;
  reader.advance();
  take(reader, column);
  return true;
}

type Attribute = (reader: DefinitionReader, column: Draft) => void;

const collate: Attribute = (reader, column) => {
  column.type = { ...column.type, collation: reader.nameOrString().toLowerCase() };
};

const charset: Attribute = (reader, column) => {
  column.type = { ...column.type, charset: reader.nameOrString().toLowerCase() };
};

const option: Attribute = (reader) => {
  reader.acceptSymbol('=');
  reader.skipValue();
};

const generated: Attribute = (reader, column) => {
  if (reader.accept('ROW')) {
    column.period = reader.accept('START') ? 'start' : 'end';
    if (column.period === 'end') reader.expect('END');
    column.nullable = false;
    return;
  }
  column.expression = reader.parenthesized();
  column.generated = 'virtual';
};

const check: Attribute = (reader) => {
  reader.skipParentheses();
  reader.accept('NOT');
  reader.accept('ENFORCED');
};

/** By the first word, which has been taken. */
const attributes: Readonly<Record<string, Attribute>> = {
  NOT: (reader, column) => {
    if (reader.accept('NULL')) column.nullable = false;
    else reader.expect('SECONDARY');
  },
  NULL: (_reader, column) => {
    column.nullable = true;
    column.saysNull = true;
  },
  DEFAULT: (reader, column) => {
    column.default = columnDefault(reader);
  },
  ON: (reader, column) => {
    reader.expect('UPDATE');
    columnDefault(reader);
    column.onUpdate = true;
  },
  AUTO_INCREMENT: (_reader, column) => {
    column.autoIncrement = true;
    column.nullable = false;
  },
  // SERIAL DEFAULT VALUE
  SERIAL: (reader, column) => {
    reader.expect('DEFAULT', 'VALUE');
    column.autoIncrement = true;
    column.nullable = false;
    column.key ??= 'unique';
  },
  UNIQUE: (reader, column) => {
    reader.accept('KEY');
    column.key ??= 'unique';
  },
  PRIMARY: (reader, column) => {
    reader.accept('KEY');
    column.key = 'primary';
    column.nullable = false;
  },
  KEY: (_reader, column) => {
    column.key = 'primary';
    column.nullable = false;
  },
  COMMENT: (reader, column) => {
    column.comment = reader.string();
  },
  COLLATE: collate,
  CHARSET: charset,
  CHARACTER: (reader, column) => {
    reader.expect('SET');
    charset(reader, column);
  },
  GENERATED: (reader, column) => {
    reader.expect('ALWAYS', 'AS');
    generated(reader, column);
  },
  AS: generated,
  VIRTUAL: (_reader, column) => {
    column.generated = 'virtual';
  },
  STORED: (_reader, column) => {
    column.generated = 'stored';
  },
  PERSISTENT: (_reader, column) => {
    column.generated = 'stored';
  },
  VISIBLE: () => undefined,
  INVISIBLE: (_reader, column) => {
    column.invisible = true;
  },
  COMPRESSED: (reader) => {
    if (reader.acceptSymbol('=')) reader.skipValue();
  },
  COLUMN_FORMAT: option,
  STORAGE: option,
  ENGINE_ATTRIBUTE: option,
  SECONDARY_ENGINE_ATTRIBUTE: option,
  SRID: option,
  REF_SYSTEM_ID: option,
  WITH: (reader, column) => {
    reader.expect('SYSTEM', 'VERSIONING');
    column.systemVersioning = true;
  },
  WITHOUT: (reader) => reader.expect('SYSTEM', 'VERSIONING'),
  CONSTRAINT: (reader, column) => {
    if (reader.word !== 'CHECK') reader.name();
    if (reader.accept('CHECK')) check(reader, column);
  },
  CHECK: check,
  REFERENCES: (reader, column) => {
    const reference = references(reader);
    if (reader.flavor === 'mariadb') column.references = reference;
  },
};

const NOW = new Set(['CURRENT_TIMESTAMP', 'NOW', 'LOCALTIME', 'LOCALTIMESTAMP']);

/** Takes what follows DEFAULT. */
export function columnDefault(reader: DefinitionReader): ColumnDefault {
  const { lexer, word } = reader;
  if (reader.isString) return { kind: 'text', text: reader.string() };
  if (reader.isSymbol('(')) return { kind: 'expression', text: reader.parenthesized() };
  if (reader.isSymbol('-') || reader.isSymbol('+')) {
    const sign = lexer.text;
    reader.advance();
    return { kind: 'literal', text: sign + number(reader) };
  }
  if (lexer.token === Token.NUMBER || reader.isSymbol('.')) return { kind: 'literal', text: number(reader) };
  if (word === '') return reader.fail('a default');
  reader.advance();
  if (word === 'NULL') return { kind: 'null' };
  if (word === 'TRUE' || word === 'FALSE') return { kind: 'literal', text: word };
  if (NOW.has(word)) {
    let decimals = 0;
    if (reader.acceptSymbol('(')) {
      if (!reader.isSymbol(')')) decimals = reader.number();
      reader.expectSymbol(')');
    }
    return { kind: 'now', decimals };
  }
  if (word.startsWith('_') && !reader.isSymbol('(')) return introducedLiteral(reader, word);
  // b'01', x'1F', N'text', DATE '2024-01-01'
  if (reader.isString) {
    const text = reader.string();
    return word === 'B' || word === 'X'
      ? { kind: 'literal', text: `${word}'${text}'` }
      : { kind: 'text', text };
  }
  if (word === 'NEXT') reader.expect('VALUE', 'FOR');
  if (word === 'NEXT') reader.qualifiedName();
  if (reader.isSymbol('(')) return { kind: 'expression', text: `${word}(${reader.parenthesized()})` };
  return { kind: 'expression', text: word };
}

/** `12`, `1.5`, `.5`, `1e3`, `0x1F`: the lexer gives them in pieces. */
function number(reader: DefinitionReader): string {
  let text = '';
  while (
    reader.lexer.token === Token.NUMBER ||
    reader.isSymbol('.') ||
    (/e$/i.test(text) && (reader.isSymbol('-') || reader.isSymbol('+')))
  ) {
    text += reader.lexer.text;
    reader.advance();
  }
  return text === '' ? reader.fail('a number') : text;
}
