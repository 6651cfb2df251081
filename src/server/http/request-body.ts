import { AppError } from '#server/errors.ts';
import { bodyLimitBytes, readBody, tooLarge } from './body-limits.ts';

const JSON_TYPE = /^application\/(json|[\w.-]+\+json)\b/i;
const FORM_TYPE = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

export type Fields = Record<string, unknown>;

export const isForm = (headers: Headers) => FORM_TYPE.test(headers.get('content-type') ?? '');

/**
 * Reads a JSON or form body, never more of it than its limit. Form fields stay text (`File` for uploads); a name that
 * comes twice is a list, and `llm.baseUrl` is `baseUrl` within `llm`. No body at all is an object without fields.
 *
 * @throws AppError `unsupported_type`, `body_too_large` or `attachments_too_large`, `bad_request`.
 */
export async function parseBody(request: Request): Promise<unknown> {
  const contentType = request.headers.get('content-type') ?? '';
  const form = FORM_TYPE.test(contentType);
  const isUntyped = contentType === '';
  if (!form && !isUntyped && !JSON_TYPE.test(contentType)) throw new AppError('unsupported_type');
  const path = new URL(request.url).pathname;
  const bytes = await readBody(request, bodyLimitBytes(contentType, path));
  if (bytes === undefined) throw tooLarge(path);
  if (isUntyped && bytes.length > 0) throw new AppError('unsupported_type');
  if (isUntyped) return {};
  try {
    if (!form) return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    return nested(fieldsOf(await new Response(bytes, { headers: { 'content-type': contentType } }).formData()));
  } catch (error) {
    throw new AppError('bad_request', { cause: error });
  }
}

/** Query parameters as fields; those that begin with `_` steer the edge and are left out. */
export function queryFields(url: URL): Fields {
  return fieldsOf([...url.searchParams].filter(([name]) => !name.startsWith('_')));
}

function fieldsOf(entries: Iterable<[string, unknown]>): Fields {
  const fields = new Map<string, unknown>();
  for (const [name, value] of entries) {
    if (value instanceof File && value.size === 0 && value.name === '') continue;
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(fields);
}

function nested(fields: Fields): Fields {
  const byOuter = Map.groupBy(Object.entries(fields), ([name]) => (name.includes('.') ? name.slice(0, name.indexOf('.')) : name));
  return Object.fromEntries(
    [...byOuter].map(([outer, entries]) => {
      const plain = entries.find(([name]) => name === outer);
      if (plain) return plain;
      return [outer, Object.fromEntries(entries.map(([name, value]) => [name.slice(outer.length + 1), value]))];
    }),
  );
}
