import { ServerError } from '../../errors/index.ts';
import type { TableReference } from './query-context.ts';

/** ER_NO_DB_ERROR */
export const noSchema = (): ServerError => new ServerError(1046, '3D000', 'No database selected');
/** ER_SP_DOES_NOT_EXIST: what is no function of the server's would be one of the schema's. */
export const unknownFunction = (name: string, schema: string | undefined): ServerError =>
  schema === undefined
    ? noSchema()
    : new ServerError(1305, '42000', `FUNCTION ${schema}.${name} does not exist`);

/** ER_TOO_BIG_SELECT */
export const tooBigSelect = (): ServerError =>
  new ServerError(
    1104,
    '42000',
    'The SELECT would examine more than MAX_JOIN_SIZE rows; check your WHERE and use SET SQL_BIG_SELECTS=1 or SET MAX_JOIN_SIZE=# if the SELECT is okay',
  );

/** ER_NO_SUCH_TABLE, and what the servers say of their own information_schema: ER_UNKNOWN_TABLE. */
export const unknownTable = ({ schema, table }: TableReference): ServerError =>
  schema.toLowerCase() === 'information_schema'
    ? new ServerError(1109, '42S02', `Unknown table '${table.toUpperCase()}' in information_schema`)
    : new ServerError(1146, '42S02', `Table '${schema}.${table}' doesn't exist`);

/** ER_NET_PACKET_TOO_LARGE: of a result of more bytes than these. */
export const tooLong = (most: number): ServerError =>
  new ServerError(
    1153,
    '08S01',
    `Got a result bigger than ${most} bytes; name fewer columns, or LIMIT the rows`,
  );

/** ER_QUERY_TIMEOUT */
export const tooSlow = (): ServerError =>
  new ServerError(
    3024,
    'HY000',
    'Query execution was interrupted, maximum statement execution time exceeded',
  );
