import type { ShowStatement } from '../../../sql/index.ts';
import { DYNAMIC_PRIVILEGES, STATIC_PRIVILEGES } from '../../accounts/privileges.ts';
import { type Answer, columns, type ResultColumn, type ResultRow } from '../answer.ts';
import type { Context } from '../context.ts';
import { knownCharsets } from '../settings/charset-names.ts';
import { collationOf, collationRows } from '../settings/collation-rows.ts';
import { visibleSchemas } from './catalogue.ts';
import { engineRows } from './engines.ts';
import { filtered } from './filter.ts';

type Of<K extends ShowStatement['kind']> = Extract<ShowStatement, { kind: K }>;

interface Listing {
  readonly columns: readonly ResultColumn[];
  readonly rows: (context: Context) => readonly ResultRow[];
}

const AUTHENTICATION = ['caching_sha2_password', 'mysql_native_password', 'client_ed25519', 'parsec'];

const listings: Readonly<Record<Of<'showPlain'>['what'], Listing>> = {
  databases: {
    columns: columns('Database'),
    rows: (context) => visibleSchemas(context).map((name) => [name]),
  },
  engines: {
    columns: columns('Engine Support Comment Transactions XA Savepoints'),
    rows: () => engineRows,
  },
  plugins: {
    columns: columns('Name Status Type Library License'),
    rows: () => [
      ['binlog', 'ACTIVE', 'STORAGE ENGINE', null, 'MIT'],
      ...AUTHENTICATION.map((name) => [name, 'ACTIVE', 'AUTHENTICATION', null, 'MIT']),
    ],
  },
  collation: {
    columns: columns('Collation Charset Id:u Default Compiled Sortlen:u Pad_attribute'),
    rows: ({ relay }) => collationRows(relay.flavor),
  },
  characterSet: {
    columns: [
      ...columns('Charset Description'),
      { name: 'Default collation', kind: 'text' },
      { name: 'Maxlen', kind: 'unsigned' },
    ],
    rows: ({ relay }) =>
      knownCharsets.map(({ name, description, longest }) => [
        name,
        description,
        collationOf(name, relay.flavor),
        longest,
      ]),
  },
  privileges: {
    columns: columns('Privilege Context Comment'),
    rows: () => [
      ...STATIC_PRIVILEGES.map((name) => [name[0] + name.slice(1).toLowerCase(), 'Server Admin', '']),
      ...DYNAMIC_PRIVILEGES.map((name) => [name, 'Server Admin', '']),
    ],
  },
  profiles: { columns: columns('Query_ID:u Duration:d Query'), rows: () => [] },
  authors: { columns: columns('Name Location Comment'), rows: () => [] },
  openTables: { columns: columns('Database Table In_use:i Name_locked:i'), rows: () => [] },
};

export function showPlain({ what, filter }: Of<'showPlain'>, context: Context): Answer {
  const listing = listings[what];
  const named =
    what === 'databases' && filter.like !== undefined
      ? [{ name: `Database (${filter.like})`, kind: 'text' as const }]
      : listing.columns;
  // MariaDB tells no Pad_attribute, the last of them.
  const shape = what === 'collation' && context.relay.flavor === 'mariadb' ? named.slice(0, -1) : named;
  const values = listing.rows(context).map((row) => row.slice(0, shape.length));
  return filtered(shape, values, filter, context);
}
