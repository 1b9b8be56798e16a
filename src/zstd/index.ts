export { storeZstd } from './frames.ts';
export { inflateZstd, isZstdLoaded, loadZstd, streamZstd } from './inflate.ts';
export type { ZstdStream } from './stream.ts';
