import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where one project's agent keeps everything of its own. Nothing is written outside. */
export interface AgentFolder {
  root: string;
  workspace: string;
  home: string;
  bin: string;
  config: string;
  data: string;
  state: string;
  cache: string;
  temp: string;
}

export function agentFolderOf(projectDir: string): AgentFolder {
  const root = join(projectDir, 'agent');
  return {
    root,
    workspace: join(projectDir, 'workspace'),
    home: join(root, 'home'),
    bin: join(root, 'bin'),
    config: join(root, 'config'),
    data: join(root, 'data'),
    state: join(root, 'state'),
    cache: join(root, 'cache'),
    temp: join(root, 'tmp'),
  };
}

/** Creates what is missing and empties the folder for temporary files. For when no agent runs in it; safe to repeat. */
export function prepareAgentFolder(folder: AgentFolder, ripgrepFile: string): void {
  const { root, ...inside } = folder;
  mkdirSync(root, { recursive: true, mode: 0o700 });
  rmSync(folder.temp, { recursive: true, force: true });
  for (const path of Object.values(inside)) mkdirSync(path, { recursive: true, mode: 0o700 });
  satisfyPluginInstall(join(folder.config, 'opencode'));
  writeSearchTool(join(folder.bin, 'rg'), ripgrepFile);
}

/** opencode installs `@opencode-ai/plugin` from npm into its config folder unless package.json, lockfile and node_modules agree. */
function satisfyPluginInstall(configFolder: string): void {
  const dependencies = { '@opencode-ai/plugin': '*' };
  mkdirSync(join(configFolder, 'node_modules'), { recursive: true });
  writeFileSync(join(configFolder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(configFolder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies } } }));
}

/** opencode takes the first `rg` on PATH. The workspace is no git repository, so ripgrep must be told to heed its .gitignore. */
function writeSearchTool(file: string, ripgrepFile: string): void {
  const quoted = `'${ripgrepFile.replaceAll("'", `'\\''`)}'`;
  writeFileSync(file, `#!/bin/sh\nexec ${quoted} --no-require-git --no-ignore-parent "$@"\n`);
  chmodSync(file, 0o755);
}
