/** One file as an entry of a tar archive (POSIX ustar), to be put in front of another archive. */
const BLOCK_BYTES = 512;

/** @param name of at most 100 bytes */
export function tarEntry(name: string, content: Buffer): Buffer {
  const padding = (BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES;
  return Buffer.concat([header(name, content.length), content, Buffer.alloc(padding)]);
}

/** Fields by their offset; numbers are octal texts. The checksum counts its own field as blanks. */
function header(name: string, sizeBytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  block.write(name, 0, 100);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(sizeBytes, 11), 124);
  block.write(octal(0, 11), 136);
  block.fill(' ', 148, 156);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}
