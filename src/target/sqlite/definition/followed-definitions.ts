import type { Flavor } from '../../../binlog/index.ts';
import type { TableStatement } from '../../../sql/index.ts';
import type { Expressions } from '../../expressions.ts';
import { roundsFractions } from '../../fraction-rounding.ts';
import { type Catalog, type CatalogChange, charsetOf } from '../../schema/index.ts';
import type { Definition, PrimaryKeyCheck, SourceLookUp } from '../../target.ts';
import { withTimestampRule } from '../../timestamp-rule.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import type { SchemaFiles } from '../files/schema-files.ts';
import type { StateFile } from '../files/state-file.ts';
import { follow, renameTable } from './follow.ts';
import { momentsOf, offsetOf, settledZone } from './moments.ts';
import type { DefiningSource } from './new-column.ts';
import { withRequiredKey } from './required-key.ts';
import { settledPartitions } from './settled-partitions.ts';

type CreateTable = Extract<TableStatement, { kind: 'createTable' }>;
type OfOneFile = Exclude<CatalogChange, { kind: 'createSchema' | 'renameTable' }>;
type Rename = Extract<CatalogChange, { kind: 'renameTable' }>;

/** What leaves a table as it stands, otherwise defined. */
const NOTED: ReadonlySet<CatalogChange['kind']> = new Set([
  'createTable',
  'changeForeignKeys',
  'changeCollations',
  'changePartitions',
]);

const NO_MOMENTS: ReadonlyMap<string, string> = new Map();

/** What definitions are followed with. */
export interface DefinitionSurroundings {
  readonly catalog: Catalog;
  readonly files: Pick<SchemaFiles, 'of' | 'enter' | 'flushInOrder'>;
  readonly state: Pick<StateFile, 'saveSchemas' | 'saveTable' | 'dropTable' | 'tables'>;
  readonly keys: PrimaryKeyCheck | undefined;
  readonly lookUp: SourceLookUp | undefined;
  readonly expressions?: Expressions | undefined;
}

/** Definitions of the source: followed in the catalog, carried out in the files, and noted in the channel's state. */
export class FollowedDefinitions {
  readonly #catalog: Catalog;
  readonly #files: DefinitionSurroundings['files'];
  readonly #state: DefinitionSurroundings['state'];
  readonly #keys: PrimaryKeyCheck | undefined;
  readonly #lookUp: SourceLookUp | undefined;
  readonly #expressions: Expressions | undefined;

  constructor({ catalog, files, state, keys, lookUp, expressions }: DefinitionSurroundings) {
    this.#catalog = catalog;
    this.#files = files;
    this.#state = state;
    this.#keys = keys;
    this.#lookUp = lookUp;
    this.#expressions = expressions;
  }

  /**
   * Follows one. After an error the catalog is to be read from the state again.
   *
   * @returns whether a table or a schema has changed
   * @throws CatalogError it cannot be followed, or not with the key that is asked for
   */
  async follow(definition: Definition, flavor: Flavor): Promise<boolean> {
    const {
      statement: given,
      context,
      sqlMode = 0n,
      clock: logged,
    } = await withTimestampRule(definition, this.#lookUp);
    const clock = given.kind === 'alterTable' ? await settledZone(logged, this.#lookUp) : logged;
    const statement = await settledPartitions(given, clock, this.#lookUp);
    if (statement.kind === 'createTable') await this.#learnSchema(statement, context.schema);
    const changes = this.#catalog.follow(statement, { ...context, seconds: clock.seconds });
    const { kind } = statement;
    if (kind === 'alterSchema' || kind === 'createSchema' || kind === 'dropSchema')
      this.#state.saveSchemas(this.#catalog.schemas);
    for (const made of changes) {
      const change = withRequiredKey(made, this.#keys);
      if (change !== made && change.kind === 'createTable') this.#catalog.set(change.table);
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      const moments =
        change.kind === 'alterTable' ? await momentsOf(change, clock, this.#lookUp) : NO_MOMENTS;
      // oxlint-disable-next-line no-await-in-loop -- the same
      await this.#carryOut(change, {
        flavor,
        clock,
        moments,
        zone: offsetOf(clock.timeZone ?? ''),
        padsChar: (sqlMode & PAD_CHAR) !== 0n,
        roundsFractions: roundsFractions(sqlMode, flavor),
        expressions: this.#expressions,
      });
      this.#note(change);
    }
    return changes.length > 0;
  }

  /** A table has the collation of its schema, and the log does not tell that of one that was there before. */
  async #learnSchema({ table, options, like }: CreateTable, usual: string): Promise<void> {
    const schema = table.schema ?? usual;
    if (like !== undefined || charsetOf(options) !== undefined) return;
    if (this.#catalog.collationOf(schema) !== undefined) return;
    const collation = await this.#lookUp?.collation(schema);
    if (collation === undefined) return;
    this.#catalog.setSchema(schema, collation);
    this.#state.saveSchemas(this.#catalog.schemas);
  }

  async #carryOut(change: CatalogChange, source: DefiningSource): Promise<void> {
    const files = this.#files;
    if (change.kind === 'createSchema') await files.of(change.schema);
    else if (change.kind === 'renameTable') {
      const from = await files.of(change.before.schema);
      const to = await files.of(change.after.schema);
      this.#rename(change, from, to, source);
    } else {
      const file = await files.of(schemaOf(change));
      if (files.enter(file)) follow(file, change, source);
    }
  }

  #rename({ before, after }: Rename, from: SchemaFile, to: SchemaFile, source: DefiningSource): void {
    const files = this.#files;
    const isMove = from !== to;
    if (files.enter(to)) {
      if (isMove) files.enter(from);
      renameTable(from, to, before, after, source);
      if (isMove) files.flushInOrder(to, from);
    } else if (isMove && files.enter(from)) {
      follow(from, { kind: 'dropTable', table: before }, source);
    }
  }

  #note(change: CatalogChange): void {
    const state = this.#state;
    if (NOTED.has(change.kind) && 'table' in change) state.saveTable(change.table);
    else if (change.kind === 'dropTable') state.dropTable(change.table);
    else if (change.kind === 'renameTable' || change.kind === 'alterTable') {
      state.dropTable(change.before);
      state.saveTable(change.after);
    } else if (change.kind === 'dropSchema') {
      for (const table of state.tables()) if (table.schema === change.schema) state.dropTable(table);
    }
  }
}

/** MODE_PAD_CHAR_TO_FULL_LENGTH, in both families. */
const PAD_CHAR = 1n << 31n;

function schemaOf(change: OfOneFile): string {
  if (change.kind === 'dropSchema') return change.schema;
  return change.kind === 'alterTable' ? change.after.schema : change.table.schema;
}
