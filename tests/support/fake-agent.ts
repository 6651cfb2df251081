import type { AgentHost } from '#server/agent/agent-host.ts';
import type { AgentEvent, FoundAnswer, TurnResult } from '#server/agent/agent-types.ts';

interface OpenTurn {
  text: string;
  messageId: string;
  emit(event: AgentEvent): void;
  end(result: TurnResult): void;
}

/** An agent that answers when the test says so. Aborting a turn ends it as stopped, as the real one does. */
export function makeFakeAgent() {
  const started = new Set<string>();
  const prompts: string[] = [];
  const open = new Map<string, OpenTurn>();
  const waiting: ((turn: OpenTurn) => void)[] = [];
  let messages = 0;
  const script = { failStarts: 0, found: { found: false } as FoundAnswer };

  const agent: AgentHost = {
    async ensureStarted({ projectId }) {
      if (script.failStarts > 0) {
        script.failStarts -= 1;
        throw new Error('no memory');
      }
      started.add(projectId);
      return { port: 4099, pid: 1 };
    },
    createSession: async () => 'ses_1',
    newMessageId: () => `msg_${++messages}`,
    runTurn: ({ projectId, text, messageId, signal, onEvent }) =>
      new Promise((resolve) => {
        prompts.push(text);
        const end = (result: TurnResult) => {
          open.delete(projectId);
          resolve(result);
        };
        signal.addEventListener('abort', () => end({ state: 'stopped' }));
        const turn = { text, messageId, emit: onEvent, end };
        open.set(projectId, turn);
        waiting.shift()?.(turn);
      }),
    findAnswer: async () => script.found,
    abort: async () => {},
    stop: async (projectId) => void started.delete(projectId),
    stopAll: async () => started.clear(),
    status: (projectId) => (started.has(projectId) ? { port: 4099, pid: 1, busy: open.has(projectId), idleSinceMs: 0 } : undefined),
  };

  return {
    agent,
    script,
    /** Everything that was ever sent. */
    prompts,
    started,
    /** The turn that is being answered, or the next that begins. */
    nextTurn: () => new Promise<OpenTurn>((resolve) => (open.size > 0 ? resolve([...open.values()][0]!) : waiting.push(resolve))),
  };
}
