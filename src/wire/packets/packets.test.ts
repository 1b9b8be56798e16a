import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Writer } from '../../bytes/index.ts';
import { ProtocolError } from '../../errors/index.ts';
import { type Agreement, Capability } from '../capabilities.ts';
import * as p from './index.ts';

const C = Capability;
const wellFormed = fc.string({ maxLength: 40, unit: 'grapheme' });
const textWithoutNul = wellFormed.map((value) => value.replaceAll('\0', '0'));
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const position = fc.nat(Number.MAX_SAFE_INTEGER);

function roundTrip<P>(definition: p.PacketDefinition<P>, packet: P, capabilities = 0, extended = 0): void {
  const agreed: Agreement = { capabilities: (capabilities | C.PROTOCOL_41) >>> 0, extended };
  const writer = new Writer();
  definition.write(packet, writer, agreed);
  const written = writer.take();
  const read = p.readPacket(definition, agreed, written);
  expect(read).toEqual(packet);
  writer.reset();
  definition.write(read, writer, agreed);
  expect(writer.take()).toEqual(written);
}

test('the greeting survives the round trip, with MariaDB capabilities and without', () => {
  const greeting = fc.record({
    serverVersion: textWithoutNul,
    connectionId: u32,
    scramble: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((value) => Buffer.from(value)),
    capabilities: u32.map((flags) => (flags | C.SECURE_CONNECTION | C.PLUGIN_AUTH) >>> 0),
    extended: u32,
    collation: u8,
    status: u16,
    plugin: textWithoutNul,
  });
  fc.assert(
    fc.property(greeting, (packet) =>
      roundTrip(p.handshake, {
        ...packet,
        extended: packet.capabilities & C.LONG_PASSWORD ? 0 : packet.extended,
      }),
    ),
  );
});

test('the greetings of real servers are read and written back as they were sent', () => {
  const mariadb = Buffer.from(
    '0a31312e382e362d4d6172696144422d302b646562313375312066726f6d2044656269616e2d6c6f6700060000002a2e48602b54474400feff2d0200ff81150000000000003d000000613e4d49684e30423b41754b006d7973716c5f6e61746976655f70617373776f726400',
    'hex',
  );
  const mysql = Buffer.from(
    '0a392e372e342d32000e0000004726205e4a5f5a5a00ffffff0200ffdf15000000000000000000004e587c70011104167b6f2f270063616368696e675f736861325f70617373776f726400',
    'hex',
  );
  const bare = { capabilities: 0, extended: 0 };
  expect(p.readPacket(p.handshake, bare, mariadb)).toMatchObject({
    plugin: 'mysql_native_password',
    extended: 0x3d,
  });
  expect(p.readPacket(p.handshake, bare, mysql)).toMatchObject({
    plugin: 'caching_sha2_password',
    extended: 0,
  });
  for (const sent of [mariadb, mysql]) {
    const greeting = p.readPacket(p.handshake, bare, sent);
    expect(greeting.scramble.length).toBe(20);
    const writer = new Writer();
    p.handshake.write(greeting, writer, bare);
    expect(writer.take()).toEqual(sent);
  }
});

test('the version MariaDB hides behind 5.5.5 is found', () => {
  expect(p.realVersion('5.5.5-10.11.14-MariaDB-log')).toBe('10.11.14-MariaDB-log');
  expect(p.realVersion('5.5.62')).toBe('5.5.62');
});

test('the client answer survives the round trip under every combination of capabilities', () => {
  const answer = fc.record({
    capabilities: u32,
    extended: u32,
    maxPacket: u32,
    // Of UTF-8, or of nobody: any text can be said in it.
    collation: fc.constantFrom(0, 33, 45, 76, 223, 247, 255),
    user: textWithoutNul,
    authData: fc.uint8Array({ maxLength: 200, min: 1 }).map((value) => Buffer.from(value)),
    schema: textWithoutNul,
    plugin: textWithoutNul,
    attributes: fc.array(fc.tuple(wellFormed, wellFormed), { maxLength: 5 }).map((pairs) => new Map(pairs)),
    zstdLevel: u8,
  });
  fc.assert(
    fc.property(answer, (packet) => {
      const capabilities = (packet.capabilities | C.PROTOCOL_41) >>> 0;
      roundTrip(p.handshakeResponse, {
        ...packet,
        capabilities,
        extended: capabilities & C.LONG_PASSWORD ? 0 : packet.extended,
        schema: capabilities & C.CONNECT_WITH_DB ? packet.schema : undefined,
        plugin: capabilities & C.PLUGIN_AUTH ? packet.plugin : '',
        attributes: capabilities & C.CONNECT_ATTRS ? packet.attributes : new Map(),
        zstdLevel: capabilities & C.ZSTD_COMPRESSION ? packet.zstdLevel : 0,
      });
    }),
  );
});

