// @ts-check
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'astro/config';

const CALM_MS = 100;

/**
 * Vite remembers an import that was missing when the page was asked for, even once the file is there. So when files have come
 * or gone and it is calm again, the site's own modules are looked at anew.
 *
 * @returns {import('vite').Plugin}
 */
function noticeFiles() {
  return {
    name: 'notice-files',
    apply: 'serve',
    configureServer({ config, watcher, environments }) {
      const sources = `${config.root}/src/`;
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let pending;

      const lookAgain = () => {
        pending = undefined;
        for (const { moduleGraph, hot } of Object.values(environments)) {
          for (const module of moduleGraph.idToModuleMap.values()) {
            if (module.file?.startsWith(sources)) moduleGraph.invalidateModule(module);
          }
          hot.send({ type: 'full-reload' });
        }
      };
      const whenCalm = () => {
        clearTimeout(pending);
        pending = setTimeout(lookAgain, CALM_MS);
      };
      /** @param {string} file */
      const comeOrGone = (file) => void (file.startsWith(sources) && whenCalm());
      watcher.on('add', comeOrGone).on('unlink', comeOrGone);
      watcher.on('change', () => void (pending && whenCalm()));
    },
  };
}

export default defineConfig({
  output: 'static',
  devToolbar: { enabled: false },
  vite: { plugins: [tailwindcss(), noticeFiles()] },
});
