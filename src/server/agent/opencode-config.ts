import { delimiter, join } from 'node:path';
import type { Config } from '@opencode-ai/sdk/v2';
import type { AgentFolder } from './agent-folder.ts';
import type { AgentModel } from './agent-types.ts';

/** The one provider opencode knows: our LLM gateway. */
export const PROVIDER_ID = 'doce';

export interface OpencodeSettings {
  folder: AgentFolder;
  models: readonly AgentModel[];
  llmBaseUrl: string;
  llmToken: string;
  /** For HTTP basic authentication as user `opencode`. */
  password: string;
  /** Folders for PATH, in order, before the system's. */
  toolFolders: readonly string[];
}

/** The whole environment of an opencode server: own folders, one provider, no network of its own, no project config. */
export function opencodeEnvironment(settings: OpencodeSettings): Record<string, string> {
  const { folder } = settings;
  return {
    HOME: folder.home,
    PATH: [folder.bin, ...settings.toolFolders, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    TMPDIR: folder.temp,
    XDG_CONFIG_HOME: folder.config,
    XDG_DATA_HOME: folder.data,
    XDG_STATE_HOME: folder.state,
    XDG_CACHE_HOME: folder.cache,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    NO_COLOR: '1',
    CI: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    NODE_OPTIONS: '--max-old-space-size=1024',
    // The engine sizes its heap by the machine's memory unless told: forceRAMSize in
    // https://github.com/oven-sh/WebKit/blob/main/Source/JavaScriptCore/runtime/OptionsList.h
    // Beyond four fifths of it (criticalGCMemoryThreshold, same file) it collects all the time: an idle agent has 430 to 500 MB.
    BUN_JSC_forceRAMSize: String(1024 * 1024 * 1024),
    // opencode widens its idea of "inside the project" to a git repository around the workspace; there must seem to be none.
    GIT_DIR: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    OPENCODE_SERVER_PASSWORD: settings.password,
    OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeConfig(settings)),
    OPENCODE_DISABLE_PROJECT_CONFIG: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    OPENCODE_PURE: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_CLAUDE_CODE: '1',
    OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
    OPENCODE_DISABLE_SHARE: '1',
    OPENCODE_DISABLE_EMBEDDED_WEB_UI: '1',
    OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER: '1',
  };
}

function opencodeConfig(settings: OpencodeSettings): Config {
  const first = settings.models[0];
  const model = first && `${PROVIDER_ID}/${first.id}`;
  return {
    ...(model ? { model, small_model: model } : {}),
    enabled_providers: [PROVIDER_ID],
    provider: {
      [PROVIDER_ID]: {
        npm: '@ai-sdk/openai-compatible',
        name: 'doce',
        options: { baseURL: settings.llmBaseUrl, apiKey: settings.llmToken },
        models: Object.fromEntries(settings.models.map((entry) => [entry.id, modelConfig(entry)])),
      },
    },
    // Project config is off, and AGENTS.md with it; this brings the instructions back.
    instructions: [join(settings.folder.workspace, 'AGENTS.md')],
    // The last rule that matches wins.
    permission: { '*': 'allow', external_directory: 'deny', question: 'deny', task: 'deny', skill: 'deny' },
    agent: { title: { disable: true }, summary: { disable: true } },
    experimental: { continue_loop_on_deny: true },
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
    plugin: [],
    mcp: {},
    lsp: false,
    formatter: false,
  };
}

function modelConfig(model: AgentModel) {
  return {
    name: model.name ?? model.id,
    tool_call: true,
    reasoning: true,
    ...(model.seesImages
      ? { attachment: true, modalities: { input: ['text' as const, 'image' as const], output: ['text' as const] } }
      : {}),
    limit: { context: model.contextTokens ?? 128_000, output: model.outputTokens ?? 16_000 },
  };
}
