export { loadZstd } from '../../zstd/index.ts';
export { encodePayload, inflatePayload, PayloadReader } from './payload-reader.ts';
