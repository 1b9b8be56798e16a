import type { ToolName } from '../golden/invocation.ts';
import type { Landmarks } from './landmarks.ts';
import type { Random } from './random.ts';

/** What a choice of options may look at. */
export interface OptionContext {
  readonly random: Random;
  readonly landmarks: Landmarks;
  /** Unquoted names. */
  readonly databases: readonly string[];
}

interface OptionChoice {
  readonly weight: number;
  readonly tool?: ToolName;
  readonly make: (context: OptionContext) => readonly string[];
}

function position({ random, landmarks }: OptionContext): number {
  const near = random.pick(landmarks.positions.length > 0 ? landmarks.positions : [4]);
  return random.chance(0.85) ? near : Math.max(4, near + random.int(-20, 20));
}

function dateTime({ random, landmarks }: OptionContext): string {
  const seconds = random.pick(landmarks.times.length > 0 ? landmarks.times : [0]) + random.int(-1, 1);
  return new Date(Math.max(86_400, seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Some GTIDs of the log, with a stretch now and then. */
function gtidSet({ random, landmarks }: OptionContext): string {
  if (landmarks.gtids.length === 0) return 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa:1-5';
  return random
    .times(1, 3, () => random.pick(landmarks.gtids) + (random.chance(0.3) ? `-${random.int(1, 9999)}` : ''))
    .join(',');
}

/** A GTID of the log, or a list of some; of one domain twice now and then, which is refused. */
function gtidList({ random, landmarks }: OptionContext): string {
  const { gtids } = landmarks;
  if (gtids.length === 0) return '0-1-1';
  if (random.chance(0.6)) return random.pick(gtids);
  return random
    .times(1, 3, () => random.pick(gtids).replace(/\d+$/, (n) => String(Number(n) + random.int(-2, 2))))
    .join(random.pick([',', ',', ', +']));
}

const database = ({ random, databases }: OptionContext): string =>
  random.pick([...databases, 'd', 'other_db', 'nowhere']);
const serverId = ({ random, landmarks }: OptionContext): number =>
  random.pick([...landmarks.serverIds, 1, 77]);
const fixed =
  (...args: string[]) =>
  (): readonly string[] =>
    args;

const mysql = { tool: 'mysqlbinlog' } as const;
const maria = { tool: 'mariadb-binlog' } as const;

const CHOICES: readonly OptionChoice[] = [
  { weight: 6, make: fixed('-v') },
  { weight: 8, make: fixed('-vv') },
  { weight: 3, make: fixed('--base64-output=DECODE-ROWS') },
  {
    weight: 1,
    make: ({ random }) => [`--base64-output=${random.pick(['NEVER', 'AUTO', 'unspec', 'decode-rows'])}`],
  },
  { weight: 4, make: fixed('-H') },
  { weight: 2, make: fixed('--short-form') },
  { weight: 3, make: (context) => [`--start-position=${position(context)}`] },
  { weight: 3, make: (context) => [`--stop-position=${position(context)}`] },
  { weight: 2, make: (context) => [`--start-datetime=${dateTime(context)}`] },
  { weight: 2, make: (context) => [`--stop-datetime=${dateTime(context)}`] },
  { weight: 1, make: ({ random }) => [`--offset=${random.int(0, 40)}`] },
  { weight: 3, make: (context) => [`--database=${database(context)}`] },
  { weight: 2, make: (context) => [`--server-id=${serverId(context)}`] },
  {
    weight: 3,
    make: (context) => [
      `--rewrite-db=${database(context)}->${context.random.pick(['x', 'a much longer name', "q'"])}`,
    ],
  },
  { weight: 5, make: fixed('--print-table-metadata') },
  { weight: 1, make: ({ random }) => [`--set-charset=${random.pick(['utf8mb4', 'ä'])}`] },
  { weight: 2, make: fixed('-D') },
  { weight: 2, make: fixed('-c') },
  { weight: 1, make: fixed('--force-read') },
  { weight: 1, make: fixed('--skip-force-if-open') },
  { weight: 1, make: ({ random }) => [`--binlog-row-event-max-size=${random.pick([256, 1024, 8192])}`] },
  { weight: 1, make: fixed('--to-last-log') },
  { weight: 1, make: ({ random }) => [random.pick(['--verbose', '--verbose=2', '--verbose=3', '-v'])] },
  {
    weight: 1,
    make: ({ random }) => [`--result-file=${random.pick(['out', 'out.sql', 'ä', '.', 'no-folder/out'])}`],
  },
  { ...mysql, weight: 2, make: fixed('--verify-binlog-checksum') },
  { ...mysql, weight: 1, make: fixed('--hexdump', '--verbose') },
  { ...mysql, weight: 1, make: fixed('--disable-log-bin') },
  {
    ...mysql,
    weight: 1,
    make: ({ random }) => [`--set-charset=${random.pick(['latin1', 'binary', 'gb18030', 'x y', 'ucs2'])}`],
  },
  {
    ...mysql,
    weight: 1,
    make: (context) => [
      `--rewrite-db=${database(context)}->${database(context)}`,
      `--rewrite-db=${database(context)}->other`,
    ],
  },
  {
    ...mysql,
    weight: 1,
    make: (context) => [`--rewrite-db=${database(context)} -> x`, `--database=${database(context)}`],
  },
  {
    ...mysql,
    weight: 1,
    make: (context) => [`--start-position=${position(context)}`, `--stop-position=${position(context)}`],
  },
  {
    ...mysql,
    weight: 1,
    make: (context) => {
      const [date = '', clock = ''] = dateTime(context).split(' ');
      const spelling = context.random.pick([
        `${date}T${clock}`,
        `${date} ${clock}.5`,
        date,
        `${date.replaceAll('-', '')}${clock.replaceAll(':', '')}`,
        `${date.replaceAll('-', '/')} ${clock}`,
        date.slice(2),
        `${date} ${clock}+02:00`,
        clock,
      ]);
      return [`--${context.random.pick(['start', 'stop'])}-datetime=${spelling}`];
    },
  },
  {
    ...mysql,
    weight: 1,
    make: (context) => [`--include-gtids=${gtidSet(context)}`, `--exclude-gtids=${gtidSet(context)}`],
  },
  {
    ...mysql,
    weight: 1,
    make: (context) => [`--exclude-gtids=${gtidSet(context)}`, '--skip-gtids', '--idempotent'],
  },
  { ...mysql, weight: 2, make: fixed('--print-table-metadata', '-vv', '--base64-output=decode-rows') },
  { ...mysql, weight: 1, make: fixed('--require-row-format', '--base64-output=decode-rows', '-v') },
  { ...mysql, weight: 1, make: fixed('--short-form', '-vv', '--hexdump') },
  { ...mysql, weight: 3, make: fixed('--skip-gtids') },
  { ...mysql, weight: 3, make: (context) => [`--include-gtids=${gtidSet(context)}`] },
  { ...mysql, weight: 3, make: (context) => [`--exclude-gtids=${gtidSet(context)}`] },
  { ...mysql, weight: 1, make: fixed('--idempotent') },
  { ...mysql, weight: 2, make: fixed('--require-row-format') },
  { ...mysql, weight: 1, make: ({ random }) => [`--server-id-bits=${random.int(7, 32)}`] },
  { ...maria, weight: 4, make: fixed('--flashback') },
  { ...maria, weight: 1, make: fixed('-vvv') },
  { ...maria, weight: 1, make: fixed('--skip-annotate-row-events') },
  { ...maria, weight: 1, make: fixed('--skip-print-row-count') },
  { ...maria, weight: 1, make: fixed('--skip-print-row-event-positions') },
  { ...maria, weight: 3, make: (context) => [`--start-position=${gtidList(context)}`] },
  { ...maria, weight: 3, make: (context) => [`--stop-position=${gtidList(context)}`] },
  { ...maria, weight: 1, make: fixed('--print-row-count') },
  { ...maria, weight: 1, make: fixed('--print-row-event-positions') },
  { ...maria, weight: 1, make: ({ random }) => [`--table=t${random.int(1, 5)}`] },
  {
    ...maria,
    weight: 1,
    make: (context) => [
      `--stop-datetime=${dateTime(context)
        .replace(/:\d\d$/, '')
        .replace(' ', 'T')}:7`,
    ],
  },
  { ...maria, weight: 1, make: fixed('--skip-gtid-strict-mode') },
  {
    ...maria,
    weight: 1,
    make: ({ random }) => [
      `--${random.pick(['do', 'ignore'])}-domain-ids=${random.pick(['0', '1', '0,7', ' +0,\n7', '4294967297', '18446744073709551616'])}`,
    ],
  },
  {
    ...maria,
    weight: 1,
    make: (context) => [`--${context.random.pick(['do', 'ignore'])}-server-ids=${serverId(context)}`],
  },
  {
    ...maria,
    weight: 1,
    make: (context) => [`--table=t${context.random.int(1, 3)}`, `--database=${database(context)}`],
  },
];

/** Options for one run; none in one run of eight. */
export function randomOptions(tool: ToolName, context: OptionContext): string[] {
  const known = CHOICES.filter((choice) => choice.tool === undefined || choice.tool === tool);
  const most = context.random.pick([2, 2, 2, 4, 7]);
  const count = context.random.chance(0.125) ? 0 : context.random.int(1, most);
  return Array.from({ length: count }, () => context.random.weighted(known).make(context)).flat();
}
