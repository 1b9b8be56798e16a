import type { TableOptions } from './definition.ts';
import type { DefinitionReader } from './reader.ts';

export const NO_OPTIONS: TableOptions = {
  charset: undefined,
  collation: undefined,
  engine: undefined,
  systemVersioning: false,
};

/** Options of one word whose value no replica needs. Storage engines of MariaDB add their own, so any `word = value` passes too. */
const VALUED = new Set(
  `AUTOEXTEND_SIZE AUTO_INCREMENT AVG_ROW_LENGTH CHECKSUM COMMENT COMPRESSION CONNECTION DELAY_KEY_WRITE ENCRYPTION
  ENCRYPTED ENCRYPTION_KEY_ID ENGINE_ATTRIBUTE IETF_QUOTES INSERT_METHOD ITEF_QUOTES KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS PACK_KEYS
  PAGE_CHECKSUM PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL PASSWORD ROW_FORMAT SECONDARY_ENGINE SECONDARY_ENGINE_ATTRIBUTE SEQUENCE
  STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES STORAGE TABLESPACE TABLE_CHECKSUM TRANSACTIONAL UNION`.split(
    /\s+/,
  ),
);

/** Takes one option of a table; undefined where none is at hand. */
export function tableOption(reader: DefinitionReader): Partial<TableOptions> | undefined {
  const { word } = reader;
  if (word === 'DEFAULT') {
    reader.advance();
    if (!['CHARACTER', 'CHARSET', 'COLLATE', 'ENCRYPTION'].includes(reader.word))
      reader.fail('CHARACTER SET or COLLATE');
    return tableOption(reader);
  }
  if (word === 'CHARACTER' || word === 'CHAR' || word === 'CHARSET') {
    reader.advance();
    if (word !== 'CHARSET') reader.expect('SET');
    return { charset: value(reader) };
  }
  if (reader.accept('COLLATE')) return { collation: value(reader) };
  if (reader.accept('ENGINE', 'TYPE')) return { engine: value(reader) };
  if (word === 'DATA' || word === 'INDEX') {
    reader.advance();
    reader.expect('DIRECTORY');
    skipOption(reader);
    return {};
  }
  if (reader.accept('WITH')) {
    reader.expect('SYSTEM', 'VERSIONING');
    return { systemVersioning: true };
  }
  if (reader.acceptPhrase('START', 'TRANSACTION')) return {};
  if (VALUED.has(word)) {
    reader.advance();
    skipOption(reader);
    if (word === 'TABLESPACE' && reader.accept('STORAGE')) reader.skipValue();
    return {};
  }
  // Engines of MariaDB name their own, mostly in quotes.
  if (reader.flavor === 'mariadb' && reader.isQuotedName) {
    reader.name();
    skipOption(reader);
    return {};
  }
  return undefined;
}

function value(reader: DefinitionReader): string {
  reader.acceptSymbol('=');
  return reader.nameOrString().toLowerCase();
}

function skipOption(reader: DefinitionReader): void {
  reader.acceptSymbol('=');
  reader.skipValue();
}

/** Takes all options at hand, commas between them or none. */
export function tableOptions(reader: DefinitionReader): TableOptions {
  let options = NO_OPTIONS;
  for (;;) {
    const option = tableOption(reader);
    if (option === undefined) return options;
    options = { ...options, ...option };
    reader.acceptSymbol(',');
  }
}
