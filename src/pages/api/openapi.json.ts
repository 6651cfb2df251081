import { z } from 'zod';
import { openApiDocument } from '#server/http/openapi.ts';
import type { ApiOperation } from '#server/http/openapi.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { endpoint } from './_endpoint.ts';
import type { Endpoint } from './_endpoint.ts';

const routes = import.meta.glob<Record<string, Partial<Endpoint>>>(['./**/*.ts', '!./**/_*', '!./openapi.json.ts']);

export const GET = endpoint(
  { auth: 'session', summary: 'This description.', response: z.looseObject({ openapi: z.string() }) },
  async () => ({ body: openApiDocument(await operations(), packageJson.version) }),
);

async function operations(): Promise<ApiOperation[]> {
  const found = await Promise.all(
    Object.entries(routes).map(async ([file, load]) => {
      const routePattern = `/api${file.slice(1).replace(/(\/index)?\.ts$/, '')}`;
      const handlers = Object.entries(await load());
      return handlers.flatMap(([method, { definition }]) => (definition ? [{ routePattern, method, definition }] : []));
    }),
  );
  const own = { routePattern: '/api/openapi.json', method: 'GET', definition: GET.definition };
  return [...found.flat(), own].sort((a, b) => a.routePattern.localeCompare(b.routePattern));
}
