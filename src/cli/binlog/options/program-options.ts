import type { OptionDefinition } from '../../../options/index.ts';

const checks = 'Checks';
const general = 'General';

const off = { kind: 'bool', default: false } as const;

/** Checks of the logs, and what every program has. */
export const programOptions: readonly OptionDefinition[] = [
  {
    name: 'verify-binlog-checksum',
    short: 'c',
    argument: 'none',
    type: off,
    owner: 'both',
    section: checks,
    help: 'Compare the checksum of every event.',
  },
  {
    name: 'require-row-format',
    argument: 'none',
    type: { kind: 'bool', default: false, words: ['strict'] },
    owner: 'mysql',
    section: checks,
    help:
      'Fail at events that are not in row format, or that load files or touch temporary tables. ' +
      'strict also looks inside compressed transactions and past comments in statements.',
  },
  {
    name: 'force-if-open',
    short: 'F',
    argument: 'none',
    type: { kind: 'bool', default: true },
    owner: 'both',
    section: checks,
    help: 'Read logs that are still being written, or were not closed.',
  },
  {
    name: 'force-read',
    short: 'f',
    argument: 'none',
    type: off,
    owner: 'both',
    section: checks,
    help: 'Go on after events that are not known.',
  },
  {
    name: 'help',
    short: '?',
    argument: 'none',
    type: { kind: 'flag' },
    owner: 'both',
    section: general,
    help: 'Print this and exit.',
  },
  {
    name: 'version',
    short: 'V',
    argument: 'none',
    type: { kind: 'flag' },
    owner: 'both',
    section: general,
    help: 'Print the version and exit.',
  },
  {
    name: 'binlog-row-event-max-size',
    argument: 'required',
    type: {
      kind: 'unsigned',
      bits: 64,
      // UINT_MAX, rounded down to the block.
      default: 4294967040n,
      min: 256n,
      block: 256n,
    },
    owner: 'both',
    section: general,
    help: 'Longest row event, in bytes, rounded down to a multiple of 256. Only for events that are put together anew.',
  },
  {
    name: 'open_files_limit',
    argument: 'required',
    type: { kind: 'unsigned', bits: 64, default: 64n, min: 8n, max: 0xffff_ffffn },
    owner: 'both',
    section: general,
    help: 'Accepted and not needed.',
  },
  {
    name: 'character-sets-dir',
    argument: 'required',
    type: { kind: 'string' },
    owner: 'both',
    section: general,
    placeholder: 'FOLDER',
    help: 'Accepted and not needed: character sets are built in.',
  },
  {
    name: 'debug',
    short: '#',
    argument: 'optional',
    type: { kind: 'disabled' },
    owner: 'mysql',
    section: general,
    help: 'Only in debug builds of the original.',
  },
  {
    name: 'debug-check',
    argument: 'none',
    type: { kind: 'disabled' },
    mariadb: { type: off },
    owner: 'both',
    section: general,
    help: 'Accepted and not needed.',
  },
  {
    name: 'debug-info',
    argument: 'none',
    type: { kind: 'disabled' },
    mariadb: { type: off },
    owner: 'both',
    section: general,
    help: 'Accepted and not needed.',
  },
];
