/** Functions of the servers' that a relay has not. */
export const LACKED: RegExp =
  /^(JSON_\w+|ST_\w+|MBR\w+|GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|IS_(FREE|USED)_LOCK|BENCHMARK|LOAD_FILE|EXTRACTVALUE|UPDATEXML|AES_\w+|(UN)?COMPRESS|CHARSET|COLLATION|COERCIBILITY|WEIGHT_STRING|REGEXP_(INSTR|REPLACE|SUBSTR)|NAME_CONST|VALUES|IS_IPV4_\w+|UUID_\w+|MASTER_POS_WAIT|SOURCE_POS_WAIT|ROLES_GRAPHML|STATEMENT_DIGEST\w*|RANDOM_BYTES|SLEEP|TO_VECTOR|VECTOR_\w+|PS_\w+)$/;

/** Functions that MariaDB has not. */
export const MYSQL_ONLY: ReadonlySet<string> = new Set([
  'BIN_TO_UUID',
  'IS_UUID',
  'REGEXP_LIKE',
  'UUID_TO_BIN',
]);

/** What MariaDB makes of a document keeps its spelling and the order of its keys, which a relay does not know any more. */
export const NOT_OF_MARIADB: RegExp = /^JSON_(KEYS|SET|INSERT|REPLACE|REMOVE|MERGE_PATCH)$/;
