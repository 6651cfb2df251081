import { gzipSync } from 'node:zlib';

/** What a page makes a browser load, in bytes; gzipped unless it says raw. Fonts are compressed already. */
export interface PageWeight {
  path: string;
  /** Scripts in the page and files, with every static import. */
  js: number;
  rawJs: number;
  jsFiles: number;
  /** What is imported only when something asks for it. */
  lazyJs: number;
  css: number;
  fonts: number;
}

/**
 * Loads a page of the running app and follows what it names: `<script>`, `modulepreload`, style sheets; from modules their
 * imports, from style sheets their imports and fonts.
 *
 * @throws Error when the page or a file it names does not answer as expected.
 */
export async function weighPage(
  origin: string,
  path: string,
  request: { search?: string; cookie?: string; status?: number } = {},
): Promise<PageWeight> {
  const headers: Record<string, string> = request.cookie === undefined ? {} : { cookie: request.cookie };
  const response = await fetch(origin + path + (request.search ?? ''), {
    headers: { ...headers, accept: 'text/html' },
    redirect: 'manual',
  });
  const html = await response.text();
  if (response.status !== (request.status ?? 200)) throw new Error(`${path} was answered with ${response.status}.`);

  const page = new URL(path, origin).href;
  const scripts = tags(html, 'script');
  const links = tags(html, 'link');
  const modules = await load(
    [
      ...scripts.flatMap(({ attributes }) => resolved(attributes.src, page)),
      ...links.filter(({ attributes }) => attributes.rel === 'modulepreload').flatMap(({ attributes }) => resolved(attributes.href, page)),
    ],
    staticImports,
  );
  const lazy = await load(
    [...modules].flatMap(([url, text]) => dynamicImports(text, url)),
    staticImports,
  );
  const styles = await load(
    links.filter(({ attributes }) => attributes.rel === 'stylesheet').flatMap(({ attributes }) => resolved(attributes.href, page)),
    styleImports,
  );
  const fonts = await Promise.all([...new Set([...styles].flatMap(([url, text]) => fontFiles(text, url)))].map(byteLength));

  const inline = scripts.filter(({ attributes, text }) => attributes.src === undefined && isScript(attributes.type) && text.trim() !== '');
  const js = [...modules.values(), ...inline.map(({ text }) => text)];
  return {
    path,
    js: gzipped(js),
    rawJs: js.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    jsFiles: modules.size,
    lazyJs: gzipped([...lazy].filter(([url]) => !modules.has(url)).map(([, text]) => text)),
    css: gzipped([...styles.values(), ...tags(html, 'style').map(({ text }) => text)]),
    fonts: fonts.reduce((sum, bytes) => sum + bytes, 0),
  };
}

interface Tag {
  attributes: Record<string, string>;
  text: string;
}

/** The elements of one name, as Astro writes them: attribute values are quoted. */
function tags(html: string, name: 'script' | 'link' | 'style'): Tag[] {
  const shape = name === 'link' ? /<link\b([^>]*)>/g : new RegExp(`<${name}\\b([^>]*)>([\\s\\S]*?)</${name}>`, 'g');
  return [...html.matchAll(shape)].map(([, attributes = '', text = '']) => ({
    attributes: Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
    text,
  }));
}

const isScript = (type: string | undefined) => type === undefined || type === 'module' || type === 'text/javascript';

/** Loads files and what they name, each once. */
async function load(urls: string[], referencesIn: (text: string, url: string) => string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const waiting = [...urls];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (files.has(url)) continue;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} was answered with ${response.status}.`);
    const text = await response.text();
    files.set(url, text);
    waiting.push(...referencesIn(text, url));
  }
  return files;
}

const found = (text: string, shape: RegExp, base: string) =>
  [...text.matchAll(shape)].flatMap(([, reference]) => resolved(reference, base));
const staticImports = (text: string, url: string) => found(text, /(?:\bfrom|\bimport)\s*["'](\.{0,2}\/[^"']+)["']/g, url);
const dynamicImports = (text: string, url: string) => found(text, /\bimport\(\s*["'`](\.{0,2}\/[^"'`]+)["'`]/g, url);
const styleImports = (text: string, url: string) => found(text, /@import\s+(?:url\()?["']([^"']+)["']/g, url);
const fontFiles = (text: string, url: string) => found(text, /url\(["']?([^"')]+\.woff2?)["']?\)/g, url);

/** The absolute address; nothing for what is absent, inline or elsewhere. */
function resolved(reference: string | undefined, base: string): string[] {
  if (reference === undefined || reference.startsWith('data:')) return [];
  const url = new URL(reference, base);
  return url.origin === new URL(base).origin ? [url.href] : [];
}

async function byteLength(url: string): Promise<number> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}.`);
  return (await response.arrayBuffer()).byteLength;
}

/** Each file by itself, as a server would send it. */
const gzipped = (texts: string[]) => texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