test('a change of user survives the round trip', () => {
  const capabilities = C.PLUGIN_AUTH | C.CONNECT_ATTRS;
  const packet = {
    user: 'u',
    authData: Buffer.from([1, 0, 2]),
    schema: 's',
    collation: 255,
    plugin: 'caching_sha2_password',
    attributes: new Map([['a', 'b']]),
  };
  const writer = new Writer();
  p.changeUser.write(packet, writer, { capabilities, extended: 0 });
  expect(p.readPacket(p.changeUser, { capabilities, extended: 0 }, writer.take())).toEqual(packet);
});

test('names come in the character set of the login or session, and go out in that of results', () => {
  const agreed = {
    capabilities: C.PROTOCOL_41,
    extended: 0,
    clientCharset: 'latin1',
    resultsCharset: 'latin1',
  };
  const login = Buffer.from('1178f60000e4000800', 'hex');
  expect(p.readPacket(p.changeUser, agreed, login)).toMatchObject({ user: 'xö', schema: 'ä' });
  expect(p.readPacket(p.initDb, agreed, Buffer.from('02e4', 'hex'))).toEqual({ schema: 'ä' });
  const writer = new Writer();
  p.column.write(p.textColumn('ä€日'), writer, agreed);
  expect(writer.take().toString('latin1')).toContain('\x03\xe4\x80?');
  writer.reset();
  p.err.write({ errno: 1, sqlState: 'HY000', message: 'ä日' }, writer, agreed);
  expect(writer.take().toString('latin1')).toMatch(/HY000\xe4\\65E5$/);
});

test('a request for TLS is the first 32 bytes of the answer', () => {
  const writer = new Writer();
  const packet = {
    capabilities: C.SSL | C.PROTOCOL_41 | C.LONG_PASSWORD,
    extended: 0,
    maxPacket: 1 << 24,
    collation: 45,
  };
  p.sslRequest.write(packet, writer, { capabilities: 0, extended: 0 });
  expect(writer.length).toBe(p.SSL_REQUEST_SIZE);
  expect(p.readPacket(p.sslRequest, { capabilities: 0, extended: 0 }, writer.take())).toEqual(packet);
});

test('every small packet survives the round trip', () => {
  const laws: [p.PacketDefinition<never>, fc.Arbitrary<unknown>, number?][] = [
    [p.authSwitch as never, fc.record({ plugin: textWithoutNul, data: bytes })],
    [p.authMoreData as never, fc.record({ data: bytes })],
    [p.authNextFactor as never, fc.record({ plugin: textWithoutNul, data: bytes })],
    [p.eof as never, fc.record({ warnings: u16, status: u16 })],
    [p.localInfile as never, fc.record({ file: wellFormed })],
    [p.initDb as never, fc.record({ schema: wellFormed })],
    [p.processKill as never, fc.record({ connectionId: u32 })],
    [p.setOption as never, fc.record({ option: u16 })],
    [
      p.registerSlave as never,
      fc.record({ serverId: u32, host: wellFormed, user: wellFormed, password: wellFormed, port: u16 }),
    ],
    [p.binlogDump as never, fc.record({ position: u32, flags: u16, serverId: u32, file: wellFormed })],
    [
      p.binlogDumpGtid as never,
      fc.record({ flags: u16, serverId: u32, file: wellFormed, position, gtidSet: bytes }),
    ],
    [p.semisyncAck as never, fc.record({ position, file: wellFormed })],
    [p.statementPrepare as never, fc.record({ statement: bytes })],
    [p.prepareOk as never, fc.record({ statementId: u32, columns: u16, parameters: u16, warnings: u16 })],
    [p.statementClose as never, fc.record({ statementId: u32 })],
    [p.statementReset as never, fc.record({ statementId: u32 })],
    [p.statementFetch as never, fc.record({ statementId: u32, rows: u32 })],
    [p.statementLongData as never, fc.record({ statementId: u32, parameter: u16, data: bytes })],
    [p.query as never, fc.record({ attributes: fc.constant([]), statement: bytes })],
    [p.query as never, fc.record({ attributes: fc.constant([]), statement: bytes }), C.QUERY_ATTRIBUTES],
  ];
  for (const [definition, packets, capabilities] of laws) {
    fc.assert(
      fc.property(packets, (packet) => roundTrip(definition, packet as never, capabilities)),
      { numRuns: 50 },
    );
  }
});

test('OK survives with and without session tracking', () => {
  const okPacket = fc.record({
    header: fc.constantFrom(p.OK, p.EOF),
    affectedRows: u64,
    lastInsertId: u64,
    status: u16,
    warnings: u16,
    info: bytes,
    sessionState: bytes,
  });
  fc.assert(
    fc.property(okPacket, fc.boolean(), (packet, track) =>
      roundTrip(
        p.ok,
        { ...packet, sessionState: track && packet.status & 0x4000 ? packet.sessionState : Buffer.alloc(0) },
        track ? C.SESSION_TRACK : 0,
      ),
    ),
  );
});

test('ERR is read with its SQL state, and without one as sent before the handshake', () => {
  roundTrip(p.err, { errno: 1236, sqlState: 'HY000', message: 'Could not find first log file name' });
  const early = Buffer.concat([Buffer.of(0xff, 0x10, 0x04), Buffer.from('Too many connections')]);
  expect(p.readPacket(p.err, { capabilities: 0, extended: 0 }, early)).toEqual({
    errno: 1040,
    sqlState: '',
    message: 'Too many connections',
  });
});

