import type { Extension } from '@codemirror/state';

/** The language of a file, fetched when a file of its kind is first opened. */
export async function languageOf(path: string): Promise<Extension> {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return (await loaders[extension]?.()) ?? [];
}

const script = async (options: { typescript?: boolean; jsx?: boolean }) =>
  (await import('@codemirror/lang-javascript')).javascript(options);
const markup = async () => (await import('@codemirror/lang-html')).html({ selfClosingTags: true });
const json = async () => (await import('@codemirror/lang-json')).json();
const markdown = async () => (await import('@codemirror/lang-markdown')).markdown();

const loaders: Record<string, () => Promise<Extension>> = {
  astro: async () => (await import('./code-astro.ts')).astro(),
  css: async () => (await import('@codemirror/lang-css')).css(),
  ...{ html: markup, svg: markup, xml: markup },
  ...{ json, webmanifest: json, md: markdown, mdx: markdown },
  ...{
    ts: () => script({ typescript: true }),
    mts: () => script({ typescript: true }),
    tsx: () => script({ typescript: true, jsx: true }),
  },
  ...{ js: () => script({}), mjs: () => script({}), cjs: () => script({}), jsx: () => script({ jsx: true }) },
};
