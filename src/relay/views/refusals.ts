import { ServerError } from '../../errors/index.ts';

/** ER_NOT_SUPPORTED_YET */
export const notSupported = (what: string, hint = ''): ServerError =>
  new ServerError(1235, '42000', `This relay doesn't yet support '${what}'${hint === '' ? '' : `. ${hint}`}`);

/** ER_NO_DB_ERROR */
export const noSchema = (): ServerError => new ServerError(1046, '3D000', 'No database selected');
/** ER_SP_DOES_NOT_EXIST */
export const unknownFunction = (name: string): ServerError =>
  new ServerError(1305, '42000', `FUNCTION ${name} does not exist`);
