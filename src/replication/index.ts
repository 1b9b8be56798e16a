export {
  announceChecksums,
  announceMariadbCapability,
  announceMariadbPosition,
  askVersion,
  type SourceVersion,
} from './announce.ts';
export { DumpEvents } from './dump-events.ts';
