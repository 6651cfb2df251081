import type { PaletteRecipe } from './palette.ts';
import { paletteCss } from './palette.ts';
import type { Theme } from './stylesheet.ts';
import { schemeOf } from './stylesheet.ts';
import type { TypePairing } from './typography.ts';
import { fontCss, fontImports } from './typography.ts';

/** Edits of `global.css`, declaration by declaration: whatever else stands in it stays. */

export const withPalette = (css: string, palette: PaletteRecipe) =>
  withDeclarations(withComment(css, 'Palette', palette.name), paletteCss(palette));

export function withPairing(css: string, type: TypePairing): string {
  const imports = fontImports(type);
  const rest = css.split('\n').filter((line) => !/^@import ['"]@fontsource/.test(line));
  const at = rest.findIndex((line) => /^@import ['"]tailwindcss/.test(line)) + 1;
  const joined = [...rest.slice(0, at), imports, ...rest.slice(at)].join('\n');
  return withDeclarations(withComment(joined, 'Type', type.name), fontCss(type));
}

export function withTheme(css: string, theme: Theme): string {
  const declaration = `color-scheme: ${schemeOf(theme)};`;
  return /color-scheme:[^;]+;/.test(css)
    ? css.replace(/color-scheme:[^;]+;/, declaration)
    : `${css.trimEnd()}\n\n:root {\n  ${declaration}\n}\n`;
}

export const withRadius = (css: string, radius: string) => withDeclarations(css, `  --radius-card: ${radius};`);

function withDeclarations(css: string, declarations: string): string {
  let result = css;
  for (const line of declarations.split('\n')) {
    const property = /^\s*(--[\w-]+):/.exec(line)?.[1];
    if (!property) continue;
    const existing = new RegExp(String.raw`^[ \t]*${property}:[^;]*;`, 'm');
    result = existing.test(result) ? result.replace(existing, line) : result.replace(/(@theme[^{]*\{\n)/, `$1${line}\n`);
  }
  return result;
}

const withComment = (css: string, label: string, name: string) =>
  css.replace(new RegExp(String.raw`/\* ${label}: .*? \*/`), `/* ${label}: ${name} */`);
