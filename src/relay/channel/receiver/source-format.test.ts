import { expect, test } from 'vitest';
import { EventType, type Flavor, RawEvent } from '../../../binlog/index.ts';
import { LogEvents } from '../../../store/index.ts';
import { demandOwnFormat } from './source-format.ts';

const VERSIONS = { mysql: '9.7.4', mariadb: '11.8.6-MariaDB' } as const;
/** Where a format description lists the lengths of fixed parts, type 1 first. */
const FIRST_LENGTH_AT = 19 + 57;

/** A format description as servers write it, but for one fixed part. */
function format(flavor: Flavor, type?: number, length?: number): RawEvent {
  const log = new LogEvents({
    flavor,
    serverId: 7,
    serverVersion: VERSIONS[flavor],
    relayLog: false,
    now: () => 1_700_000_000_000,
  });
  const bytes = log.formatDescription(4, true, false);
  if (type !== undefined) bytes[FIRST_LENGTH_AT + type - 1] = length!;
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 4, true);
  return event;
}

const demand = (flavor: Flavor, event: RawEvent) => () => demandOwnFormat(event, flavor, 'b.000001');

test.each(['mysql', 'mariadb'] as const)('the layout of %s is its own', (flavor) => {
  expect(demand(flavor, format(flavor))).not.toThrow();
});

test.each([
  ['mysql', EventType.QUERY_EVENT, 14],
  ['mysql', EventType.TABLE_MAP_EVENT, 6],
  ['mysql', EventType.UPDATE_ROWS_EVENT, 6],
  ['mysql', EventType.WRITE_ROWS_EVENT_V1, 6],
  ['mariadb', EventType.DELETE_ROWS_EVENT_V1, 6],
  ['mariadb', EventType.WRITE_ROWS_COMPRESSED_EVENT_V1, 6],
  ['mariadb', EventType.UPDATE_ROWS_COMPRESSED_EVENT, 6],
] as const)('another one of %s is refused: type %i with %i bytes', (flavor, type, length) => {
  expect(demand(flavor, format(flavor, type, length))).toThrow(
    'the format description in b.000001, position 4, lays events out as no server',
  );
});

test('that of the other family is refused', () => {
  expect(demand('mysql', format('mariadb'))).toThrow(/mariadb/i);
  expect(demand('mariadb', format('mysql'))).toThrow(/mysql/i);
});
