import { escapeHtml } from '#server/bare-page.ts';
import type { GatewayPage } from './page-shell.ts';

/** Shown while a preview starts or restarts; replaced by the site as soon as it is there. */
export function waitingPage(kind: 'waking' | 'starting' | 'restarting', projectName: string): GatewayPage {
  const titles = { waking: 'Waking the preview', starting: 'Starting the preview', restarting: 'Restarting the preview' };
  return {
    status: 503,
    title: titles[kind],
    text: `${projectName} appears here by itself, usually within a few seconds.`,
    tone: 'waiting',
    extraHtml: '<p class="elapsed" id="elapsed" aria-hidden="true">&nbsp;</p>',
    script: waitScript(350),
    refreshSeconds: 2,
    retryAfterSeconds: 1,
  };
}

/** @param detail Last lines of the dev server's log, as text. */
export function failedPage(detail: string | undefined): GatewayPage {
  const lines = (detail ?? '').split('\n').filter((line) => line.trim() !== '');
  const cause = lines.findLast((line) => /error|cannot|failed|not found/i.test(line)) ?? lines.at(-1);
  const more =
    lines.length > 1
      ? `<details><summary>Show the last lines of the log</summary><pre>${escapeHtml(lines.join('\n'))}</pre></details>`
      : '';
  return {
    status: 502,
    title: 'The preview couldn’t start',
    text: cause ? 'This line says why. Nothing of the project was lost.' : 'Nothing of the project was lost.',
    tone: 'failed',
    extraHtml: `${cause ? `<pre>${escapeHtml(cause.trim())}</pre>` : ''}${more}<form method="post" action="/.doce/restart"><button>Restart</button></form>`,
    script: RESTART_SCRIPT,
  };
}

/** The site's process is there on paper but does not answer. */
export function unreachablePage(): GatewayPage {
  return {
    ...waitingPage('restarting', 'The preview'),
    status: 502,
    title: 'The preview stopped answering',
    text: 'It is being restarted and appears here by itself.',
    // It may look ready for a moment longer: a slower rhythm, so as not to flash.
    script: waitScript(2_000),
  };
}

export const unknownPage: GatewayPage = {
  status: 404,
  title: 'There is no preview at this address',
  text: 'Check the address, or open the project in doce and follow its preview link.',
  tone: 'calm',
};

export const deletingPage: GatewayPage = {
  status: 410,
  title: 'This project was deleted',
  text: 'Its preview is gone. You can close this page.',
  tone: 'calm',
};

export const notPublishedPage: GatewayPage = {
  status: 404,
  title: 'Nothing is published here yet',
  text: 'When its owner publishes a site at this address, you will find it here.',
  tone: 'calm',
};

/** An old version that was never built, or was put away because others were looked at since. */
export const versionGonePage: GatewayPage = {
  status: 404,
  title: 'This version is not built',
  text: 'Open the project’s History in doce and choose “Look at it” to build it again.',
  tone: 'calm',
};

/** Of a published site that has no 404 page of its own. */
export const missingPage: GatewayPage = {
  status: 404,
  title: 'There is no such page',
  text: 'The address may be mistyped, or the page may have moved.',
  tone: 'calm',
};

/** Of a published site that is a program, while it is being started again. */
export const downPage: GatewayPage = {
  status: 503,
  title: 'The site does not answer at the moment',
  text: 'It is being started again. This page tries once more by itself.',
  tone: 'waiting',
  refreshSeconds: 5,
  retryAfterSeconds: 5,
};

export const brokenPage: GatewayPage = {
  status: 500,
  title: 'That did not work',
  text: 'Reload the page in a moment.',
  tone: 'failed',
};

// The page stays as it is until the site answers: one reload, no flashing.
const waitScript = (firstAskMs: number) => `
(() => {
  const began = performance.now();
  const elapsed = document.getElementById('elapsed');
  const show = () => { elapsed.textContent = Math.floor((performance.now() - began) / 1000) + ' s'; };
  show();
  setInterval(show, 1000);
  const ask = async () => {
    try {
      const answer = await fetch('/.doce/status', { cache: 'no-store' });
      const { next } = await answer.json();
      if (next === 'reload') return location.reload();
    } catch {}
    setTimeout(ask, 350);
  };
  setTimeout(ask, ${firstAskMs});
})();
`;

const RESTART_SCRIPT = `
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = event.target.querySelector('button');
  button.disabled = true;
  button.textContent = 'Restarting';
  try { await fetch('/.doce/restart', { method: 'POST' }); } catch {}
  location.reload();
});
`;
