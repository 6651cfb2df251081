import { expect, test } from 'vitest';
import { createActivity, sweepIdleProjects } from '#server/projects/idle.ts';
import { makeRunningProject, setupProjects } from '../support/projects.ts';

const MINUTE_MS = 60_000;

test('a preview sleeps after ten minutes without use, and only then', async () => {
  const world = setupProjects();
  const { turn, context, queue, view, project } = await makeRunningProject(world);
  const activity = createActivity(world.clock.now);
  let viewers = 0;
  const sweepAfter = async (minutes: number) => {
    world.clock.advance(minutes * MINUTE_MS);
    sweepIdleProjects(context, { activity, viewers: () => viewers });
    await queue.whenIdle();
    return view().status;
  };
  expect(await sweepAfter(30)).toBe('running');
  turn.end({ state: 'completed' });
  await expect.poll(() => context.liveTurns.size).toBe(0);
  expect(await sweepAfter(9)).toBe('running');
  activity.touch(project.id);
  expect(await sweepAfter(9)).toBe('running');
  viewers = 1;
  expect(await sweepAfter(30)).toBe('running');
  viewers = 0;
  const leave = context.events.subscribe(() => {}, project.id);
  expect(await sweepAfter(30)).toBe('running');
  leave();
  expect(await sweepAfter(9)).toBe('running');
  expect(await sweepAfter(1)).toBe('stopped');
});
