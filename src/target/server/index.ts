export { ServerTarget } from './server-target.ts';
export type { ServerTargetOptions } from './server-target-options.ts';
