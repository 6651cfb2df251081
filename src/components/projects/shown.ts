/** How many cards the dashboard shows at first and adds with each "Show more". */
export const PROJECTS_A_PAGE = 24;

/** How many cards an address asks for: `?shown=96`. Anything else is one page. */
export function cardsShown(url: URL): number {
  const shown = Number(url.searchParams.get('shown'));
  return Number.isSafeInteger(shown) && shown > PROJECTS_A_PAGE ? shown : PROJECTS_A_PAGE;
}
