import type { SourceFacts } from '../announce-reader.ts';
import type { Boundary } from '../received-log.ts';
import type { SourcePosition } from './source-position.ts';

/** A position that is made when somebody asks for it. */
export type PositionMark = () => SourcePosition;

/** The place of a boundary on its source, to be stored; undefined where it has neither a file nor GTIDs yet. */
export function positionMark(
  boundary: Boundary | undefined,
  facts: SourceFacts | undefined,
): PositionMark | undefined {
  if (boundary === undefined || facts === undefined) return undefined;
  const { file, position, gtids } = boundary;
  if (file === '' && gtids === undefined) return undefined;
  const { serverUuid, serverId } = facts;
  return () => ({
    ...(file === '' ? {} : { file, position }),
    ...(gtids === undefined ? {} : { gtids: gtids() }),
    serverId,
    ...(serverUuid === undefined ? {} : { serverUuid }),
  });
}
