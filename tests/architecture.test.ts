import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path/posix';
import ts from 'typescript';
import { expect, test } from 'vitest';

/**
 * The rooms of the house, from the roof down. A file may import its own room and every room on a lower line; never one
 * on its own line, never one above. `leaves` are the single files of `src/server` that everyone may use.
 */
const floors = [
  ['scripts'],
  ['entry'],
  ['host'],
  ['pages'],
  ['layouts'],
  ['components', 'client'],
  ['services'],
  ['jobs'],
  ['projects'],
  ['auth', 'settings'],
  ['queue', 'agent', 'runtime', 'llm', 'versions', 'files', 'import', 'releases', 'gateway', 'events', 'http'],
  ['db'],
  ['leaves'],
];
/** A component's script is client code, and client code formats as components do. */
const sidewaysAllowed = new Set(['components → client', 'client → components']);
const withoutDatabase = new Set(['agent', 'runtime', 'versions', 'files', 'import', 'releases', 'gateway', 'http']);
const browserSide = new Set(['components', 'layouts', 'client']);
const sqlPackages = new Set(['drizzle-orm', 'better-sqlite3']);
const roomOfFile: Record<string, string> = {
  'src/server/entry.ts': 'entry',
  'src/server/dev.ts': 'entry',
  'src/server/host.ts': 'host',
  'src/server/services.ts': 'services',
  'src/middleware.ts': 'pages',
  'src/env.d.ts': 'pages',
};
const LONGEST_FILE = 400;

interface SourceFile {
  path: string;
  text: string;
}

interface Import {
  from: string;
  /** A path of the repository, or a package as it is written. */
  to: string;
  typeOnly: boolean;
}

type Rule = (edge: Import) => string | undefined;

const rules: Rule[] = [
  function arrowsPointDown({ from, to }) {
    const [upper, lower] = [roomOf(from), roomOf(to)];
    if (lower === undefined) return isPath(to) ? `${to} is in no room; give it one in tests/architecture.test.ts` : undefined;
    if (upper === undefined) return `${from} is in no room; give it one in tests/architecture.test.ts`;
    if (upper === lower || floorOf(upper) < floorOf(lower) || sidewaysAllowed.has(`${upper} → ${lower}`)) return undefined;
    return `${upper} may not import ${lower}`;
  },
  function serverStandsAlone({ from, to }) {
    if (!from.startsWith('src/server/')) return undefined;
    if (/^astro($|[:/])/.test(to)) return 'src/server is plain Node TypeScript';
    return isPath(to) && !to.startsWith('src/server/') ? 'the server imports nothing of the pages' : undefined;
  },
  function browserSeesTypesOnly({ from, to, typeOnly }) {
    const isServer = to.startsWith('src/server/');
    return browserSide.has(roomOf(from) ?? '') && isServer && !typeOnly
      ? 'components and client code import server code as types only'
      : undefined;
  },
  function connectionIsHanded({ from, to }) {
    const mayOpen = ['scripts', 'entry', 'host', 'pages', 'db'].includes(roomOf(from) ?? '');
    return to === 'src/server/db/client.ts' && !mayOpen
      ? 'take `db` as an argument: only host, pages and scripts import the connection'
      : undefined;
  },
  function engineWithoutDatabase({ from, to }) {
    const isDatabase = roomOf(to) === 'db' || sqlPackages.has(packageOf(to));
    return withoutDatabase.has(roomOf(from) ?? '') && isDatabase ? `${roomOf(from)} does not know the database` : undefined;
  },
  function noSqlAboveTheDomains({ from, to }) {
    const isView = ['pages', 'layouts', 'components', 'client'].includes(roomOf(from) ?? '');
    return isView && sqlPackages.has(packageOf(to)) ? 'rows reach a page only through a domain function' : undefined;
  },
  function oneAdapterForTheAgent({ from, to }) {
    const isSdk = ['@opencode-ai/sdk', 'opencode-ai'].includes(packageOf(to));
    return isSdk && roomOf(from) !== 'agent' ? 'only src/server/agent talks to opencode' : undefined;
  },
  ({ to }) => (to.startsWith('templates/') ? 'templates are copied, never imported' : undefined),
  ({ from, to }) => (from.startsWith('src/') && to.startsWith('tests/') ? 'what is shipped does not import tests' : undefined),
];

function findBadImports(files: readonly SourceFile[]): string[] {
  return files
    .flatMap(readImports)
    .flatMap((edge) => rules.map((rule) => ({ edge, reason: rule(edge) })))
    .flatMap(({ edge, reason }) => (reason ? [`${edge.from} → ${edge.to}: ${reason}`] : []));
}

function roomOf(path: string): string | undefined {
  if (roomOfFile[path]) return roomOfFile[path];
  const [top, second, third, ...rest] = path.split('/');
  if (top === 'scripts') return 'scripts';
  if (top !== 'src' || second === undefined || third === undefined) return undefined;
  if (second !== 'server') return floorOf(second) >= 0 ? second : undefined;
  if (rest.length === 0) return 'leaves';
  return floorOf(third) >= 0 ? third : undefined;
}

function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room));
}

