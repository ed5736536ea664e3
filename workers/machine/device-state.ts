/**
 * What v86 saves of the devices (its src/state.js): 16 bytes (magic, version, length, length of the text), a text that
 * says what there is, and buffers at multiples of four, always in the same order.
 */
const TEXT_LENGTH_AT = 12;
const HEAD = 16;

/**
 * In two parts, since the text's length changes with the numbers in it: so the buffers, most of which stay as they were
 * from one time to the next, lie where they lay in their part.
 */
export function partsOf(devices: Uint8Array): readonly [text: Uint8Array, buffers: Uint8Array] {
  if (devices.length < HEAD) return [devices, devices.subarray(devices.length)];
  const view = new DataView(devices.buffer, devices.byteOffset, devices.byteLength);
  const end = HEAD + Math.ceil(view.getUint32(TEXT_LENGTH_AT, true) / 4) * 4;
  return [devices.subarray(0, end), devices.subarray(end)];
}
