import type { Flavor } from '../../charset/index.ts';
import { FormatError } from '../../errors/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import { SqlLexer, Token } from '../../sql/index.ts';

/** Longest GTID set, or list, that is believed: a million gaps. */
const MOST_TEXT = 64 * 1024 * 1024;

/** Modes of dumps that are meant for somebody else. */
const OTHER_DATABASES = /\b(ANSI|ORACLE|MSSQL|DB2|MAXDB|POSTGRESQL|MYSQL323|MYSQL40|NO_TABLE_OPTIONS)\b/i;

/** What a dump says of itself, in comments and settings: where it was taken, of what, and how its texts are to be read. */
export class DumpFacts {
  /** Of the server that was dumped. */
  flavor: Flavor = 'mysql';
  version = '';
  /** Where a dump of one schema belongs that does not say `USE`. */
  schema = '';
  /** `character_set_client`: what its texts are in. Undefined: it does not say. */
  charset: string | undefined;
  /** `time_zone`; undefined: that of the session that will load it. */
  timeZone: string | undefined;
  escapes = true;
  /** Comments are there, so that its end will say so too. */
  isCommented = false;
  isComplete = false;
  #namesCharset: string | undefined;
  #file: string | undefined;
  #position: number | undefined;
  #mysqlGtids: string | undefined;
  #mariadbGtids: string | undefined;

  /** The place between two transactions that the dump shows; undefined: it does not say. */
  get place(): SourcePosition | undefined {
    const gtids = this.#mysqlGtids ?? this.#mariadbGtids;
    const isPlace = this.#file !== undefined && this.#position !== undefined;
    if (!isPlace && gtids === undefined) return undefined;
    return {
      ...(isPlace ? { file: this.#file!, position: this.#position! } : {}),
      ...(gtids === undefined ? {} : { gtids }),
    };
  }

  /** A comment, marks and all: the heading, and settings that are only shown (`--source-data=2`). */
  comment(text: string): void {
    const line = text.replace(/^(--|#|\/\*)\s*/, '').replace(/(?<!\s)\s*\*\/$/, '');
    if (text.startsWith('/*M!')) this.flavor = 'mariadb';
    if (/^(MySQL|MariaDB) dump /.test(line)) {
      this.isCommented = true;
      if (line.startsWith('Maria')) this.flavor = 'mariadb';
    }
    const version = /^Server version\s+(\S+)/.exec(line)?.[1];
    if (version !== undefined) {
      this.version = version;
      this.flavor = /mariadb/i.test(version) ? 'mariadb' : 'mysql';
    }
    const schema = /^Host: .*?Database: (.+)$/.exec(line)?.[1];
    if (schema !== undefined) this.schema = schema;
    if (line.startsWith('Dump completed')) this.isComplete = true;
    if (/^(CHANGE|SET)\s/.test(line)) this.#place(plain(Buffer.from(line), this.flavor));
  }

  /** A statement of settings: `SET …`, `CHANGE MASTER TO …`, `USE …` is none. */
  setting(sql: Buffer): void {
    if (sql.length > MOST_TEXT) throw new FormatError('a setting of the dump is longer than 64 MB');
    const text = plain(sql, this.flavor);
    this.#place(text);
    if (!/^SET /i.test(text)) return;
    const names = /^SET NAMES '?(\w+)/i.exec(text)?.[1]?.toLowerCase();
    if (names !== undefined) this.charset = this.#namesCharset = names;
    const client = /^SET character_set_client = (\S+)/i.exec(text)?.[1]?.toLowerCase();
    if (client !== undefined)
      this.charset = client.startsWith('@') ? this.#namesCharset : client.replaceAll("'", '');
    const zone = /(?:^SET|,) TIME_ZONE = (\S+)/i.exec(text)?.[1];
    if (zone !== undefined && !zone.startsWith('@')) this.timeZone = zone.replaceAll("'", '');
    const mode = /(?:^SET|,) SQL_MODE = ('[^']*'|\S+)/i.exec(text)?.[1];
    if (mode === undefined) return;
    this.escapes = !/NO_BACKSLASH_ESCAPES/i.test(mode);
    if (!OTHER_DATABASES.test(mode)) return;
    throw new FormatError(
      'the dump was made with --compatible, which leaves out the character sets of its tables',
      {
        hint: 'Make it without.',
      },
    );
  }

  #place(text: string): void {
    if (/^CHANGE /i.test(text)) {
      const file = /(?:SOURCE|MASTER)_LOG_FILE = '([^']+)'/i.exec(text)?.[1];
      const position = /(?:SOURCE|MASTER)_LOG_POS = (\d+)/i.exec(text)?.[1];
      if (file === undefined || position === undefined) return;
      if (this.#file !== undefined && (this.#file !== file || this.#position !== Number(position))) {
        throw new FormatError('the dump names several positions', {
          hint: 'It is of a replica of several sources: say with --from where to begin.',
        });
      }
      this.#file = file;
      this.#position = Number(position);
      return;
    }
    const mysql = /GTID_PURGED = (?:'\+' )?'\+?([^']*)'/i.exec(text)?.[1];
    if (mysql !== undefined) this.#mysqlGtids = mysql.replaceAll(/\s|\\n/g, '');
    const mariadb = /gtid_slave_pos = '([^']*)'/i.exec(text)?.[1];
    if (mariadb !== undefined && mariadb !== '') this.#mariadbGtids = mariadb;
  }
}

/** A statement's words with a blank between them, comments left out. */
function plain(sql: Buffer, flavor: Flavor): string {
  const lexer = new SqlLexer(sql, { flavor });
  const words: string[] = [];
  while (lexer.next() !== Token.END) words.push(lexer.text);
  return words.join(' ');
}
