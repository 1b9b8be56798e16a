import { ServerError } from '../../errors/index.ts';

/** ER_NOT_SUPPORTED_YET: what a server has, and a relay has not. */
export const notSupported = (what: string, hint = ''): ServerError =>
  new ServerError(1235, '42000', `This relay doesn't yet support '${what}'${hint === '' ? '' : `. ${hint}`}`);
