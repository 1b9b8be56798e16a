export { storeZstd } from './frames.ts';
export { inflateZstd, isZstdLoaded, loadZstd, ZstdStream } from './inflate.ts';
