export { ClientErrno } from './client-errors.ts';
export { connect } from './connect.ts';
export type { ConnectOptions } from './connect-options.ts';
export { Connection, type ConnectionFacts, type DumpRequest } from './connection.ts';
export { EventStream } from './event-stream.ts';
export type { Target } from './open-socket.ts';
export type { Outcome, ResultSet, Row } from './query.ts';
