import type { Flavor } from '../../binlog/index.ts';

/** What a thread of a channel does, as replicas of the family say it: MariaDB has kept the older words. */
export function stageWords(stage: string, flavor: Flavor): string {
  if (flavor === 'mysql') return stage;
  return stage
    .replaceAll('SOURCE_', 'MASTER_')
    .replaceAll('source', 'master')
    .replaceAll('Replica', 'Slave')
    .replaceAll('replica', 'slave');
}
