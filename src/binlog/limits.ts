/** Every size or count that comes from untrusted bytes meets one of these before memory is set aside for it. */
export const limits = {
  /** Largest event, header and checksum included: `max_allowed_packet` can be no larger. */
  eventBytes: 0x4000_0000,
  /** Largest text, rows area or payload after decompression. */
  inflatedBytes: 0x4000_0000 + 0x1_0000,
  /** Columns of a table: the servers' MAX_FIELDS. */
  columns: 4096,
  /** Nesting of a JSON document: the server's JSON_DOCUMENT_MAX_DEPTH. */
  jsonDepth: 100,
} as const;
