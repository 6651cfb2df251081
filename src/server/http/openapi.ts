import { z } from 'zod';
import type { EndpointDefinition } from './endpoint-definition.ts';

export interface ApiOperation {
  /** `/api/projects/[id]`, as Astro writes it. */
  routePattern: string;
  method: string;
  definition: EndpointDefinition;
}

const ErrorShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});

type JsonSchema = Record<string, unknown>;

/** An OpenAPI 3.1 document made from the schemas that the routes enforce. */
export function openApiDocument(operations: readonly ApiOperation[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = operation.routePattern.replace(/\[(?:\.\.\.)?([^\]]+)\]/g, '{$1}');
    (paths[path] ??= {})[operation.method.toLowerCase()] = describe(operation.definition);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'doce', version },
    paths,
    components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'doce_session' } } },
  };
}

function describe(definition: EndpointDefinition): object {
  const { summary, auth, input, params, query, response, upload, takesFiles } = definition;
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(query, 'query')];
  const body = input ? schemaOf(input, 'input') : undefined;
  const otherBodies = { ...(upload ? FILE_BODIES : {}), ...(takesFiles ? { 'multipart/form-data': { schema: body } } : {}) };
  return {
    summary,
    security: auth === 'session' ? [{ session: [] }] : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body }, ...otherBodies } } } : {}),
    responses: {
      [definition.status ?? (response ? 200 : 204)]: {
        description: 'Done.',
        ...(response ? { content: { 'application/json': { schema: schemaOf(response, 'output') } } } : {}),
      },
      default: { description: 'Refused or failed.', content: { 'application/json': { schema: schemaOf(ErrorShape, 'output') } } },
    },
  };
}

const FILE = { type: 'string', format: 'binary' };
const FILE_BODIES = {
  'application/zip': { schema: FILE },
  'multipart/form-data': { schema: { type: 'object', properties: { file: FILE } } },
};

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: shape,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...shape } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return shape;
}
