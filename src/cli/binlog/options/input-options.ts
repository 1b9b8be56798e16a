import type { OptionDefinition } from '../../../options/index.ts';

/** GTIDs of MariaDB where MySQL expects a number: taken as they stand, so that one program reads both servers' logs. */
const gtidList = /^\d+-\d+-\d+(,\d+-\d+-\d+)*$/;
/** More than one number. */
const idList = /^\d+(\s*,\s*\d+)+$/;

/** BIN_LOG_HEADER_SIZE: the first event stands after the magic bytes. */
const FIRST_POSITION = 4n;
const NO_POSITION = 2n ** 64n - 1n;

const section = 'What to read';

/** Which events are read. */
export const inputOptions: readonly OptionDefinition[] = [
  {
    name: 'start-position',
    short: 'j',
    argument: 'required',
    type: { kind: 'unsigned', bits: 64, default: FIRST_POSITION, min: FIRST_POSITION, texts: gtidList },
    mariadb: { type: { kind: 'string' } },
    owner: 'both',
    section,
    placeholder: 'N|GTIDS',
    help: 'Begin at this byte of the first log. A list of MariaDB GTIDs instead: begin after them.',
  },
  {
    name: 'stop-position',
    argument: 'required',
    type: { kind: 'unsigned', bits: 64, default: NO_POSITION, min: FIRST_POSITION, texts: gtidList },
    mariadb: { type: { kind: 'string' } },
    owner: 'both',
    section,
    placeholder: 'N|GTIDS',
    help: 'End before the first event at or after this byte of the last log. A list of MariaDB GTIDs instead: end with them.',
  },
  {
    name: 'start-datetime',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'both',
    section,
    placeholder: 'TIME',
    help: "Begin with the first event of this local time or later, e.g. '2026-04-01 09:30:00'. Date and time are both needed.",
  },
  {
    name: 'stop-datetime',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'both',
    section,
    placeholder: 'TIME',
    help: 'End before the first event of this local time or later.',
  },
  {
    name: 'offset',
    short: 'o',
    argument: 'required',
    type: { kind: 'unsigned', bits: 64, default: 0n, min: 0n },
    owner: 'both',
    section,
    help: 'Leave out the first N events.',
  },
  {
    name: 'database',
    short: 'd',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'both',
    section,
    help: 'Only changes of this database: of its tables in row format, made while it was the default in statement format.',
  },
  {
    name: 'table',
    short: 'T',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'mariadb',
    section,
    help: 'Only row changes of this table.',
  },
  {
    name: 'server-id',
    argument: 'required',
    type: { kind: 'unsigned', bits: 64, default: 0n, min: 0n, texts: idList },
    mariadb: { type: { kind: 'string' } },
    owner: 'both',
    section,
    placeholder: 'IDS',
    help: 'Only events that began on this server, or on one of these.',
  },
  {
    name: 'server-id-bits',
    argument: 'required',
    type: { kind: 'unsigned', bits: 32, default: 32n, min: 7n, max: 32n },
    owner: 'mysql',
    section,
    help: 'How many low bits of a server id count.',
  },
  {
    name: 'do-server-ids',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'mariadb',
    section,
    placeholder: 'IDS',
    help: 'The same as --server-id. Not together with --ignore-server-ids.',
  },
  {
    name: 'ignore-server-ids',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'mariadb',
    section,
    placeholder: 'IDS',
    help: 'No events that began on one of these servers.',
  },
  {
    name: 'do-domain-ids',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'mariadb',
    section,
    placeholder: 'IDS',
    help: 'Only events of these GTID domains. Not together with --ignore-domain-ids.',
  },
  {
    name: 'ignore-domain-ids',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'mariadb',
    section,
    placeholder: 'IDS',
    help: 'No events of these GTID domains.',
  },
  {
    name: 'include-gtids',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'mysql',
    section,
    placeholder: 'GTIDS',
    help: 'Only transactions of this GTID set.',
  },
  {
    name: 'exclude-gtids',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'mysql',
    section,
    placeholder: 'GTIDS',
    help: 'No transactions of this GTID set.',
  },
  {
    name: 'gtid-strict-mode',
    argument: 'none',
    type: { kind: 'bool', default: true },
    owner: 'mariadb',
    section,
    help: 'Insist that the sequence numbers of a domain grow, and that the end of a range does not lie before its start.',
  },
  {
    name: 'flavor',
    argument: 'required',
    type: { kind: 'choice', values: ['auto', 'mysql', 'mariadb'], default: 'auto' },
    owner: 'rowlock',
    section,
    help: 'Whose logs these are; also whose text is printed. Normally the log itself tells.',
  },
  {
    name: 'decrypt-key-file',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'rowlock',
    section,
    placeholder: 'FILE',
    help:
      'Keys of encrypted logs, one a line: the key id, a semicolon, the key in hexadecimal. ' +
      'Ids are MySQL keyring names or the numbers of a MariaDB key file. The environment variable ' +
      'ROWLOCK_DECRYPT_KEY_FILE does the same.',
  },
];
