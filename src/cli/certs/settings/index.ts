import { go } from './go.ts';
import { jdbc, jdbcMariadb } from './java.ts';
import { mariadb, mysql2, prisma } from './node.ts';
import { client, mysqld } from './option-file.ts';
import { pymysql, sqlalchemy } from './python.ts';
import { master, source } from './replica.ts';
import { rails, trilogy } from './ruby.ts';
import type { Settings } from './settings.ts';

export type { SettingsInput } from './settings.ts';

/** Programs by the name `--for` takes. */
export const settingsWriters: Readonly<Record<string, Settings>> = {
  mysqld,
  client,
  source,
  master,
  rails,
  trilogy,
  jdbc,
  'jdbc-mariadb': jdbcMariadb,
  mysql2,
  mariadb,
  prisma,
  go,
  pymysql,
  sqlalchemy,
};
