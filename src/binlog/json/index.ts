export { applyJsonDiffs } from './apply-diffs.ts';
export { type JsonDiff, readJsonDiffs, skipJsonDiffs, writeJsonDiffs } from './diff.ts';
export { JsonDocument, jsonText } from './document.ts';
export { JsonInteger, type JsonNode, JsonObject, JsonOpaque, JsonType } from './node.ts';
export { parseJson } from './parse.ts';
export { type JsonLeg, jsonLegs, jsonPath } from './path.ts';
export { printDouble, printJson } from './print.ts';
