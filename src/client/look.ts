import type { LiveFragment } from './live-fragment.ts';
import type { PanelView } from './panel-view.ts';
import { lookInAddress, showTab } from './stage-tabs.ts';

const stage = () => document.querySelector<LiveFragment>('#stage')!;

/**
 * An old version in the place of the live preview, and back. Each is an entry of the browser's history, so that its back button
 * leads where one came from, and a reload stays.
 */
export function wireLooks(): void {
  document.addEventListener('api-form-done', (event) => {
    const form = event.target as HTMLElement;
    if (form.dataset.look) void go(`?look=${form.dataset.look}`);
    else if ('leaveLook' in form.dataset) void go('');
  });
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-leave-look]');
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    void go('');
  });
  // What was looked at is what is there now.
  document.addEventListener('restored', (event) => {
    if ((event as CustomEvent<{ fromLook: boolean }>).detail.fromLook) void go('');
  });
  addEventListener('popstate', () => void follow());
}

async function go(search: string): Promise<void> {
  if (location.search !== search) history.pushState(null, '', location.pathname + search);
  showTab('preview');
  await show(search);
  const place = search === '' ? '#view-preview' : '#look-banner';
  document.querySelector<HTMLElement>(place)?.focus({ preventScroll: true });
}

async function show(search: string): Promise<void> {
  stage().dataset.src = stage().dataset.src!.split('?')[0]! + search;
  await stage().refresh();
}

/** The browser went back or on: shows what its address says. */
async function follow(): Promise<void> {
  const words = new URLSearchParams(location.search);
  const view = words.get('view') ?? 'preview';
  if (view === 'history' || view === 'code') {
    showTab(view);
    const panel = document.querySelector<PanelView>(`panel-view[data-view=${view}]`);
    if (panel && `?${panel.query}` !== location.search) await panel.open(location.search);
  } else if (view === 'preview') showTab('preview');
  const search = words.get('look') ? `?look=${words.get('look')}` : '';
  if (search !== lookInAddress()) await show(search);
}
