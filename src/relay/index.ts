export type { Streams } from './streams.ts';
