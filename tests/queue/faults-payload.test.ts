import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createJobDefinitions } from '#server/jobs/definitions.ts';
import type { Projects } from '#server/projects/projects.ts';
import type { JobDefinition } from '#server/queue/job.ts';
import { setup } from './setup.ts';

const seed = Number(process.env['QUEUE_PAYLOAD_SEED'] ?? Date.now() % 2 ** 31);

/** The domain behind the real job types, of which only the first argument of what is called is wanted. */
function makeProjects() {
  const calls: unknown[] = [];
  const anything: object = new Proxy(function () {}, {
    get: () => anything,
    apply: async (_target, _self, [id]) => void calls.push(id),
  });
  return { projects: () => anything as Projects, calls };
}

/** What the type's schema asks for, every field the same word. */
function makePayload(definition: JobDefinition, word: string): Record<string, string> {
  const { properties = {} } = z.toJSONSchema(definition.payload);
  return Object.fromEntries(Object.keys(properties).map((name) => [name, word]));
}

type Mutation = (text: string) => string | number | Buffer | bigint;
const at = fc.nat(60);
const junk = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\u0000', '\ud800', '\u202e', '//', 'NaN'),
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.nat(10)).map(
    ([from, count]) =>
      (text: string) =>
        text.slice(0, from) + text.slice(from + count),
  ),
  fc.tuple(at, junk).map(
    ([from, added]) =>
      (text: string) =>
        text.slice(0, from) + added + text.slice(from),
  ),
  fc.tuple(at, junk).map(
    ([from, other]) =>
      (text: string) =>
        text.slice(0, from) + other + text.slice(from + other.length),
  ),
  fc.nat(40).map((length) => (text: string) => text.slice(0, length)),
  fc.tuple(at, fc.nat(7)).map(([index, bit]) => (text: string) => {
    const bytes = Buffer.from(text);
    bytes[index % bytes.length]! ^= 1 << bit;
    return bytes;
  }),
  fc.json({ maxDepth: 4 }).map((json) => () => json),
  fc.jsonValue().map((value) => (text: string) => text.replace(/:.*/, `:${JSON.stringify(value)}}`)),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => () => Buffer.from(bytes)),
  fc.constantFrom<Mutation>(
    () => 5,
    () => 2n ** 62n,
    () => '[]',
    () => 'null',
    () => '',
    () => '['.repeat(100_000),
    () => `{"projectId":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    () => '{"__proto__":{"projectId":"p","turnId":"t"}}',
    () => '{"projectId":{"toString":1},"turnId":{"length":1}}',
    (text) => text + text,
    (text) => `\ufeff${text}`,
  ),
);

test(`1,000 spoilt payloads each fail their own job and nothing else (seed ${seed})`, { timeout: 60_000 }, async () => {
  const { projects, calls } = makeProjects();
  const definitions = createJobDefinitions(projects);
  const { queue, db, sqlite } = setup({ definitions });
  onTestFinished(() => void sqlite.close());
  const spoil = sqlite.prepare('UPDATE queue_jobs SET payload_json = ? WHERE id = ?');
  queue.start();
  let refused = 0;
  const property = fc.asyncProperty(fc.constantFrom(...definitions), mutation, async (definition, mutate) => {
    calls.length = 0;
    const add = (word: string) =>
      queue.enqueue(db, { type: definition.type, payload: makePayload(definition, word), maxAttempts: 3 }).jobId;
    queue.updateSettings({ paused: true });
    const [spoilt, sound] = [add('spoilt'), add('sound')];
    const text = (sqlite.prepare('SELECT payload_json FROM queue_jobs WHERE id = ?').pluck().get(spoilt) as string) ?? '';
    spoil.run(mutate(text), spoilt);
    const stored = sqlite.prepare('SELECT payload_json FROM queue_jobs WHERE id = ?').pluck().get(spoilt);
    queue.updateSettings({ paused: false });
    await queue.whenIdle();

    const accepted = readAs(definition.payload, stored);
    refused += accepted ? 0 : 1;
    const job = queue.find(spoilt)!;
    if (accepted) expect(job).toMatchObject({ state: 'succeeded', lastError: null });
    else
      expect(job).toMatchObject({ state: 'failed', attempts: 3, lockedBy: null, lastError: expect.stringMatching(/^invalid_payload: /) });
    expect(queue.find(sound)!.state).toBe('succeeded');
    expect(calls.length).toBe(accepted ? 2 : 1);
    expect(calls).toContain('sound');
    expect(queue.health()).toMatchObject({ queued: 0, running: 0 });
  });
  await fc.assert(property, { seed, numRuns: 1_000 });
  expect(refused).toBeGreaterThan(500);
});

function readAs(schema: { safeParse(value: unknown): { success: boolean } }, stored: unknown): boolean {
  try {
    return schema.safeParse(JSON.parse(String(stored))).success;
  } catch {
    return false;
  }
}
