import type { ServerError } from '../../../errors/index.ts';
import { quoteName } from '../../../sql/index.ts';

/** ER_TABLE_EXISTS_ERROR. */
const TABLE_EXISTS = 1050;

const NAME = '`((?:[^`]|``)+)`';
/** A name of two parts, and behind it what it is, as a comment: `Partition`, in the server's language, its name, perhaps a subpartition's. */
const PARTITION = new RegExp(String.raw`${NAME}\.${NAME} /\* \S+ ${NAME}(?:, \S+ ${NAME})? \*/`);

/** What file names hold as it is; other characters of ASCII are their code behind an `@`. */
const PLAIN = /^[\0-\x7f]+$/;
const fileName = (name: string): string =>
  name
    .replaceAll('``', '`')
    .replaceAll(/\W/g, (character) => `@${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * MariaDB makes the partitions of a table one after the other. Killed meanwhile, it comes back with some of a table that it does not know:
 * CREATE TABLE says that it exists, DROP TABLE that it does not. But a partition is dropped by the name of its file.
 *
 * @param error of a CREATE TABLE that a kill may have cut, of a table that is not there
 * @returns the statement that drops the partition it stumbled over; undefined: it is another error
 */
export function dropLeftoverPartition({ errno, message }: ServerError): string | undefined {
  const [, schema, ...found] = (errno === TABLE_EXISTS ? PARTITION.exec(message) : null) ?? [];
  const names = found.filter((name) => name !== undefined);
  if (schema === undefined || !names.every((name) => PLAIN.test(name))) return undefined;
  const [table, partition, subpartition] = names.map(fileName);
  const file = `${table}#P#${partition}${subpartition === undefined ? '' : `#SP#${subpartition}`}`;
  return `DROP TABLE ${quoteName(schema.replaceAll('``', '`'))}.${quoteName(`#mysql50#${file}`)}`;
}
