import { ServerError } from '../../errors/index.ts';

type Words = (error: ServerError) => readonly [errno: number, message: string];

/** What is in quotes: the channel, whose name may have some of its own. */
const channelOf = ({ message }: ServerError): string => /'(.*)'/s.exec(message)?.[1] ?? '';

const running: Words = (error) => {
  const name = channelOf(error);
  return [
    1198,
    `This operation cannot be performed as you have a running slave '${name}'; run STOP SLAVE '${name}' first`,
  ];
};

const syntax: Words = ({ errno, message }) => [
  errno,
  message.replace('your MySQL server version', 'your MariaDB server version'),
];

/** What MariaDB 11.8 says where MySQL says this. */
const words: Readonly<Record<number, Words>> = {
  1054: ({ message }) => [
    1054,
    message.replace(/'field list'$/, "'SELECT'").replace(/'order clause'$/, "'ORDER BY'"),
  ],
  1064: syntax,
  1149: syntax,
  1200: () => [
    1200,
    'Misconfigured slave: MASTER_HOST was not set; Fix in config file or with CHANGE MASTER TO',
  ],
  1277: ({ message }) => [1277, message.replace('START REPLICA', 'START SLAVE')],
  1624: ({ message }) => [1624, message.replace(/\.$/, '')],
  1729: ({ message }) => [1729, message.replace('source delay', 'master delay')],
  1772: () => [1941, 'Could not parse GTID list'],
  3021: running,
  3074: (error) => [1617, `There is no master connection '${channelOf(error)}'`],
  3081: running,
  3085: running,
};

/** A refusal in MariaDB's number and text, where it has its own. */
export function inMariadbWords(error: unknown): unknown {
  if (!(error instanceof ServerError) || !Object.hasOwn(words, error.errno)) return error;
  const [errno, message] = words[error.errno]!(error);
  return new ServerError(errno, error.sqlState, message);
}
