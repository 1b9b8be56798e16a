import type { Statement, StatementKind, TableStatement } from '../../../../sql/index.ts';
import type { PrivilegeChecks, TablePrivilege } from '../../../streams.ts';
import { ChannelError } from '../../channel-error.ts';
import { neededPrivileges } from './needed-privileges.ts';

/** ER_TABLEACCESS_DENIED_ERROR, ER_DBACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR */
const TABLE_ACCESS_DENIED = 1142;
const DATABASE_ACCESS_DENIED = 1044;
/** ER_NOT_SUPPORTED_YET */
const NOT_UNDERSTOOD = 1235;

/** Definitions whose tables, and what becomes of them, have to be read. */
const ofTables: ReadonlySet<StatementKind> = new Set(['createTable', 'alterTable', 'renameTable']);

const ofDatabase: Partial<Record<StatementKind, TablePrivilege>> = {
  createDatabase: 'CREATE',
  alterDatabase: 'ALTER',
  dropDatabase: 'DROP',
};

/**
 * Definitions that do more than what is granted on a table, and the privilege that the servers name: a channel with an account of its own
 * takes none of them. A view reads by the rights of the definer that it names, whatever it is made of.
 */
const refused: Partial<Record<StatementKind, string>> = {
  createView: 'SUPER or SET_ANY_DEFINER',
  alterView: 'SUPER or SET_ANY_DEFINER',
  account: 'CREATE USER',
  createProcedure: 'SUPER',
  createFunction: 'SUPER',
  createTrigger: 'SUPER',
  createEvent: 'SUPER',
  createPackage: 'SUPER',
  createOther: 'SUPER',
  alterOther: 'SUPER',
  dropOther: 'SUPER',
  importTable: 'SUPER',
};

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
    this.#demand([privilege], schema, table, table);
  }

  /** An account that is not the server itself applies rows and definitions only. @throws ChannelError 1227 */
  refuseStatements(): never {
    throw new ChannelError(
      1227,
      'Access denied; you need (at least one of) the SUPER, SYSTEM_VARIABLES_ADMIN or SESSION_VARIABLES_ADMIN privilege(s) for this operation. ' +
        'Under PRIVILEGE_CHECKS_USER a relay takes rows and definitions only, whatever that account is granted.',
    );
  }

  /** @throws ChannelError 1142, 1044 or 1227 */
  checkDefinition(
    statement: Statement,
    definition: TableStatement,
    schema: string,
    database: string | undefined,
  ): void {
    const { kind } = statement;
    if (definition.kind === 'unknown' || (definition.kind === 'other' && ofTables.has(kind))) {
      const reason = definition.kind === 'unknown' ? `: ${definition.reason}` : '';
      throw new ChannelError(
        NOT_UNDERSTOOD,
        `Nobody can tell which privileges the definition needs${reason}`,
      );
    }
    for (const { name, privileges, namesSchema } of neededPrivileges(statement, definition)) {
      const of = name.schema ?? schema;
      this.#demand(privileges, of, name.name, namesSchema === true ? `${of}.${name.name}` : name.name);
    }
    if (kind === 'flush' && !this.#checks.mayReload(this.#user, this.#host)) this.#lack('RELOAD');
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
    const lacked = refused[kind];
    if (lacked !== undefined) this.#lack(lacked);
  }

  #lack(privilege: string): never {
    throw new ChannelError(
      1227,
      `Access denied; you need (at least one of) the ${privilege} privilege(s) for this operation`,
    );
  }

  #demand(privileges: readonly TablePrivilege[], schema: string, table: string, named: string): void {
    const lacked = privileges.filter(
      (privilege) => !this.#checks.allows(this.#user, this.#host, privilege, schema, table),
    );
    if (lacked.length === 0) return;
    throw new ChannelError(
      TABLE_ACCESS_DENIED,
      `${lacked.join(', ')} command denied to user '${this.#user}'@'${this.#host}' for table '${named}'`,
    );
  }
}
