import { z } from 'zod';
import { SpendingLimits } from './instance-settings.ts';

/** An address that keys are sent to: http or https, without user, query or fragment; a trailing slash is dropped. */
export const BaseUrl = z
  .string()
  .trim()
  .max(500)
  .overwrite((text) => text.replace(/\/+$/, ''))
  .refine(isBaseUrl, 'Enter an address that starts with http:// or https://, for example http://localhost:11434/v1.');

/** What a key may look like: whatever fits into a header. */
export const ApiKey = z
  .string()
  .trim()
  .max(500)
  .regex(/^[\x21-\x7e]*$/, 'A key has no spaces or special characters. Copy it again.');

const emptyIsNull = (value: unknown) => (value === '' ? null : value);
const numberOfText = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
const number = <T extends z.ZodType>(shape: T) => z.preprocess(numberOfText, shape);
const limitShapes = SpendingLimits.shape;

const Patch = z.strictObject({
  llm: z
    .strictObject({
      baseUrl: z.preprocess(emptyIsNull, BaseUrl.nullable()).optional(),
      /** Write-only. An empty string leaves the stored key as it is, so that a form can be sent without it. */
      apiKey: ApiKey.nullable().optional(),
    })
    .optional(),
  defaultModel: z.preprocess(emptyIsNull, z.string().trim().min(1).max(300).nullable()).optional(),
  limits: z
    .strictObject({
      callsPerTurn: number(limitShapes.callsPerTurn).optional(),
      tokensPerTurn: number(limitShapes.tokensPerTurn).optional(),
      dollarsPerTurn: number(limitShapes.dollarsPerTurn).optional(),
      dollarsPerProjectDay: number(limitShapes.dollarsPerProjectDay).optional(),
      dollarsPerDay: number(limitShapes.dollarsPerDay).optional(),
    })
    .nullable()
    .optional(),
  idleMinutes: z.preprocess(emptyIsNull, number(z.number().min(1).max(10_000).nullable())).optional(),
});

/**
 * What `updateSettings` takes. Absent = unchanged; null (or an empty field of a form) = back to the default. Forms, which have
 * no nesting, write `llm.baseUrl` for `{ llm: { baseUrl } }`.
 */
export const SettingsPatch = z.preprocess(nestDottedNames, Patch);
export type SettingsPatch = z.infer<typeof SettingsPatch>;

/** What a test of the provider may use in place of the stored values. */
export const ProviderToTest = z.strictObject({
  baseUrl: z.preprocess(emptyIsNull, BaseUrl.nullable()).optional(),
  apiKey: ApiKey.optional(),
});
export type ProviderToTest = z.infer<typeof ProviderToTest>;

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function nestDottedNames(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const nested: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(input)) {
    const [group, field, ...deeper] = name.split('.');
    if (group === undefined || field === undefined || deeper.length > 0) nested[name] = value;
    else nested[group] = { ...(nested[group] as object | undefined), [field]: value };
  }
  return { ...nested };
}
