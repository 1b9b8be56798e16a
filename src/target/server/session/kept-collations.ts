import { charsetOfCollation, collationId, collationName } from '../../../charset/index.ts';

/** MySQL's default since 8.0, by the nearest that a server of MariaDB has: blanks at the end of a text count in it. */
const OF_MYSQL_8 =
  "SUBSTRING_INDEX(CONCAT(/*M!101001 'utf8mb4_uca1400_nopad_ai_ci,', */ 'utf8mb4_unicode_520_nopad_ci'), ',', 1)";

/** `utf8mb4_0900_ai_ci` */
const ID_OF_MYSQL_8 = 255;

/** Character sets whose default MariaDB has changed since it parted from MySQL. */
const PARTED = ['utf8mb3', 'ucs2', 'utf16', 'utf32'];

/**
 * What texts of MySQL compare by where a definition does not say it, for a session of MariaDB: by its own defaults, texts would be equal that
 * are not at the source.
 *
 * @param server the collation of the source's session for new schemas
 * @param ofUtf8mb4 the one that `utf8mb4` meant to it; undefined: before 8.0
 */
export function keptCollations(
  server: number | undefined,
  ofUtf8mb4: number | undefined,
): Readonly<Record<string, string>> {
  const others = PARTED.map((name) => `${name}=${name}_general_ci`).join(',');
  return {
    character_set_collations: `CONCAT('${others},utf8mb4=', ${ofUtf8mb4 === ID_OF_MYSQL_8 ? OF_MYSQL_8 : "'utf8mb4_general_ci'"})`,
    ...(server === undefined ? {} : { collation_server: collationOf(server) }),
  };
}

function collationOf(id: number): string {
  if (id === ID_OF_MYSQL_8) return OF_MYSQL_8;
  const name = collationName(id, 'mysql');
  if (name !== undefined && !name.includes('_0900_') && collationId(name, 'mariadb') === id)
    return String(id);
  const charset = charsetOfCollation(id, 'mysql')?.name ?? 'utf8mb4';
  return `'${charset === 'gb18030' ? 'utf8mb4' : charset}_bin'`;
}
