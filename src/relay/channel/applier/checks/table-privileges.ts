import type { StatementKind, TableName } from '../../../../sql/index.ts';
import type { PrivilegeChecks, TablePrivilege } from '../../../streams.ts';
import { ChannelError } from '../../channel-error.ts';

/** ER_TABLEACCESS_DENIED_ERROR, ER_DBACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR */
const TABLE_ACCESS_DENIED = 1142;
const DATABASE_ACCESS_DENIED = 1044;

/** What a definition needs on each table it names. Others need nothing of a table. */
const needed: Partial<Record<StatementKind, readonly TablePrivilege[]>> = {
  createTable: ['CREATE'],
  alterTable: ['ALTER'],
  dropTable: ['DROP'],
  truncate: ['DROP'],
  renameTable: ['ALTER', 'DROP', 'CREATE', 'INSERT'],
  createIndex: ['INDEX'],
  dropIndex: ['INDEX'],
  createView: ['CREATE'],
  alterView: ['CREATE', 'DROP'],
  dropView: ['DROP'],
  createSequence: ['CREATE'],
  dropSequence: ['DROP'],
};

const ofDatabase: Partial<Record<StatementKind, TablePrivilege>> = {
  createDatabase: 'CREATE',
  alterDatabase: 'ALTER',
  dropDatabase: 'DROP',
};

/** Definitions that belong to no table: a channel with an account of its own takes none of them from others. */
const refused: ReadonlySet<StatementKind> = new Set([
  'account',
  'createProcedure',
  'createFunction',
  'createTrigger',
  'createEvent',
  'createPackage',
  'createOther',
  'alterOther',
  'dropOther',
  'importTable',
]);

/** PRIVILEGE_CHECKS_USER: what a channel may change, asked of the account it stands for. */
export class TablePrivileges {
  readonly #checks: PrivilegeChecks;
  readonly #user: string;
  readonly #host: string;

  constructor(checks: PrivilegeChecks, { user, host }: { readonly user: string; readonly host: string }) {
    this.#checks = checks;
    this.#user = user;
    this.#host = host;
  }

  /** @throws ChannelError 1142 in the server's words */
  checkTable(privilege: TablePrivilege, schema: string, table: string): void {
    if (this.#checks.allows(this.#user, this.#host, privilege, schema, table)) return;
    throw new ChannelError(
      TABLE_ACCESS_DENIED,
      `${privilege} command denied to user '${this.#user}'@'${this.#host}' for table '${table}'`,
    );
  }

  /** An account that is not the server itself applies rows and definitions only. @throws ChannelError 1227 */
  refuseStatements(): never {
    throw new ChannelError(
      1227,
      'Access denied; you need (at least one of) the SUPER, SYSTEM_VARIABLES_ADMIN or SESSION_VARIABLES_ADMIN privilege(s) for this operation. ' +
        'Under PRIVILEGE_CHECKS_USER a relay takes rows and definitions only, whatever that account is granted.',
    );
  }

  /** @throws ChannelError 1142 or 1044 */
  checkDefinition(
    kind: StatementKind,
    tables: readonly TableName[],
    schema: string,
    database: string | undefined,
  ): void {
    for (const privilege of needed[kind] ?? []) {
      for (const name of tables) this.checkTable(privilege, name.schema ?? schema, name.table);
    }
    const privilege = ofDatabase[kind];
    if (
      privilege !== undefined &&
      !this.#checks.allows(this.#user, this.#host, privilege, database ?? schema, '')
    ) {
      throw new ChannelError(
        DATABASE_ACCESS_DENIED,
        `Access denied for user '${this.#user}'@'${this.#host}' to database '${database ?? schema}'`,
      );
    }
    if (refused.has(kind)) {
      const privilege = kind === 'account' ? 'CREATE USER' : 'SUPER';
      throw new ChannelError(
        1227,
        `Access denied; you need (at least one of) the ${privilege} privilege(s) for this operation`,
      );
    }
  }
}