/** Everything a file imports, re-exports or loads later; text that only looks like an import does not count. */
function readImports({ path, text }: SourceFile): Import[] {
  return scriptsOf(path, text).flatMap((script) => {
    const source = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
    const found: Import[] = [];
    const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
      if (specifier && ts.isStringLiteralLike(specifier)) found.push({ from: path, to: resolve(path, specifier.text), typeOnly });
    };
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
      else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
      else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
      else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  const named = clause.namedBindings;
  const onlyTypeNames = named !== undefined && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
  return clause.phaseModifier === ts.SyntaxKind.TypeKeyword || (clause.name === undefined && onlyTypeNames);
}

/** The frontmatter and the scripts of an Astro component; the whole of anything else. */
function scriptsOf(path: string, text: string): string[] {
  if (extname(path) !== '.astro') return [text];
  const frontmatter = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return [frontmatter, ...[...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '')];
}

function resolve(from: string, specifier: string): string {
  const path = specifier.replace(/\?.*$/, '');
  if (path.startsWith('#server/')) return join('src/server', path.slice('#server/'.length));
  return path.startsWith('.') ? normalize(join(dirname(from), path)) : path;
}

const isPath = (to: string) => /^(src|scripts)\/.*\.(ts|astro)$/.test(to);
const packageOf = (to: string) => (to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : (to.split('/')[0] ?? to));

function readSources(...folders: string[]): SourceFile[] {
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((path) => ['.ts', '.astro', '.css'].includes(extname(path)))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

const sources = readSources('src', 'scripts');
const lengthOf = (file: SourceFile) => file.text.trimEnd().split('\n').length;

// Both parse every source file: seconds, on a machine with other things to do.
const PARSING = { timeout: 60_000 };

test('every import points down the house', PARSING, () => {
  expect(findBadImports(sources.filter(({ path }) => extname(path) !== '.css'))).toEqual([]);
});

test('the reader sees the imports that are there', PARSING, () => {
  const edges = sources.flatMap(readImports);
  expect(edges).toContainEqual({ from: 'src/server/host.ts', to: 'src/server/db/client.ts', typeOnly: false });
  expect(edges).toContainEqual({ from: 'src/server/jobs/definitions.ts', to: 'src/server/projects/projects.ts', typeOnly: true });
  expect(edges.filter(({ from }) => from.endsWith('.astro')).length).toBeGreaterThan(50);
});

test.each([
  ['src/server/queue/pump.ts', "import type { Projects } from '#server/projects/projects.ts'", 'queue may not import projects'],
  ['src/server/queue/pump.ts', "import { createRuntime } from '#server/runtime/runtime.ts'", 'queue may not import runtime'],
  ['src/server/agent/turn.ts', "import type { LlmError } from '../llm/llm-failure.ts'", 'agent may not import llm'],
  ['src/server/auth/auth.ts', "import { findProject } from '#server/projects/rows.ts'", 'auth may not import projects'],
  ['src/server/settings/settings.ts', "import { createAuth } from '#server/auth/auth.ts'", 'settings may not import auth'],
  ['src/server/db/open.ts', "export { createQueue } from '#server/queue/queue.ts'", 'db may not import queue'],
  ['src/server/log.ts', "import { db } from './db/open.ts'", 'leaves may not import db'],
  ['src/server/projects/turns.ts', "const { db } = await import('#server/db/client.ts')", 'take `db` as an argument'],
  ['src/server/entry.ts', "import page from '../pages/_page.ts'", 'the server imports nothing of the pages'],
  ['src/server/http/limits.ts', "import { defineMiddleware } from 'astro:middleware'", 'plain Node TypeScript'],
  ['src/server/runtime/port.ts', "import { eq } from 'drizzle-orm'", 'runtime does not know the database'],
  ['src/server/gateway/gateway.ts', "import { projects } from '#server/db/schema.ts'", 'gateway does not know the database'],
  ['src/server/projects/turn-agent.ts', "import { createOpencodeClient } from '@opencode-ai/sdk/v2'", 'only src/server/agent'],
  ['src/client/events.ts', "import { TurnPartBody } from '#server/turn-parts.ts'", 'as types only'],
  ['src/client/events.ts', "type Sdk = import('@opencode-ai/sdk').Client", 'only src/server/agent'],
  ['src/components/Icon.astro', "---\nimport { listTurns } from '#server/projects/read-views.ts';\n---\n<p />", 'as types only'],
  ['src/components/Icon.astro', "<p /><script>\nimport '#server/config.ts';\n</script>", 'as types only'],
  ['src/components/Icon.astro', "---\nimport Base from '../layouts/Base.astro';\n---", 'components may not import layouts'],
  ['src/pages/index.astro', "---\nimport { eq } from 'drizzle-orm';\n---", 'through a domain function'],
  ['src/pages/index.astro', "---\nimport Hero from '../../templates/starter/src/components/Hero.astro';\n---", 'never imported'],
  ['src/server/clock.ts', "import { fakeClock } from '../../tests/support/clock.ts'", 'does not import tests'],
  ['src/server/billing/invoice.ts', "import { createLog } from '#server/log.ts'", 'is in no room'],
])('%s with %j is refused', (path, text, reason) => {
  expect(findBadImports([{ path, text }])).toEqual([expect.stringContaining(reason)]);
});

test.each([
  [
    'src/server/projects/turns.ts',
    "import { done } from '#server/queue/job.ts'; import type { Settings } from '#server/settings/settings.ts'",
  ],
  ['src/server/settings/settings.ts', "import type { TurnLimits } from '#server/llm/turn-limits.ts'"],
  [
    'src/client/events.ts',
    "import type { TurnPartBody } from '#server/turn-parts.ts'; import { type Step } from '#server/projects/views.ts'",
  ],
  ['src/server/llm/offline/pages.ts', "export const page = `import Hero from '../../templates/Hero.astro'`;"],
])('%s with %j is allowed', (path, text) => {
  expect(findBadImports([{ path, text }])).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  const long = sources.filter((file) => lengthOf(file) > LONGEST_FILE);
  expect(long.map((file) => `${file.path}: ${lengthOf(file)} lines`)).toEqual([]);
});
