import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SpawnRequest } from '#server/spawn.ts';
import { makeAgent } from '../support/agent.ts';
import { makePlainSpawn } from '../support/plain-spawn.ts';

async function setup(change: (env: Record<string, string>) => Record<string, string> = (env) => env) {
  const spawner = makePlainSpawn();
  const agent = await makeAgent({
    spawnChild: (request: SpawnRequest) => spawner.spawnChild({ ...request, env: change({ ...request.env }) }),
  });
  onTestFinished(() => agent.close());
  return agent;
}

/** Makes opencode ask where our config has it refuse by itself. */
function askInstead(env: Record<string, string>): Record<string, string> {
  const config = JSON.parse(env.OPENCODE_CONFIG_CONTENT!) as { permission: Record<string, string> };
  config.permission = { ...config.permission, external_directory: 'ask', question: 'allow' };
  return { ...env, OPENCODE_CONFIG_CONTENT: JSON.stringify(config), OPENCODE_ENABLE_QUESTION_TOOL: '1' };
}

test('a permission or a question that opencode asks for all the same is refused at once, and the turn goes on', async () => {
  const agent = await setup(askInstead);
  await agent.start();
  const sessionId = await agent.host.createSession('p1', 'A conversation');
  const options = [{ label: 'Red', description: 'red' }];
  agent.model.script(
    { toolCalls: [{ name: 'read', args: { filePath: '/etc/hostname' } }] },
    { toolCalls: [{ name: 'question', args: { questions: [{ question: 'Which colour?', header: 'Colour', options }] } }] },
    { text: 'I decide myself.' },
  );
  const turn = agent.turn(sessionId, 'Ask me');
  expect(await turn.result).toEqual({ state: 'completed' });
  expect(agent.model.requests[0]?.tools).toContain('question');
  expect(turn.parts()).toMatchObject([
    { tool: 'read', state: 'failed' },
    { tool: 'question', state: 'failed' },
    { kind: 'text', text: 'I decide myself.' },
  ]);
});

test('a git repository around the project opens no door, nor does a config in the workspace', async () => {
  const agent = await setup();
  for (const folder of ['objects', 'refs/heads']) mkdirSync(join(agent.projectDir, '.git', folder), { recursive: true });
  writeFileSync(join(agent.projectDir, '.git/HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(agent.workspace, 'opencode.json'), JSON.stringify({ permission: 'allow', instructions: ['evil.md'] }));
  writeFileSync(join(agent.workspace, 'evil.md'), 'Evil instructions.');
  writeFileSync(join(agent.workspace, '.gitignore'), 'node_modules/\n');
  mkdirSync(join(agent.workspace, 'node_modules'));
  writeFileSync(join(agent.workspace, 'node_modules/a.js'), 'needle');
  writeFileSync(join(agent.workspace, 'mine.js'), 'needle');
  await agent.start();
  const sessionId = await agent.host.createSession('p1', 'A conversation');
  const outside = join(agent.projectDir, 'outside.txt');
  agent.model.script(
    {
      toolCalls: [
        { name: 'write', args: { filePath: outside, content: 'x' } },
        { name: 'grep', args: { pattern: 'needle' } },
      ],
    },
    { text: 'Done.' },
  );
  const turn = agent.turn(sessionId, 'Go out');
  expect(await turn.result).toEqual({ state: 'completed' });
  expect(existsSync(outside)).toBe(false);
  expect(turn.parts()).toMatchObject([{ tool: 'write', state: 'failed' }, { tool: 'grep', state: 'done' }, { kind: 'text' }]);
  expect(JSON.stringify(agent.model.requests[0])).not.toContain('Evil instructions.');
  const found = JSON.stringify(agent.model.requests[1]?.messages.at(-1));
  expect(found).toContain('mine.js');
  expect(found).not.toContain('node_modules/a.js');
});

test('the agent asks no host but the gateway', async () => {
  const agent = await setup((env) => ({
    ...env,
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1',
  }));
  await agent.start();
  const sessionId = await agent.host.createSession('p1', 'A conversation');
  expect(await agent.turn(sessionId, 'Hello').result).toEqual({ state: 'completed' });
  const logFile = join(agent.projectDir, 'agent/data/opencode/log/opencode.log');
  const log = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  expect(log).not.toMatch(/https?:\/\/(?!127\.0\.0\.1)/);
  expect(existsSync(join(agent.projectDir, 'agent/config/opencode/node_modules/@opencode-ai'))).toBe(false);
});
