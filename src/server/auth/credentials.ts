import { z } from 'zod';

export const MIN_PASSWORD_CHARACTERS = 12;
/** Bounds the work of hashing what a stranger sends. */
export const MAX_PASSWORD_BYTES = 1024;

const sizeBytes = (text: string) => Buffer.byteLength(text, 'utf8');

export const Username = z
  .string()
  .trim()
  .min(1, 'Enter a username.')
  .max(64, 'Use at most 64 characters.')
  .regex(/^[^\p{C}]*$/u, 'Leave out control characters.')
  .transform((text) => text.normalize('NFC'));

/** A password someone offers: only bounded, so that an old short one is "wrong", not "invalid". */
export const OfferedPassword = z
  .string()
  .min(1, 'Enter your password.')
  .refine((text) => sizeBytes(text) <= MAX_PASSWORD_BYTES, `Use at most ${MAX_PASSWORD_BYTES} bytes.`);

/** A password someone chooses. */
export const NewPassword = z
  .string()
  .refine((text) => [...text].length >= MIN_PASSWORD_CHARACTERS, `Use at least ${MIN_PASSWORD_CHARACTERS} characters.`)
  .refine((text) => sizeBytes(text) <= MAX_PASSWORD_BYTES, `Use at most ${MAX_PASSWORD_BYTES} bytes.`);
