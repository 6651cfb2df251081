/** Radios named `theme`: system, light or dark, for this browser. */
export function wireThemeChoice(): void {
  const root = document.documentElement;
  const radios = document.querySelectorAll<HTMLInputElement>('input[name=theme]');
  for (const radio of radios) {
    radio.checked = radio.value === (root.dataset.theme ?? 'system');
    radio.addEventListener('change', () => {
      if (radio.value === 'system') delete root.dataset.theme;
      else root.dataset.theme = radio.value;
      try {
        localStorage.setItem('doce:theme', radio.value);
      } catch {
        // Refused storage: the choice holds for this page only.
      }
    });
  }
}
