export { ServerTarget, type ServerTargetOptions } from './server-target.ts';
