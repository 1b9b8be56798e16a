import { Command } from '../../wire/index.ts';
import type { CommandReader } from './conversation.ts';
import { dump, registerReplica } from './dump-commands.ts';
import {
  changeSchema,
  changeUser,
  chooseOption,
  debug,
  fieldList,
  killProcess,
  ping,
  processInfo,
  resetConnection,
  statistics,
} from './session-commands.ts';
import {
  closePrepared,
  executePrepared,
  longData,
  prepare,
  query,
  refresh,
  resetPrepared,
} from './statement-commands.ts';

/** By `Command`: what the relay answers. */
export const commands: Readonly<Record<number, CommandReader>> = {
  [Command.COM_QUERY]: query,
  [Command.COM_REFRESH]: refresh,
  [Command.COM_PING]: ping,
  [Command.COM_INIT_DB]: changeSchema,
  [Command.COM_FIELD_LIST]: fieldList,
  [Command.COM_STATISTICS]: statistics,
  [Command.COM_PROCESS_INFO]: processInfo,
  [Command.COM_PROCESS_KILL]: killProcess,
  [Command.COM_DEBUG]: debug,
  [Command.COM_CHANGE_USER]: changeUser,
  [Command.COM_RESET_CONNECTION]: resetConnection,
  [Command.COM_SET_OPTION]: chooseOption,
  [Command.COM_STMT_PREPARE]: prepare,
  [Command.COM_STMT_EXECUTE]: executePrepared,
  [Command.COM_STMT_SEND_LONG_DATA]: longData,
  [Command.COM_STMT_CLOSE]: closePrepared,
  [Command.COM_STMT_RESET]: resetPrepared,
  [Command.COM_REGISTER_SLAVE]: registerReplica,
  [Command.COM_BINLOG_DUMP]: dump,
  [Command.COM_BINLOG_DUMP_GTID]: dump,
};
