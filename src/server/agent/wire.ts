import { z } from 'zod';

/** opencode 1.18's events and messages, as far as doce reads them. Fields that are not named here are dropped. */

const Time = z.object({ start: z.number().optional(), end: z.number().optional() }).optional();
const partFields = { id: z.string(), messageID: z.string(), sessionID: z.string() };
const ToolInput = z.record(z.string(), z.unknown()).catch({});

const ToolState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending'), input: ToolInput }),
  z.object({ status: z.literal('running'), input: ToolInput }),
  z.object({
    status: z.literal('completed'),
    input: ToolInput,
    output: z.string().catch(''),
    metadata: z.record(z.string(), z.unknown()).catch({}),
  }),
  z.object({ status: z.literal('error'), input: ToolInput, error: z.string().catch('') }),
]);

const TextPart = z.object({ ...partFields, type: z.literal('text'), text: z.string(), synthetic: z.boolean().optional(), time: Time });
const ReasoningPart = z.object({ ...partFields, type: z.literal('reasoning'), text: z.string(), time: Time });
const ToolPart = z.object({ ...partFields, type: z.literal('tool'), tool: z.string(), state: ToolState });
const CompactionPart = z.object({ ...partFields, type: z.literal('compaction') });
const OtherPart = z.object({ ...partFields, type: z.string() }).transform(({ type: _, ...rest }) => ({ ...rest, type: 'other' as const }));

export const WirePart = z.union([TextPart, ReasoningPart, ToolPart, CompactionPart, OtherPart]);
export type WirePart = z.infer<typeof WirePart>;
export type WireToolPart = z.infer<typeof ToolPart>;

const WireError = z.object({
  name: z.string(),
  data: z
    .object({
      message: z.string().catch(''),
      statusCode: z.number().optional().catch(undefined),
      responseBody: z.string().optional().catch(undefined),
      responseHeaders: z.record(z.string(), z.string()).optional().catch(undefined),
    })
    .catch({ message: '' }),
});
export type WireError = z.infer<typeof WireError>;

const UserMessage = z.object({ id: z.string(), sessionID: z.string(), role: z.literal('user') });
const AssistantMessage = z.object({
  id: z.string(),
  sessionID: z.string(),
  role: z.literal('assistant'),
  parentID: z.string(),
  /** The agent's own shortened account of the conversation, not an answer. */
  summary: z.boolean().optional(),
  finish: z.string().optional(),
  error: WireError.optional(),
  time: z.object({ created: z.number(), completed: z.number().optional() }),
});
export const WireMessage = z.discriminatedUnion('role', [UserMessage, AssistantMessage]);
export type WireMessage = z.infer<typeof WireMessage>;

export const WireMessages = z.array(z.object({ info: WireMessage, parts: z.array(WirePart) }));
export type WireMessages = z.infer<typeof WireMessages>;

const SessionStatus = z.discriminatedUnion('type', [
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('busy') }),
  z.object({ type: z.literal('retry'), attempt: z.number(), message: z.string(), next: z.number() }),
]);
export const WireStatuses = z.record(z.string(), SessionStatus);

export const WireRequests = z.array(z.object({ id: z.string(), sessionID: z.string() }));
export const WireSession = z.object({ id: z.string() });

const event = <Type extends string, Properties extends z.ZodType>(type: Type, properties: Properties) =>
  z.object({ type: z.literal(type), properties });

const known = [
  event('message.updated', z.object({ info: WireMessage })),
  event('message.part.updated', z.object({ part: WirePart })),
  event(
    'message.part.delta',
    z.object({ sessionID: z.string(), messageID: z.string(), partID: z.string(), field: z.string(), delta: z.string() }),
  ),
  event('session.status', z.object({ sessionID: z.string(), status: SessionStatus })),
  event('session.idle', z.object({ sessionID: z.string() })),
  event('session.error', z.object({ sessionID: z.string().optional(), error: WireError.optional() })),
  event('permission.asked', z.object({ id: z.string(), sessionID: z.string(), permission: z.string().catch('') })),
  event('question.asked', z.object({ id: z.string(), sessionID: z.string() })),
  event('server.connected', z.unknown()),
  event('server.heartbeat', z.unknown()),
] as const;

const WireEvent = z.discriminatedUnion('type', known);
export type WireEvent = z.infer<typeof WireEvent>;

const knownTypes = new Set<string>(known.map((entry) => entry.shape.type.value));

export type ReadEvent = { state: 'known'; event: WireEvent } | { state: 'ignored' } | { state: 'malformed'; reason: string };

/** Reads the text of one server-sent event. Types that doce does not use are ignored; the rest must fit. */
export function readWireEvent(text: string): ReadEvent {
  const json = parseJson(text);
  const type = z.object({ type: z.string() }).safeParse(json);
  if (!type.success) return { state: 'malformed', reason: 'not an event' };
  if (!knownTypes.has(type.data.type)) return { state: 'ignored' };
  const parsed = WireEvent.safeParse(json);
  return parsed.success
    ? { state: 'known', event: parsed.data }
    : { state: 'malformed', reason: `${type.data.type}: ${z.prettifyError(parsed.error)}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
