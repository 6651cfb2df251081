import { AppError } from '#server/errors.ts';
import type { AppErrorCode } from '#server/errors.ts';

export type ImportErrorCode = Extract<AppErrorCode, `import_${string}`>;

const SHOWN_LENGTH = 120;

/** The refusal of an import, with the name of what is to blame where there is one. */
export function refuseImport(code: ImportErrorCode, name?: string, options: ErrorOptions = {}): AppError {
  if (name === undefined) return new AppError(code, options);
  const shown = name
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·')
    .slice(0, SHOWN_LENGTH)
    .toWellFormed();
  return new AppError(code, { cause: new Error(shown), ...options, message: `${new AppError(code).message} It is about “${shown}”.` });
}
