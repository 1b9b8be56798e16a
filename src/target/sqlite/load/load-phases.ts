import { RowlockError } from '../../../errors/index.ts';
import { quote } from '../definition/definition.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import type { SchemaFiles } from '../files/schema-files.ts';
import type { StateFile } from '../files/state-file.ts';

/** What names of a channel's tables begin with while a dump is loaded: no query finds them by their own before they are whole. */
const prefixOf = (channel: string): string => `(loading ${JSON.stringify(channel)}) `;

export const loadingName = (channel: string, name: string): string => prefixOf(channel) + name;

/** The own names of the tables of a load that stand under those of the time being. */
function standing(file: SchemaFile, channel: string): string[] {
  const prefix = prefixOf(channel);
  return file.database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, length(?)) = ?")
    .all(prefix, prefix)
    .map(({ name }) => String(name).slice(prefix.length));
}

/**
 * What a crash left of a load whose dump was there: its tables get their names. Called when a channel is opened.
 *
 * @throws RowlockError a load did not come to its end
 */
export async function completeLoad(state: StateFile, files: SchemaFiles): Promise<void> {
  const load = state.load();
  if (load === undefined) return;
  if (load.phase === 'loading') {
    throw new RowlockError('TARGET_UNFINISHED', 'the loading of a dump into this target was cut off', {
      hint: 'Give the dump again with --from-dump: it is loaded from its beginning.',
    });
  }
  for (const schema of load.schemas) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    const file = await files.of(schema);
    file.database.exec('BEGIN IMMEDIATE');
    for (const name of standing(file, state.channel))
      file.database.exec(`ALTER TABLE ${quote(loadingName(state.channel, name))} RENAME TO ${quote(name)}`);
    file.database.exec('COMMIT');
  }
  state.saveLoad(undefined);
  state.commit();
  state.flush();
}

/** Removes what a load left that was cut off. */
export async function discardLoad(state: StateFile, files: SchemaFiles): Promise<void> {
  const load = state.load();
  if (load?.phase !== 'loading') return;
  for (const schema of load.schemas) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    const file = await files.of(schema);
    for (const name of standing(file, state.channel))
      file.database.exec(`DROP TABLE ${quote(loadingName(state.channel, name))}`);
  }
  state.saveLoad(undefined);
  state.commit();
  state.flush();
}
