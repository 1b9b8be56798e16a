export { encodePayload, inflatePayload, PayloadReader } from './payload-reader.ts';
export { inflateZstd, isZstdLoaded, loadZstd } from './zstd.ts';
export { storeZstd } from './zstd-frame.ts';
