import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

const TEXTUAL = new Set(
  '.html .htm .css .js .mjs .cjs .json .map .xml .rss .atom .svg .txt .md .csv .webmanifest .wasm .ico .ttf .otf .eot'.split(' '),
);
const SMALLEST_BYTES = 512;
/** The best quality takes seconds a megabyte. */
const BEST_QUALITY_BYTES = 512 * 1024;
const WORTH_IT = 0.95;

/** Whether answers with this file depend on `Accept-Encoding`. */
export function isCompressible(path: string): boolean {
  return TEXTUAL.has(extname(path).toLowerCase());
}

/** A file's smaller copies; those that are not clearly smaller are left out. */
export async function compress(path: string, content: Buffer): Promise<{ br?: Buffer; gzip?: Buffer }> {
  if (!isCompressible(path) || content.length < SMALLEST_BYTES) return {};
  const [br, zipped] = await Promise.all([
    compressBrotli(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: content.length > BEST_QUALITY_BYTES ? 9 : constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
    compressGzip(content, { level: 9 }),
  ]);
  const limit = content.length * WORTH_IT;
  return { ...(br.length < limit ? { br } : {}), ...(zipped.length < limit ? { gzip: zipped } : {}) };
}
