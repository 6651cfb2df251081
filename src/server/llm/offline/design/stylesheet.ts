import type { Layout } from '../sections/section.ts';
import type { PaletteRecipe } from './palette.ts';
import { paletteCss } from './palette.ts';
import type { TypePairing } from './typography.ts';
import { fontCss, fontImports } from './typography.ts';

export type Theme = 'system' | 'light' | 'dark';

export const schemeOf = (theme: Theme) => (theme === 'system' ? 'light dark' : theme);

export const RADII: Readonly<Record<Layout, string>> = {
  split: '1.5rem',
  centered: '1rem',
  editorial: '0.125rem',
  poster: '1.75rem',
  product: '0.875rem',
  mosaic: '0.375rem',
};

/** `src/styles/global.css`: everything a palette, a pairing or a theme decides stands in the first blocks. */
export function stylesheet(design: { palette: PaletteRecipe; type: TypePairing; layout: Layout; theme: Theme }): string {
  return `@import 'tailwindcss' source('../');
${fontImports(design.type)}

/* Design tokens. light-dark() holds both themes; text keeps at least 4.5:1 on its ground in each. */
@theme static {
${paletteCss(design.palette)}

  /* Type: ${design.type.name} */
${fontCss(design.type)}

  --radius-card: ${RADII[design.layout]};
}

:root {
  color-scheme: ${schemeOf(design.theme)};
}
${BASE}`;
}

const BASE = `
@layer base {
  html {
    background-color: var(--color-page);
    color: var(--color-ink);
    font-family: var(--font-sans);
    line-height: 1.6;
    scroll-behavior: smooth;
    text-rendering: optimizeLegibility;
    -webkit-text-size-adjust: 100%;
  }

  h1,
  h2,
  h3 {
    text-wrap: balance;
  }

  p,
  blockquote {
    text-wrap: pretty;
  }

  :focus-visible {
    outline: 2px solid currentColor;
    outline-offset: 3px;
    border-radius: 2px;
  }

  ::selection {
    background-color: color-mix(in oklab, var(--color-accent) 25%, transparent);
  }

  @media (prefers-reduced-motion: reduce) {
    html {
      scroll-behavior: auto;
    }

    *,
    ::before,
    ::after {
      animation-duration: 0.01ms !important;
      transition-duration: 0.01ms !important;
    }
  }
}

@utility wrap {
  margin-inline: auto;
  width: 100%;
  max-width: 74rem;
  padding-inline: clamp(1.25rem, 4vw, 2.5rem);
}

@utility display-* {
  font-family: var(--font-display);
  font-weight: var(--display-weight);
  font-size: calc(--value(--display-size-*) * var(--display-scale));
  letter-spacing: var(--display-tracking);
  line-height: --value(--display-leading-*);
}

@theme {
  --display-size-sm: 1.375rem;
  --display-size-md: clamp(1.6rem, 1.35rem + 1.2vw, 2.1rem);
  --display-size-lg: clamp(2rem, 1.5rem + 2.2vw, 3.1rem);
  --display-size-xl: clamp(2.6rem, 1.7rem + 4vw, 4.6rem);
  --display-size-2xl: clamp(2.9rem, 1.5rem + 6.6vw, 6.6rem);
  --display-leading-sm: 1.25;
  --display-leading-md: 1.18;
  --display-leading-lg: 1.1;
  --display-leading-xl: 1.03;
  --display-leading-2xl: 0.98;
}

@layer components {
  .eyebrow {
    color: var(--color-accent);
    font-family: var(--font-label);
    font-size: 0.95rem;
    font-weight: 550;
  }

  .button,
  .button-inverse,
  .button-outline {
    display: inline-flex;
    align-items: center;
    min-height: 3rem;
    border: 1.5px solid transparent;
    border-radius: min(var(--radius-card), 999px);
    padding: 0.6rem 1.4rem;
    font-weight: 600;
    text-align: center;
    overflow-wrap: anywhere;
    transition: filter 150ms;
  }

  .button:hover,
  .button-inverse:hover {
    filter: brightness(1.08);
  }

  .button {
    background-color: var(--color-band);
    color: var(--color-on-band);
  }

  .button-inverse {
    background-color: var(--color-on-band);
    color: var(--color-band);
  }

  .button-outline {
    border-color: var(--color-ink);
  }

  .button-outline:hover {
    background-color: var(--color-page);
  }

  .button-small {
    min-height: 2.75rem;
    padding: 0.4rem 1.1rem;
    font-size: 0.95rem;
  }

  .link,
  .link-inverse {
    font-weight: 550;
    overflow-wrap: anywhere;
    text-decoration: underline;
    text-decoration-thickness: 1.5px;
    text-underline-offset: 0.3em;
  }

  .link:hover {
    color: var(--color-accent);
  }
}
`;
