import type { PanelView } from './panel-view.ts';

const radio = (id: string) => document.querySelector<HTMLInputElement>(`#${id}`);

/** Brings a tab of the stage into sight; on a phone the stage as well. */
export function showTab(view: 'preview' | 'history' | 'code'): void {
  const tab = radio(`view-${view}`);
  if (tab) tab.checked = true;
  const pane = radio('pane-stage');
  if (pane) pane.checked = true;
}

/** The part of the address that says which version is looked at; empty while it is the live preview. */
export function lookInAddress(): string {
  const source = document.querySelector<HTMLElement>('#stage')!.dataset.src!;
  const hash = new URL(source, location.href).searchParams.get('look');
  return hash ? `?look=${hash}` : '';
}

export function wireStageTabs(): void {
  const code = document.querySelector<PanelView>('panel-view[data-view=code]');
  if (code) loadWhenSeen(code);
  document.addEventListener('change', (event) => {
    const tab = event.target as HTMLInputElement;
    // The other tabs write their own address when they come into sight.
    if (tab.name !== 'stage-view' || !['preview', 'logs'].includes(tab.value)) return;
    history.replaceState(history.state, '', location.pathname + (tab.value === 'preview' ? lookInAddress() : ''));
  });
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    const toVersion = target.closest<HTMLAnchorElement>('a[data-show-version]');
    const toFile = target.closest<HTMLAnchorElement>('a[data-show-file]');
    const toTurn = target.closest<HTMLElement>('[data-to-turn]');
    if (toVersion && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      showTab('history');
      void showVersion(new URL(toVersion.href).search);
    }
    if (toFile && code && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      showTab('code');
      void code.open(new URL(toFile.href).search);
    }
    if (toTurn) {
      event.preventDefault();
      showTurn(toTurn.dataset.toTurn!);
    }
  });
}

async function showVersion(search: string): Promise<void> {
  const panel = document.querySelector<PanelView>('panel-view[data-view=history]');
  await panel?.open(search);
  // Whether a fold is open is the browser's to know, so the fetched panel left it as it was.
  const files = panel?.querySelector<HTMLDetailsElement>('details[id^=files-of-]');
  if (files && new URLSearchParams(search).has('files')) files.open = true;
}

/** The editor is the heaviest part of the page by far: it comes when somebody looks at the tab. */
function loadWhenSeen(code: PanelView): void {
  const sight = new IntersectionObserver(async (entries) => {
    if (!entries.at(-1)?.isIntersecting) return;
    sight.disconnect();
    const { wireCodePanel } = await import('./code-panel.ts');
    const { project, slug } = document.querySelector<HTMLElement>('[data-workspace]')!.dataset;
    wireCodePanel(code, project!, slug!);
  });
  sight.observe(code);
}

function showTurn(turnId: string): void {
  const pane = radio('pane-chat');
  if (pane) pane.checked = true;
  const turn = document.getElementById(`turn-${turnId}`);
  if (!turn) return;
  turn.tabIndex = -1;
  turn.scrollIntoView({ block: 'start' });
  turn.focus({ preventScroll: true });
}
