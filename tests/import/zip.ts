import { crc32, deflateRawSync } from 'node:zlib';

/** An entry as hostile as one likes: every field can be a lie. */
export interface ZipEntry {
  name: string | Buffer;
  content?: string | Buffer;
  /** Unix mode, type included; 0o100644 unless given. */
  mode?: number;
  flags?: number;
  method?: number;
  /** Where the directory lies about them. */
  size?: number;
  checksum?: number;
  /** Offset of another entry's content, for entries that overlap. */
  offset?: number;
}

/** A ZIP written byte by byte, as libraries refuse to. APPNOTE.TXT 4.3. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string);
    const content = Buffer.from((entry.content ?? '') as string);
    const method = entry.method ?? 8;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const flags = entry.flags ?? 0x800;
    const size = entry.size ?? content.length;
    const checksum = entry.checksum ?? crc32(content);
    const offset = entry.offset ?? position;
    const mode = entry.mode ?? 0o100644;
    const common = [u16(flags), u16(method), u32(0), u32(checksum), u32(packed.length), u32(size), u16(name.length), u16(0)];
    if (entry.offset === undefined) {
      const local = Buffer.concat([u32(0x04034b50), u16(20), ...common, name, packed]);
      locals.push(local);
      position += local.length;
    }
    const rest = [u16(0), u16(0), u16(0), u32((mode << 16) >>> 0), u32(offset)];
    directory.push(Buffer.concat([u32(0x02014b50), u16((3 << 8) | 20), u16(20), ...common, ...rest, name]));
  }
  const listing = Buffer.concat(directory);
  const end = [u32(0x06054b50), u16(0), u16(0), u16(entries.length), u16(entries.length), u32(listing.length), u32(position), u16(0)];
  return Buffer.concat([...locals, listing, ...end]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export const packageJson = (extra: object = { dependencies: { astro: '7.3.5' } }) => ({
  name: 'package.json',
  content: JSON.stringify(extra),
});
