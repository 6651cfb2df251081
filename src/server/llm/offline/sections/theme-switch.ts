import type { SectionTemplate } from './section.ts';

/** A button that switches between light and dark, and remembers. */
export const THEME_SWITCH: SectionTemplate = {
  component: 'ThemeSwitch',
  sources: {
    standard: `
---
// The choice is kept in the browser; without one, the system's theme holds.
---

<theme-switch>
  <button
    type="button"
    class="flex size-11 cursor-pointer items-center justify-center rounded-full border border-current/30"
    aria-label="Dark theme"
    aria-pressed="false"
  >
    <svg class="size-5" viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.8"></circle>
      <path d="M10 3a7 7 0 0 1 0 14Z" fill="currentColor"></path>
    </svg>
  </button>
</theme-switch>

<script is:inline>
  {
    const saved = localStorage.getItem('theme');
    if (saved) document.documentElement.style.colorScheme = saved;
  }
</script>

<script>
  class ThemeSwitch extends HTMLElement {
    connectedCallback() {
      const button = this.querySelector('button')!;
      const show = () => button.setAttribute('aria-pressed', String(isDark()));
      button.addEventListener('click', () => {
        const theme = isDark() ? 'light' : 'dark';
        document.documentElement.style.colorScheme = theme;
        localStorage.setItem('theme', theme);
        show();
      });
      show();
    }
  }

  const isDark = () => {
    const chosen = document.documentElement.style.colorScheme || getComputedStyle(document.documentElement).colorScheme;
    return chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  };

  customElements.define('theme-switch', ThemeSwitch);
</script>
`,
  },
};
