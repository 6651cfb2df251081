/** What a picture file is by its own bytes, whatever its name says. */
export interface ImageFacts {
  type: 'png' | 'jpg' | 'webp' | 'ico' | 'svg';
  /** In pixels; null where the file does not say. */
  width: number | null;
  height: number | null;
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const ICO = Buffer.from('00000100', 'hex');
const MARKUP_BEFORE_SVG = /^(?:\uFEFF|\s|<\?xml[^>]*\?>|<!--[\s\S]*?-->|<!doctype svg[^>]*>)*<svg[\s>]/i;

/** Undefined when it is none of the kinds that sites use. */
export function readImageFacts(bytes: Buffer): ImageFacts | undefined {
  if (bytes.length >= 24 && bytes.subarray(0, 8).equals(PNG)) {
    return { type: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length >= 22 && bytes.subarray(0, 4).equals(ICO)) {
    return { type: 'ico', width: bytes[6] || 256, height: bytes[7] || 256 };
  }
  if (bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8 && bytes[2] === 0xff) return { type: 'jpg', ...jpegSize(bytes) };
  if (bytes.length >= 30 && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    return { type: 'webp', ...webpSize(bytes) };
  }
  return MARKUP_BEFORE_SVG.test(bytes.subarray(0, 4_096).toString('utf8')) ? { type: 'svg', width: null, height: null } : undefined;
}

const unknown = { width: null, height: null };

/** Walks the segments to the frame header (ITU T.81 §B.2.2). */
function jpegSize(bytes: Buffer): { width: number | null; height: number | null } {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return unknown;
}

/** RFC 9649 §2.5–2.7: lossy, lossless, extended. */
function webpSize(bytes: Buffer): { width: number | null; height: number | null } {
  const chunk = bytes.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (chunk === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (chunk !== 'VP8L') return unknown;
  const packed = bytes.readUInt32LE(21);
  return { width: (packed & 0x3fff) + 1, height: ((packed >> 14) & 0x3fff) + 1 };
}
