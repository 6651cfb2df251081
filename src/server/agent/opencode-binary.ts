import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';

/** The programs an agent needs, by their real paths. */
export interface AgentPrograms {
  opencode: string;
  ripgrep: string;
  /** Folders that hold them and Node, for a confined child to read. */
  folders: string[];
  /** The folder of the Node that runs us, for PATH. */
  nodeFolder: string;
}

/** Finds the pinned opencode that came with the dependencies: its native executable, without the launcher. */
export function findAgentPrograms(): AgentPrograms {
  const manifest = createRequire(import.meta.url).resolve('opencode-ai/package.json');
  const opencode = realpathSync(join(dirname(manifest), 'bin', 'opencode.exe'));
  const ripgrep = realpathSync(rgPath);
  const nodeFolder = dirname(realpathSync(process.execPath));
  return { opencode, ripgrep, nodeFolder, folders: [dirname(opencode), dirname(ripgrep), nodeFolder] };
}
