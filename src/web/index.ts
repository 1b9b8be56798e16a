export { listenForWatchers, type WatchServer } from './listen.ts';
export type { WatchedRelay } from './watched.ts';
