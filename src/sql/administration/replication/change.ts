import type { StatementCursor } from '../statement-cursor.ts';
import { readFilterRule } from './filter-rule.ts';
import type { ReplicationStatement } from './replication-statement.ts';
import { readSourceOptions } from './source-options.ts';
import { readTargetOptions } from './target-options.ts';

/** Behind CHANGE. */
export function readChange(cursor: StatementCursor): ReplicationStatement {
  if (cursor.accept('MASTER')) return changeSource(cursor, cursor.atString ? cursor.string() : undefined);
  cursor.expect('REPLICATION');
  switch (cursor.expectOne('SOURCE', 'FILTER', 'TARGET')) {
    case 'SOURCE':
      return changeSource(cursor, undefined);
    case 'FILTER': {
      const rules = cursor.list(() => readFilterRule(cursor));
      return { kind: 'changeFilter', rules, channel: cursor.channel() };
    }
    case 'TARGET': {
      cursor.expect('TO');
      const options = readTargetOptions(cursor);
      return { kind: 'changeTarget', options, channel: cursor.channel() };
    }
  }
}

/** `name` is MariaDB's connection name; FOR CHANNEL says the same. */
function changeSource(cursor: StatementCursor, name: string | undefined): ReplicationStatement {
  cursor.expect('TO');
  const options = readSourceOptions(cursor);
  return { kind: 'changeSource', options, channel: cursor.channel(name) };
}
