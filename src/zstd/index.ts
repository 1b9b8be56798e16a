export { storeZstd } from './frames.ts';
export { inflateZstd, loadZstd, streamZstd } from './inflate.ts';
export type { ZstdStream } from './stream.ts';
