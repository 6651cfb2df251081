import type { Conversation } from './conversation.ts';
import { planFirstBuild } from './first-build.ts';
import { planFollowUp, talkAbout } from './follow-ups/plan-follow-up.ts';
import { freshPromptIn } from './follow-ups/start-over.ts';
import type { Plan } from './plan.ts';
import { say } from './plan.ts';

export const INDEX = 'src/pages/index.astro';
export const STYLES = 'src/styles/global.css';
export const SITE = 'src/content/site.json';
export const HOME = 'src/content/home.json';

/** Decides from the conversation and the files read so far what to do next. */
export function planRequest(conversation: Conversation, canList: boolean): Plan {
  const { request, reads, listing, introduced } = conversation;
  if (!request) return say('Say what the site should become: a business, a place, a name.');
  const talk = introduced ? talkAbout(request) : undefined;
  if (talk && !freshPromptIn(request)) return say(talk);
  const looked = reads.has(INDEX) && (!canList || listing !== undefined);
  if (!looked) return { kind: 'look', paths: introduced ? [INDEX, STYLES, SITE, HOME] : [INDEX, STYLES] };
  const index = reads.get(INDEX)!;
  const page = index.state === 'text' ? index.text : '';
  const fresh = freshPromptIn(request);
  if (fresh || index.state === 'missing' || page.includes('Your site begins here')) return planFirstBuild(fresh ?? request, conversation);
  return planFollowUp(conversation, page);
}
