import { createOpencodeClient } from '@opencode-ai/sdk/v2/client';
import { z } from 'zod';
import { PROVIDER_ID } from './opencode-config.ts';
import { WireMessages, WireRequests, WireSession, WireStatuses } from './wire.ts';

/** opencode's server did not answer, or not as it should. `status` is undefined when nothing came back at all. */
export class OpencodeError extends Error {
  override readonly name = 'OpencodeError';
  readonly status: number | undefined;
  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The operations doce uses of one opencode server; every answer parsed, every request limited in time. */
export interface OpencodeApi {
  healthy(): Promise<boolean>;
  /** Makes the server load what the first prompt needs, about half of the wait for the first answer. */
  warmUp(): Promise<void>;
  createSession(title: string): Promise<string>;
  /** Hands the prompt over and returns once it is accepted. */
  sendPrompt(input: { sessionId: string; messageId: string; model: string; text: string }): Promise<void>;
  hasMessage(sessionId: string, messageId: string): Promise<boolean>;
  /** Messages from the prompt on, and more; oldest first. */
  messagesSince(sessionId: string, messageId: string, timeoutMs?: number): Promise<WireMessages>;
  isBusy(sessionId: string, timeoutMs?: number): Promise<boolean>;
  abort(sessionId: string, timeoutMs?: number): Promise<void>;
  refusePermission(requestId: string): Promise<void>;
  rejectQuestion(requestId: string): Promise<void>;
  /** Refuses whatever waits for an answer. */
  refuseAllPending(): Promise<void>;
  /** The server's events as a response that streams until `signal` aborts. */
  openEvents(signal: AbortSignal): Promise<Response>;
}

export interface OpencodeApiDeps {
  origin: string;
  password: string;
  requestMs: number;
  fetch: typeof fetch;
}

type SendRequest = (options: { signal: AbortSignal }) => Promise<{ data?: unknown; response?: Response }>;

/** For answers that say nothing. */
const Nothing = z.unknown().transform(() => undefined);

const REFUSAL = 'Not possible here: work only with the files of this project, and decide yourself where the request leaves room.';
const FIRST_PAGE = 60;

export function createOpencodeApi({ origin, password, requestMs, fetch: send }: OpencodeApiDeps): OpencodeApi {
  const headers = { authorization: `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}` };
  const client = createOpencodeClient({ baseUrl: origin, headers, fetch: (request) => send(request) });

  const call = async <T>(name: string, request: SendRequest, schema: z.ZodType<T>, timeoutMs = requestMs): Promise<T> => {
    const result = await request({ signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
      throw new OpencodeError(`${name} got no answer`, undefined, { cause });
    });
    if (!result.response) throw new OpencodeError(`${name} got no answer`, undefined);
    if (!result.response.ok) throw new OpencodeError(`${name} was answered ${result.response.status}`, result.response.status);
    const parsed = schema.safeParse(result.data);
    if (!parsed.success)
      throw new OpencodeError(`${name} was answered in an unknown form`, result.response.status, { cause: parsed.error });
    return parsed.data;
  };

  const refusePermission = (requestID: string) =>
    call('permission.reply', (options) => client.permission.reply({ requestID, reply: 'reject', message: REFUSAL }, options), Nothing);
  const rejectQuestion = (requestID: string) =>
    call('question.reject', (options) => client.question.reject({ requestID }, options), Nothing);

  return {
    healthy: () =>
      call('global.health', (options) => client.global.health(options), Nothing).then(
        () => true,
        () => false,
      ),
    warmUp: () => call('provider.list', (options) => client.provider.list({}, options), Nothing, 60_000),
    createSession: async (title) => (await call('session.create', (options) => client.session.create({ title }, options), WireSession)).id,
    sendPrompt: ({ sessionId, messageId, model, text }) =>
      call(
        'session.prompt_async',
        (options) =>
          client.session.promptAsync(
            {
              sessionID: sessionId,
              messageID: messageId,
              model: { providerID: PROVIDER_ID, modelID: model },
              parts: [{ type: 'text', text }],
            },
            options,
          ),
        Nothing,
      ),
    hasMessage: (sessionID, messageID) =>
      call('session.message', (options) => client.session.message({ sessionID, messageID }, options), Nothing).then(
        () => true,
        (error: unknown) => {
          if (error instanceof OpencodeError && error.status === 404) return false;
          throw error;
        },
      ),
    async messagesSince(sessionID, messageId, timeoutMs) {
      for (let limit = FIRST_PAGE; ; limit *= 4) {
        const page = await call(
          'session.messages',
          (options) => client.session.messages({ sessionID, limit }, options),
          WireMessages,
          timeoutMs,
        );
        if (page.length < limit || page.some(({ info }) => info.id === messageId)) return page;
      }
    },
    async isBusy(sessionId, timeoutMs) {
      const statuses = await call('session.status', (options) => client.session.status({}, options), WireStatuses, timeoutMs);
      const status = statuses[sessionId];
      return status !== undefined && status.type !== 'idle';
    },
    abort: (sessionID, timeoutMs) => call('session.abort', (options) => client.session.abort({ sessionID }, options), Nothing, timeoutMs),
    refusePermission,
    rejectQuestion,
    async refuseAllPending() {
      const permissions = await call('permission.list', (options) => client.permission.list({}, options), WireRequests);
      const questions = await call('question.list', (options) => client.question.list({}, options), WireRequests);
      for (const { id } of permissions) await refusePermission(id);
      for (const { id } of questions) await rejectQuestion(id);
    },
    openEvents: (signal) => send(new Request(`${origin}/event`, { headers, signal })),
  };
}
