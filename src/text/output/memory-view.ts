let memory: Uint8Array = new Uint8Array(0);
let view = new DataView(memory.buffer);

/** A DataView of the same memory. Kept until other memory is asked for: making one costs more than most things done with it. */
export function memoryView(bytes: Uint8Array): DataView {
  if (bytes !== memory) {
    memory = bytes;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return view;
}
