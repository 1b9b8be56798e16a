import type { AddCommand } from './definition.ts';
import { addInit } from './init.ts';
import { addServer } from './server.ts';
import { addSign } from './sign.ts';
import { addUser } from './user.ts';

/** The commands, in the order `--help` shows them. */
const commands: readonly AddCommand[] = [addInit, addServer, addUser, addSign];

/** Adds every command to the program. */
export const addCommands: AddCommand = (program, context, end) => {
  for (const add of commands) add(program, context, end);
};
