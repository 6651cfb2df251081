import { Parser } from 'htmlparser2';

/** An address in a page or a stylesheet, and the line it is on. */
export interface Link {
  address: string;
  line: number;
}

const ADDRESS_ATTRIBUTES: Record<string, readonly string[]> = {
  a: ['href'],
  area: ['href'],
  audio: ['src'],
  embed: ['src'],
  iframe: ['src'],
  image: ['href', 'xlink:href'],
  img: ['src', 'srcset'],
  input: ['src'],
  link: ['href', 'imagesrcset'],
  object: ['data'],
  script: ['src'],
  source: ['src', 'srcset'],
  track: ['src'],
  use: ['href', 'xlink:href'],
  video: ['src', 'poster'],
};
/** They name other servers, or pages that do not exist yet by intent. */
const UNCHECKED_RELATIONS = /\b(?:preconnect|dns-prefetch|canonical|alternate|me|nofollow)\b/i;

/** Everything a page refers to, with the base its relative addresses start from. */
export function readLinks(html: string): { links: Link[]; base: string | undefined } {
  const lineAt = lineFinder(html);
  const links: Link[] = [];
  let base: string | undefined;
  let inStyle = false;
  const parser = new Parser({
    onopentag(name, attributes) {
      const line = lineAt(parser.startIndex);
      if (name === 'base') base ??= attributes['href'];
      if (name === 'style') inStyle = true;
      if (attributes['style']) for (const { address } of readStyleLinks(attributes['style'])) links.push({ address, line });
      if (name === 'meta' && /^refresh$/i.test(attributes['http-equiv'] ?? '')) {
        const target = /;\s*url=['"]?([^'"]+)/i.exec(attributes['content'] ?? '')?.[1];
        if (target) links.push({ address: target, line });
      }
      if (name === 'link' && UNCHECKED_RELATIONS.test(attributes['rel'] ?? '')) return;
      for (const attribute of ADDRESS_ATTRIBUTES[name] ?? []) {
        const value = attributes[attribute];
        if (value === undefined) continue;
        const addresses = attribute.endsWith('srcset') ? readSrcset(value) : [value];
        for (const address of addresses) links.push({ address, line });
      }
    },
    ontext(text) {
      if (!inStyle) return;
      const first = lineAt(parser.startIndex);
      for (const { address, line } of readStyleLinks(text)) links.push({ address, line: first + line - 1 });
    },
    onclosetag(name) {
      if (name === 'style') inStyle = false;
    },
  });
  parser.end(html);
  return { links, base };
}

/** The `url(…)`s of a stylesheet. */
export function readStyleLinks(css: string): Link[] {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const lineAt = lineFinder(plain);
  return [...plain.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s][^)\s]*))\s*\)/g)].map((match) => ({
    address: match[1] ?? match[2] ?? match[3] ?? '',
    line: lineAt(match.index),
  }));
}

function readSrcset(srcset: string): string[] {
  // A comma inside an address is followed by no space: https://html.spec.whatwg.org/multipage/images.html#srcset-attributes
  return srcset
    .split(/,\s+|,$/)
    .map((candidate) => candidate.trim().split(/\s+/, 1)[0] ?? '')
    .filter((address) => address !== '');
}

/** Counts on from the last place: places are asked for in order. */
function lineFinder(text: string): (index: number) => number {
  let line = 1;
  let at = 0;
  return (index) => {
    for (let next = text.indexOf('\n', at); next !== -1 && next < index; next = text.indexOf('\n', at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  };
}
