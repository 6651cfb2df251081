import type { Parser } from '@lezer/common';
import { parser as css } from '@lezer/css';
import { classHighlighter, highlightCode } from '@lezer/highlight';
import { configureNesting, parser as plainHtml } from '@lezer/html';
import { parser as javascript } from '@lezer/javascript';
import { parser as json } from '@lezer/json';
import { parser as markdown } from '@lezer/markdown';
import { createAstroParser } from './astro-parser.ts';

/** A piece of a line, and the classes that colour it ("tok-keyword"); none for plain text. */
export interface CodePiece {
  text: string;
  classes: string;
}

const typescript = javascript.configure({ dialect: 'ts' });
const html = plainHtml.configure({
  wrap: configureNesting([
    { tag: 'script', parser: typescript },
    { tag: 'style', parser: css },
  ]),
});
const astro = createAstroParser({ script: typescript, markup: html });

const parsers: Record<string, Parser> = {
  ...{ astro, css, json, html, svg: html, xml: html, md: markdown, mdx: markdown, webmanifest: json },
  ...{ ts: typescript, mts: typescript, js: javascript, mjs: javascript, cjs: javascript },
  tsx: javascript.configure({ dialect: 'ts jsx' }),
  jsx: javascript.configure({ dialect: 'jsx' }),
};

/** Colouring takes about a millisecond for every 10 KB; what is longer is shown as it is. */
const LONGEST_TEXT = 200_000;

/** @param isExcerpt Whether the text is some lines of a file, so that what it is part of has to be guessed. */
export function colourLines(text: string, path: string, isExcerpt = false): CodePiece[][] {
  const parser = text.length > LONGEST_TEXT ? undefined : parserFor(text, path, isExcerpt);
  if (!parser) return text.split('\n').map((line) => [{ text: line, classes: '' }]);
  const lines: CodePiece[][] = [[]];
  highlightCode(
    text,
    parser.parse(text),
    classHighlighter,
    (piece, classes) => lines.at(-1)?.push({ text: piece, classes }),
    () => lines.push([]),
  );
  return lines;
}

/** A line as HTML: the pieces' text, escaped, within their colours. */
export function lineHtml(pieces: readonly CodePiece[]): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return pieces.map(({ text, classes }) => (classes ? `<span class="${classes}">${escaped(text)}</span>` : escaped(text))).join('');
}

function parserFor(text: string, path: string, isExcerpt: boolean): Parser | undefined {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  if (extension !== 'astro' || !isExcerpt) return parsers[extension];
  const part = guessPart(text);
  return part === 'whole' ? astro : { script: typescript, style: css, markup: html }[part];
}

/** Which part of an Astro component some of its lines are from. */
export function guessPart(text: string): 'whole' | 'script' | 'style' | 'markup' {
  if (/^---\s*$/m.test(text)) return /^\s*---/.test(text) ? 'whole' : 'markup';
  const lines = text.split('\n');
  const count = (shape: RegExp) => lines.filter((line) => shape.test(line)).length;
  const parts = {
    markup: count(/^\s*(<\/?[\w.-]|<!--|\{)/),
    style: count(/^\s*(--)?[\w-]+:\s[^'"]*;\s*$|^\s*[.#@&:][\w-].*\{\s*$/),
    script: count(/^\s*(import|export|const|let|interface|type|function|return|if|\/\/|\}\)?;)(\W|$)/),
  };
  if (parts.style > parts.markup && parts.style >= parts.script) return 'style';
  return parts.script > parts.markup ? 'script' : 'markup';
}
