import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AgentEvent, AgentPart } from '#server/agent/agent-types.ts';
import { failureOfError, failureOfRetry } from '#server/agent/failure.ts';
import { answerOf, createTranscript, turnMessages } from '#server/agent/transcript.ts';
import { readWireEvent, WireMessages } from '#server/agent/wire.ts';
import type { WireEvent } from '#server/agent/wire.ts';

const context = { workspace: '/project/workspace', secrets: ['very-secret'] };

/** Events as opencode 1.18.33 sent them, `session.idle` last. */
function recorded(name: string): WireEvent[] {
  const file = new URL(`./fixtures/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as unknown[]).flatMap((event) => {
    const read = readWireEvent(JSON.stringify(event));
    return read.state === 'known' ? [read.event] : [];
  });
}

function play(events: readonly WireEvent[]) {
  const user = events.find((event) => event.type === 'message.updated' && event.properties.info.role === 'user');
  const info = (user as Extract<WireEvent, { type: 'message.updated' }>).properties.info;
  const emitted: AgentEvent[] = [];
  const transcript = createTranscript(info.id, info.sessionID, context, (event) => emitted.push(event));
  for (const event of events) {
    if (event.type === 'message.updated') transcript.message(event.properties.info);
    if (event.type === 'message.part.updated') transcript.part(event.properties.part);
    if (event.type === 'message.part.delta') transcript.delta(event.properties);
  }
  return { transcript, emitted, messageId: info.id, sessionId: info.sessionID };
}

/** What a caller that stores every event ends up with. */
function stored(events: readonly AgentEvent[]): AgentPart[] {
  const parts = new Map<string, AgentPart>();
  for (const event of events) {
    if (event.type === 'part') parts.set(event.part.id, event.part);
    else {
      const part = parts.get(event.partId);
      if (part && 'text' in part) parts.set(part.id, { ...part, text: part.text + event.delta } as AgentPart);
    }
  }
  return [...parts.values()];
}

describe('a recorded answer', () => {
  test('of text and reasoning streams as deltas and ends complete', () => {
    const { emitted, transcript } = play(recorded('text'));
    expect(transcript.accepted()).toBe(true);
    expect(emitted.map((event) => (event.type === 'delta' ? event.delta : event.part.kind))).toEqual([
      'reasoning',
      'Thinking',
      ' about i',
      't.',
      'reasoning',
      'text',
      'Hello th',
      'ere, thi',
      's is the',
      ' answer.',
      'text',
    ]);
    expect(stored(emitted)).toMatchObject([
      { position: 0, kind: 'reasoning', text: 'Thinking about it.', complete: true },
      { position: 1, kind: 'text', text: 'Hello there, this is the answer.', complete: true },
    ]);
  });

  test('of tool calls becomes one row each', () => {
    const rows = stored(play(recorded('tools')).emitted).map(({ id: _, position: __, ...body }) => body);
    const file = 'src/index.astro';
    expect(rows).toMatchObject([
      { kind: 'text', text: 'Writing.' },
      { tool: 'write', state: 'done', title: `Wrote ${file}`, file, added: 3, removed: 0 },
      { tool: 'edit', state: 'done', title: `Edited ${file}`, file, added: 2, removed: 1 },
      { tool: 'read', state: 'done', title: `Read ${file}`, file },
      { tool: 'bash', state: 'done', title: 'Ran ls -la' },
      { tool: 'grep', state: 'failed', title: 'Could not search for BB', detail: 'ripgrep execution failed' },
      { tool: 'glob', state: 'failed', title: 'Could not search for **/*.astro' },
      { state: 'failed', title: 'Tried a tool that is not available' },
      { tool: 'read', state: 'failed', title: 'Could not read missing.txt', file: 'missing.txt', detail: 'File not found: missing.txt' },
      { kind: 'text', text: 'All done.' },
    ]);
  });

  test('shows a tool at work before it is done', () => {
    const titles = play(recorded('tools')).emitted.flatMap((event) =>
      event.type === 'part' && event.part.kind === 'tool' && event.part.tool === 'write'
        ? [`${event.part.state}: ${event.part.title}`]
        : [],
    );
    expect(titles).toEqual(['running: Writing a file', 'running: Writing src/index.astro', 'done: Wrote src/index.astro']);
  });

  test('hides the rules and folders behind a refusal', () => {
    const rows = stored(play(recorded('outside')).emitted);
    expect(rows).toMatchObject([
      { tool: 'write', state: 'failed', title: 'Could not write /elsewhere/outside.txt' },
      { tool: 'read', state: 'failed', title: 'Could not read /etc/passwd' },
      { tool: 'bash', state: 'failed', title: 'Ran cat /etc/hostname' },
      { kind: 'text', text: 'refused then.' },
    ]);
    for (const row of rows.slice(0, 3)) expect(row).toMatchObject({ detail: 'Refused: the agent may only work inside the project.' });
    expect(rows[0]).not.toHaveProperty('file');
    expect(JSON.stringify(rows)).not.toContain('/project/agent');
  });

  test('keeps its parts and their order when it is read back', () => {
    for (const name of ['text', 'tools', 'outside']) {
      const events = recorded(name);
      const { emitted, messageId, sessionId } = play(events);
      const again = createTranscript(messageId, sessionId, context, () => {});
      again.reconcile(storedMessages(events));
      expect(again.parts()).toEqual(stored(emitted));
    }
  });
});

describe('a transcript', () => {
  test('that missed events is level again after reading the stored messages', () => {
    const events = recorded('tools');
    const whole = stored(play(events).emitted);
    for (const gap of [5, 12, 20, 30]) {
      const { transcript, emitted } = play(events.slice(0, gap));
      transcript.reconcile(storedMessages(events));
      expect(stored(emitted)).toEqual(whole);
    }
  });

  test('does not lose streamed text to an older stored state', () => {
    const events = recorded('text');
    const lastDelta = events.findLastIndex((event) => event.type === 'message.part.delta');
    const { transcript, emitted } = play(events.slice(0, lastDelta + 1));
    transcript.reconcile(storedMessages(events.slice(0, lastDelta + 1)));
    expect(stored(emitted).at(-1)).toMatchObject({ kind: 'text', text: 'Hello there, this is the answer.', complete: false });
  });

  test('closes what is open when the turn is over', () => {
    const events = recorded('tools');
    const running = events.findIndex(
      (event) =>
        event.type === 'message.part.updated' && event.properties.part.type === 'tool' && event.properties.part.state.status === 'running',
    );
    const { transcript, emitted } = play(events.slice(0, running + 1));
    transcript.close();
    expect(stored(emitted)).toMatchObject([
      { kind: 'text', text: 'Writing.', complete: true },
      { kind: 'tool', state: 'failed', detail: 'Stopped.' },
    ]);
  });

  test('takes nothing from another session or another turn', () => {
    const events = recorded('text');
    const seen: AgentEvent[] = [];
    const transcript = createTranscript('msg_other', 'ses_other', context, (event) => seen.push(event));
    for (const event of events) {
      if (event.type === 'message.updated') transcript.message(event.properties.info);
      if (event.type === 'message.part.updated') transcript.part(event.properties.part);
    }
    transcript.reconcile(storedMessages(events));
    expect(seen).toEqual([]);
    expect(transcript.accepted()).toBe(false);
  });

  test('ends where the person speaks again, and goes on where opencode speaks to itself', () => {
    const message = (id: string, info: object, parts: object[]) => ({
      info: { id, sessionID: 's', ...info },
      parts: parts.map((part, index) => ({ id: `${id}${index}`, messageID: id, sessionID: 's', ...part })),
    });
    const answer = (parentID: string, extra = {}) => ({ role: 'assistant', parentID, time: { created: 1, completed: 2 }, ...extra });
    const text = (words: string, extra = {}) => ({ type: 'text', text: words, time: { start: 1, end: 2 }, ...extra });
    const messages = WireMessages.parse([
      message('m1', { role: 'user' }, [text('ask')]),
      message('m2', answer('m1', { finish: 'tool-calls' }), [text('first')]),
      message('m3', { role: 'user' }, [{ type: 'compaction' }]),
      message('m4', answer('m3', { summary: true, finish: 'stop' }), [text('account of it all')]),
      message('m5', { role: 'user' }, [text('go on', { synthetic: true })]),
      message('m6', answer('m5', { finish: 'stop' }), [text('second')]),
      message('m7', { role: 'user' }, [text('ask again')]),
      message('m8', answer('m7'), [text('third')]),
    ]);
    const turn = turnMessages(messages, 'm1');
    expect(turn.map(({ info }) => info.id)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
    expect(answerOf(turn)).toEqual({ empty: false, complete: true, error: undefined });
    expect(answerOf(turn.slice(0, 2))).toMatchObject({ complete: false });
    const transcript = createTranscript('m1', 's', context, () => {});
    transcript.reconcile(messages);
    expect(transcript.parts()).toMatchObject([{ text: 'first' }, { text: 'second' }]);
  });
});

describe('an event', () => {
  test('of an unknown type is ignored, a malformed one is told apart', () => {
    expect(readWireEvent('{"type":"plugin.added","properties":{"id":"x"}}')).toEqual({ state: 'ignored' });
    expect(readWireEvent('{"type":"session.idle","properties":{}}')).toMatchObject({ state: 'malformed' });
    expect(readWireEvent('not json')).toMatchObject({ state: 'malformed' });
    expect(
      readWireEvent('{"type":"message.part.updated","properties":{"part":{"id":"p","messageID":"m","sessionID":"s","type":"new-kind"}}}'),
    ).toMatchObject({
      state: 'known',
      event: { properties: { part: { type: 'other' } } },
    });
  });

  test('about an error is mapped to a code', () => {
    const errorOf = (name: string) => {
      const event = recorded(name).find((entry) => entry.type === 'session.error');
      return failureOfError((event as Extract<WireEvent, { type: 'session.error' }>).properties.error!);
    };
    expect(errorOf('refused-by-provider').code).toBe('provider_no_credit');
    expect(errorOf('error-in-stream').code).toBe('provider_cut_stream');
    const retry = recorded('cut-stream').find((event) => event.type === 'session.status' && event.properties.status.type === 'retry');
    const { status } = (retry as Extract<WireEvent, { type: 'session.status' }>).properties;
    expect(failureOfRetry(status.type === 'retry' ? status.message : '').code).toBe('provider_cut_stream');
    const named = { message: 'x', statusCode: 400, responseHeaders: { 'x-doce-error': 'budget_exceeded' } };
    expect(failureOfError({ name: 'APIError', data: named }).code).toBe('budget_exceeded');
    expect(failureOfError({ name: 'UnknownError', data: { message: 'odd' } }).code).toBe('unknown');
  });
});

/** What opencode's messages endpoint answers after these events. */
function storedMessages(events: readonly WireEvent[]): WireMessages {
  const messages = new Map<string, WireMessages[number]>();
  for (const event of events) {
    if (event.type === 'message.updated') {
      const { info } = event.properties;
      messages.set(info.id, { info, parts: messages.get(info.id)?.parts ?? [] });
    }
    if (event.type === 'message.part.updated') {
      const { part } = event.properties;
      const { parts } = messages.get(part.messageID)!;
      const index = parts.findIndex(({ id }) => id === part.id);
      if (index < 0) parts.push(part);
      else parts[index] = part;
    }
  }
  return [...messages.values()];
}
