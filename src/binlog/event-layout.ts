/** Where the fields of every event stand, in bytes from its start: a header, the body, and the checksum where the log has them. */

/** The bytes before every body: timestamp 4, type 1, server id 4, length 4, end position 4, flags 2. */
export const HEADER_BYTES = 19;
export const CHECKSUM_BYTES = 4;

export const TYPE_AT = 4;
export const SERVER_ID_AT = 5;
/** Of header, body and checksum together. */
export const LENGTH_AT = 9;
/** The end position. */
export const LOG_POS_AT = 13;
export const FLAGS_AT = 17;

/** Flags of a rows event: behind the table id. */
export const ROWS_FLAGS_AT: number = HEADER_BYTES + 6;