test('a column survives, with MariaDB metadata too', () => {
  const columnPacket = { ...p.textColumn('Grüße'), schema: 's', table: 't', flags: 5 };
  roundTrip(p.column, columnPacket);
  roundTrip(p.column, { ...columnPacket, metadata: Buffer.from('\x00\x04json') }, 0, 8);
});

test('text rows survive, NULL apart from empty', () => {
  fc.assert(
    fc.property(fc.array(fc.option(bytes), { maxLength: 20 }), (row) =>
      roundTrip(p.textRow(row.length), row),
    ),
  );
});

const zero = {
  negative: false,
  days: 0,
  year: 0,
  month: 0,
  day: 0,
  hour: 0,
  minute: 0,
  second: 0,
  microsecond: 0,
};
const T = p.ColumnType;
const values: readonly [number, boolean, p.BinaryValue][] = [
  [T.TINY, false, -1],
  [T.TINY, true, 255],
  [T.SHORT, false, -32768],
  [T.YEAR, true, 2024],
  [T.LONG, true, 4294967295],
  [T.INT24, false, -8388608],
  [T.LONGLONG, false, -(2n ** 63n)],
  [T.LONGLONG, true, 2n ** 64n - 1n],
  [T.FLOAT, false, 1.5],
  [T.DOUBLE, false, Math.PI],
  [T.VAR_STRING, false, Buffer.from('text')],
  [T.NEWDECIMAL, false, Buffer.from('1.50')],
  [T.BLOB, false, null],
  [T.DATE, false, { ...zero, year: 2024, month: 2, day: 29 }],
  [T.DATETIME, false, { ...zero, year: 2024, month: 2, day: 29, hour: 23 }],
  [T.TIMESTAMP, false, { ...zero, year: 2024, month: 2, day: 29, microsecond: 5 }],
  [T.DATETIME, false, zero],
  [T.TIME, false, { ...zero, negative: true, days: 34, hour: 22, minute: 59, second: 59 }],
  [T.TIME, false, { ...zero, microsecond: 999_999 }],
  [T.TIME, false, zero],
];

test('every type of the binary protocol survives in rows, parameters and query attributes', () => {
  const columns = values.map(([type, unsigned]) => ({
    ...p.textColumn('c'),
    type,
    flags: unsigned ? 32 : 0,
  }));
  roundTrip(
    p.binaryRow(columns),
    values.map(([, , value]) => value),
  );
  const named = values.map(([type, unsigned, value], i) => ({ name: `a${i}`, type, unsigned, value }));
  const unnamed = named.map((parameter) => ({ ...parameter, name: '' }));
  roundTrip(p.statementExecute(values.length), { statementId: 7, flags: 0, parameters: unnamed });
  roundTrip(p.statementExecute(0), { statementId: 7, flags: 0, parameters: [] });
  const execution = { statementId: 7, flags: 8, parameters: named };
  roundTrip(p.statementExecute(values.length), execution, C.QUERY_ATTRIBUTES);
  roundTrip(p.query, { attributes: named, statement: Buffer.from('SELECT 1') }, C.QUERY_ATTRIBUTES);
});

test('types told in an earlier execution are used again', () => {
  const sent = Buffer.from('1701000000000100000000002a000000', 'hex');
  const packet = p.readPacket(
    p.statementExecute(1, [{ name: '', type: T.LONG, unsigned: false }]),
    { capabilities: 0, extended: 0 },
    sent,
  );
  expect(packet.parameters[0]!.value).toBe(42);
  expect(() => p.readPacket(p.statementExecute(1), { capabilities: 0, extended: 0 }, sent)).toThrow(
    ProtocolError,
  );
});

test('the register command has the bytes a real replica sends', () => {
  const writer = new Writer();
  const packet = { serverId: 2, host: '', user: '', password: '', port: 23307 };
  p.registerSlave.write(packet, writer, { capabilities: 0, extended: 0 });
  expect(writer.take().toString('hex')).toBe('15020000000000000b5b0000000000000000');
});

test('arbitrary bytes are read as a packet or refused, never more', () => {
  const definitions = [
    p.handshake,
    p.handshakeResponse,
    p.authSwitch,
    p.ok,
    p.err,
    p.eof,
    p.column,
    p.query,
    p.registerSlave,
    p.binlogDump,
    p.binlogDumpGtid,
    p.semisyncAck,
    p.prepareOk,
    p.statementExecute(3),
    p.textRow(4),
    p.binaryRow([{ ...p.textColumn('c'), type: T.DATETIME }]),
  ] as p.PacketDefinition<unknown>[];
  fc.assert(
    fc.property(bytes, u32, fc.nat(definitions.length - 1), u8, (body, capabilities, which, first) => {
      const packet = Buffer.concat([Buffer.of(first), body]);
      try {
        p.readPacket(definitions[which]!, { capabilities, extended: 0 }, packet);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 2000 },
  );
});
