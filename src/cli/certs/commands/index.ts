import { addCheck } from './check.ts';
import { addConfig } from './config.ts';
import type { AddCommand } from './definition.ts';
import { addDeploy } from './deploy.ts';
import { addEnforce } from './enforce.ts';
import { addInit } from './init.ts';
import { addList } from './list.ts';
import { addCrl, addRevoke } from './revoke.ts';
import { addRotate } from './rotate.ts';
import { addServer } from './server.ts';
import { addSign } from './sign.ts';
import { addUser } from './user.ts';

/** The commands, in the order `--help` shows them. */
const commands: Readonly<Record<string, AddCommand>> = {
  init: addInit,
  server: addServer,
  user: addUser,
  sign: addSign,
  list: addList,
  check: addCheck,
  rotate: addRotate,
  revoke: addRevoke,
  crl: addCrl,
  deploy: addDeploy,
  config: addConfig,
  enforce: addEnforce,
};

/** Adds every command to the program. */
export const addCommands: AddCommand = (program, context, end) => {
  for (const add of Object.values(commands)) add(program, context, end);
};
