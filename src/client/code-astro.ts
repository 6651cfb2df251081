import { html } from '@codemirror/lang-html';
import { javascript } from '@codemirror/lang-javascript';
import { defineLanguageFacet, Language, languageDataProp, LanguageSupport } from '@codemirror/language';
import { createAstroParser } from '../components/files/astro-parser.ts';

/** Astro components: TypeScript between the fences, markup below, with the commands of both. */
export function astro(): LanguageSupport {
  const markup = html({ selfClosingTags: true });
  const script = javascript({ typescript: true });
  const facet = defineLanguageFacet({ commentTokens: { block: { open: '<!--', close: '-->' } } });
  const parts = { script: script.language.parser, markup: markup.language.parser };
  const parser = createAstroParser(parts, languageDataProp.add({ Document: facet }));
  return new LanguageSupport(new Language(facet, parser, [], 'astro'), [markup.support, script.support]);
}
