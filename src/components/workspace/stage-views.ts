/** The tabs of the stage, as the address names them. */
export const stageViews = [
  { value: 'preview', label: 'Preview' },
  { value: 'code', label: 'Code' },
  { value: 'history', label: 'History' },
  { value: 'logs', label: 'Logs' },
] as const;
export type StageView = (typeof stageViews)[number]['value'];

export function stageViewOf(word: string | null): StageView {
  return stageViews.find(({ value }) => value === word)?.value ?? 'preview';
}
