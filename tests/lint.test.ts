import { ESLint } from 'eslint';
import { beforeAll, expect, test } from 'vitest';

const eslint = new ESLint();

/** Messages of the error rules for a snippet that pretends to be this file. */
async function lint(code: string, filePath = 'src/server/projects/example.ts'): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

// ESLint reads its plugins with the first file.
beforeAll(() => lint(''), 60_000);

const asyncTransaction = 'Make it synchronous; await before or after.';
const noExecute = 'db.execute does not exist';
const noShell = 'No shell anywhere';

test.each([
  ['an async arrow', 'db.transaction(async (tx) => tx.run(1));', asyncTransaction],
  ['an async function', 'db.transaction(async function (tx) { tx.run(1); });', asyncTransaction],
  ['an async callback with options', "db.transaction(async (tx) => tx.run(1), { behavior: 'immediate' });", asyncTransaction],
  ['an async callback of the connection', 'sqlite.transaction(async () => 1).immediate();', asyncTransaction],
  ['an async callback in a savepoint', 'tx.transaction(async (inner) => inner.run(1));', asyncTransaction],
  [
    'an await further inside',
    'db.transaction((tx) => { for (const id of ids) { const work = async () => { await send(id); }; work(); tx.run(id); } });',
    asyncTransaction,
  ],
])('a transaction with %s is refused', async (_what, code, message) => {
  expect(await lint(code)).toContainEqual(expect.stringContaining(message));
});

test.each([
  ['db.execute', 'db.execute(query);', noExecute],
  ['tx.execute', 'db.transaction((tx) => { tx.execute(query); });', noExecute],
  ['spawn with a shell', "spawn('ls', [], { shell: true });", noShell],
  ['exec', "import { exec } from 'node:child_process'; exec('ls');", noShell],
  ['execSync', "import { execSync } from 'child_process'; execSync('ls');", noShell],
  ['an import of exec under another name', "import { exec as run } from 'node:child_process'; run('ls');", noShell],
])('%s is refused', async (_what, code, message) => {
  expect(await lint(code)).toContainEqual(expect.stringContaining(message));
});

test('the rules hold in scripts, tests and components too', async () => {
  const code = "spawn('ls', [], { shell: true });";
  expect(await lint(code, 'scripts/example.ts')).toContainEqual(expect.stringContaining(noShell));
  expect(await lint(code, 'tests/example.test.ts')).toContainEqual(expect.stringContaining(noShell));
  expect(await lint(`---\n${code}\n---\n<p />\n`, 'src/components/Example.astro')).toContainEqual(expect.stringContaining(noShell));
});

test('the server does not import Astro', async () => {
  expect(await lint("import { sequence } from 'astro:middleware'; sequence();")).toContainEqual(
    expect.stringContaining('plain Node TypeScript'),
  );
});

test('what we write every day passes', async () => {
  const code = `
    import { spawn } from 'node:child_process';
    export async function rename(db, id) {
      const row = db.transaction((tx) => tx.get(id), { behavior: 'immediate' });
      db.run(id);
      await row;
      spawn('ls', ['--', id], { env: {} });
      /x/.exec(id);
    }`;
  expect(await lint(code)).toEqual([]);
});
